"""Which keys count on this laptop: a set of keys for all counters, and a clicker with one button."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stojnica.i18n import gettext as _
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TALLY_KEYS = "tally_keys"
CTRL_ALT, ALT, FUNCTION, OFF = "ctrl_alt", "alt", "function", "off"
KEY_SETS = (CTRL_ALT, ALT, FUNCTION, OFF)
_MODIFIERS = {CTRL_ALT: ("Ctrl", "Alt"), ALT: ("Alt",), FUNCTION: ()}
# Forms, lists and the way out of a dialog are led with these: a clicker must not take them away.
_NEEDED = frozenset(
    ("Tab", "Backtab", "Return", "Enter", "Esc", "Space", "Backspace", "Del", "Left", "Right", "Up", "Down")
)


@dataclass(frozen=True, slots=True)
class Stroke:
    """Hold one press of a key: its name (``1``, ``F3``, ``PgDown``), what is held with it, what it types.

    `is_altgr` tells whether AltGr is held with it; None where the system doesn't say.
    """

    key: str
    modifiers: tuple[str, ...] = ()
    text: str = ""
    is_repeat: bool = False
    is_altgr: bool | None = None

    @property
    def name(self) -> str:
        """Give the key with its modifiers, like ``Shift+F5``."""
        return "+".join((*self.modifiers, self.key))

    @property
    def types(self) -> bool:
        """Tell whether a text field would get a character from it."""
        return bool(self.text) and self.text.isprintable()


@dataclass(frozen=True, slots=True)
class Clicker:
    """Hold the key that a clicker sends, and the counter that it counts."""

    key: str
    counter: str


@dataclass(frozen=True, slots=True)
class TallyKeys:
    """Hold what was chosen on this laptop; `keys` is one of `KEY_SETS`."""

    keys: str = CTRL_ALT
    clicker: Clicker | None = None

    def cap(self, place: int) -> str:
        """Give what stands on the key cap of a counter, like ``Ctrl Alt 1``; "" when keys are off."""
        if self.keys == OFF:
            return ""
        key = f"F{place}" if self.keys == FUNCTION else str(place)
        return " ".join((*_MODIFIERS[self.keys], key))

    def heard(self, stroke: Stroke, counters: Sequence[str], *, is_typing: bool) -> str | None:
        """Give the counter that a press counts; "" for a key that is only held down, None for any other key.

        `is_typing` says that a text field has the focus: there a key that types a character goes on typing.
        """
        counter = self._clicked(stroke, is_typing=is_typing) or self._pressed(
            stroke, counters, is_typing=is_typing
        )
        if counter not in counters:
            return None
        return "" if stroke.is_repeat else counter

    def _clicked(self, stroke: Stroke, *, is_typing: bool) -> str | None:
        if self.clicker is None or stroke.name != self.clicker.key or (is_typing and stroke.types):
            return None
        return self.clicker.counter

    def _pressed(self, stroke: Stroke, counters: Sequence[str], *, is_typing: bool) -> str | None:
        if self.keys == OFF or stroke.modifiers != _MODIFIERS[self.keys]:
            return None
        if self.keys == CTRL_ALT and _is_altgr(stroke, is_typing=is_typing):
            return None
        letter = "F" if self.keys == FUNCTION else ""
        by_key = {f"{letter}{place}": counter for place, counter in enumerate(counters, start=1)}
        return by_key.get(stroke.key)


# Windows takes Ctrl and Alt for AltGr, and a Slovene keyboard has dead keys there, on 2 and 3 for instance:
# they reach no program. So Alt alone counts on Windows until somebody chooses otherwise.
DEFAULT_KEYS = TallyKeys(ALT if os.name == "nt" else CTRL_ALT)


def _is_altgr(stroke: Stroke, *, is_typing: bool) -> bool:
    """Tell AltGr from Ctrl and Alt, which Windows reports in the same way.

    Where nobody says which it was, a character in a text field matters more than a count.
    """
    if stroke.is_altgr is not None:
        return stroke.is_altgr
    return is_typing and stroke.types and stroke.text != stroke.key


def why_not_a_clicker(stroke: Stroke, keys: str) -> str:
    """Say why a key can't be a clicker's; "" when it can."""
    if not stroke.key:
        return _("This key has no name here. Set the clicker to another key, such as Page Down.")
    if stroke.key in _NEEDED:
        return _("Forms are filled in with this key. Set the clicker to another one, such as Page Down.")
    if any(held in stroke.modifiers for held in ("Ctrl", "Alt", "Meta")):
        return _("Keys with Ctrl or Alt belong to the program. Set the clicker to another key.")
    if keys == FUNCTION and stroke.name in {f"F{place}" for place in range(1, 7)}:
        return _("This key counts already. Choose other keys, or set the clicker to another one.")
    return ""


def known_tally_keys(connection: "Connection") -> TallyKeys:
    """Give what was chosen on this laptop."""
    kept = recall(connection, TALLY_KEYS)
    if not isinstance(kept, Mapping) or kept.get("keys") not in KEY_SETS:
        return DEFAULT_KEYS
    key, counter = str(kept.get("clicker", "")), str(kept.get("clicker_counts", ""))
    return TallyKeys(str(kept["keys"]), Clicker(key, counter) if key and counter else None)


def choose_tally_keys(store: Store, chosen: TallyKeys) -> "Future[TallyKeys]":
    """Keep what was chosen, for this laptop alone."""
    kept = {"keys": chosen.keys}
    if chosen.clicker is not None:
        kept |= {"clicker": chosen.clicker.key, "clicker_counts": chosen.clicker.counter}

    def keep(unit: UnitOfWork) -> TallyKeys:
        remember(unit.connection, TALLY_KEYS, kept)
        unit.commit()
        return chosen

    return store.write(keep)
