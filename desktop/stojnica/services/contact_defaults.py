"""What holds for everybody at an event: a school class has one town and one school, typed once."""

from concurrent.futures import Future
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import NAME_LIMIT
from stojnica.services.tidy_text import tidy_text
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class EventDefaults:
    """Hold what new forms begin with; "" is nothing."""

    town: str = ""
    organisation: str = ""

    @property
    def words(self) -> str:
        """Give them in one line, "" when there are none."""
        return " · ".join(text for text in (self.town, self.organisation) if text)

    @property
    def form(self) -> SignUpForm:
        """Give the form that a new contact begins with."""
        return SignUpForm(town=self.town, organisation=self.organisation)


def event_defaults(connection: "Connection", event_id: UUID) -> EventDefaults:
    """Read what was typed for an event."""
    kept = recall(connection, _name(event_id), {})
    return EventDefaults(**{item.name: str(kept.get(item.name, "")) for item in fields(EventDefaults)})


def keep_event_defaults(
    store: Store, event_id: UUID, town: str, organisation: str
) -> "Future[EventDefaults]":
    """Keep what holds for everybody at an event; nothing at all takes it away.

    Raises (in the future):
        UserFacingError: one of them can't be taken as it is.
    """

    def keep(unit: UnitOfWork) -> EventDefaults:
        tidy = EventDefaults(tidy_text(town, NAME_LIMIT), tidy_text(organisation, NAME_LIMIT))
        if tidy.words:
            remember(unit.connection, _name(event_id), {"town": tidy.town, "organisation": tidy.organisation})
        else:
            forget(unit.connection, _name(event_id))
        unit.commit()
        return tidy

    return store.write(keep)


def begun_anew(form: SignUpForm, before: SignUpForm, after: SignUpForm) -> SignUpForm:
    """Give a form whose untouched fields follow new defaults; what somebody typed stays."""
    changed = {
        name: getattr(after, name)
        for name in ("town", "organisation")
        if getattr(form, name) == getattr(before, name)
    }
    return replace(form, **changed)


def _name(event_id: UUID) -> str:
    return f"contact_defaults:{event_id}"
