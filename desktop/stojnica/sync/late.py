"""Who was erased by address or number, and was on this laptop under another id: known by a mark.

The office's keys aren't at hand when the centre finds that out, and its word alone makes no laptop erase. So
it gives the key of the marks that stand in the order, which the organisation has signed: here it is seen
whether they mean the address of that very sign-up.
"""

import logging
from collections.abc import Collection
from uuid import UUID

from stojnica.domain.erase_order import EraseOrder
from stojnica.storage.erase_orders import erase_late
from stojnica.storage.heard_orders import is_here, is_meant
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.faults import nonsense
from stojnica.sync.session import SyncSession

MOST_AT_ONCE = 1_000
"""No centre names more in one answer; each is looked up while captures wait."""
log = logging.getLogger(__name__)


def erase_who_was_late(
    session: SyncSession, order: EraseOrder, known: Collection[UUID]
) -> tuple[tuple[UUID, ...], int]:
    """Erase whom the marks of an order mean; gives their subjects, and how many records went.

    Raises:
        SyncError: the way is gone, or no centre answers so; it is asked again with the next sync.
    """
    told = session.transport.erased_late(order.order_id, sorted(known))
    if told is None:
        return (), 0
    if len(told.subjects) > MOST_AT_ONCE:
        raise nonsense("late")

    def job(unit: UnitOfWork) -> tuple[tuple[UUID, ...], int]:
        meant = tuple(one for one in told.subjects if is_meant(unit.connection, order, told.key, one))
        if len(meant) < len(told.subjects):
            log.warning("%d named as late aren't whom the order means", len(told.subjects) - len(meant))
        # Of who isn't here nothing can be checked: what was said of others beside them stays.
        gone = erase_late(unit, order, [one for one in meant if is_here(unit.connection, order, one)])
        unit.commit()
        return (meant, gone) if gone is not None else ((), 0)

    return session.store.write(job, Priority.BACKGROUND).result()
