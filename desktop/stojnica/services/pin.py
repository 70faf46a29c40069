"""The PIN: it leaves the kiosk and shows names; wrong tries cost time, never data."""

import hashlib
import hmac
import secrets
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

PIN = "pin"
TRIES = "pin_tries"
MIN_DIGITS = 4
MAX_DIGITS = 8
LONGEST_WAIT_S = 60


@dataclass(frozen=True, slots=True)
class PinCost:
    """Say how dear one guess is (scrypt, RFC 7914): 16 MiB and about 40 ms by default.

    The hash lies inside the encrypted store, so this only slows down who can open that anyway.
    """

    n: int = 1 << 14
    r: int = 8
    p: int = 1


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """Say whether a PIN was right, and in how many seconds the next try is heard."""

    is_right: bool
    wait_s: int = 0


def wait_after(wrong: int) -> int:
    """Give the seconds to wait after so many wrong tries in a row: 1, 2, 4 … 60."""
    return 0 if wrong == 0 else int(min(LONGEST_WAIT_S, 2 ** min(wrong - 1, 10)))


class PinLock:
    """Keep and check the PIN; its hash and the wrong tries live in the store and survive a restart."""

    def __init__(self, store: Store, cost: PinCost | None = None) -> None:
        self._store = store
        self._cost = cost or PinCost()

    def has_pin(self) -> "Future[bool]":
        """Tell whether a PIN was chosen."""
        return self._store.read(lambda connection: recall(connection, PIN) is not None)

    def choose(self, pin: str) -> "Future[None]":
        """Keep a new PIN in place of the old one.

        Raises:
            UserFacingError: it isn't 4 to 8 digits.
        """
        checked = checked_pin(pin)

        def keep(unit: UnitOfWork) -> None:
            salt = secrets.token_bytes(16)
            cost = self._cost
            kept = {"salt": salt.hex(), "n": cost.n, "r": cost.r, "p": cost.p}
            remember(unit.connection, PIN, kept | {"hash": _stretch(checked, kept).hex()})
            remember(unit.connection, TRIES, {"wrong": 0, "at": 0})
            unit.commit()

        return self._store.write(keep)

    def try_pin(self, pin: str) -> "Future[PinAnswer]":
        """Check a PIN. A try during the wait is not heard, and doesn't lengthen it.

        Each try is on disk before it is answered: ending the program takes none back.
        """
        return self._store.write(lambda unit: _try(unit, pin))

    def wait_s(self) -> "Future[int]":
        """Give the seconds until the next try is heard."""
        clock = self._store.clock
        return self._store.read(lambda connection: _remaining_s(recall(connection, TRIES), clock))


def checked_pin(pin: str) -> str:
    """Give the PIN back when it can be one.

    Raises:
        UserFacingError: it isn't 4 to 8 digits.
    """
    if not (MIN_DIGITS <= len(pin) <= MAX_DIGITS and pin.isascii() and pin.isdigit()):
        raise UserFacingError(
            _("A PIN is 4 to 8 digits."),
            safe=_("Nothing was changed."),
            next_step=_("Choose digits that are easy to remember for your team."),
            code="pin_form",
        )
    return pin


def _try(unit: UnitOfWork, pin: str) -> PinAnswer:
    kept = recall(unit.connection, PIN)
    if kept is None:
        return PinAnswer(is_right=False)
    tries = recall(unit.connection, TRIES, {"wrong": 0, "at": 0})
    now = unit.clock.now_us()
    if tries["at"] > now:
        # The clock was set back: without this, the wait would last until it caught up.
        tries = {"wrong": tries["wrong"], "at": now}
        remember(unit.connection, TRIES, tries)
        unit.commit()
    remaining = _remaining_s(tries, unit.clock)
    if remaining:
        return PinAnswer(is_right=False, wait_s=remaining)
    wrong = tries["wrong"] + 1
    remember(unit.connection, TRIES, {"wrong": wrong, "at": now})
    unit.commit()
    is_right = pin.isascii() and hmac.compare_digest(
        _stretch(pin[: 2 * MAX_DIGITS], kept), bytes.fromhex(kept["hash"])
    )
    if not is_right:
        return PinAnswer(is_right=False, wait_s=wait_after(wrong))
    remember(unit.connection, TRIES, {"wrong": 0, "at": 0})
    unit.commit()
    return PinAnswer(is_right=True)


def _remaining_s(tries: Any, clock: Clock) -> int:
    if tries is None:
        return 0
    wait = wait_after(tries["wrong"])
    passed_us = max(0, clock.now_us() - tries["at"])
    return int(max(0, wait - passed_us // 1_000_000))


def _stretch(pin: str, kept: dict[str, Any]) -> bytes:
    salt = bytes.fromhex(kept["salt"])
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=kept["n"], r=kept["r"], p=kept["p"], maxmem=64 * 1024 * 1024, dklen=32
    )
