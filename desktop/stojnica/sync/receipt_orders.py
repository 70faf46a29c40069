"""What the office's receipt has a laptop erase, that may never hear of it over a line."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.erase_order import EraseOrder
from stojnica.storage.erase_orders import (
    carry_out_order,
    copies_left,
    erase_late,
    forget_copies_left,
    note_copies_left,
)
from stojnica.storage.heard_orders import (
    forget_heard,
    heard_orders,
    late_by_receipt,
    late_done,
    note_copies_new,
    note_late_by_receipt,
    note_more_gone,
)
from stojnica.storage.left_in_files import clear_files
from stojnica.storage.orders_done import note_done, orders_done
from stojnica.storage.store import Store
from stojnica.storage.stubs import count_purged, erasures
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.orders import checked_order
from stojnica.sync.receipt_file import Acknowledged, StickReceipt


def carry_out_by_receipt(
    store: Store, receipt: StickReceipt, signing_key: bytes, renew_copies: Callable[[], bool]
) -> tuple[int, int]:
    """Erase what a checked receipt names; gives how many orders were carried out, and how many records went.

    The next file on a stick tells the office so, or the next sync, whichever comes first. An order that takes
    too much waits for a person's yes, and comes again with the next receipt.

    Raises:
        SyncError: an order in it isn't the organisation's own.
    """
    _settle(store, receipt.acknowledged)
    _tell_of_copies(store, renew_copies)
    known, gone_late = store.read(_known).result()
    orders = [
        checked_order(signed, signing_key, receipt.branch_id)
        for signed in receipt.orders
        if signed.order_id not in known
    ]
    late: dict[UUID, EraseOrder] = {
        one.order_id: EraseOrder(one.order_id, receipt.branch_id, one.number, (), ()) for one in receipt.late
    }
    done: list[int] = []
    for order in orders:
        done += _erase(store, partial(carry_out_order, order=order))
    for order_id, order in late.items():
        named = [one.subject_id for one in receipt.late if one.order_id == order_id]
        new = [one for one in named if one not in gone_late]
        if new:
            done += _erase(store, partial(_erase_late, order=order, subjects=new))
    if done:
        _renew(store, renew_copies)
    return len(done), sum(done)


def _known(connection: Connection) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Give orders that were carried out, heard of by the office or not, and late ones that are gone."""
    heard = (one.order_id for one in heard_orders(connection))
    return frozenset([*orders_done(connection), *heard]), frozenset(
        [*late_done(connection), *late_by_receipt(connection)]
    )


def _erase_late(unit: UnitOfWork, order: EraseOrder, subjects: Sequence[UUID]) -> int | None:
    gone = erase_late(unit, order, subjects)
    if gone is not None:
        note_late_by_receipt(unit.connection, subjects)
    return gone


def _erase(store: Store, carry_out: Callable[[UnitOfWork], int | None]) -> Sequence[int]:
    def job(unit: UnitOfWork) -> Sequence[int]:
        gone = carry_out(unit)
        unit.commit()
        if gone:
            clear_files(unit, store.path)
        return [] if gone is None else [gone]

    return store.write(job, Priority.BACKGROUND).result()


def _settle(store: Store, acknowledged: Sequence[Acknowledged]) -> None:
    """The office has heard what the file said; what was done since then is for the next one."""

    def job(connection: Connection) -> None:
        now = {one.order_id: (one.facts, one.are_copies_new) for one in heard_orders(connection)}
        for one in acknowledged:
            if now.get(one.order_id) == (one.facts, one.are_copies_new):
                note_done(connection, one.order_id)
                forget_heard(connection, [one.order_id])
                if not one.are_copies_new:
                    note_copies_left(connection, one.order_id, one.facts)

    if acknowledged:
        _write(store, job)


def _tell_of_copies(store: Store, renew_copies: Callable[[], bool]) -> None:
    """Have the next file say that copies from before earlier orders are gone: their stick is back."""
    left = store.read(copies_left).result()
    if not left or not renew_copies():
        return

    def job(connection: Connection) -> None:
        for order_id in left:
            note_more_gone(connection, order_id, 0)
            forget_copies_left(connection, order_id)
        note_copies_new(connection, left)

    _write(store, job)


def _renew(store: Store, renew_copies: Callable[[], bool]) -> None:
    _write(store, count_purged)
    # Where nobody was ever erased, no copy can hold somebody too many.
    if store.read(erasures).result() and not renew_copies():
        return
    _write(
        store,
        lambda connection: note_copies_new(connection, [one.order_id for one in heard_orders(connection)]),
    )


def _write(store: Store, job: Callable[[Connection], None]) -> None:
    def run(unit: UnitOfWork) -> None:
        job(unit.connection)
        unit.commit()

    store.write(run, Priority.BACKGROUND).result()
