"""What has not been proven at the centre yet, and how far each fact has come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.fact import StoredFact
from stojnica.domain.ids import NIL
from stojnica.records.facts import FACT, stored_fact
from stojnica.records.typed import SIGNUP
from stojnica.storage.tables import ANSWERED, ASIDE, DELIVERY, PROVEN, WAITING

MAX_BATCH_FACTS = 500
MAX_BATCH_BYTES = 1024 * 1024
# SQLite takes the partial index only when the query says its condition word for word.
_OPEN = sa.literal_column("delivery.state <> 'proven'")


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Count what the office may not have: contacts, all facts, and those of them that are set aside."""

    contacts: int
    facts: int
    aside: int


@dataclass(frozen=True, slots=True)
class Held:
    """Count what this laptop holds."""

    contacts: int
    facts: int


@dataclass(frozen=True, slots=True)
class AsideFact:
    """Name a fact that the centre could not take, and why, in a constant word."""

    fact_id: UUID
    kind: str
    reason: str


def unconfirmed(connection: Connection) -> Unconfirmed:
    """Count what isn't proven; its cost grows with what waits, not with what is there."""
    by_state = dict(
        connection.execute(
            sa.select(DELIVERY.c.state, sa.func.count()).where(_OPEN).group_by(DELIVERY.c.state)
        ).all()
    )
    open_subjects = (
        sa.select(FACT.c.subject_id)
        .join(
            DELIVERY,
            (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
        )
        .where(_OPEN)
        .distinct()
    )
    contacts = connection.execute(
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.subject_id.in_(open_subjects), SIGNUP.c.is_voided == sa.false())
    ).scalar_one()
    return Unconfirmed(contacts=contacts, facts=sum(by_state.values()), aside=by_state.get(ASIDE, 0))


def held(connection: Connection, branch_id: UUID) -> Held:
    """Count all that this laptop holds."""
    facts = connection.execute(sa.select(sa.func.count()).select_from(FACT)).scalar_one()
    contacts = connection.execute(
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.branch_id == branch_id, SIGNUP.c.is_voided == sa.false())
    ).scalar_one()
    return Held(contacts=contacts, facts=facts)


def waiting_batch(connection: Connection, branch_id: UUID) -> list[StoredFact]:
    """Give the next facts to push: sorted by id, at most 500 and at most 1 MiB (but at least one)."""
    query = (
        sa.select(FACT)
        .join(
            DELIVERY,
            (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
        )
        .where(_OPEN, DELIVERY.c.state == WAITING, FACT.c.branch_id == branch_id)
        .order_by(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
        .limit(MAX_BATCH_FACTS)
    )
    batch: list[StoredFact] = []
    size = 0
    for row in connection.execute(query):
        size += len(row.body)
        if batch and size > MAX_BATCH_BYTES:
            break
        batch.append(stored_fact(row))
    return batch


def answered_facts(connection: Connection) -> Iterator[tuple[UUID, bytes]]:
    """Give id and hash of all that the centre has answered for, by id: what a proof is about."""
    query = (
        sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
        .where(DELIVERY.c.state.in_((ANSWERED, PROVEN)))
        .order_by(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
    )
    for row in connection.execute(query):
        yield row.fact_id, row.content_hash


def aside_facts(connection: Connection, limit: int = 100) -> list[AsideFact]:
    """Give the facts that are set aside."""
    query = (
        sa.select(FACT.c.fact_id, FACT.c.kind, DELIVERY.c.reason)
        .join(
            DELIVERY,
            (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
        )
        .where(_OPEN, DELIVERY.c.state == ASIDE)
        .order_by(DELIVERY.c.fact_id)
        .limit(limit)
    )
    return [AsideFact(row.fact_id, row.kind, row.reason) for row in connection.execute(query)]


def mark(connection: Connection, hashes: Sequence[bytes], state: str, reason: str = "") -> None:
    """Set how far these facts have come."""
    failed = 1 if state == ASIDE else 0
    for start in range(0, len(hashes), 500):
        connection.execute(
            sa.update(DELIVERY)
            .where(DELIVERY.c.content_hash.in_(hashes[start : start + 500]))
            .values(state=state, reason=reason, failures=DELIVERY.c.failures + failed)
        )


def mark_proven(connection: Connection, session: UUID) -> None:
    """Call all that is answered proven, in this session."""
    connection.execute(
        sa.update(DELIVERY)
        .where(_OPEN, DELIVERY.c.state == ANSWERED)
        .values(state=PROVEN, proven_in=session, reason="")
    )


def doubt_everything(connection: Connection) -> None:
    """Call all that is proven unproven again: the centre isn't what it was."""
    connection.execute(
        sa.update(DELIVERY).where(DELIVERY.c.state == PROVEN).values(state=ANSWERED, proven_in=None)
    )


def offer_again(connection: Connection) -> None:
    """Let what was set aside be offered once more."""
    connection.execute(sa.update(DELIVERY).where(_OPEN, DELIVERY.c.state == ASIDE).values(state=WAITING))


def belongs_nowhere(branch_id: UUID) -> bool:
    """Tell whether this laptop has not been enrolled yet."""
    return branch_id == NIL


def chunks(items: Iterable[tuple[UUID, bytes]], size: int) -> Iterator[list[tuple[UUID, bytes]]]:
    """Cut a stream of facts into lists of at most `size`."""
    chunk: list[tuple[UUID, bytes]] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
