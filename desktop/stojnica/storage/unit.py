"""A unit of work: facts and what they add up to, in one transaction, on disk after `commit`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.clock import Clock
from stojnica.domain.fact import MAX_SUPERSEDES, Fact, StoredFact, content_hash, sealed
from stojnica.domain.ids import NIL, new_id
from stojnica.records.facts import insert_facts
from stojnica.records.projection import project_facts
from stojnica.records.rows import insert_rows
from stojnica.storage.memory import recall, value_of
from stojnica.storage.nameless import all_of_subject, span_of
from stojnica.storage.schema import BRANCH
from stojnica.storage.tables import DELIVERY, WAITING

# These run for each visitor: as plain text they take a third of the time of built statements.
_STATE = "SELECT incarnation, head, (SELECT value FROM setting WHERE name = ?) FROM life WHERE is_current = 1"
_IS_KNOWN = (
    "SELECT 1 FROM fact WHERE branch_id = ? AND subject_id = ?"
    " UNION ALL SELECT 1 FROM setting WHERE name >= ? AND name < ? LIMIT 1"
)
_MOVE_HEAD = "UPDATE life SET head = ?, head_hash = ? WHERE incarnation = ?"


def branch_of(connection: Connection) -> UUID:
    """Give the branch that this laptop belongs to; nil before enrolment."""
    return UUID(recall(connection, BRANCH, str(NIL)))


@dataclass(slots=True)
class _State:
    """Hold what new facts are numbered and filed under."""

    incarnation: UUID
    head: int
    branch_id: UUID


class UnitOfWork:
    """Record facts and commit them; what isn't committed is rolled back.

    Lives in the writer thread alone, for one job.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock
        self._state: _State | None = None
        self._fresh: list[StoredFact] = []
        self._known: dict[UUID, list[StoredFact]] = {}
        self._heads: dict[UUID, tuple[bytes, ...]] = {}
        self._new: set[UUID] = set()

    @property
    def branch_id(self) -> UUID:
        """Give the branch that the facts of this job get; nil before enrolment."""
        return self._current().branch_id

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
        also_seen: Sequence[bytes] = (),
    ) -> StoredFact:
        """Add a fact; it supersedes all that this laptop knows about its subject.

        `also_seen` are hashes of withdrawals by address that the author knew of, too. The facts of a subject
        that was recorded about are kept in mind until the job ends: what a job puts into the fact table by
        itself, it puts there before.

        Raises:
            BadFactError: it is larger than a fact may be, or holds what a fact can't.
        """
        state = self._current()
        heads = self._known_heads(subject_id)
        room = MAX_SUPERSEDES - len(also_seen)
        fact = Fact(
            fact_id=fact_id or new_id(),
            kind=kind,
            subject_id=subject_id,
            data=data,
            captured_at=self.clock.now_us() if captured_at is None else captured_at,
            event_id=event_id,
            supersedes=(*heads[:room], *also_seen),
            offset_min=self.clock.offset_min(),
            monotonic=self.clock.monotonic_us(),
            operator=operator[:200],
            channel=channel,
        )
        body, fact = sealed(fact)
        state.head += 1
        item = StoredFact(state.branch_id, state.incarnation, state.head, content_hash(body), body, fact)
        self._known[subject_id].append(item)
        # It supersedes what was known, so that the next one need only name this one.
        self._heads[subject_id] = (item.content_hash, *heads[room:])
        self._fresh.append(item)
        return item

    def _current(self) -> _State:
        if self._state is None:
            if not self.connection.in_transaction():
                self.connection.begin()
            driver: Any = self.connection.connection.driver_connection
            life, head, branch = driver.execute(_STATE, (BRANCH,)).fetchone()
            branch_id = NIL if branch is None else UUID(value_of(branch))
            self._state = _State(UUID(bytes=life), head, branch_id)
        return self._state

    def _known_heads(self, subject_id: UUID) -> tuple[bytes, ...]:
        """Give all facts of a subject that no other supersedes, even if one fact can't name so many."""
        heads = self._heads.get(subject_id)
        if heads is None:
            known = self._known[subject_id] = self._facts_of(subject_id)
            if not known:
                self._new.add(subject_id)
            passed = {older for item in known for older in item.fact.supersedes}
            heads = tuple(sorted({item.content_hash for item in known} - passed))
        return heads

    def _facts_of(self, subject_id: UUID) -> list[StoredFact]:
        names = (self.branch_id.bytes, subject_id.bytes, *span_of(subject_id))
        if self._driver.execute(_IS_KNOWN, names).fetchone() is None:
            return []
        return all_of_subject(self.connection, self.branch_id, subject_id)

    @property
    def _driver(self) -> Any:
        """Give the driver's own connection, once SQLAlchemy has begun: it takes a third of the time."""
        self._current()
        return self.connection.connection.driver_connection

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
                "is_covered": False,
            }
            for item in self._fresh
        ]
        insert_rows(self.connection, DELIVERY, waiting)
        last = self._fresh[-1]
        self._driver.execute(_MOVE_HEAD, (last.seq, last.content_hash, last.incarnation.bytes))
        for subject_id in dict.fromkeys(item.fact.subject_id for item in self._fresh):
            facts, is_new = self._known[subject_id], subject_id in self._new
            project_facts(self.connection, self.branch_id, subject_id, facts, is_new=is_new)
            self._new.discard(subject_id)
        self._fresh.clear()

    def commit(self) -> None:
        """Make all of it last: when this returns, pulling the plug loses nothing."""
        self.flush()
        failpoint.reached("store.before_commit")
        self.connection.commit()
        failpoint.reached("store.after_commit")
        self._state = None
