"""A laptop's own word about what it erased: the same over a line and beside the facts on a stick.

The laptop signs it by its own key, which a copy of its file shares. It comes in lots, each with an id made of
what it says: said again in the same lot, it is the same statement.
"""

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica.central.signing import is_erased_said_by, sign_erased
from stojnica.domain.erase_order import EraseOrder
from stojnica.storage.outbox import MAX_BATCH_FACTS, Key
from stojnica.storage.own_erasures import note_statement, unstated
from stojnica.sync.credentials import credentials_of
from stojnica.sync.faults import NO_SUCH_FUNCTION, Fate, SyncError
from stojnica.sync.old_copy import NUMBER
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import SignedOrder

log = logging.getLogger(__name__)
_STATEMENTS = UUID("4b1f9a52-7d0e-4c35-8f6a-2f0f7a5d9c11")


def state_erasures(session: SyncSession, keys: Sequence[Key]) -> None:
    """Leave at the centre what is to be said of these, as far as it wasn't said yet.

    Raises:
        SyncError: the way is gone; it is said again with the next sync.
    """
    news = session.read(partial(unstated, keys=keys))
    credentials = session.read(credentials_of) if news else None
    if credentials is None:
        return
    key = Ed25519PrivateKey.from_private_bytes(credentials.device_key)
    try:
        for lot in lots_of(news):
            session.context.step("push", session.moved.offered)
            # The same words again have the same id: a line that broke before the answer doubles nothing.
            statement = signed_statement(key, session.branch_id, lot)
            session.transport.state_erased(statement)
            session.write(partial(note_statement, statement_id=statement.order_id, keys=lot))
    except SyncError as fault:
        not_taken(fault)


def not_taken(fault: SyncError) -> None:
    """Pass over that statements aren't taken: by an office of before, or by one that is full of them.

    Raises:
        SyncError: it is something else.
    """
    if fault.fate is not Fate.CONTENT and fault.detail != NO_SUCH_FUNCTION:
        raise fault
    log.warning("statements of erasures aren't taken: %s", fault.detail)


def lots_of(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Give them in lots that one statement takes."""
    for begin in range(0, len(keys), MAX_BATCH_FACTS):
        yield keys[begin : begin + MAX_BATCH_FACTS]


def signed_statement(key: Ed25519PrivateKey, branch_id: UUID, lot: Sequence[Key]) -> SignedOrder:
    """State that these were erased."""
    statement_id, body = _written(branch_id, lot)
    return SignedOrder(statement_id, body, sign_erased(key, body))


def statements_signed(
    public_key: bytes, branch_id: UUID, keys: Sequence[Key], signatures: Sequence[bytes]
) -> tuple[SignedOrder, ...]:
    """Give the statements about these that a laptop's signatures make; without signatures there are none.

    Raises:
        ValueError: one of them isn't this laptop's.
    """
    lots = list(lots_of(keys)) if signatures else []
    found = []
    for lot, signature in zip(lots, signatures, strict=True):
        statement_id, body = _written(branch_id, lot)
        if not is_erased_said_by(public_key, body, signature):
            raise ValueError("statement")
        found.append(SignedOrder(statement_id, body, signature))
    return tuple(found)


def _written(branch_id: UUID, lot: Sequence[Key]) -> tuple[UUID, bytes]:
    said = "".join(fact_id.hex + content_hash.hex() for fact_id, content_hash in lot)
    statement_id = uuid5(_STATEMENTS, said)
    return statement_id, EraseOrder(statement_id, branch_id, NUMBER, (), tuple(lot)).body()
