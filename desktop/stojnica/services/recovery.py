"""A forgotten passphrase: the code that only the organisation can read, made anew whenever it was used."""

import secrets

from stojnica.domain import kinds
from stojnica.domain.clock import Clock
from stojnica.domain.recovery import RecoveryCode, recovery_body, sealed_data
from stojnica.domain.spoken_code import new_code
from stojnica.services.openers import check_new_words, name_opener
from stojnica.storage.home import OpenStore, StoreHome, open_store
from stojnica.storage.memory import recall, remember
from stojnica.storage.slot_ways import unlock_with_code, unlock_with_identity, with_recovery
from stojnica.storage.slots import (
    RECOVERY,
    Argon2Cost,
    SlotFile,
    find_slots,
    load_slots,
    one_change,
    save_slots,
    with_passphrase,
    without,
)
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials, credentials_of

SEALED_SLOT = "recovery_slot"


def keep_recovery_ready(opened: OpenStore) -> bool:
    """Make and seal a code where there is none that the office can come to know; tell whether one was made.

    Nothing is done on a laptop without an office. Blocks for a fifth of a second when a code is made.
    The slot is on disk before the fact that carries its code: after a crash in between the next call begins
    again, and no sealed code is ever without its slot.
    """
    credentials = opened.store.read(credentials_of).result()
    if credentials is None:
        return False
    with one_change():
        return _keep_ready(opened, credentials)


def _keep_ready(opened: OpenStore, credentials: Credentials) -> bool:
    slots = load_slots(opened.home.slots)
    sealed_slot = opened.store.read(lambda connection: recall(connection, SEALED_SLOT, "")).result()
    if any(slot.slot_id == sealed_slot for slot in slots.of_kind(RECOVERY)):
        return False
    slot_id, code = secrets.token_hex(8), new_code()
    body = recovery_body(RecoveryCode(slots.store_id, slot_id, code))
    sealed = _sealed(body, credentials.recipients)
    save_slots(opened.home.slots, with_recovery(slots, opened.key, slot_id, code))

    def tell(unit: UnitOfWork) -> None:
        unit.record(kinds.RECOVERY_SEALED, credentials.device_id, sealed_data(sealed))
        remember(unit.connection, SEALED_SLOT, slot_id)
        unit.commit()

    opened.store.write(tell).result()
    return True


def check_code(home: StoreHome, code: str) -> None:
    """Find out whether a code opens a store, without opening it. Blocks for a fifth of a second.

    Raises:
        UserFacingError: it doesn't; nothing is changed, however often that happens.
    """
    unlock_with_code(find_slots(home.slots).slots, code)


def recover_by_code(
    home: StoreHome,
    code: str,
    words: str,
    *,
    name: str = "",
    clock: Clock | None = None,
    cost: Argon2Cost | None = None,
) -> OpenStore:
    """Open a store with the office's code, set new words at once, and use the code up.

    Raises:
        UserFacingError: the code doesn't open it, or the words are too weak; nothing is changed then.
    """
    check_new_words(words)
    opened = open_store(home, lambda slots: unlock_with_code(slots, code), clock=clock)
    return _with_new_words(opened, words, name, cost)


def recover_by_identity(
    home: StoreHome,
    identity: str,
    words: str,
    *,
    name: str = "",
    clock: Clock | None = None,
    cost: Argon2Cost | None = None,
) -> OpenStore:
    """Open a store with the organisation's identity, and set new words at once.

    Raises:
        UserFacingError: the identity doesn't open it, or the words are too weak; nothing is changed then.
    """
    check_new_words(words)
    opened = open_store(home, lambda slots: unlock_with_identity(slots, identity), clock=clock)
    return _with_new_words(opened, words, name, cost)


def _with_new_words(opened: OpenStore, words: str, name: str, cost: Argon2Cost | None) -> OpenStore:
    try:
        with one_change():
            slots = with_passphrase(load_slots(opened.home.slots), opened.key, words, cost=cost)
            slot_id = slots.slots[-1].slot_id
            save_slots(opened.home.slots, _without_code(slots))
        opened.store.write(lambda unit: name_opener(unit, slot_id, name)).result()
        keep_recovery_ready(opened)
    except BaseException:
        opened.close()
        raise
    return opened


def _without_code(slots: SlotFile) -> SlotFile:
    for slot in slots.of_kind(RECOVERY):
        slots = without(slots, slot.slot_id)
    return slots


def _sealed(body: bytes, recipients: tuple[str, ...]) -> bytes:
    import pyrage

    sealed: bytes = pyrage.encrypt(body, [pyrage.x25519.Recipient.from_str(text) for text in recipients])
    return sealed
