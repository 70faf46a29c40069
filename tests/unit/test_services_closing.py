"""A stand is closed at once; the stock count and the notes follow, and are asked for until they are there."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.handover import Debrief, debrief_from
from stojnica.domain.ids import new_id
from stojnica.domain.print_run import Piece, Printed
from stojnica.records.event_queries import known_event
from stojnica.records.team_queries import StandClosing, open_shifts, stand_closings
from stojnica.services.closing import due_day
from stojnica.services.closing_page import ClosingViewModel
from stojnica.services.events import add_event, choose_event
from stojnica.services.print_runs import RunWish, note_printed
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member, start_shift
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

HOUR_US = 3_600 * 1_000_000


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, lupa: Event) -> ClosingViewModel:
    model = ClosingViewModel(context)
    model.refresh()
    runner.run()
    return model


@pytest.fixture
def closings(store: Store) -> Callable[[], list[StandClosing]]:
    return lambda: store.read(lambda c: stand_closings(c, branch_of(c))).result()


def is_closed(store: Store, event_id: UUID) -> bool:
    known = store.read(lambda c: known_event(c, branch_of(c), event_id)).result()
    assert known is not None
    return known.event.is_closed


def test_closing_ends_the_shifts_and_asks_for_the_rest_until_monday(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, clock: SetClock, lupa: Event
) -> None:
    maja = add_member(store, "Maja", "K", is_experienced=True, work="content").result()
    start_shift(store, maja.member_id).result()
    clock.at_us += HOUR_US

    page.close()
    runner.run()

    assert page.state.is_closed
    assert page.state.subtitle == "Festival LUPA · closed on 20 Sept 2024 at 15:32"
    assert "Monday, 23 Sept 2024" in page.state.reminder
    assert is_closed(store, lupa.event_id)
    assert store.read(lambda c: open_shifts(c, branch_of(c))).result() == []


def test_closing_twice_is_closing_once(
    page: ClosingViewModel, runner: DeferredRunner, closings: Callable[[], list[StandClosing]]
) -> None:
    page.close()
    page.close()
    runner.run()

    assert len(closings()) == 1


def test_taken_less_brought_back_was_handed_out(
    page: ClosingViewModel, runner: DeferredRunner, closings: Callable[[], list[StandClosing]]
) -> None:
    page.close()
    runner.run()
    page.type("taken", "400")
    assert page.state.handed_out == ""
    page.type("brought_back", "262")
    assert page.state.handed_out == "138"
    page.type("worked", "The flag.\nThe cake.")

    page.save()
    runner.run()

    assert page.state.reminder == ""
    assert closings()[0].debrief == Debrief(400, 262, "The flag.\nThe cake.")
    assert closings()[0].debrief.handed_out == 138


def test_what_was_printed_for_the_event_stands_beside_the_stock(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    piece = Piece("camps", "promise", "A6", "sl")
    wish = RunWish(lupa.event_id, piece, "7c2k4m", "https://example.org/")
    note_printed(store, wish, Printed(1200)).result()
    before = page.state.printed

    page.refresh()
    runner.run()

    assert (before, page.state.printed) == ("", "1,200")


@pytest.mark.parametrize(("taken", "back", "field"), [("10", "11", "brought_back"), ("x", "", "taken")])
def test_a_count_that_can_t_be_is_said_at_its_field(
    page: ClosingViewModel, runner: DeferredRunner, taken: str, back: str, field: str
) -> None:
    page.close()
    runner.run()
    page.type("taken", taken)
    page.type("brought_back", back)

    page.save()
    runner.run()

    assert page.state.problem is not None
    assert page.state.problem.field == field
    assert page.state.form.taken == taken


def test_what_is_being_typed_survives_a_look(page: ClosingViewModel, runner: DeferredRunner) -> None:
    page.close()
    runner.run()
    page.type("incidents", "Rain")

    page.refresh()
    runner.run()

    assert page.state.form.incidents == "Rain"


def test_a_closing_that_was_a_slip_is_taken_back(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    page.close()
    runner.run()

    page.open_again()
    runner.run()

    assert not page.state.is_closed
    assert not is_closed(store, lupa.event_id)


def test_an_earlier_event_without_notes_is_reminded_of(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    page.close()
    runner.run()
    other = Event(new_id(), "Sejem", "sejem", starts="2024-09-21T10:00", ends="2024-09-21T14:00")
    add_event(store, other).result()
    choose_event(store, other.event_id).result()
    page.refresh()
    runner.run()
    assert page.state.event_name == "Sejem"
    assert page.state.pending == ((lupa.event_id, "Festival LUPA"),)

    page.look_at(lupa.event_id)
    runner.run()
    assert page.state.event_name == "Festival LUPA"
    assert page.state.is_closed

    page.look_at(None)
    runner.run()
    assert page.state.event_name == "Sejem"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_rest_is_due_on_the_monday_after(day: date) -> None:
    due = due_day(day)

    assert due.weekday() == 0
    assert 1 <= (due - day).days <= 7


@given(
    st.dictionaries(
        st.sampled_from(["taken", "brought_back", "worked", "incidents"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers()),
    )
)
def test_whatever_a_debrief_holds_is_read_and_read_again_alike(data: dict[str, object]) -> None:
    read = debrief_from(data)

    assert debrief_from(read.data()) == read
