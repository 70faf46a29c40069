"""Facts whose bodies are gone: taking them out of the file, and what is to be said of them to the centre."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.erasure import ERASED, files_of, is_person, named_beside
from stojnica.domain.fact import BadFactError, Fact, decode
from stojnica.records.erasing import clear_subject, withdrawals_shared_by
from stojnica.records.facts import FACT
from stojnica.records.projection import project_subject
from stojnica.storage.erased_slips import note_slip_of
from stojnica.storage.half_typed import drop_half_typed
from stojnica.storage.left_in_files import note_left
from stojnica.storage.marks import drop_marks
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.outbox import Key, mark
from stojnica.storage.pieces import name_pieces, pieces_here
from stojnica.storage.tables import ANSWERED, DELIVERY, PROVEN, PURGED, SETTLED, STUB, WAITING
from stojnica.storage.unfinished import drop_unfinished_about
from stojnica.storage.unit import UnitOfWork

ERASURES = "erasures"
COPIES_STALE = "copies_hold_purged"


@dataclass(frozen=True, slots=True)
class Stub:
    """Hold what stays of one fact."""

    fact_id: UUID
    content_hash: bytes
    incarnation: UUID
    seq: int

    @property
    def key(self) -> Key:
        """Give id and hash."""
        return self.fact_id, self.content_hash


def erase_person(unit: UnitOfWork, subject_id: UUID) -> int:
    """Take all that speaks of a person out of the file; see `erase_persons`."""
    return erase_persons(unit, (subject_id,))


def erase_persons(unit: UnitOfWork, subjects: Iterable[UUID], gone_before: Iterable[UUID] = ()) -> int:
    """Take all that speaks of these persons out of the file, and leave stubs; gives how many bodies went.

    Nothing is taken that isn't about a person. The keyed mark of an imported row stays: without it the next
    import of the same sheet would bring them back. Withdrawals by their address or number go with them,
    unless somebody else shares it. The centre learns of the stubs with the next sync,
    whether it ever had the bodies or not. In the caller's transaction.

    What was said about others and names one of them goes as well, also of those who are `gone_before`:
    purged, they left while somebody who was compared with them stayed. It is looked through once for all of
    them, because captures wait meanwhile.
    """
    unit.flush()
    gone, named = 0, set(gone_before)
    for subject_id in subjects:
        gone += _erase_own(unit, subject_id, named)
    return gone + _erase_mentions(unit.connection, unit.branch_id, named)


def _erase_own(unit: UnitOfWork, subject_id: UUID, erased: set[UUID]) -> int:
    """Erase what is about a person and nobody else, and add whoever went."""
    connection, branch_id = unit.connection, unit.branch_id
    own = connection.execute(
        sa.select(FACT.c.fact_id, FACT.c.content_hash, FACT.c.kind, FACT.c.body).where(
            FACT.c.branch_id == branch_id, FACT.c.subject_id == subject_id
        )
    ).all()
    if not is_person({row.kind for row in own}):
        return 0
    erased.add(subject_id)
    note_slip_of(connection, branch_id, subject_id)
    shared = withdrawals_shared_by(connection, branch_id, subject_id)
    told = list(_readable(row.body for row in own))
    pieces = files_of(told)
    named = name_pieces(unit, pieces)
    keys = [(row.fact_id, row.content_hash) for row in own] + pieces_here(connection, branch_id, pieces)
    make_stubs(connection, branch_id, keys, ERASED)
    mark(connection, keys, WAITING, ERASED)
    clear_subject(connection, branch_id, subject_id)
    drop_marks(connection, subject_id)
    drop_half_typed(connection)
    drop_unfinished_about(connection, subject_id, _emails(told))
    remember(connection, ERASURES, erasures(connection) + 1)
    alone = [one for one, others in shared.items() if not others]
    return len(keys) - named + sum(_erase_own(unit, one, erased) for one in alone)


def _erase_mentions(connection: Connection, branch_id: UUID, subjects: Collection[UUID]) -> int:
    """Take what was said about others and names these persons out of the file."""
    naming = _naming(connection, branch_id, subjects) if subjects else []
    if not naming:
        return 0
    keys = [key for key, _about in naming]
    make_stubs(connection, branch_id, keys, ERASED)
    mark(connection, keys, WAITING, ERASED)
    for other in dict.fromkeys(about for _key, about in naming):
        clear_subject(connection, branch_id, other)
        project_subject(connection, branch_id, other)
    remember(connection, ERASURES, erasures(connection) + 1)
    return len(keys)


def erase_purged(connection: Connection, branch_id: UUID, keys: Iterable[Key]) -> None:
    """Let the centre be told that what was purged here is erased: nothing here could bring it again.

    Without it, a centre that was set back behind such a fact would miss it for ever.
    """
    names = [(branch_id.bytes, fact_id.bytes, content_hash) for fact_id, content_hash in keys]
    connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, reason = ? WHERE EXISTS (SELECT 1 FROM stub WHERE stub.branch_id = ?"
        " AND stub.fact_id = delivery.fact_id AND stub.content_hash = delivery.content_hash"
        " AND stub.reason = ?) AND fact_id = ? AND content_hash = ?",
        [(WAITING, ERASED, branch, PURGED, *key) for branch, *key in names],
    )
    connection.exec_driver_sql(
        "UPDATE stub SET reason = ? WHERE branch_id = ? AND fact_id = ? AND content_hash = ? AND reason = ?",
        [(ERASED, *name, PURGED) for name in names],
    )


def erasures(connection: Connection) -> int:
    """Count how often somebody was erased in this file: a copy that knows fewer may hold a body too many."""
    return int(recall(connection, ERASURES, 0))


def count_purged(connection: Connection) -> None:
    """Have copies from before the last purge hold somebody too many: one who left may be asked for now."""
    if recall(connection, COPIES_STALE, False):
        remember(connection, ERASURES, erasures(connection) + 1)
        forget(connection, COPIES_STALE)


def make_stubs(connection: Connection, branch_id: UUID, keys: Iterable[Key], reason: str) -> None:
    """Put stubs in the place of facts; typed rows are the caller's matter."""
    # What a fact began with is overwritten: the writer's connection deletes securely.
    place = (branch_id.bytes,)
    names = [(*place, fact_id.bytes, content_hash) for fact_id, content_hash in keys]
    connection.exec_driver_sql(
        "INSERT INTO stub (branch_id, fact_id, content_hash, incarnation, seq, reason)"
        " SELECT branch_id, fact_id, content_hash, incarnation, seq, ? FROM fact"
        " WHERE branch_id = ? AND fact_id = ? AND content_hash = ?",
        [(reason, *name) for name in names],
    )
    connection.exec_driver_sql(
        "DELETE FROM fact WHERE branch_id = ? AND fact_id = ? AND content_hash = ?", names
    )
    note_left(connection, reason)


