"""What was erased on the spot goes from a copied file as well: this laptop's own word, signed by its own key.

A copy of a file has the same key, login and people. Of what one of them erases the centre has tombstones, and
the other one isn't told: at a server's word alone no laptop erases anybody. A statement that this very key
has signed is another matter: no server can make one.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica.central.signing import is_erased_said_by
from stojnica.domain.erase_order import EraseOrder, order_from
from stojnica.storage.erase_orders import carry_out
from stojnica.storage.left_in_files import clear_files
from stojnica.storage.own_erasures import known_statements, note_statement, persons_of
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.faults import SyncError
from stojnica.sync.old_copy import NUMBER, is_unasked
from stojnica.sync.session import SyncSession
from stojnica.sync.statements import not_taken
from stojnica.sync.transport import SignedOrder

MOST_BYTES = 128 * 1024
MOST_ROUNDS = 100
log = logging.getLogger(__name__)


def erase_as_stated(session: SyncSession, device_key: bytes, renew_copies: Callable[[], bool]) -> None:
    """Erase what a file like this one erased, as far as it is news; what was erased here is stated already.

    What would take over 5 % waits for a person's yes, as an order does.

    Raises:
        SyncError: the way is gone; it is asked again with the next sync.
    """
    # An opened copy asks for everybody first, once; until that is through, nothing is asked for twice.
    if session.read(is_unasked):
        return
    key = Ed25519PrivateKey.from_private_bytes(device_key)
    try:
        _follow(session, key.public_key().public_bytes_raw(), renew_copies)
    except SyncError as fault:
        not_taken(fault)


def _follow(session: SyncSession, public_key: bytes, renew_copies: Callable[[], bool]) -> None:
    known = set(session.read(known_statements))
    gone = 0
    for _round in range(MOST_ROUNDS):
        came = [one for one in session.transport.stated_erased(sorted(known)) if one.order_id not in known]
        if not came:
            break
        for signed in came:
            known.add(signed.order_id)
            statement = _checked(signed, public_key, session.branch_id)
            if statement is not None:
                session.context.step("brief")
                gone += _carry_out(session, statement)
    if gone:
        session.moved.erased_alike += gone
        renew_copies()


def _checked(came: SignedOrder, public_key: bytes, branch_id: UUID) -> EraseOrder | None:
    """Give a statement that this laptop's key has signed; anything else is passed over."""
    try:
        if len(came.body) > MOST_BYTES or not is_erased_said_by(public_key, came.body, came.signature):
            raise ValueError("signature")
        statement = order_from(came.body)
        if (statement.order_id, statement.branch_id) != (came.order_id, branch_id):
            raise ValueError("about_another")
    except ValueError as error:
        log.warning("a statement of erasures is not ours: %s", error)
        return None
    return statement


def _carry_out(session: SyncSession, statement: EraseOrder) -> int:
    def job(unit: UnitOfWork) -> int:
        persons = persons_of(unit.connection, session.branch_id, statement.facts)
        order = EraseOrder(statement.order_id, session.branch_id, NUMBER, persons, statement.facts)
        gone = carry_out(unit, order)
        if gone is not None:
            note_statement(unit.connection, statement.order_id, statement.facts)
        unit.commit()
        if gone:
            clear_files(unit, session.store.path)
        return gone or 0

    return session.store.write(job, Priority.BACKGROUND).result()
