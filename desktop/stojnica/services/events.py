"""Events at the laptop: added, edited and chosen here, or decided by the office and only chosen."""

from concurrent.futures import Future
from dataclasses import replace
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import DESCRIPTION_LIMIT, Event, check_event, code_from
from stojnica.domain.text import NAME_LIMIT, clean_text
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import KnownEvent, known_event, known_events
from stojnica.services.stand import CURRENT_EVENT, current_event_id
from stojnica.storage.memory import remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

CODE_LIMIT = 32
_TEXTS = {"name": NAME_LIMIT, "place": NAME_LIMIT, "city": NAME_LIMIT, "description": DESCRIPTION_LIMIT}


def list_events(store: Store) -> "Future[list[KnownEvent]]":
    """Give all events, the earliest first."""
    return store.read(lambda connection: known_events(connection, branch_of(connection)))


def add_event(store: Store, event: Event, *, operator: str = "") -> "Future[Event]":
    """Keep a new event; without a code it gets one from its name. The first one is chosen at once.

    Raises (in the future):
        UserFacingError: it can't be so; `code` of the error names the field.
    """

    def add(unit: UnitOfWork) -> Event:
        others = known_events(unit.connection, unit.branch_id)
        checked = _checked(_with_code(event, others), others)
        unit.record(
            kinds.EVENT_CREATED,
            checked.event_id,
            checked.data(),
            event_id=checked.event_id,
            operator=operator,
        )
        chosen = current_event_id(unit.connection)
        if chosen is None or known_event(unit.connection, unit.branch_id, chosen) is None:
            remember(unit.connection, CURRENT_EVENT, str(checked.event_id))
        unit.commit()
        return checked

    return store.write(add)


def change_event(store: Store, event: Event, *, operator: str = "") -> "Future[Event]":
    """Keep what is different about an event of this laptop.

    Raises (in the future):
        UserFacingError: it can't be so, isn't there, or the office decided it.
    """

    def change(unit: UnitOfWork) -> Event:
        others = known_events(unit.connection, unit.branch_id)
        known = next((item for item in others if item.event.event_id == event.event_id), None)
        if known is None or known.is_from_office:
            raise not_ours()
        checked = _checked(event, others)
        before = known.event.data()
        changed = {name: value for name, value in checked.data().items() if value != before[name]}
        if changed:
            unit.record(
                kinds.EVENT_CHANGED,
                event.event_id,
                changed,
                event_id=event.event_id,
                operator=operator,
            )
            unit.commit()
        return checked

    return store.write(change)


def choose_event(store: Store, event_id: UUID) -> "Future[Event]":
    """Make an event the one that everything is captured for.

    Raises (in the future):
        UserFacingError: there is no such event.
    """

    def choose(unit: UnitOfWork) -> Event:
        known = known_event(unit.connection, unit.branch_id, event_id)
        if known is None:
            raise unknown_event()
        remember(unit.connection, CURRENT_EVENT, str(event_id))
        unit.commit()
        return known.event

    return store.write(choose)


def unknown_event() -> UserFacingError:
    """Tell that there is no such event."""
    return UserFacingError(
        _("There is no such event on this laptop."),
        safe=_("Nothing was changed."),
        next_step=_("Look at the list of events, or add it."),
        code="event_unknown",
    )


def not_ours() -> UserFacingError:
    """Tell that the office decided this event."""
    return UserFacingError(
        _("The office decided this event, so it isn't changed at the stand."),
        safe=_("Nothing was changed."),
        next_step=_("Ask the office to change it; the change comes with the next sending."),
        code="event_of_office",
    )


def free_code(name: str, others: list[KnownEvent]) -> str:
    """Propose a code that no other event has; "" when the name has no letters for one."""
    wanted = code_from(name)
    taken = {item.event.code for item in others}
    if not wanted or wanted not in taken:
        return wanted
    numbered = (
        f"{wanted[: CODE_LIMIT - len(str(number)) - 1].rstrip('-')}-{number}"
        for number in range(2, len(taken) + 3)
    )
    return next(code for code in numbered if code not in taken)


def _with_code(event: Event, others: list[KnownEvent]) -> Event:
    if event.code:
        return event
    fallback = f"event-{event.event_id.hex[-6:]}" if event.name.strip() else ""
    return replace(event, code=free_code(event.name, others) or fallback)


def _checked(event: Event, others: list[KnownEvent]) -> Event:
    tidied: dict[str, str] = {}
    for name, limit in _TEXTS.items():
        checked = clean_text(getattr(event, name), limit)
        if checked.problem is not None:
            raise UserFacingError(checked.problem.message, safe=_("Nothing was saved."), code=name)
        tidied[name] = checked.value or ""
    tidy = replace(
        event,
        name=tidied["name"],
        place=tidied["place"],
        city=tidied["city"],
        description=tidied["description"],
    )
    check_event(tidy)
    if any(item.event.code == tidy.code and item.event.event_id != tidy.event_id for item in others):
        raise UserFacingError(
            _("Another event has this code already."),
            safe=_("Nothing was saved."),
            next_step=_("Choose another code: links on flyers are told apart by it."),
            code="code",
        )
    return tidy
