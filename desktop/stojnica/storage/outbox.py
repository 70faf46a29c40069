"""What has not been proven at the centre yet, and how far each fact has come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.erasure import ERASED
from stojnica.records.facts import FACT
from stojnica.records.typed import SIGNUP
from stojnica.storage.stick_files import forget_stick_files
from stojnica.storage.tables import ANSWERED, ASIDE, DELIVERY, PROVEN, STUB, WAITING
from stojnica.storage.unit import branch_of

Key = tuple[UUID, bytes]
MAX_BATCH_FACTS = 500
MAX_BATCH_BYTES = 1024 * 1024
MAX_COVERED_AT_ONCE = 5_000
ALONE_AFTER = 3
LATER = "later"
# SQLite takes the partial index only when the query says its condition word for word.
_OPEN: sa.ColumnElement[bool] = sa.literal_column("delivery.state <> 'proven'")
_UNCOVERED: sa.ColumnElement[bool] = sa.literal_column(
    "delivery.state = 'proven' AND delivery.is_covered = 0"
)


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
class WaitingFact:
    """Hold a fact as it lies in the file, its body unread: one that can't be read must delay no other."""

    fact_id: UUID
    content_hash: bytes
    body: bytes
    kind: str
    subject_id: UUID
    event_id: UUID | None
    incarnation: UUID
    seq: int
    captured_at: int


@dataclass(frozen=True, slots=True)
class AsideFact:
    """Name a fact that the centre could not take, and why, in a constant word."""

    fact_id: UUID
    kind: str
    reason: str


def unconfirmed(connection: Connection) -> Unconfirmed:
    """Count what isn't proven; its cost grows with what waits, not with what is there."""
    query = sa.select(DELIVERY.c.state, sa.func.count()).where(_OPEN).group_by(DELIVERY.c.state)
    by_state: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    branch_id = branch_of(connection)
    # Looked up fact by fact: as a join, SQLite begins with all facts of the branch.
    subject = (
        sa.select(FACT.c.subject_id)
        .where(
            FACT.c.branch_id == branch_id,
            FACT.c.fact_id == DELIVERY.c.fact_id,
            FACT.c.content_hash == DELIVERY.c.content_hash,
        )
        .correlate(DELIVERY)
        .scalar_subquery()
    )
    contacts = connection.execute(
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(
            SIGNUP.c.branch_id == branch_id,
            SIGNUP.c.subject_id.in_(sa.select(subject).select_from(DELIVERY).where(_OPEN)),
            SIGNUP.c.is_voided == sa.false(),
        )
    ).scalar_one()
    return Unconfirmed(contacts=contacts, facts=sum(by_state.values()), aside=by_state.get(ASIDE, 0))


def held(connection: Connection, branch_id: UUID) -> Held:
    """Count all that this laptop holds, stubs of what is gone included."""
    return Held(contacts=contacts_held(connection, branch_id), facts=facts_held(connection))


def contacts_held(connection: Connection, branch_id: UUID) -> int:
    """Count the contacts that this laptop holds."""
    query = (
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.branch_id == branch_id, SIGNUP.c.is_voided == sa.false())
    )
    return int(connection.execute(query).scalar_one())


def facts_held(connection: Connection) -> int:
    """Count the facts and the stubs: all that was ever numbered here, and is to be accounted for."""
    tables = (sa.select(sa.func.count()).select_from(table) for table in (FACT, STUB))
    return sum(connection.execute(query).scalar_one() for query in tables)


def is_anything_held(connection: Connection, branch_id: UUID) -> bool:
    """Tell whether this laptop holds any fact."""
    query = sa.select(sa.literal(1)).where(FACT.c.branch_id == branch_id).limit(1)
    return connection.execute(query).first() is not None


