"""*Today* shows what is on disk, counts with one press, and shows names for ten seconds only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation import Wording
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import Press
from stojnica.i18n import speaking
from stojnica.services.capture import count, save_signup
from stojnica.services.changes import Change
from stojnica.services.events import change_event
from stojnica.services.several_people import SeveralForm
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.today import TodayViewModel
from stojnica.storage.tables import BRIEFING
from stojnica.storage.unit import UnitOfWork

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def today(context: StandContext, runner: DeferredRunner, lupa: Event) -> TodayViewModel:
    model = TodayViewModel(context)
    model.refresh()
    runner.run()
    return model


def sign_up(context: StandContext, event: Event, name: str = "Špela Žagar", channel: str = "kiosk") -> None:
    first, _space, last = name.partition(" ")
    wording = Wording("w", "answer", 1, "sl", "T", "B", date(2024, 1, 1))
    save_signup(
        context.store,
        SignUp(first, last, email="s@example.org", purposes=("answer",)),
        subject_id=new_id(),
        event_id=event.event_id,
        channel=channel,
        evidence=ConsentEvidence("screen", "sl", {"answer": wording}),
    ).result()


def numbers(model: TodayViewModel) -> list[int]:
    return [card.number for card in model.state.counters]


def test_without_an_event_the_page_says_what_to_do(context: StandContext, runner: DeferredRunner) -> None:
    model = TodayViewModel(context)
    model.refresh()
    runner.run()

    model.count("reached")

    assert model.state.is_loaded
    assert model.state.event_id is None
    assert model.state.message is not None
    assert "Events" in model.state.message.text
    assert runner.waiting == 0


def test_the_head_names_event_day_place_and_hours(today: TodayViewModel) -> None:
    assert today.state.title == "Festival LUPA"
    assert today.state.subtitle == "Friday, 20 September 2024 · Breg, Ljubljana · 10:00–18:00"


def test_on_the_second_day_the_head_names_that_day(
    context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    event = replace(lupa, starts="2024-09-19T10:00", ends="2024-09-21T18:00")
    change_event(context.store, event).result()
    model = TodayViewModel(context)
    model.refresh()
    runner.run()

    assert model.state.subtitle.startswith("Friday, 20 September 2024 · Breg, Ljubljana · 19 Sept – 21 Sept")


def test_the_head_is_in_the_language_of_the_program(today: TodayViewModel, runner: DeferredRunner) -> None:
    with speaking("sl"):
        today.refresh()
        runner.run()

    assert today.state.subtitle.startswith("petek, 20. september 2024 · Breg, Ljubljana · 10.00–18.00")


def test_a_press_counts_when_it_is_on_disk_and_not_before(
    today: TodayViewModel, runner: DeferredRunner
) -> None:
    today.count("conversation")
    assert numbers(today) == [0, 0, 0]

    runner.run()

    assert numbers(today) == [1, 1, 0]
    assert [card.recent for card in today.state.counters] == [
        "+1 in the last 30 min",
        "+1 in the last 30 min",
        "",
    ]
    assert [card.keys for card in today.state.counters] == ["Ctrl Alt 1", "Ctrl Alt 2", "Ctrl Alt 3"]


def test_a_contact_counts_as_a_conversation_and_a_person_reached(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    sign_up(context, lupa)
    context.changes.tell(Change.CONTACTS)
    runner.run()

    assert numbers(today) == [1, 1, 0]
    assert today.state.contacts_title == "1 contact today"
    (row,) = today.state.contacts
    assert (row.time, row.who, row.channel) == ("14:32", "Š. Ž.", "kiosk")


def test_undo_takes_the_last_press_back_and_is_offered_only_while_it_works(
    today: TodayViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    assert today.state.undo == ""
    today.count("flyer")
    runner.run()
    assert today.state.undo == "Undo the last count"

    today.undo()
    runner.run()

    assert numbers(today) == [0, 0, 0]
    assert today.state.undo == ""


def test_undo_goes_after_ten_minutes(today: TodayViewModel, runner: DeferredRunner, clock: SetClock) -> None:
    today.count("flyer")
    runner.run()

    clock.at_us += 10 * MINUTE_US
    today.tick()
    runner.run()
    assert today.state.undo == ""
    today.undo()
    runner.run()

    assert numbers(today) == [0, 0, 1]
    assert today.state.message is not None
    assert "ten minutes" in today.state.message.text


def test_several_at_once_are_spread_over_their_half_hours(
    today: TodayViewModel, runner: DeferredRunner
) -> None:
    assert today.several() == SeveralForm("reached", "", "14:02", "14:32", "class")

    assert today.count_many(SeveralForm("reached", "40", "10.00", "12.00", "class")) == ()
    runner.run()

    assert numbers(today) == [40, 0, 0]
    assert today.state.counters[0].recent == ""
    assert [bar.count for bar in today.state.bars][:4] == [10, 10, 10, 10]
    assert today.state.undo == "Undo the last count (40)"
    assert today.state.message is not None
    assert today.state.message.text == "40 people were added."


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"amount": ""}, {"amount"}),
        ({"amount": "0"}, {"amount"}),
        ({"amount": "5001"}, {"amount"}),
        ({"amount": "٣"}, {"amount"}),
        ({"amount": "-3"}, {"amount"}),
        ({"since": "25:00"}, {"since"}),
        ({"since": "noon", "until": ""}, {"since", "until"}),
        ({"since": "12:00", "until": "11:00"}, {"until"}),
        ({"until": "23:59"}, {"until"}),
        ({"reason": "fun"}, {"reason"}),
        ({"counter": "cats"}, {"counter"}),
        ({"since": "23:50", "until": "0:20"}, {"until"}),
    ],
)
def test_a_wrong_form_for_several_is_refused_at_its_fields(
    today: TodayViewModel, runner: DeferredRunner, wrong: dict[str, str], fields: set[str]
) -> None:
    form = replace(SeveralForm("reached", "5", "10:00", "11:00", "class"), **wrong)

    problems = today.count_many(form)

    assert {item.field for item in problems} == fields
    assert runner.waiting == 0


def test_the_chart_runs_over_the_events_hours_and_marks_the_present(today: TodayViewModel) -> None:
    bars = today.state.bars

    assert len(bars) == 16
    assert [bar.label for bar in bars[:4]] == ["10", "", "11", ""]
    assert [place for place, bar in enumerate(bars) if bar.is_now] == [9]


def test_the_chart_grows_when_people_come_early_and_its_highest_bar_is_full(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event, clock: SetClock
) -> None:
    early = clock.at_us - 5 * HOUR_US
    for amount, at in ((4, early), (8, clock.at_us)):
        press = Press("reached", amount, at, at, lupa.time_zone)
        count(context.store, press, event_id=lupa.event_id).result()

    today.refresh()
    runner.run()

    first = today.state.bars[0]
    assert (first.label, first.count, first.permille) == ("", 4, 500)
    assert [bar.permille for bar in today.state.bars if bar.is_now] == [1000]


def test_a_chart_of_an_event_that_is_over_shows_its_last_day_with_people(
    today: TodayViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    today.count("reached")
    runner.run()
    clock.at_us += 3 * 24 * HOUR_US

    today.refresh()
    runner.run()

    assert sum(bar.count for bar in today.state.bars) == 1
    assert not [bar for bar in today.state.bars if bar.is_now]
    assert today.state.contacts_title == "0 contacts today"


def test_goals_say_whose_number_it_is(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    today.count("reached")
    runner.run()

    event, project = today.state.goals

    assert (event.title, event.shown, event.goal, event.permille) == ("This event", "1", "(goal 169)", 5)
    assert (project.title, project.shown, project.goal) == (
        "Volunteers' club · this laptop",
        "1",
        "(goal 2,200)",
    )


def test_the_whole_project_is_the_offices_total_and_our_own_share(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    totals = {"reached": 1481, "contacts": 9, "as_of": 1_726_650_000_000_000}
    body = canonical_bytes(office | {"briefing": {"version": 1, "totals": totals}})

    def brief(unit: UnitOfWork) -> None:
        row = {"version": 1, "body": body, "signature": b"", "received_at": 0}
        unit.connection.execute(sa.insert(BRIEFING).values(**row))
        unit.commit()

    context.store.write(brief).result()
    today.count("reached")
    runner.run()

    project = today.state.goals[1]
    assert project.title == "Whole project · as of 18 Sept"
    assert (project.shown, project.permille) == ("1,482", 673)


def test_names_are_shown_for_ten_seconds_after_the_right_pin(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event, clock: SetClock
) -> None:
    sign_up(context, lupa)
    today.show_names("4711")
    runner.run()
    assert [row.who for row in today.state.contacts] == ["Špela Žagar"]
    assert today.state.are_names_shown
    assert today.state.seconds_left == 10

    clock.at_us += 4_000_000
    today.tick()
    assert today.state.seconds_left == 6
    clock.at_us += 6_000_000
    today.tick()

    assert [row.who for row in today.state.contacts] == ["Š. Ž."]
    assert not today.state.are_names_shown
    assert "Špela" not in repr(today.state)


def test_a_wrong_pin_shows_no_names_and_says_how_long_to_wait(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    sign_up(context, lupa)

    today.show_names("0000")
    runner.run()

    assert not today.state.are_names_shown
    assert today.state.message is not None
    assert today.state.message.text == "This PIN is not right. Try again in 1 second."


def test_names_go_at_once_when_the_held_key_is_released(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    sign_up(context, lupa)
    today.hold_names()
    runner.run()
    assert [row.who for row in today.state.contacts] == ["Špela Žagar"]

    today.hide_names()

    assert [row.who for row in today.state.contacts] == ["Š. Ž."]


def test_names_that_arrive_after_the_key_was_released_are_not_shown(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    sign_up(context, lupa)
    context.changes.tell(Change.CONTACTS)
    runner.run()
    today.hold_names()

    today.hide_names()
    runner.run()

    assert [row.who for row in today.state.contacts] == ["Š. Ž."]


def test_yesterdays_contacts_have_their_day_instead_of_the_hour(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, lupa: Event, clock: SetClock
) -> None:
    sign_up(context, lupa, "Ana", channel="paper")
    clock.at_us += 24 * HOUR_US

    today.refresh()
    runner.run()

    assert [(row.time, row.who, row.channel) for row in today.state.contacts] == [("20 Sept", "A.", "paper")]


def test_a_refresh_every_half_minute_keeps_the_last_minutes_true(
    today: TodayViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    today.count("reached")
    runner.run()
    assert today.state.counters[0].recent != ""

    clock.at_us += 31 * MINUTE_US
    today.tick()
    assert runner.waiting == 1
    runner.run()

    assert today.state.counters[0].recent == ""
    today.tick()
    assert runner.waiting == 0
