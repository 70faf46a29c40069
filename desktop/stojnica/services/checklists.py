"""Lists that a team ticks: the list stays from event to event, the ticks belong to one event.

The office decides the lists; what was added or left out here, and the ticks, are known to this laptop alone:
whether the tape was packed helps nobody afterwards, and each tick would be a fact to deliver and to prove.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.organisation import Checklist, OrganisationDocument, text_in
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.services.stand import StandNow
from stojnica.services.tidy_text import tidy_text
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

OWN_ITEMS = "checklist_items"
TICKS = "checklist_ticks"
ITEM_LIMIT = 120
MAX_OWN_ITEMS = 60


@dataclass(frozen=True, slots=True)
class TickLine:
    """Hold one thing to tick."""

    item_id: str
    title: str
    is_ticked: bool = False


@dataclass(frozen=True, slots=True)
class TickList:
    """Hold one list as it stands at an event; `left_out` counts what was taken off it here."""

    list_id: str
    title: str
    lines: tuple[TickLine, ...]
    left_out: int = 0

    @property
    def done(self) -> int:
        """Give how many are ticked."""
        return sum(1 for line in self.lines if line.is_ticked)


def tick_lists(connection: "Connection", now: StandNow) -> tuple[TickList, ...]:
    """Give all lists with the ticks of the chosen event."""
    return lists_of(connection, now.shown.document, now.event.event_id if now.event else None)


def lists_of(
    connection: "Connection", document: OrganisationDocument, event_id: UUID | None
) -> tuple[TickList, ...]:
    """Give all lists with the ticks of an event; without one nothing is ticked."""
    own = recall(connection, OWN_ITEMS, {})
    ticks: dict[str, list[str]] = {} if event_id is None else recall(connection, _ticks_of(event_id), {})
    return tuple(
        _shown(item, own.get(item.id, {}), frozenset(ticks.get(item.id, ()))) for item in document.checklists
    )


def tick(store: Store, event_id: UUID, list_id: str, item_id: str, is_ticked: bool) -> "Future[None]":
    """Tick or untick a thing for an event."""

    def change(unit: UnitOfWork) -> None:
        kept = recall(unit.connection, _ticks_of(event_id), {})
        ticked = [other for other in kept.get(list_id, []) if other != item_id]
        remember(
            unit.connection,
            _ticks_of(event_id),
            kept | {list_id: [*ticked, item_id] if is_ticked else ticked},
        )
        unit.commit()

    return store.write(change)


def add_item(store: Store, list_id: str, title: str) -> "Future[None]":
    """Put a thing on a list for good.

    Raises (in the future):
        UserFacingError: it has no words, is there already, or the list is full.
    """

    def add(kept: dict[str, Any]) -> None:
        words = tidy_text(title, ITEM_LIMIT)
        if not words:
            raise _refused(_("There is nothing to put on the list."), _("Write what it is."))
        added = kept.setdefault("added", {})
        if words.casefold() in (other.casefold() for other in added.values()):
            raise _refused(_("This is on the list already."), _("Tick it there."))
        if len(added) >= MAX_OWN_ITEMS:
            raise _refused(_("The list is full."), _("Take something off it first."))
        added[str(new_id())] = words

    return _change_own(store, list_id, add)


def remove_item(store: Store, list_id: str, item_id: str) -> "Future[None]":
    """Take a thing off a list for good; one of the office's can be put back with all others."""

    def remove(kept: dict[str, Any]) -> None:
        if kept.get("added", {}).pop(item_id, None) is None:
            left_out = kept.setdefault("left_out", [])
            if item_id not in left_out:
                left_out.append(item_id)

    return _change_own(store, list_id, remove)


def restore_items(store: Store, list_id: str) -> "Future[None]":
    """Put everything back that the office has on a list."""

    def restore(kept: dict[str, Any]) -> None:
        kept.pop("left_out", None)

    return _change_own(store, list_id, restore)


def _change_own(store: Store, list_id: str, change: Callable[[dict[str, Any]], None]) -> "Future[None]":
    def write(unit: UnitOfWork) -> None:
        own = recall(unit.connection, OWN_ITEMS, {})
        change(own.setdefault(list_id, {}))
        remember(unit.connection, OWN_ITEMS, own)
        unit.commit()

    return store.write(write)


def _ticks_of(event_id: UUID) -> str:
    return f"{TICKS}:{event_id}"


def _shown(checklist: Checklist, own: dict[str, Any], ticked: frozenset[str]) -> TickList:
    language, left_out = current_language(), frozenset(own.get("left_out", ()))
    offered = [(item.id, text_in(item.title, language)) for item in checklist.items]
    titles = [(key, title) for key, title in offered if key not in left_out]
    titles += own.get("added", {}).items()
    return TickList(
        list_id=checklist.id,
        title=text_in(checklist.title, language),
        lines=tuple(TickLine(key, title, key in ticked) for key, title in titles),
        left_out=len(offered) + len(own.get("added", {})) - len(titles),
    )


def _refused(what: str, next_step: str) -> UserFacingError:
    return UserFacingError(what, safe=_("Nothing was changed."), next_step=next_step, code="checklist")
