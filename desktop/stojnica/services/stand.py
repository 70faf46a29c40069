"""What every page of the stand works with, and what holds at the stand now."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.event import Event
from stojnica.domain.form import BARE_FORM, PERSON, Form
from stojnica.domain.text import NAME_LIMIT
from stojnica.records.event_queries import KnownEvent, known_event, time_zone_of
from stojnica.services.changes import Changes
from stojnica.services.forms import known_forms
from stojnica.services.pin import PinLock
from stojnica.services.printer_watch import PrinterWatch
from stojnica.services.printers import FixedPrinters, PrinterProbe
from stojnica.services.shown_organisation import ShownOrganisation, shown_organisation
from stojnica.services.tasks import TaskRunner
from stojnica.services.tidy_text import tidy_text
from stojnica.services.written_time import local_time
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.sync.credentials import credentials_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CURRENT_EVENT = "current_event"
OPERATOR = "operator"
HOME_ZONE = "Europe/Ljubljana"


@dataclass(frozen=True, slots=True)
class StandContext:
    """Hold what view-models of the stand are built from."""

    store: Store
    runner: TaskRunner
    clock: Clock
    changes: Changes
    pin: PinLock
    printers: PrinterProbe = field(default_factory=lambda: FixedPrinters(None))

    @property
    def printer_watch(self) -> PrinterWatch:
        """Give what looks after a printer once it has pages."""
        return PrinterWatch(self.runner, self.printers)


@dataclass(frozen=True, slots=True)
class StandNow:
    """Hold what holds now: branch, chosen event, the office's document, who types, which laptop."""

    branch_id: UUID
    chosen: KnownEvent | None
    shown: ShownOrganisation
    operator: str
    laptop_name: str
    forms: tuple[Form, ...] = ()

    @property
    def event(self) -> Event | None:
        """Give the chosen event."""
        return self.chosen.event if self.chosen else None

    def form(self, audience: str = PERSON) -> Form:
        """Give the newest form for an audience."""
        found = [form for form in self.forms if form.audience == audience]
        return found[-1] if found else BARE_FORM

    @property
    def zone_name(self) -> str:
        """Give the time zone of the event, or of home."""
        return self.chosen.event.time_zone if self.chosen else HOME_ZONE

    def today(self, clock: Clock) -> date:
        """Give the day by the clock on the wall of the event."""
        return local_time(clock.now_us(), self.zone_name).date()


def stand_now(connection: "Connection") -> StandNow:
    """Look at what holds now; runs in a thread of the store."""
    branch_id = branch_of(connection)
    event_id = current_event_id(connection)
    credentials = credentials_of(connection)
    return StandNow(
        branch_id=branch_id,
        chosen=None if event_id is None else known_event(connection, branch_id, event_id),
        shown=shown_organisation(connection),
        operator=str(recall(connection, OPERATOR, "")),
        laptop_name=credentials.name if credentials else "",
        forms=known_forms(connection),
    )


def branch_and_zone(connection: "Connection") -> tuple[UUID, str]:
    """Give the branch, and the time zone of the event: all that a list needs to be found and written."""
    branch_id, event_id = branch_of(connection), current_event_id(connection)
    zone_name = None if event_id is None else time_zone_of(connection, branch_id, event_id)
    return branch_id, zone_name or HOME_ZONE


def current_event_id(connection: "Connection") -> UUID | None:
    """Give the event that was chosen last."""
    kept = recall(connection, CURRENT_EVENT)
    return None if kept is None else UUID(kept)


def choose_operator(store: Store, name: str) -> "Future[str]":
    """Remember who is typing; gives the name as it is kept.

    Raises (in the future):
        UserFacingError: the name can't be taken as it is.
    """

    def keep(unit: UnitOfWork) -> str:
        tidy = tidy_text(name, NAME_LIMIT)
        remember(unit.connection, OPERATOR, tidy)
        unit.commit()
        return tidy

    return store.write(keep)
