"""Step 7, its last part: carry out what the office orders to be erased, and say so."""

from collections.abc import Callable, Collection
from functools import partial
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.central.signing import is_erase_order_of
from stojnica.domain.erase_order import MAX_ORDER_BYTES, EraseOrder, order_from
from stojnica.storage.erase_orders import (
    carry_out_order,
    copies_left,
    forget_copies_left,
    note_copies_left,
)
from stojnica.storage.heard_orders import forget_heard, late_done, note_late_done
from stojnica.storage.left_in_files import clear_files
from stojnica.storage.orders_done import note_done, orders_done
from stojnica.storage.stubs import count_purged, erasures
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.faults import NO_SUCH_FUNCTION, Fate, SyncError, forged_briefing
from stojnica.sync.how_far import say_how_far
from stojnica.sync.late import erase_who_was_late
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import MOST_KNOWN, SignedOrder

MOST_ROUNDS = 100


def no_copies_renewed() -> bool:
    """Say that copies may be left."""
    return False


def carry_out_orders(session: SyncSession, signing_key: bytes, renew_copies: Callable[[], bool]) -> None:
    """Carry out each order that is new here; one that takes too much waits for a person, and isn't confirmed.

    One that is known comes again when somebody whom it means came to the centre from here, under another id.

    An order counts as done when the office has heard so: a crash before that carries it out once more, with
    nothing left to erase.

    Raises:
        SyncError: the way is gone, or an order isn't the organisation's own.
    """
    _tell_of_copies(session, renew_copies)
    orders = dict.fromkeys(session.read(orders_done))
    late = dict.fromkeys(session.read(late_done))
    looked: set[UUID] = set()
    for _round in range(MOST_ROUNDS):
        try:
            came = session.transport.erase_orders(_told(orders, late))
        except SyncError as fault:
            # An office that wasn't brought up to date yet has no orders.
            if fault.detail == NO_SUCH_FUNCTION:
                return
            raise
        fresh = [order for order in came if order.order_id not in orders]
        again = [order for order in came if order.order_id in orders and order.order_id not in looked]
        if not fresh and not again:
            return
        for signed in fresh:
            session.context.step("brief")
            order = checked_order(signed, signing_key, session.branch_id)
            gone = _carry_out(session, order)
            if gone is not None:
                _confirm(session, order.order_id, gone, are_copies_new=_renewed(session, renew_copies))
            orders[order.order_id] = None
        for signed in again:
            session.context.step("brief")
            looked.add(signed.order_id)
            order = checked_order(signed, signing_key, session.branch_id)
            late.update(dict.fromkeys(_erase_late(session, order, late, renew_copies)))


def _told(orders: Collection[UUID], late: Collection[UUID]) -> list[UUID]:
    """Say what the centre needn't give again. Orders first: without them no new one is reached."""
    first = [*orders][:MOST_KNOWN]
    room = MOST_KNOWN - len(first)
    return sorted([*first, *[*late][max(0, len(late) - room) :]])


def checked_order(came: SignedOrder, signing_key: bytes, branch_id: UUID) -> EraseOrder:
    """Give an order that is the organisation's own, for this branch.

    Raises:
        SyncError: it isn't.
    """
    if len(came.body) > MAX_ORDER_BYTES or not is_erase_order_of(signing_key, came.body, came.signature):
        raise forged_briefing("order_signature")
    try:
        order = order_from(came.body)
    except ValueError as error:
        raise forged_briefing("order") from error
    if order.order_id != came.order_id or order.branch_id != branch_id:
        raise forged_briefing("order_about_another")
    return order


def _renewed(session: SyncSession, renew_copies: Callable[[], bool]) -> bool:
    session.write(count_purged)
    # Where nobody was ever erased, no copy can hold somebody too many.
    return session.read(erasures) == 0 or renew_copies()


def _erase_late(
    session: SyncSession, order: EraseOrder, late: Collection[UUID], renew_copies: Callable[[], bool]
) -> tuple[UUID, ...]:
    subjects, gone = erase_who_was_late(session, order, [*late][-MOST_KNOWN:])
    if subjects:
        session.moved.erased += gone
        if gone:
            _clear_files(session)
        _say_done(session, order.order_id, gone, are_copies_new=_renewed(session, renew_copies))
        session.transport.erased_late_done(subjects)
        session.write(partial(note_late_done, subjects=subjects))
    return subjects


def _confirm(session: SyncSession, order_id: UUID, gone: int, *, are_copies_new: bool) -> None:
    say_how_far(session, order_id)
    _say_done(session, order_id, gone, are_copies_new=are_copies_new)


def _say_done(session: SyncSession, order_id: UUID, gone: int, *, are_copies_new: bool) -> None:
    session.transport.erased(order_id, gone, are_copies_new)

    def note(connection: Connection) -> None:
        note_done(connection, order_id)
        forget_heard(connection, [order_id])
        if not are_copies_new:
            note_copies_left(connection, order_id, gone)

    session.write(note)


def _tell_of_copies(session: SyncSession, renew_copies: Callable[[], bool]) -> None:
    """Say of earlier orders that their copies are gone by now: the stick was plugged in again."""
    left = session.read(copies_left)
    if not left or not renew_copies():
        return
    for order_id, gone in sorted(left.items()):
        try:
            session.transport.erased(order_id, gone, True)
        except SyncError as fault:
            # A centre that went back to a backup may not know the order: it waits until its list is applied.
            if fault.fate is Fate.NETWORK:
                raise
            continue
        session.write(partial(forget_copies_left, order_id=order_id))


def _carry_out(session: SyncSession, order: EraseOrder) -> int | None:
    def job(unit: UnitOfWork) -> int | None:
        gone = carry_out_order(unit, order)
        unit.commit()
        return gone

    gone = session.store.write(job, Priority.BACKGROUND).result()
    if gone:
        session.moved.erased += gone
        _clear_files(session)
    return gone


def _clear_files(session: SyncSession) -> None:
    def job(unit: UnitOfWork) -> None:
        clear_files(unit, session.store.path)

    session.store.write(job, Priority.BACKGROUND).result()
