"""Presses on *Today*: the organisation's own counters, undo step by step, and a slow or full disk."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.reach_queries import reach_of
from stojnica.services.changes import Change
from stojnica.services.several_people import SeveralForm
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.today import TodayViewModel
from stojnica.storage.faults import disk_full
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

MINUTE_US = 60_000_000


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


def numbers(model: TodayViewModel) -> list[int]:
    return [card.number for card in model.state.counters]


@pytest.fixture
def quiz(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> TodayViewModel:
    """Give *Today* of an organisation that counts players of its quiz, and badges."""
    own = [
        {"id": "quiz", "title": {"en": "Quiz players", "sl": "Igralci kviza"}, "counts_as": "conversation"},
        {"id": "badge", "title": {"en": "Badges", "sl": "Priponke"}},
    ]

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office | {"counters": own})
        unit.commit()

    context.store.write(keep).result()
    context.changes.tell(Change.ORGANISATION)
    runner.run()
    return today


def test_the_organisations_own_counters_stand_beside_the_three(
    quiz: TodayViewModel, runner: DeferredRunner
) -> None:
    quiz.count("quiz")
    quiz.count("badge")
    runner.run()

    assert [(card.title, card.number, card.keys) for card in quiz.state.counters] == [
        ("People reached", 1, "Ctrl Alt 1"),
        ("Conversations", 1, "Ctrl Alt 2"),
        ("Flyers handed out", 0, "Ctrl Alt 3"),
        ("Quiz players", 1, "Ctrl Alt 4"),
        ("Badges", 1, "Ctrl Alt 5"),
    ]
    assert quiz.state.counters[3].recent == "+1 in the last 30 min"


def test_an_own_counter_is_in_several_at_once_and_in_the_half_hours(
    quiz: TodayViewModel, runner: DeferredRunner
) -> None:
    quiz.count_many(SeveralForm("quiz", "40", "10:00", "12:00", "break"))
    runner.run()
    assert numbers(quiz) == [40, 40, 0, 40, 0]

    shown = [quiz.state.chart_title]
    for _counter in range(3):
        assert quiz.state.next_chart.startswith("show: ")
        quiz.chart_next()
        shown.append(quiz.state.chart_title)

    assert shown[0] == "People reached per half hour"
    assert shown[1:] == [
        f"{name} per half hour" for name in ("Conversations", "Flyers handed out", "Quiz players")
    ]
    assert [bar.count for bar in quiz.state.bars][:5] == [10, 10, 10, 10, 0]


def test_what_was_counted_stays_when_the_office_takes_the_counter_away(
    quiz: TodayViewModel, context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    quiz.count("quiz")
    runner.run()

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office)
        unit.commit()

    context.store.write(keep).result()
    context.changes.tell(Change.ORGANISATION)
    runner.run()

    assert numbers(quiz) == [1, 1, 0]
    quiz.count("quiz")
    assert runner.waiting == 0, "a counter that is gone counts nothing"


def test_undo_goes_back_step_by_step_and_says_what_it_took(
    quiz: TodayViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    for counter in ("reached", "quiz", "flyer"):
        quiz.count(counter)
        runner.run()
        clock.at_us += MINUTE_US
    quiz.count_many(SeveralForm("reached", "25", "10:00", "12:00", "class"))
    runner.run()

    said: list[str] = []
    for _step in range(5):
        quiz.undo()
        runner.run()
        assert quiz.state.message is not None
        said.append(quiz.state.message.text)

    assert said == [
        "Undone: People reached, −25, counted at 14:35.",
        "Undone: Flyers handed out, −1, counted at 14:34.",
        "Undone: Quiz players, −1, counted at 14:33.",
        "Undone: People reached, −1, counted at 14:32.",
        "The last count is older than ten minutes, and stays.",
    ]
    assert numbers(quiz) == [0, 0, 0, 0, 0]
    assert quiz.state.undo == ""


def test_a_span_over_midnight_is_refused_in_words(today: TodayViewModel) -> None:
    (problem,) = today.count_many(SeveralForm("reached", "5", "23:50", "0:20", "break"))

    assert problem.field == "until"
    assert problem.message == "This goes over midnight, and each day is counted by itself. Begin at 0:00."


def test_fifty_presses_while_a_look_takes_its_time_lead_to_one_look_more(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Any] = []
    slow: Future[Any] = Future()
    read = context.store.read
    monkeypatch.setattr(context.store, "read", lambda query: looks.append(query) or slow)

    for _press in range(50):
        today.count("reached")
    context.store.write(lambda _unit: None).result()
    for _answer in range(50):
        runner.run_one()
    assert len(looks) == 1

    monkeypatch.setattr(context.store, "read", lambda query: looks.append(query) or read(query))
    slow.set_result(read(looks[0]).result())
    runner.run()

    assert numbers(today)[0] == 50
    assert len(looks) == 2


def test_presses_that_the_disk_refused_are_told_until_somebody_has_read_it(
    today: TodayViewModel, context: StandContext, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: Future[Any] = Future()
    failed.set_exception(disk_full())
    with monkeypatch.context() as patch:
        patch.setattr(context.store, "write", lambda *_arguments: failed)
        today.count("reached")
        today.count("flyer")
        runner.run()

    today.count("reached")
    runner.run()

    assert numbers(today) == [1, 0, 0]
    assert today.state.message is not None
    assert today.state.message.tone == "bad"
    assert "Not counted: 2." in today.state.message.text
    today.count_many(SeveralForm("flyer", "1", "14:00", "14:30", "other"))
    runner.run()
    assert today.state.message.text == "1 person was added."


def test_presses_that_are_on_their_way_when_the_program_ends_are_kept(
    today: TodayViewModel, reopen: Callable[[], Store], lupa: Event
) -> None:
    for _press in range(200):
        today.count("reached")

    again = reopen()

    assert again.read(lambda c: reach_of(c, branch_of(c), [lupa.event_id])).result().reached == 200
