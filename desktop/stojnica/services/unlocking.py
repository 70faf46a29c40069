"""Opening a laptop in the morning, and putting its keys in order on the way."""

import logging

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.services.keyring import Keyring
from stojnica.services.keyring_slot import follow_keyring_policy
from stojnica.services.openers import note_repair
from stojnica.services.recovery import keep_recovery_ready
from stojnica.settings import has_settings, load_settings, save_settings
from stojnica.storage.home import OpenStore, StoreHome, open_store
from stojnica.storage.slot_ways import is_weaker, made_dearer
from stojnica.storage.slots import (
    Argon2Cost,
    Slot,
    SlotFile,
    load_slots,
    one_change,
    save_slots,
    slot_opened_by,
    wrong_passphrase,
)

_log = logging.getLogger(__name__)


def unlock_and_settle(
    home: StoreHome,
    words: str,
    *,
    clock: Clock | None = None,
    cost: Argon2Cost | None = None,
    keyring: Keyring | None = None,
    is_check_awaited: bool = True,
) -> OpenStore:
    """Open a store with words; then make their slot as dear as today's, and have a recovery code ready.

    `cost` is what a guess should take, `is_check_awaited` as for `open_store`; `keyring` may open it next
    time, if the office allows that. What can't be put in order today stands in nobody's way.

    Raises:
        UserFacingError: wrong words, open elsewhere, missing, damaged or newer than the program.
    """
    used: list[Slot] = []

    settings = load_settings(home.folder)

    def key_of(slots: SlotFile) -> bytes:
        found = slot_opened_by(slots, words, first=settings.last_slot)
        if found is None:
            raise wrong_passphrase()
        used.append(found.slot)
        return found.key

    opened = open_store(home, key_of, clock=clock, is_check_awaited=is_check_awaited)
    try:
        # A home without settings was made at a terminal: they would choose its language, too.
        if used[0].slot_id != settings.last_slot and has_settings(home.folder):
            save_settings(home.folder, settings._replace(last_slot=used[0].slot_id))
        _settle(opened, used[0], words, cost or Argon2Cost())
        if keyring is not None:
            follow_keyring_policy(opened, keyring)
    except (OSError, UserFacingError):
        _log.warning("the keys could not be put in order")
    except BaseException:
        opened.close()
        raise
    return opened


def _settle(opened: OpenStore, slot: Slot, words: str, cost: Argon2Cost) -> None:
    if opened.is_slot_file_repaired:
        opened.store.write(note_repair).result()
    if is_weaker(slot, cost):
        with one_change():
            slots = load_slots(opened.home.slots)
            save_slots(opened.home.slots, made_dearer(slots, slot, opened.key, words, cost))
    keep_recovery_ready(opened)
