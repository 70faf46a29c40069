"""An old copy that was opened: whoever was erased since it was made is erased from it as well.

Orders of the office reach every laptop. What was erased on the spot on another one with the same files is
known only to the centre, which keeps tombstones: their answer is asked for once, sign-up by sign-up.
"""

from collections.abc import Sequence
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.erase_order import EraseOrder
from stojnica.records.facts import FACT
from stojnica.storage.erase_orders import carry_out
from stojnica.storage.left_in_files import clear_files
from stojnica.storage.life import current_incarnation
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.outbox import MAX_BATCH_BYTES, MAX_BATCH_FACTS, WaitingFact
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.faults import nonsense
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import ANSWERS, ARRIVED, ERASED, PushAnswer

_UNASKED = "erased_since_unasked"
# No order of the office has this number.
NUMBER = 0


def note_copy(connection: Connection) -> None:
    """Note that this is an opened copy: the centre may know of people who were erased since it was made.

    Only whoever opens a copy notes so. That these files are one is also concluded from what a server says,
    but no server is to make a laptop erase by its word alone.
    """
    remember(connection, _UNASKED, True)


def is_unasked(connection: Connection) -> bool:
    """Tell whether this is an opened copy whose question isn't answered and carried out yet."""
    return bool(recall(connection, _UNASKED, False))


def erase_again(session: SyncSession) -> None:
    """Learn who of a copy has a tombstone at the centre, and erase them here as an order would.

    The answers carry no signature of the organisation: what would take over 5 % waits for a person's yes.

    Raises:
        SyncError: the way is gone; it is asked again with the next sync.
    """
    if not session.read(is_unasked):
        return
    gone: list[UUID] = []
    last = bytes(16)
    while batch := session.read(partial(_signups_after, branch_id=session.branch_id, last=last)):
        session.context.step("prove")
        answers = session.transport.push(batch)
        erased = _erased_of(batch, answers)
        if erased is None:
            # The centre takes nothing more today.
            return
        gone += erased
        last = batch[-1].fact_id.bytes
    _erase(session, gone)


def _signups_after(connection: Connection, branch_id: UUID, last: bytes) -> list[WaitingFact]:
    query = (
        sa.select(*(FACT.c[name] for name in WaitingFact.__slots__))
        .where(
            FACT.c.branch_id == branch_id, FACT.c.kind == kinds.SIGNED_UP, FACT.c.fact_id > UUID(bytes=last)
        )
        .order_by(FACT.c.fact_id, FACT.c.content_hash)
        .limit(MAX_BATCH_FACTS)
    )
    batch: list[WaitingFact] = []
    size = 0
    for row in connection.execute(query):
        size += len(row.body)
        # Two facts with one id go together: the next batch begins behind it.
        if batch and size > MAX_BATCH_BYTES and row.fact_id != batch[-1].fact_id:
            break
        batch.append(WaitingFact(*row))
    return batch


def _erased_of(batch: Sequence[WaitingFact], answers: Sequence[PushAnswer]) -> list[UUID] | None:
    about = {(item.fact_id, item.content_hash): item.subject_id for item in batch}
    told = {(item.fact_id, item.content_hash): item.answer for item in answers}
    if set(told) != set(about) or not set(told.values()) <= ANSWERS:
        raise nonsense("push")
    if not set(told.values()) <= {*ARRIVED, ERASED}:
        return None
    return [about[key] for key, answer in told.items() if answer == ERASED]


def _erase(session: SyncSession, gone: Sequence[UUID]) -> None:
    def job(unit: UnitOfWork) -> None:
        # The same one until it is carried out: a yes to it holds for the next sync.
        order_id = uuid5(NAMESPACE_URL, f"erased before {current_incarnation(unit.connection)}")
        order = EraseOrder(order_id, unit.branch_id, NUMBER, tuple(dict.fromkeys(gone)), ())
        records = carry_out(unit, order)
        if records is not None:
            forget(unit.connection, _UNASKED)
        unit.commit()
        if records:
            clear_files(unit, session.store.path)

    session.store.write(job, Priority.BACKGROUND).result()
