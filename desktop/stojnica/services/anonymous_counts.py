"""Gender and country of visitors as numbers alone: nothing leads from them to a person, not even the order.

A fact right behind a sign-up would be linked to it by its number and its time. So answers are first added up
in a place of this laptop's own, and become facts together, once there are enough or the kiosk is left.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.domain.tally import Press
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ENOUGH = 8
GENDERS = ("female", "male", "other", "not_said")
_KEPT = "anonymous_counts"


def note_anonymous(
    store: Store, event_id: UUID, zone_name: str, *, gender: str = "", country: str = ""
) -> "Future[None]":
    """Add one visitor's answers to the numbers of the event; what wasn't answered adds nothing.

    `country` is ISO 3166. Nothing is kept of a word that is none of ours.
    """

    def note(unit: UnitOfWork) -> None:
        kept = recall(unit.connection, _KEPT, {})
        counts = dict(kept.get(str(event_id), {}))
        for name in _counters(gender, country):
            counts[name] = counts.get(name, 0) + 1
        kept[str(event_id)] = counts
        if sum(counts.values()) >= ENOUGH:
            _tell(unit, event_id, zone_name, kept.pop(str(event_id)))
        remember(unit.connection, _KEPT, kept)
        unit.commit()

    return store.write(note, Priority.BACKGROUND)


def tell_anonymous(store: Store, event_id: UUID, zone_name: str) -> "Future[None]":
    """Make facts of what was added up for an event, however little: the kiosk is closed."""

    def tell(unit: UnitOfWork) -> None:
        kept = recall(unit.connection, _KEPT, {})
        counts = kept.pop(str(event_id), {})
        if counts:
            _tell(unit, event_id, zone_name, counts)
            remember(unit.connection, _KEPT, kept)
            unit.commit()

    return store.write(tell, Priority.BACKGROUND)


def pending_anonymous(connection: "Connection", event_id: UUID) -> Mapping[str, int]:
    """Give what was answered at an event and is no fact yet, by counter."""
    kept = recall(connection, _KEPT, {})
    return dict(kept.get(str(event_id), {}))


def _counters(gender: str, country: str) -> tuple[str, ...]:
    found = [f"gender.{gender}"] if gender in GENDERS else []
    if len(country) == 2 and country.isascii() and country.isalpha():
        found.append(f"country.{country.upper()}")
    return tuple(found)


def _tell(unit: UnitOfWork, event_id: UUID, zone_name: str, counts: Mapping[str, int]) -> None:
    now = unit.clock.now_us()
    for name, amount in sorted(counts.items()):
        press = Press(name, amount, now, now, zone_name)
        unit.record(kinds.COUNTED, new_id(), press.data(), event_id=event_id, channel="kiosk")