def waiting_batch(
    connection: Connection, branch_id: UUID, max_bytes: int = MAX_BATCH_BYTES, *, are_files: bool = False
) -> list[WaitingFact]:
    """Give the next facts to push: sorted by id, at most 500 and `max_bytes`, but at least one.

    A fact that failed three times comes after all others, and travels alone. With `are_files` only chunks of
    files are given, else only what isn't one: a large scan is in nobody's way.
    """
    is_file = FACT.c.kind == kinds.FILE_CHUNK
    query = (
        sa.select(*(FACT.c[name] for name in WaitingFact.__slots__))
        .join(
            DELIVERY,
            (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
        )
        .where(_OPEN, DELIVERY.c.state == WAITING, FACT.c.branch_id == branch_id)
        .where(is_file if are_files else ~is_file)
        .order_by(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
    )
    batch: list[WaitingFact] = []
    size = 0
    hopeful = query.where(DELIVERY.c.failures < ALONE_AFTER).limit(MAX_BATCH_FACTS)
    for row in connection.execute(hopeful):
        size += len(row.body)
        if batch and size > max_bytes:
            break
        batch.append(WaitingFact(*row))
    return batch or [WaitingFact(*row) for row in connection.execute(query.limit(1))]


def waiting_count(connection: Connection, *, are_files: bool = False) -> int:
    """Count the facts that wait to be pushed; chunks of files, or all others."""
    is_file = FACT.c.kind == kinds.FILE_CHUNK
    query = (
        sa.select(sa.func.count())
        .select_from(DELIVERY)
        .join(
            FACT,
            (FACT.c.branch_id == branch_of(connection))
            & (FACT.c.fact_id == DELIVERY.c.fact_id)
            & (FACT.c.content_hash == DELIVERY.c.content_hash),
        )
        .where(_OPEN, DELIVERY.c.state == WAITING, is_file if are_files else ~is_file)
    )
    return int(connection.execute(query).scalar_one())


def answered_facts(connection: Connection) -> Iterator[tuple[UUID, bytes]]:
    """Give id and hash of all that the centre has answered for, in no order: what a proof is about."""
    query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash).where(
        DELIVERY.c.state.in_((ANSWERED, PROVEN))
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
        .where(_OPEN, DELIVERY.c.state == ASIDE, FACT.c.branch_id == branch_of(connection))
        .order_by(DELIVERY.c.fact_id)
        .limit(limit)
    )
    return [AsideFact(row.fact_id, row.kind, row.reason) for row in connection.execute(query)]


def mark_answers(connection: Connection, keys: Sequence[Key], state: str, reason: str = "") -> None:
    """Set how far pushed facts have come; what was erased meanwhile is still to be told."""
    _mark(connection, keys, state, reason, f" AND NOT (state = '{WAITING}' AND reason = '{ERASED}')")


def mark(connection: Connection, keys: Sequence[Key], state: str, reason: str = "") -> None:
    """Set how far these facts have come; being put off for later is no failure of theirs."""
    _mark(connection, keys, state, reason)


def _mark(connection: Connection, keys: Sequence[Key], state: str, reason: str, unless: str = "") -> None:
    if not keys:
        return
    failed = 1 if state == ASIDE and reason != LATER else 0
    # One prepared statement: a list of 500 in a condition costs four times as much, and a visitor may wait.
    connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, reason = ?, failures = failures + ?"
        f" WHERE fact_id = ? AND content_hash = ?{unless}",
        [(state, reason, failed, fact_id.bytes, content_hash) for fact_id, content_hash in keys],
    )


def mark_proven(connection: Connection, session: UUID, limit: int) -> int:
    """Call what is answered proven in this session, at most so much at once; give how many there were."""
    query = (
        sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
        .where(_OPEN, DELIVERY.c.state == ANSWERED)
        .order_by(DELIVERY.c.fact_id)
        .limit(limit)
    )
    rows = [(PROVEN, session.bytes, row[0].bytes, row[1]) for row in connection.execute(query)]
    if rows:
        connection.exec_driver_sql(
            "UPDATE delivery SET state = ?, proven_in = ? WHERE fact_id = ? AND content_hash = ?", rows
        )
    return len(rows)


def uncovered(connection: Connection, after: UUID | None, limit: int = MAX_COVERED_AT_ONCE) -> list[Key]:
    """Give proven facts that no backup of the centre is known to hold, in the order of their ids."""
    query = (
        sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash)
        .where(_UNCOVERED)
        .order_by(DELIVERY.c.fact_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(DELIVERY.c.fact_id > after)
    return [(row.fact_id, row.content_hash) for row in connection.execute(query)]


def covered_count(connection: Connection) -> int:
    """Count the facts that a backup of the centre is known to hold."""
    query = sa.select(sa.func.count()).select_from(DELIVERY).where(DELIVERY.c.is_covered == sa.true())
    return int(connection.execute(query).scalar_one())


def mark_covered(connection: Connection, keys: Sequence[Key]) -> None:
    """Note that a backup of the centre holds these facts."""
    connection.exec_driver_sql(
        "UPDATE delivery SET is_covered = 1 WHERE fact_id = ? AND content_hash = ?",
        [(fact_id.bytes, content_hash) for fact_id, content_hash in keys],
    )


def doubt_everything(connection: Connection) -> None:
    """Call all that is proven unproven again, and covered by no backup: the centre isn't what it was."""
    connection.execute(
        sa.update(DELIVERY).where(DELIVERY.c.state == PROVEN).values(state=ANSWERED, proven_in=None)
    )
    connection.execute(sa.update(DELIVERY).where(DELIVERY.c.is_covered == sa.true()).values(is_covered=False))
    forget_stick_files(connection)


def offer_everything(connection: Connection) -> None:
    """Let all that the centre ever answered for be pushed once more: it holds nothing of ours."""
    connection.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.state.in_((ANSWERED, PROVEN)))
        .values(state=WAITING, proven_in=None, reason="", is_covered=False)
    )
    forget_stick_files(connection)


def offer_again(connection: Connection) -> None:
    """Let what was set aside be offered once more."""
    connection.execute(
        sa.update(DELIVERY).where(_OPEN, DELIVERY.c.state == ASIDE).values(state=WAITING, reason="")
    )
