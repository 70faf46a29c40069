"""What the stand's pages read doesn't grow with the contacts of other days."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import Press
from stojnica.records.reach_queries import NEWEST_FACTS
from stojnica.services.answers_page import AnswersViewModel
from stojnica.services.capture import TYPED, record_signup
from stojnica.services.contact import ContactViewModel
from stojnica.services.events import add_event, choose_event
from stojnica.services.events_page import EventsViewModel
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.same_person import somebody_like
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.slip_print_page import SlipPrintViewModel
from stojnica.services.stand import StandContext
from stojnica.services.status import StatusViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team_models import team_models
from stojnica.services.today import TodayViewModel
from stojnica.storage.store import Store
from stojnica.storage.tables import DELIVERY, PROVEN
from stojnica.storage.unit import UnitOfWork, branch_of

EARLIER = 20
A_FEW = 20
AT = 1_726_700_000_000_000
GROWING = "fact|signup|signup_word|consent|question|tally|delivery|sheet_row|setting|missed_question"
WALK = re.compile(rf"SCAN (main\.)?({GROWING})\b(?!.*ix_delivery_(open|uncovered))")
Look = Callable[[StandContext, Event], None]


def _search(context: StandContext, _event: Event) -> None:
    search = ContactViewModel(context).search
    for text in ("no", "nov", "novak", "ana nov", "ana.novak@ex", "040 123"):
        search.type(text)


def _same_person(context: StandContext, _event: Event) -> None:
    context.store.read(
        lambda c: somebody_like(
            c, branch_of(c), email="ana.novak@example.org", phone="+38640123456", besides=new_id()
        )
    ).result()


LOOKS: dict[str, Look] = {
    "today": lambda context, _event: TodayViewModel(context).refresh(),
    "contact": lambda context, _event: ContactViewModel(context).refresh(),
    "search": _search,
    "same person": _same_person,
    "status line": lambda context, _event: StatusViewModel(context).refresh(),
    "kiosk": lambda context, _event: KioskViewModel(context).open(),
    "answers": lambda context, _event: AnswersViewModel(context).refresh(),
    "team": lambda context, _event: team_models(context).refresh(),
    "slips": lambda context, event: SlipEntryViewModel(context).begin(event.event_id),
    "printed slips": lambda context, event: SlipPrintViewModel(context).begin(event.event_id),
    "group visit": lambda context, _event: GroupVisitViewModel(context).refresh(),
    "events": lambda context, _event: EventsViewModel(context).refresh(),
}


def keep_contacts(store: Store, event_id: UUID, number: int) -> None:
    """Keep contacts of an earlier event, each counted too, all of it delivered."""

    def keep(unit: UnitOfWork) -> None:
        for place in range(number):
            signup = SignUp(
                first_name="Breda",
                last_name="Zupan",
                email=f"breda{new_id().hex}@example.org",
                phone=f"+3865{place:07d}",
                purposes=("newsletter",),
            )
            record_signup(
                unit,
                signup,
                subject_id=new_id(),
                event_id=event_id,
                channel=TYPED,
                evidence=ConsentEvidence("screen", "sl", {}),
            )
            unit.record(kinds.COUNTED, new_id(), Press("reached", 1, AT, AT).data(), event_id=event_id)
        unit.flush()
        unit.connection.execute(sa.update(DELIVERY).values(state=PROVEN))
        unit.commit()

    store.write(keep).result()


class Watch:
    """Watch what is asked of the file, and how many steps its engine takes."""

    def __init__(self, store: Store) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.steps = 0
        self._ways = (store.read, store.look_up)
        for way in self._ways:
            way(self._begin).result()

    def _begin(self, connection: Connection) -> None:
        sa.event.listen(connection, "before_cursor_execute", self._note)
        self._driver(connection).set_progress_handler(self._step, 1)

    def end(self) -> None:
        """Watch no longer."""

        def stop(connection: Connection) -> None:
            self._driver(connection).set_progress_handler(None, 1)
            sa.event.remove(connection, "before_cursor_execute", self._note)

        for way in self._ways:
            way(stop).result()

    @staticmethod
    def _driver(connection: Connection) -> Any:
        return connection.connection.driver_connection

    def _note(self, _c: Any, _cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
        self.asked.append((text, parameters))

    def _step(self) -> int:
        self.steps += 1
        return 0


@pytest.fixture
def earlier(store: Store, lupa: Event) -> UUID:
    """Give an event of another day and project, with contacts; LUPA is the one that is on."""
    other = replace(lupa, event_id=new_id(), name="Bazar", code="bazar", project="")
    event_id = add_event(store, other).result().event_id
    keep_contacts(store, event_id, EARLIER)
    choose_event(store, lupa.event_id).result()
    return event_id


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.usefixtures("office", "earlier")
def test_no_page_of_the_stand_walks_a_table_that_grows(
    context: StandContext, runner: DeferredRunner, lupa: Event, name: str
) -> None:
    watch = Watch(context.store)

    LOOKS[name](context, lupa)
    runner.run()

    watch.end()

    def plans(connection: Connection) -> list[str]:
        return [
            row[-1]
            for text, parameters in watch.asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all()
        ]

    assert watch.asked
    assert [step for step in context.store.read(plans).result() if WALK.match(step)] == []


@pytest.mark.usefixtures("office")
def test_a_page_costs_the_same_when_many_contacts_of_other_days_have_come(
    context: StandContext, runner: DeferredRunner, lupa: Event, earlier: UUID
) -> None:
    def costs() -> dict[str, int]:
        found: dict[str, int] = {}
        for name, look in LOOKS.items():
            watch = Watch(context.store)
            look(context, lupa)
            runner.run()
            watch.end()
            found[name] = watch.steps
        return found

    keep_contacts(context.store, earlier, NEWEST_FACTS // 2)
    few = costs()
    keep_contacts(context.store, earlier, NEWEST_FACTS)
    many = costs()

    assert all(few.values())
    assert {name: steps for name, steps in many.items() if steps > few[name] + A_FEW} == {}
