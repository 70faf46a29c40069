"""How far this file was when it heard of an order: what it had captured by then is old, whenever it comes.

A file that was copied shares lives and numbers with its twin. Where the twin heard first, the centre goes by
how far that one was; this one names what it had captured beyond it. Nothing else tells the two apart.
"""

from functools import partial
from uuid import UUID

from stojnica.storage.heard_orders import HeardOrder, captured_between, heard_orders
from stojnica.sync.faults import NO_SUCH_FUNCTION, SyncError, nonsense
from stojnica.sync.session import SyncSession

MOST_AT_ONCE = 5_000


def say_how_far(session: SyncSession, order_id: UUID) -> None:
    """Say what is old by now; what this laptop captures from here on is new, whenever it is delivered.

    Raises:
        SyncError: the way is gone, or the answer is about something else; all of it is said again then.
    """
    for heard in session.read(heard_orders):
        if heard.order_id == order_id:
            try:
                session.transport.erase_heard(order_id, heard.lives)
                _name_old(session, heard)
            except SyncError as fault:
                # An office that wasn't brought up to date yet goes by when it hears of it.
                if fault.detail != NO_SUCH_FUNCTION:
                    raise


def _name_old(session: SyncSession, heard: HeardOrder) -> None:
    heads = dict(heard.lives)
    said = session.transport.erase_heard_before(heard.order_id, list(heads))
    if len(dict(said)) != len(said) or not set(dict(said)) <= set(heads):
        raise nonsense("heard_before")
    old: list[UUID] = []
    for life, seq in said:
        if seq < heads[life]:
            old += session.read(
                partial(
                    captured_between, branch_id=session.branch_id, life=life, after=seq, until=heads[life]
                )
            )
    for begin in range(0, len(old), MOST_AT_ONCE):
        session.transport.erase_old(heard.order_id, old[begin : begin + MOST_AT_ONCE])
