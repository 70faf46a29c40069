"""The folder of one laptop's store: made, unlocked, and never thrown away."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.storage.instance_lock import InstanceLock
from stojnica.storage.slots import (
    KEY_BYTES,
    Argon2Cost,
    load_slots,
    new_slot_file,
    save_slots,
    unlock_with_passphrase,
    with_passphrase,
)

if TYPE_CHECKING:
    from stojnica.storage.store import Store


@dataclass(frozen=True, slots=True)
class StoreHome:
    """Know where the files of a store lie; this much loads without a database."""

    folder: Path

    @property
    def database(self) -> Path:
        """Give the encrypted file."""
        return self.folder / "stojnica.db"

    @property
    def slots(self) -> Path:
        """Give the file of wrapped keys."""
        return self.folder / "slots.json"

    def exists(self) -> bool:
        """Tell whether a store was made here, whole or not."""
        return self.slots.exists() or self.database.exists()

    def lock(self) -> InstanceLock:
        """Give the lock of this folder, not yet taken."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return InstanceLock(self.folder / "stojnica.lock")


@dataclass(slots=True)
class OpenStore:
    """Hold an unlocked store, its key and its lock; close it to let the next program in."""

    home: StoreHome
    store: "Store"
    key: bytes
    lock: InstanceLock

    def close(self) -> None:
        """Close the store and let go of the lock."""
        self.store.close()
        self.lock.release()


def create_store(
    home: StoreHome,
    passphrase: str,
    *,
    label: str = "",
    clock: Clock | None = None,
    cost: Argon2Cost | None = None,
) -> OpenStore:
    """Make a store that this passphrase opens. Takes about a second; call it off the UI thread.

    A crash in the middle leaves nothing, or a store that opens.

    Raises:
        UserFacingError: there is one already, or the folder can't be written to.
    """
    import secrets

    if home.exists():
        raise UserFacingError(
            _("There is a store in this folder already."),
            safe=_("It was not touched."),
            next_step=_("Unlock it with its passphrase, or choose another folder."),
            code="store_exists",
        )
    lock = _locked(home)
    try:
        key = secrets.token_bytes(KEY_BYTES)
        unborn = home.database.with_name("stojnica.db.new")
        for leftover in home.folder.glob(unborn.name + "*"):
            leftover.unlink()
        _open(unborn, key, clock).close()
        save_slots(home.slots, with_passphrase(new_slot_file(), key, passphrase, label=label, cost=cost))
        unborn.replace(home.database)
        return OpenStore(home, _open(home.database, key, clock), key, lock)
    except BaseException:
        lock.release()
        raise


def unlock_store(home: StoreHome, passphrase: str, *, clock: Clock | None = None) -> OpenStore:
    """Open a store. Takes about half a second; call it off the UI thread.

    Raises:
        UserFacingError: wrong passphrase; open elsewhere; a file missing, damaged or newer than the program.
    """
    from stojnica.storage.faults import store_missing

    lock = _locked(home)
    try:
        key = unlock_with_passphrase(load_slots(home.slots), passphrase)
        unborn = home.database.with_name("stojnica.db.new")
        if not home.database.exists() and unborn.exists():
            unborn.replace(home.database)
        if not home.database.exists():
            raise store_missing()
        return OpenStore(home, _open(home.database, key, clock), key, lock)
    except BaseException:
        lock.release()
        raise


def _locked(home: StoreHome) -> InstanceLock:
    from stojnica.storage.faults import explained, store_unreachable

    try:
        lock = home.lock()
    except OSError as error:
        known = explained(error)
        raise (known if isinstance(known, UserFacingError) else store_unreachable()) from error
    lock.acquire()
    return lock


def _open(path: Path, key: bytes, clock: Clock | None) -> "Store":
    from stojnica.storage.store import Store

    store = Store(path, key, clock)
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store
