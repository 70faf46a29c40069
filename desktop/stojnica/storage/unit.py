"""A unit of work: facts and what they add up to, in one transaction, on disk after `commit`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.clock import Clock
from stojnica.domain.fact import MAX_SUPERSEDES, Fact, StoredFact, content_hash, encode
from stojnica.domain.ids import NIL, new_id
from stojnica.records.facts import FACT, insert_facts
from stojnica.records.projection import project_subject
from stojnica.storage.memory import recall
from stojnica.storage.schema import BRANCH
from stojnica.storage.tables import DELIVERY, LIFE, WAITING


def branch_of(connection: Connection) -> UUID:
    """Give the branch that this laptop belongs to; nil before enrolment."""
    return UUID(recall(connection, BRANCH, str(NIL)))


class UnitOfWork:
    """Record facts and commit them; what isn't committed is rolled back.

    Lives in the writer thread alone, for one job.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock
        self.branch_id = branch_of(connection)
        self._life: sa.Row[Any] | None = None
        self._head = 0
        self._fresh: list[StoredFact] = []
        self._seen: dict[UUID, dict[bytes, frozenset[bytes]]] = {}

    def record(
        self,
        kind: str,
        subject_id: UUID,
        data: Mapping[str, Any],
        *,
        event_id: UUID | None = None,
        channel: str = "",
        operator: str = "",
        fact_id: UUID | None = None,
        captured_at: int | None = None,
    ) -> StoredFact:
        """Add a fact; it supersedes all that this laptop knows about its subject.

        Raises:
            BadFactError: it is larger than a fact may be.
        """
        life = self._current_life()
        fact = Fact(
            fact_id=fact_id or new_id(),
            kind=kind,
            subject_id=subject_id,
            data=data,
            captured_at=self.clock.now_us() if captured_at is None else captured_at,
            event_id=event_id,
            supersedes=self._known_heads(subject_id),
            offset_min=self.clock.offset_min(),
            monotonic=self.clock.monotonic_us(),
            operator=operator[:200],
            channel=channel,
        )
        body = encode(fact)
        self._head += 1
        item = StoredFact(self.branch_id, life.incarnation, self._head, content_hash(body), body, fact)
        self._seen[subject_id][item.content_hash] = frozenset(fact.supersedes)
        self._fresh.append(item)
        return item

    def _current_life(self) -> sa.Row[Any]:
        if self._life is None:
            self._life = self.connection.execute(sa.select(LIFE).where(LIFE.c.is_current == True)).one()  # noqa: E712 - a column, not a Python value
            self._head = self._life.head
        return self._life

    def _known_heads(self, subject_id: UUID) -> tuple[bytes, ...]:
        if subject_id not in self._seen:
            from stojnica.domain.fact import decode

            query = sa.select(FACT.c.content_hash, FACT.c.body).where(
                FACT.c.branch_id == self.branch_id, FACT.c.subject_id == subject_id
            )
            self._seen[subject_id] = {
                row.content_hash: frozenset(decode(row.body).supersedes)
                for row in self.connection.execute(query)
            }
        known = self._seen[subject_id]
        passed = frozenset[bytes]().union(*known.values())
        return tuple(sorted(set(known) - passed)[:MAX_SUPERSEDES])

    def flush(self) -> None:
        """Write the facts and what they add up to, without committing."""
        if not self._fresh:
            return
        insert_facts(self.connection, self._fresh)
        waiting = [
            {
                "content_hash": item.content_hash,
                "fact_id": item.fact.fact_id,
                "state": WAITING,
                "failures": 0,
                "reason": "",
                "proven_in": None,
            }
            for item in self._fresh
        ]
        self.connection.execute(sa.insert(DELIVERY), waiting)
        last = self._fresh[-1]
        self.connection.execute(
            sa.update(LIFE)
            .where(LIFE.c.incarnation == last.incarnation)
            .values(head=last.seq, head_hash=last.content_hash)
        )
        for subject_id in dict.fromkeys(item.fact.subject_id for item in self._fresh):
            project_subject(self.connection, self.branch_id, subject_id)
        self._fresh.clear()

    def commit(self) -> None:
        """Make all of it last: when this returns, pulling the plug loses nothing."""
        self.flush()
        failpoint.reached("store.before_commit")
        self.connection.commit()
        failpoint.reached("store.after_commit")
        self._life = None
