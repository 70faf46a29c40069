"""The desktop's keyring: a secret kept for whoever is logged in; what it can't do isn't done."""

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import StoreHome

LABEL = "Stojnica"
ATTRIBUTE = "stojnica-store"
LONGEST_WAIT_S = 5.0
_MOST_BYTES = 1024 * 1024
# As `storage.slots` spells it: loading that would put off *Unlock* on every laptop without a keyring.
_KIND = b'"keyring"'
T = TypeVar("T")


def has_keyring_slot(home: StoreHome) -> bool:
    """Tell whether a keyring may open a store; where none may, one small file is read and nothing loaded."""
    try:
        with home.slots.open("rb") as file:
            if _KIND not in file.read(_MOST_BYTES):
                return False
    except OSError:
        return False
    from stojnica.storage.slots import KEYRING, find_slots

    try:
        return bool(find_slots(home.slots).slots.of_kind(KEYRING))
    except UserFacingError:
        return False


class Keyring(Protocol):
    """Keep small secrets outside this program. Blocks for a few seconds at most; never raises, never asks."""

    def keep(self, name: str, secret: bytes) -> bool:
        """Keep a secret in place of the one before; False when there is no keyring, or it is locked."""

    def recall(self, name: str) -> bytes | None:
        """Give a secret; None when it isn't there, or the keyring isn't."""

    def drop(self, name: str) -> None:
        """Forget a secret, if it is there."""


class MemoryKeyring:
    """Be a keyring for tests; `is_away` as where none runs."""

    def __init__(self) -> None:
        self.is_away = False
        self._secrets: dict[str, bytes] = {}

    def keep(self, name: str, secret: bytes) -> bool:
        """Keep a secret."""
        if not self.is_away:
            self._secrets[name] = secret
        return not self.is_away

    def recall(self, name: str) -> bytes | None:
        """Give a secret."""
        return None if self.is_away else self._secrets.get(name)

    def drop(self, name: str) -> None:
        """Forget a secret."""
        if not self.is_away:
            self._secrets.pop(name, None)

    def wipe(self) -> None:
        """Forget everything, as a desktop does when somebody resets a forgotten login."""
        self._secrets.clear()


class SecretServiceKeyring:
    """Use the Secret Service of a Linux desktop (GNOME, KDE, KeePassXC). A locked keyring is as good as none.

    Its program may hang: nothing here waits longer than five seconds, and nothing waits for it again before
    it has answered.
    """

    def __init__(self, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        self._longest_wait_s = longest_wait_s
        self._last: threading.Thread | None = None

    def keep(self, name: str, secret: bytes) -> bool:
        """Keep a secret."""
        # In letters: some keyrings hold what they are given as a password, and cut bytes that are no text.
        letters = secret.hex().encode()

        def work(keyring: Any) -> bool:
            keyring.create_item(LABEL, {ATTRIBUTE: name}, letters, replace=True)
            return True

        return self._patiently(work) or False

    def recall(self, name: str) -> bytes | None:
        """Give a secret."""

        def work(keyring: Any) -> bytes | None:
            for item in keyring.search_items({ATTRIBUTE: name}):
                return bytes.fromhex(item.get_secret().decode())
            return None

        return self._patiently(work)

    def drop(self, name: str) -> None:
        """Forget a secret."""

        def work(keyring: Any) -> None:
            for item in list(keyring.search_items({ATTRIBUTE: name})):
                item.delete()

        self._patiently(work)

    def _patiently(self, work: Callable[[Any], T]) -> T | None:
        """Work with the keyring if there is one, in a thread that nobody waits for long."""
        if self._last is not None and self._last.is_alive():
            return None
        answers: list[T] = []
        self._last = threading.Thread(target=_try, args=(work, answers), name="keyring", daemon=True)
        self._last.start()
        self._last.join(self._longest_wait_s)
        return answers[0] if answers else None


def _try(work: Callable[[Any], T], answers: list[T]) -> None:
    # The package, a bus, a keyring's program, a login: each of them may be missing, in a way of its own.
    try:
        import secretstorage
        from jeepney import DBusErrorResponse
    except ImportError:
        return
    try:
        connection = secretstorage.dbus_init()
        try:
            # By its alias: the package's own default makes a keyring where none is, and the desktop then
            # asks the volunteer for a password that nobody expects.
            keyring = secretstorage.get_collection_by_alias(connection, "default")
            if not keyring.is_locked():
                answers.append(work(keyring))
        finally:
            connection.close()
    except (secretstorage.exceptions.SecretStorageException, DBusErrorResponse, OSError):
        return
    except (ValueError, TypeError, LookupError, AssertionError):
        # What the package makes of answers that are none.
        return
