"""The clock is set hours back or forth while all is going on: nothing is lost, and nobody waits."""

from typing import Any

import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.records.contact_queries import contact
from stojnica.records.reach_queries import reach_of, reached_by_half_hour
from stojnica.records.team_queries import shifts_of
from stojnica.services.capture import withdraw_consent
from stojnica.services.contact import ContactViewModel
from stojnica.services.draft_keeper import QUIET_US
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member, end_shift, start_shift
from stojnica.services.today import TodayViewModel
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US

hours_set = pytest.mark.parametrize("hours", [-30, -5, -1, 1, 5, 30])


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    return model


def fill(page: ContactViewModel, name: str) -> None:
    page.type("first_name", name)
    page.type("email", f"{name.lower()}@example.org")
    page.choose_band(page.state.bands[2].id)
    page.tick_box("answer", True)


def save(page: ContactViewModel, runner: DeferredRunner, name: str) -> None:
    fill(page, name)
    page.save()
    runner.run()


@hours_set
def test_in_the_middle_of_a_visitors_form_nothing_is_wiped_and_nobody_is_asked(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    # Given a visitor in the middle of the form
    kiosk.choose("interests", "i1")
    kiosk.next()
    kiosk.type("first_name", "Ana")
    kiosk.type("email", "ana@example.org")

    # When the clock is set, and the visitor looks at the screen for half a minute
    clock.set_by_us = hours * HOUR_US
    clock.at_us += 30 * SECOND_US
    kiosk.tick()
    assert (kiosk.state.is_asking, kiosk.state.form.first_name) == (False, "Ana")

    # Then the visitor goes on, and is asked and wiped after as long as ever
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[2].id)
    kiosk.next()
    kiosk.tick_box("answer", True)
    clock.at_us += 61 * SECOND_US
    kiosk.tick()
    assert kiosk.state.is_asking
    kiosk.submit()
    runner.run()
    assert kiosk.state.phase is KioskPhase.THANKS


@hours_set
def test_a_visitor_who_went_away_is_wiped_in_time(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    kiosk.choose("interests", "i1")
    kiosk.next()
    kiosk.type("first_name", "Ana")

    clock.set_by_us = hours * HOUR_US
    clock.at_us += 91 * SECOND_US
    kiosk.tick()
    runner.run()

    assert (kiosk.state.step, kiosk.state.form.first_name) == (1, "")


@hours_set
def test_a_contact_is_saved_and_found_and_its_consent_is_taken_back(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    save(page, runner, "Ana")
    fill(page, "Bor")
    clock.set_by_us = hours * HOUR_US

    page.save()
    runner.run()
    page.search.type("bor@")
    runner.run()

    assert page.state.problems == ()
    (found,) = page.search.state.rows
    withdraw_consent(context.store, found.subject_id, ["answer"]).result()
    kept = context.store.read(lambda c: contact(c, branch_of(c), found.subject_id)).result()
    assert kept is not None
    assert [item.is_granted for item in kept.consents if item.purpose == "answer"] == [False]


@hours_set
def test_what_is_not_finished_is_kept_while_it_is_typed(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    page.type("first_name", "Ana")
    page.choose_band(page.state.bands[2].id)
    clock.set_by_us = hours * HOUR_US
    page.type("last_name", "Novak")
    clock.at_us += QUIET_US
    page.tick()
    runner.run()

    again = ContactViewModel(context)
    again.refresh()
    runner.run()
    again.continue_unfinished()

    assert (again.state.form.first_name, again.state.form.last_name) == ("Ana", "Novak")


@hours_set
def test_each_press_counts_once_in_one_half_hour(
    context: StandContext, runner: DeferredRunner, lupa: Event, clock: SetClock, hours: int
) -> None:
    today = TodayViewModel(context)
    today.refresh()
    runner.run()
    today.count("reached")
    runner.run()

    clock.set_by_us = hours * HOUR_US
    today.count("reached")
    runner.run()

    def read(connection: Any) -> tuple[int, list[int]]:
        branch_id = branch_of(connection)
        halves = reached_by_half_hour(connection, branch_id, lupa.event_id, lupa.time_zone)
        return reach_of(connection, branch_id, [lupa.event_id]).reached, [
            item.totals.reached for item in halves
        ]

    assert context.store.read(read).result() == (2, [1, 1])
    assert today.state.counters[0].number == 2


@hours_set
def test_nobody_loses_hours_of_a_shift(
    store: Store, lupa: Event, office: dict[str, Any], clock: SetClock, hours: int
) -> None:
    maja = add_member(store, "Maja", "K", is_experienced=True, work="organising").result()
    start_shift(store, maja.member_id).result()
    clock.at_us += 3 * HOUR_US

    clock.set_by_us = hours * HOUR_US
    end_shift(store, maja.member_id).result()

    (shift,) = store.read(lambda c: shifts_of(c, branch_of(c), lupa.event_id)).result()
    assert shift.ended_at is not None
    assert (shift.ended_at - shift.started_at) // HOUR_US >= 3


@hours_set
def test_names_are_hidden_after_ten_seconds_all_the_same(
    page: ContactViewModel, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    save(page, runner, "Ana")
    page.show_names("4711")
    runner.run()
    assert page.state.are_names_shown

    clock.set_by_us = hours * HOUR_US
    page.tick()
    assert page.state.are_names_shown
    clock.at_us += 10 * SECOND_US
    page.tick()

    assert not page.state.are_names_shown


@hours_set
def test_who_was_saved_last_stands_first_in_the_list(
    page: ContactViewModel, runner: DeferredRunner, clock: SetClock, hours: int
) -> None:
    for number in range(12):
        save(page, runner, f"Ana{number}")
    clock.set_by_us = hours * HOUR_US

    save(page, runner, "Bor")

    assert page.state.contacts[0].who.startswith("B.")


@pytest.mark.parametrize(
    ("hours", "day"),
    [(0, ""), (-5, ""), (5, ""), (-30, "19 Sept 2024"), (30, "21 Sept 2024"), (-87_672, "20 Sept 2014")],
)
def test_a_count_on_a_day_without_the_event_is_told_at_once(
    context: StandContext, runner: DeferredRunner, lupa: Event, clock: SetClock, hours: int, day: str
) -> None:
    today = TodayViewModel(context)
    today.refresh()
    runner.run()

    clock.set_by_us = hours * HOUR_US
    today.count("reached")
    runner.run()

    said = today.state.message.what if today.state.message else ""
    assert (day in said, "clock of this computer" in said) == (True, bool(day))
    assert today.state.counters[0].number == 1
