"""The PIN: it leaves the kiosk and shows names; wrong tries cost time, never data."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PIN = "pin"
MEMBER_PINS = "member_pins"
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
    """Say whether a PIN was right, and in how many seconds the next try is heard.

    `is_heard` is False for a try during the wait: nobody looked whether it was right.
    """

    is_right: bool
    wait_s: int = 0
    is_heard: bool = True


def wait_after(wrong: int) -> int:
    """Give the seconds to wait after so many wrong tries in a row: 1, 2, 4 … 60."""
    return 0 if wrong == 0 else int(min(LONGEST_WAIT_S, 2 ** min(wrong - 1, 10)))


class PinLock:
    """Keep and check PINs; their hashes and the wrong tries live in the store and survive a restart.

    There is one of the team, and each member may have one of their own: any of them is right. They share
    the wrong tries, so that more PINs give nobody more guesses a minute. None of it is ever sent.
    """

    def __init__(self, store: Store, cost: PinCost | None = None) -> None:
        self._store = store
        self._cost = cost or PinCost()

    def has_pin(self) -> "Future[bool]":
        """Tell whether a PIN was chosen."""
        return self._store.read(any_pin)

    def choose(self, pin: str) -> "Future[None]":
        """Keep a new PIN of the team in place of the old one.

        Raises:
            UserFacingError: it isn't 4 to 8 digits.
        """
        checked = checked_pin(pin)

        def keep(unit: UnitOfWork) -> None:
            remember(unit.connection, PIN, self._hashed(checked, secrets.token_bytes(16).hex()))
            remember(unit.connection, TRIES, {"wrong": 0, "since": 0})
            unit.commit()

        return self._store.write(keep)

    def choose_for(self, member_id: UUID, pin: str) -> "Future[None]":
        """Keep a member's own PIN in place of the old one.

        Raises:
            UserFacingError: it isn't 4 to 8 digits.
        """
        checked = checked_pin(pin)

        def keep(unit: UnitOfWork) -> None:
            pins = recall(unit.connection, MEMBER_PINS, {})
            # All members share a salt: a try then costs one stretching, however many there are.
            salt = next((kept["salt"] for kept in pins.values()), secrets.token_bytes(16).hex())
            remember(unit.connection, MEMBER_PINS, pins | {str(member_id): self._hashed(checked, salt)})
            unit.commit()

        return self._store.write(keep)

    def _hashed(self, pin: str, salt: str) -> dict[str, Any]:
        kept = {"salt": salt, "n": self._cost.n, "r": self._cost.r, "p": self._cost.p}
        return kept | {"hash": _stretch(pin, kept).hex()}

    def try_pin(self, pin: str) -> "Future[PinAnswer]":
        """Check a PIN. A try during the wait is not heard, and doesn't lengthen it.

        Each try is on disk before it is answered: ending the program takes none back.
        """
        return self._store.write(lambda unit: _try(unit, pin))

    def try_slowly(self, is_right: Callable[[], bool]) -> PinAnswer:
        """Check what takes long and shares the wrong tries, such as the passphrase.

        Blocks; never in the UI thread or a thread of the store.
        """
        begun = self._store.write(_begin_try).result()
        if not begun.is_heard or not is_right():
            return PinAnswer(is_right=False, wait_s=begun.wait_s, is_heard=begun.is_heard)
        self._store.write(_forgive).result()
        return PinAnswer(is_right=True)

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


def not_heard() -> str:
    """Say that a try came during the wait; whoever has the right PIN must not hear that it is wrong."""
    return _("After a wrong try there is a short wait; this one was not checked.")


def try_again_in(wait_s: int) -> str:
    """Say when the next try is heard."""
    return ngettext("Try again in {count} second.", "Try again in {count} seconds.", wait_s).format(
        count=wait_s
    )


def any_pin(connection: "Connection") -> bool:
    """Tell whether there is a PIN, the team's or a member's: each of them leaves the kiosk."""
    return bool(_kept_pins(connection))


def members_with_pin(connection: "Connection") -> frozenset[str]:
    """Give the ids of the members who have a PIN of their own."""
    return frozenset(recall(connection, MEMBER_PINS, {}))


def forget_pin_of(unit: UnitOfWork, member_id: UUID) -> None:
    """Drop a member's PIN; the caller commits."""
    pins = recall(unit.connection, MEMBER_PINS, {})
    if pins.pop(str(member_id), None) is not None:
        remember(unit.connection, MEMBER_PINS, pins)


def _kept_pins(connection: "Connection") -> list[dict[str, Any]]:
    team = recall(connection, PIN)
    return [*([] if team is None else [team]), *recall(connection, MEMBER_PINS, {}).values()]


def has_team_pin(connection: "Connection") -> bool:
    """Tell whether the team has chosen a PIN; a member may have one without it."""
    return recall(connection, PIN) is not None


def _is_one_of(pin: str, pins: list[dict[str, Any]]) -> bool:
    """Compare with every PIN, also after one was right: how long it takes tells nobody which."""
    stretched: dict[tuple[Any, ...], bytes] = {}
    is_right = False
    for kept in pins:
        way = (kept["salt"], kept["n"], kept["r"], kept["p"])
        if way not in stretched:
            stretched[way] = _stretch(pin, kept)
        is_right |= hmac.compare_digest(stretched[way], bytes.fromhex(kept["hash"]))
    return is_right


def _try(unit: UnitOfWork, pin: str) -> PinAnswer:
    pins = _kept_pins(unit.connection)
    if not pins:
        return PinAnswer(is_right=False)
    begun = _begin_try(unit)
    if not begun.is_heard or not (pin.isascii() and _is_one_of(pin[: 2 * MAX_DIGITS], pins)):
        return PinAnswer(is_right=False, wait_s=begun.wait_s, is_heard=begun.is_heard)
    _forgive(unit)
    return PinAnswer(is_right=True)


@dataclass(frozen=True, slots=True)
class _Begun:
    """Say whether a try is heard, and in how many seconds the next one is should it be wrong."""

    is_heard: bool
    wait_s: int


def _begin_try(unit: UnitOfWork) -> _Begun:
    """Count a try as wrong, on disk, until it has turned out to be right."""
    tries = recall(unit.connection, TRIES, {"wrong": 0, "since": 0})
    remaining = _remaining_s(tries, unit.clock)
    if remaining:
        return _Begun(is_heard=False, wait_s=remaining)
    wrong = tries["wrong"] + 1
    remember(unit.connection, TRIES, {"wrong": wrong, "since": unit.clock.monotonic_us()})
    unit.commit()
    return _Begun(is_heard=True, wait_s=wait_after(wrong))


def _forgive(unit: UnitOfWork) -> None:
    remember(unit.connection, TRIES, {"wrong": 0, "since": 0})
    unit.commit()


def _remaining_s(tries: Any, clock: Clock) -> int:
    if tries is None:
        return 0
    wait = wait_after(tries["wrong"])
    # The clock of a laptop can be set by whoever waits. The machine's own count begins anew when it starts:
    # then at least so much time has passed since the try.
    now, since = clock.monotonic_us(), tries.get("since", 0)
    passed_us = now - since if now >= since else now
    return int(max(0, wait - passed_us // 1_000_000))


def _stretch(pin: str, kept: dict[str, Any]) -> bytes:
    salt = bytes.fromhex(kept["salt"])
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=kept["n"], r=kept["r"], p=kept["p"], maxmem=64 * 1024 * 1024, dklen=32
    )
