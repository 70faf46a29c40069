"""An unlocked laptop without a window: its store, and the engine that delivers what is in it."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stojnica.domain.clock import Clock, SystemClock
from stojnica.domain.errors import UserFacingError
from stojnica.settings import Settings, load_settings, save_settings
from stojnica.storage.home import OpenStore, StoreHome, create_store

if TYPE_CHECKING:
    from stojnica.services.copies import CopyKeeper
    from stojnica.services.keyring import Keyring
    from stojnica.storage.slots import Argon2Cost
    from stojnica.storage.store import Store
    from stojnica.sync.engine import SyncEngine


TURN_S = 0.0001
_log = logging.getLogger(__name__)


class Stand(NamedTuple):
    """Hold an unlocked laptop: its store, the engine that delivers what is in it, and its copies."""

    opened: OpenStore
    settings: Settings
    engine: "SyncEngine"
    copies: "CopyKeeper"

    @property
    def folder(self) -> Path:
        """Give the folder of this laptop's files."""
        return self.opened.home.folder

    @property
    def store(self) -> "Store":
        """Give the store."""
        return self.opened.store

    def close(self) -> None:
        """Finish what is queued, close the file, let the next program in."""
        self.opened.close()


def create_stand(
    folder: Path,
    passphrase: str,
    *,
    language: str = "sl",
    is_practice: bool = False,
    clock: Clock | None = None,
    cost: "Argon2Cost | None" = None,
) -> Stand:
    """Make a new store in a folder and open it.

    Raises:
        UserFacingError: there is one already, or the folder can't be written to.
    """
    opened = create_store(StoreHome(folder), passphrase, clock=clock or SystemClock(), cost=cost)
    settings = load_settings(folder)._replace(language=language, is_practice=is_practice)
    save_settings(folder, settings)
    return _stand(opened, settings)


def unlock_stand(
    folder: Path,
    passphrase: str,
    *,
    clock: Clock | None = None,
    cost: "Argon2Cost | None" = None,
    keyring: "Keyring | None" = None,
    is_check_awaited: bool = True,
) -> Stand:
    """Open the store of a folder, and put its keys in order; `cost` is what a guess should take.

    Without waiting for the check of the whole file, `Store.looked_through` tells how it went.

    Raises:
        UserFacingError: wrong passphrase, open elsewhere, missing, damaged or newer than the program.
    """
    from stojnica.services.unlocking import unlock_and_settle

    opened = unlock_and_settle(
        StoreHome(folder),
        passphrase,
        clock=clock or SystemClock(),
        cost=cost,
        keyring=keyring,
        is_check_awaited=is_check_awaited,
    )
    return _stand(opened, load_settings(folder))


def key_of_stand(folder: Path, keyring: "Keyring") -> bytes:
    """Ask the desktop's keyring for the key of a folder's store; nothing is opened yet.

    Raises:
        UserFacingError: it doesn't know the key any more.
    """
    from stojnica.services.keyring_slot import key_by_keyring

    return key_by_keyring(StoreHome(folder), keyring)


def open_stand_by_key(folder: Path, key: bytes, keyring: "Keyring") -> Stand:
    """Open the store of a folder by the key that the keyring gave; take that back if the office did.

    Raises:
        UserFacingError: the store can't be opened.
    """
    from stojnica.services.keyring_slot import follow_keyring_policy
    from stojnica.storage.home import open_store

    opened = open_store(StoreHome(folder), lambda _slots: key, clock=SystemClock())
    try:
        follow_keyring_policy(opened, keyring)
    except (OSError, UserFacingError):
        _log.warning("the slot of the keyring could not be written")
    except BaseException:
        opened.close()
        raise
    return _stand(opened, load_settings(folder))


def check_stand_code(folder: Path, code: str) -> None:
    """Find out whether the office's code opens the store of a folder, without opening it.

    Raises:
        UserFacingError: it doesn't.
    """
    from stojnica.services.recovery import check_code

    check_code(StoreHome(folder), code)


def recover_stand(folder: Path, code: str, words: str, name: str = "") -> Stand:
    """Open the store of a folder with the office's code, which is used up, and set new words.

    Raises:
        UserFacingError: the code doesn't open it, or the words are too weak.
    """
    from stojnica.services.recovery import recover_by_code

    opened = recover_by_code(StoreHome(folder), code, words, name=name, clock=SystemClock())
    return _stand(opened, load_settings(folder))


def let_threads_take_turns() -> None:
    """Give the writer its turn fifty times as soon: whoever saves must not wait for a sync that reckons."""
    sys.setswitchinterval(TURN_S)


def _stand(opened: OpenStore, settings: Settings) -> Stand:
    from stojnica.services.copies import CopyKeeper

    let_threads_take_turns()
    copies = CopyKeeper(opened)
    return Stand(opened, settings, make_engine(opened, copies, is_practice=settings.is_practice), copies)


def make_engine(opened: OpenStore, copies: "CopyKeeper", *, is_practice: bool) -> "SyncEngine":
    """Wire the engine to PostgreSQL; without TLS it speaks to this machine alone, and only for practice."""
    from stojnica.sync.engine import SyncEngine
    from stojnica.sync.postgres import connect_postgres

    ca_file = opened.home.folder / "office-ca.pem"
    return SyncEngine(
        opened.store,
        lambda credentials: connect_postgres(credentials, ca_file=ca_file, is_practice=is_practice),
        renew_copies=copies.renew,
    )