def is_erased(connection: Connection, branch_id: UUID, fact_id: UUID) -> bool:
    """Tell whether a fact of this id was here and was erased."""
    query = sa.select(sa.literal(1)).where(
        STUB.c.branch_id == branch_id, STUB.c.fact_id == fact_id, STUB.c.reason == ERASED
    )
    return connection.execute(query.limit(1)).first() is not None


def erased_stubs(connection: Connection, branch_id: UUID) -> list[Stub]:
    """Give what was erased here, in the order of ids: few among all facts."""
    query = (
        sa.select(STUB.c.fact_id, STUB.c.content_hash, STUB.c.incarnation, STUB.c.seq)
        .where(STUB.c.branch_id == branch_id, STUB.c.reason == ERASED)
        .order_by(STUB.c.fact_id, STUB.c.content_hash)
    )
    return [Stub(*row) for row in connection.execute(query)]


def is_any_untold(connection: Connection) -> bool:
    """Tell whether something was erased here that the centre wasn't asked about since."""
    query = sa.select(sa.literal(1)).where(
        sa.literal_column("delivery.state <> 'proven'"),
        DELIVERY.c.state == WAITING,
        DELIVERY.c.reason == ERASED,
    )
    return connection.execute(query.limit(1)).first() is not None


def settle_purged(connection: Connection) -> None:
    """Close the books on what was purged: the centre counts by device, and this laptop is another one now."""
    connection.execute(
        sa.delete(DELIVERY).where(
            sa.tuple_(DELIVERY.c.fact_id, DELIVERY.c.content_hash).in_(
                sa.select(STUB.c.fact_id, STUB.c.content_hash).where(STUB.c.reason == PURGED)
            )
        )
    )
    connection.execute(sa.update(STUB).where(STUB.c.reason == PURGED).values(reason=SETTLED))


def mark_told(connection: Connection, keys: Sequence[Key]) -> None:
    """Note that the centre has a tombstone for these; what is proven already stays so."""
    if not keys:
        return
    connection.exec_driver_sql(
        "UPDATE delivery SET state = ?, reason = ? WHERE fact_id = ? AND content_hash = ?"
        " AND state NOT IN (?, ?)",
        [(ANSWERED, ERASED, fact_id.bytes, content_hash, ANSWERED, PROVEN) for fact_id, content_hash in keys],
    )


def _emails(facts: Iterable[Fact]) -> set[str]:
    """Give every address that was ever said of a person."""
    said = (fact.data.get("email") for fact in facts)
    return {email for email in said if isinstance(email, str)}


def _readable(bodies: Iterable[bytes]) -> Iterator[Fact]:
    for body in bodies:
        with suppress(BadFactError):
            yield decode(body)


def _naming(connection: Connection, branch_id: UUID, subjects: Collection[UUID]) -> list[tuple[Key, UUID]]:
    """Give the facts about others that name one of these persons, and whom they are about."""
    query = sa.select(FACT.c.fact_id, FACT.c.content_hash, FACT.c.subject_id, FACT.c.body).where(
        FACT.c.branch_id == branch_id, FACT.c.kind == kinds.COMPARED
    )
    found: list[tuple[Key, UUID]] = []
    for row in connection.execute(query):
        with suppress(BadFactError):
            named = named_beside(decode(row.body))
            if named in subjects and named != row.subject_id:
                found.append(((row.fact_id, row.content_hash), row.subject_id))
    return found
