"""A day of a team at a stand that is over, and an office that decides how long names of it stay."""

from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Office, Way
from tests.sync.purging import OfficeClock, delivered_and_covered
from tests.unit.conftest import office_document

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.handover import Debrief
from stojnica.domain.ids import new_id
from stojnica.domain.tally import Press
from stojnica.records.team_queries import worked_by_member
from stojnica.services.capture import count, undo_last_count
from stojnica.services.closing import close_stand, note_debrief
from stojnica.services.event_report import EventReport, event_report
from stojnica.services.events import add_event
from stojnica.services.handover import MATTERS, add_line, hand_over
from stojnica.services.pin import PinCost, PinLock
from stojnica.services.retention import Cleared, clear_up
from stojnica.services.shown_organisation import keep_document
from stojnica.services.team import Member, add_member, end_shift, members, start_shift
from stojnica.storage.unit import UnitOfWork, branch_of

HOUR_US = 3_600 * 1_000_000
NAMES_DAYS = 180
FIVE_PAST_TEN_US = 1_726_819_500_000_000
LUPA = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
)


@dataclass
class Stand:
    """Hold a laptop whose day is over: Maja was there for four hours, Luka is still in the list."""

    laptop: Laptop
    clock: SetClock
    way: Way
    days: OfficeClock
    maja: Member
    luka: Member
    event_id: UUID

    def report(self) -> EventReport:
        made = self.laptop.store.read(lambda one: event_report(one, self.clock, self.event_id)).result()
        return replace(made, made_at=0)

    def hours(self) -> dict[str, int]:
        return dict(self.laptop.store.read(lambda one: worked_by_member(one, branch_of(one))).result())

    def roll(self) -> list[str]:
        return [member.name for member in self.laptop.store.read(members).result()]

    def pass_days(self, number: float) -> Cleared:
        """Let days pass at the office, send, and take away what may go."""
        self.days.pass_days(number)
        self.laptop.sync()
        return clear_up(self.laptop.store)

    def anywhere(self, text: str) -> list[str]:
        """Give the tables of the open store in which a text stands."""

        def look(connection: sa.Connection) -> list[str]:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            found = []
            for (name,) in names.all():
                rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
                cells = [cell for row in rows for cell in row]
                as_text = [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in cells]
                if any(isinstance(one, str) and text in one for one in as_text):
                    found.append(str(name))
            return found

        return self.laptop.store.read(look).result()


def decide_names(laptop: Laptop, days: int | None = NAMES_DAYS) -> None:
    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office_document() | {"retention": {"names_days": days}})
        unit.commit()

    laptop.store.write(keep).result()


def play_day(fleet: Fleet, office: Office) -> Stand:
    """Play a day under Maja's name: shift, counting, handover, closing, debrief; Luka has a PIN, too."""
    way, days, clock = Way(office), OfficeClock(), SetClock(FIVE_PAST_TEN_US)
    days.rule(way)
    laptop = fleet(way, clock=clock)
    store = laptop.store
    decide_names(laptop)
    event = add_event(store, LUPA, operator="Maja K.").result()
    maja = add_member(store, "Maja", "K", is_experienced=True, work="organising").result()
    luka = add_member(store, "Luka", "Ž", is_experienced=False, work="content").result()
    for member in (maja, luka):
        PinLock(store, PinCost(2, 1, 1)).choose_for(member.member_id, "1234").result()
    start_shift(store, maja.member_id).result()
    for _time in range(2):
        press = Press("reached", 3, clock.now_us(), clock.now_us(), event.time_zone)
        count(store, press, event_id=event.event_id, operator="Maja K.").result()
    undo_last_count(store, event_id=event.event_id, operator="Maja K.").result()
    add_line(store, event.event_id, MATTERS, "Maja ima ključ").result()
    hand_over(store, event.event_id).result()
    clock.at_us += 4 * HOUR_US
    end_shift(store, maja.member_id).result()
    close_stand(store, event.event_id).result()
    note_debrief(store, event.event_id, Debrief(taken=100, brought_back=40, worked="Dobro.")).result()
    delivered_and_covered(laptop, way, days)
    return Stand(laptop, clock, way, days, maja, luka, event.event_id)
