"""The folder of one laptop's store: made, unlocked, and never thrown away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import sync_folder
from stojnica.storage.instance_lock import InstanceLock

if TYPE_CHECKING:
    from stojnica.storage.slots import Argon2Cost, SlotFile
    from stojnica.storage.store import Store


PAGE_BYTES = 4096


class StoreHome(NamedTuple):
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

    @property
    def unborn(self) -> Path:
        """Give the file that becomes the database once a key to it is on disk."""
        return self.folder / "stojnica.db.new"

    def exists(self) -> bool:
        """Tell whether a store was made here, whole or not."""
        return self.slots.exists() or self.database.exists()

    def lock(self) -> InstanceLock:
        """Give the lock of this folder, not yet taken."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return InstanceLock(self.folder / "stojnica.lock")


class OpenStore(NamedTuple):
    """Hold an unlocked store, its key and its lock; close it to let the next program in.

    `is_slot_file_repaired`: the key file was damaged, and was put back from its copy just now.
    """

    home: StoreHome
    store: "Store"
    key: bytes
    lock: InstanceLock
    is_slot_file_repaired: bool = False

    def __repr__(self) -> str:
        """Name the folder, and not the key."""
        return f"OpenStore({self.home.folder})"

    def close(self) -> None:
        """Close the store and let go of the lock."""
        try:
            self.store.close()
        finally:
            self.lock.release()


def create_store(
    home: StoreHome,
    passphrase: str,
    *,
    label: str = "",
    clock: Clock | None = None,
    cost: "Argon2Cost | None" = None,
) -> OpenStore:
    """Make a store that this passphrase opens. Takes about a second; call it off the UI thread.

    A crash in the middle leaves nothing, or a store that opens.

    Raises:
        UserFacingError: there is one already, or the folder can't be written to.
    """
    import secrets

    from stojnica.storage.slots import KEY_BYTES, new_slot_file, save_slots, with_passphrase

    if home.exists():
        raise _store_there()
    with _locked(home) as lock:
        # Once more: until the lock was ours, another program may have made one.
        if home.exists():
            raise _store_there()
        key = secrets.token_bytes(KEY_BYTES)
        for leftover in home.folder.glob(home.unborn.name + "*"):
            leftover.unlink()
        _open(home.unborn, key, clock).close()
        save_slots(home.slots, with_passphrase(new_slot_file(), key, passphrase, label=label, cost=cost))
        home.unborn.replace(home.database)
        sync_folder(home.folder)
        return OpenStore(home, _open(home.database, key, clock), key, lock)


def _store_there() -> UserFacingError:
    return UserFacingError(
        _("There is a store in this folder already."),
        safe=_("It was not touched."),
        next_step=_("Unlock it with its passphrase, or choose another folder."),
        code="store_exists",
    )


def unlock_store(home: StoreHome, passphrase: str, *, clock: Clock | None = None) -> OpenStore:
    """Open a store. Takes about half a second; call it off the UI thread.

    Raises:
        UserFacingError: wrong passphrase; open elsewhere; a file missing, damaged or newer than the program.
    """
    from stojnica.storage.slots import unlock_with_passphrase

    return open_store(home, lambda slots: unlock_with_passphrase(slots, passphrase), clock=clock)


def open_store(
    home: StoreHome,
    key_of: Callable[["SlotFile"], bytes],
    *,
    clock: Clock | None = None,
    is_check_awaited: bool = True,
) -> OpenStore:
    """Open a store by any of its slots; `key_of` gives the key, or raises what a person should read.

    Without waiting for the check of the whole file, `Store.looked_through` tells how it went. A damaged key
    file is put back from its copy, once the copy's key has opened the store.

    Raises:
        UserFacingError: what `key_of` raises; open elsewhere; a file missing, damaged or newer.
    """
    from stojnica.storage.faults import store_damaged, store_missing
    from stojnica.storage.slots import find_slots, save_slots

    with _locked(home) as lock:
        found = find_slots(home.slots)
        key = key_of(found.slots)
        if not home.database.exists() and home.unborn.exists():
            home.unborn.replace(home.database)
            sync_folder(home.folder)
        if not home.database.exists():
            raise store_missing()
        if home.database.stat().st_size < PAGE_BYTES:
            # SQLite takes such a rest of a file for a new database, and would hide that everything is gone.
            raise store_damaged()
        store = _open(home.database, key, clock, is_check_awaited=is_check_awaited)
        try:
            if found.is_from_copy:
                save_slots(home.slots, found.slots)
        except BaseException:
            store.close()
            raise
        return OpenStore(home, store, key, lock, found.is_from_copy)


@contextmanager
def _locked(home: StoreHome) -> Iterator[InstanceLock]:
    """Hold the lock for what is done inside; afterwards it stays taken, unless that failed."""
    from stojnica.storage.faults import explained, store_unreachable

    lock = None
    try:
        lock = home.lock()
        lock.acquire()
        yield lock
    except BaseException as error:
        if lock is not None:
            lock.release()
        known = explained(error)
        if known is error and isinstance(error, OSError):
            known = store_unreachable()
        if known is error:
            raise
        raise known from error


def _open(path: Path, key: bytes, clock: Clock | None, *, is_check_awaited: bool = True) -> "Store":
    from stojnica.storage.store import Store

    store = Store(path, key, clock)
    try:
        store.prepare(is_check_awaited=is_check_awaited)
    except BaseException:
        store.close()
        raise
    return store
