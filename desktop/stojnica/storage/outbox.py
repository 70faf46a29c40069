"""What has not been proven at the centre yet, and how far each fact has come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.erasure import ERASED
from stojnica.records.facts import FACT
from stojnica.records.gone_contacts import gone_number
from stojnica.records.typed import SIGNUP
from stojnica.storage.stick_files import forget_stick_files
from stojnica.storage.tables import ANSWERED, ASIDE, DELIVERY, PROVEN, PURGED, SETTLED, STUB, WAITING
from stojnica.storage.unit import branch_of

Key = tuple[UUID, bytes]
MAX_BATCH_FACTS = 500
MAX_BATCH_BYTES = 1024 * 1024
MAX_COVERED_AT_ONCE = 5_000
ALONE_AFTER = 3
LATER = "later"
MISSED = "missed"
"""The centre has it no more, and here it was purged: only a backup of the centre brings it back."""
# SQLite takes the partial index only when the query says its condition word for word.
_OPEN: sa.ColumnElement[bool] = sa.literal_column("delivery.state <> 'proven'")
_UNCOVERED: sa.ColumnElement[bool] = sa.literal_column(
    "delivery.state = 'proven' AND delivery.is_covered = 0"
)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Count what the office may not have: contacts, all facts, and those of them that are set aside.

    `missed` of these were purged here, and only a backup of the office has them.
    """

    contacts: int
    facts: int
    aside: int
    missed: int = 0


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
    aside = by_state.get(ASIDE, 0)
    missed = missed_count(connection) if aside else 0
    return Unconfirmed(contacts, sum(by_state.values()), aside, missed)


def held(connection: Connection, branch_id: UUID) -> Held:
    """Count all that this laptop answers for, stubs and contacts that were purged included."""
    return Held(contacts=contacts_held(connection, branch_id), facts=facts_held(connection))


def contacts_held(connection: Connection, branch_id: UUID) -> int:
    """Count the contacts that this laptop answers for, those that were purged included."""
    query = (
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.branch_id == branch_id, SIGNUP.c.is_voided == sa.false())
    )
    return int(connection.execute(query).scalar_one()) + gone_number(connection, branch_id)


def facts_held(connection: Connection) -> int:
    """Count the facts and the stubs: all that was ever numbered here, and is to be accounted for."""
    facts = sa.select(sa.func.count()).select_from(FACT)
    stubs = sa.select(sa.func.count()).select_from(STUB).where(STUB.c.reason != SETTLED)
    return sum(connection.execute(query).scalar_one() for query in (facts, stubs))


def is_anything_held(connection: Connection, branch_id: UUID) -> bool:
    """Tell whether this laptop holds any fact, or has held one."""
    queries = (sa.select(sa.literal(1)).where(table.c.branch_id == branch_id) for table in (FACT, STUB))
    return any(connection.execute(query.limit(1)).first() is not None for query in queries)


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


def is_any_answered(connection: Connection) -> bool:
    """Tell whether a proof of all that is held would call anything proven that isn't yet."""
    query = sa.select(sa.literal(1)).select_from(DELIVERY).where(_OPEN, DELIVERY.c.state == ANSWERED)
    return connection.execute(query.limit(1)).first() is not None


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
    _ask_about_purged(connection)
    forget_stick_files(connection)


def offer_again(connection: Connection) -> None:
    """Let what was set aside be offered once more."""
    connection.execute(
        sa.update(DELIVERY).where(_OPEN, DELIVERY.c.state == ASIDE).values(state=WAITING, reason="")
    )
    _ask_about_purged(connection)


def set_missing_aside(connection: Connection) -> int:
    """Set aside what the centre misses and this laptop can't push again; gives how many there are.

    No run of pushes could bring it: it is told, and asked about again with each sync.
    """
    return _change_purged(connection, ASIDE, MISSED)


def missed_count(connection: Connection) -> int:
    """Count what was purged here and is missing at the centre."""
    query = (
        sa.select(sa.func.count())
        .select_from(DELIVERY)
        .where(_OPEN, DELIVERY.c.state == ASIDE, DELIVERY.c.reason == MISSED)
    )
    return int(connection.execute(query).scalar_one())


def _ask_about_purged(connection: Connection) -> None:
    """Let the next proof say whether the centre has what was purged: there is nothing to push."""
    _change_purged(connection, ANSWERED, "")


def _change_purged(connection: Connection, state: str, reason: str) -> int:
    done = connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, reason = ? WHERE delivery.state <> 'proven' AND state = ?"
        " AND EXISTS (SELECT 1 FROM stub WHERE stub.branch_id = ? AND stub.fact_id = delivery.fact_id"
        " AND stub.content_hash = delivery.content_hash AND stub.reason = ?)",
        (state, reason, WAITING, branch_of(connection).bytes, PURGED),
    )
    return done.rowcount
