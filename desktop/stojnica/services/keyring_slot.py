"""Opening a laptop by the desktop's keyring, where the office allows it; words open it all the same."""

import secrets
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.keyring import Keyring
from stojnica.services.shown_organisation import shown_organisation
from stojnica.storage.home import OpenStore, StoreHome, open_store
from stojnica.storage.slots import (
    KEY_BYTES,
    KEYRING,
    SlotFile,
    find_slots,
    key_by_secret,
    load_slots,
    one_change,
    save_slots,
    with_secret,
    without,
)


def key_by_keyring(home: StoreHome, keyring: Keyring) -> bytes:
    """Ask the keyring for the key of a store, which stays closed. Blocks for a few seconds at most.

    Raises:
        UserFacingError: the keyring doesn't know the key any more, or the file of keys is damaged.
    """
    key = _key(find_slots(home.slots).slots, keyring)
    if key is None:
        raise keyring_wiped()
    return key


def open_by_keyring(home: StoreHome, keyring: Keyring, *, clock: Clock | None = None) -> OpenStore:
    """Open a store without words. Blocks for a few seconds at most.

    Raises:
        UserFacingError: the keyring doesn't know the key any more, or the store can't be opened.
    """
    # Before the store is locked: a keyring that hangs keeps out nobody who has the words.
    key = key_by_keyring(home, keyring)
    return open_store(home, lambda _slots: key, clock=clock)


def follow_keyring_policy(opened: OpenStore, keyring: Keyring) -> None:
    """Let the keyring open the store from now on, or take that back, as the office decided.

    Raises:
        OSError: the file of keys can't be written; then it is as it was.
    """
    may = opened.store.read(lambda connection: shown_organisation(connection).document).result()
    with one_change():
        _follow(opened, keyring, may_use=may.may_use_keyring)


def _follow(opened: OpenStore, keyring: Keyring, *, may_use: bool) -> None:
    slots = load_slots(opened.home.slots)
    if not may_use:
        for slot in slots.of_kind(KEYRING):
            slots = without(slots, slot.slot_id)
            save_slots(opened.home.slots, slots)
            keyring.drop(_name(slots.store_id))
    elif _key(slots, keyring) != opened.key:
        slot_id, secret = secrets.token_hex(8), secrets.token_bytes(KEY_BYTES)
        # The secret first: a slot that nothing opens would only be in the way.
        if keyring.keep(_name(slots.store_id), secret):
            save_slots(opened.home.slots, with_secret(slots, opened.key, slot_id, secret))


def keyring_wiped() -> UserFacingError:
    """Say that words are needed today."""
    return UserFacingError(
        _("The keyring of this computer doesn't open it today."),
        safe=_("Everything that was saved is still here, locked."),
        next_step=_("Type the words of the passphrase; afterwards it opens by itself again."),
        code="keyring_wiped",
    )


def _key(slots: SlotFile, keyring: Keyring) -> bytes | None:
    known = slots.of_kind(KEYRING)
    secret = keyring.recall(_name(slots.store_id)) if known else None
    return key_by_secret(slots, known[0], secret) if secret is not None else None


def _name(store_id: UUID) -> str:
    return str(store_id)
