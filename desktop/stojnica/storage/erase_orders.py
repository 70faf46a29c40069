"""Orders of the office to erase somebody: which were carried out here, and which wait for a person's yes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.erase_order import EraseOrder, needs_a_yes
from stojnica.records.facts import FACT
from stojnica.records.typed import SIGNUP
from stojnica.storage.erased_number import keep_number_of
from stojnica.storage.heard_orders import note_heard, note_more_gone
from stojnica.storage.memory import recall, remember
from stojnica.storage.stubs import erase_persons, erase_purged
from stojnica.storage.unit import UnitOfWork, branch_of

WAITING = "erase_orders_waiting"
ALLOWED = "erase_orders_allowed"
COPIES_LEFT = "erase_orders_copies_left"


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """Hold an order that would take so much that a person has to agree first, and whom it means here."""

    order_id: UUID
    number: int
    persons: int
    records: int
    subjects: tuple[UUID, ...] = ()


def waiting_orders(connection: Connection) -> list[WaitingOrder]:
    """Give the orders that wait for a person's yes."""
    kept = recall(connection, WAITING, {})
    return [
        WaitingOrder(UUID(name), number, persons, records, tuple(UUID(one) for one in subjects))
        for name, (number, persons, records, subjects) in kept.items()
    ]


def allowed_orders(connection: Connection) -> frozenset[UUID]:
    """Give the orders that somebody said yes to."""
    return frozenset(UUID(one) for one in recall(connection, ALLOWED, []))


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """Hold the contacts here that waiting orders mean, and those of them that somebody said yes to."""

    everybody: frozenset[UUID] = frozenset()
    agreed: frozenset[UUID] = frozenset()


def erasure_asked(connection: Connection) -> ErasureAsked:
    """Look whom the orders that wait mean; most days nobody."""
    orders = waiting_orders(connection)
    if not orders:
        return ErasureAsked()
    allowed, branch_id = allowed_orders(connection), branch_of(connection)
    here: dict[UUID, frozenset[UUID]] = {}
    for order in orders:
        query = sa.select(SIGNUP.c.subject_id).where(
            SIGNUP.c.branch_id == branch_id, SIGNUP.c.subject_id.in_(order.subjects)
        )
        here[order.order_id] = frozenset(connection.execute(query).scalars())
    return ErasureAsked(
        frozenset().union(*here.values()),
        frozenset().union(*(found for order_id, found in here.items() if order_id in allowed)),
    )


def allow_order(unit: UnitOfWork, order_id: UUID) -> None:
    """Say yes to an order: the next sync carries it out. In the caller's transaction."""
    kept = recall(unit.connection, ALLOWED, [])
    remember(unit.connection, ALLOWED, sorted({*kept, str(order_id)}))


def carry_out(unit: UnitOfWork, order: EraseOrder) -> int | None:
    """Erase what an order names and this file holds; gives how many records went, None if a yes is needed.

    What the laptop knows about a person goes as a whole, also what the office hasn't heard of. In the
    caller's transaction.
    """
    name = str(order.order_id)
    waiting = recall(unit.connection, WAITING, {})
    here = _here(unit, order)
    records = sum(here.values())
    if needs_a_yes(records, _bodies(unit)) and name not in recall(unit.connection, ALLOWED, []):
        wanted = [order.number, len(here), records, [str(one) for one in here]]
        remember(unit.connection, WAITING, waiting | {name: wanted})
        return None
    for subject_id in here:
        keep_number_of(unit, subject_id)
    # Who has left this laptop may still be named by what was said about somebody else.
    gone = erase_persons(unit, here, gone_before=order.subjects)
    if order.facts:
        erase_purged(unit.connection, unit.branch_id, order.facts)
    if waiting.pop(name, None) is not None:
        remember(unit.connection, WAITING, waiting)
    return gone


def carry_out_order(unit: UnitOfWork, order: EraseOrder) -> int | None:
    """Carry out an order of the office, and note how far this file was then. In the caller's transaction."""
    gone = carry_out(unit, order)
    if gone is not None:
        note_heard(unit.connection, order.order_id, gone)
    return gone


def erase_late(unit: UnitOfWork, order: EraseOrder, subjects: Sequence[UUID]) -> int | None:
    """Erase sign-ups that an order means by its marks, as `carry_out` does. In the caller's transaction."""
    gone = carry_out(unit, replace(order, subjects=tuple(subjects), facts=()))
    if gone is not None and subjects:
        note_more_gone(unit.connection, order.order_id, gone)
    return gone


def note_copies_left(connection: Connection, order_id: UUID, gone: int) -> None:
    """Note that the office is to hear once more of an order: copies from before it were left."""
    kept = recall(connection, COPIES_LEFT, {})
    remember(connection, COPIES_LEFT, kept | {str(order_id): gone})


def copies_left(connection: Connection) -> dict[UUID, int]:
    """Give the orders after which copies were left, and how many records each took away."""
    return {UUID(name): gone for name, gone in recall(connection, COPIES_LEFT, {}).items()}


def forget_copies_left(connection: Connection, order_id: UUID) -> None:
    """Note that the office knows: no copy from before this order is left."""
    kept = recall(connection, COPIES_LEFT, {})
    remember(connection, COPIES_LEFT, {name: gone for name, gone in kept.items() if name != str(order_id)})


def _here(unit: UnitOfWork, order: EraseOrder) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for subject_id in order.subjects:
        query = sa.select(sa.func.count()).where(
            FACT.c.branch_id == unit.branch_id, FACT.c.subject_id == subject_id
        )
        count = int(unit.connection.execute(query).scalar_one())
        if count:
            found[subject_id] = count
    return found


def _bodies(unit: UnitOfWork) -> int:
    return int(unit.connection.execute(sa.select(sa.func.count()).select_from(FACT)).scalar_one())
