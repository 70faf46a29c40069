"""What only looks something up answers whatever is typed, and keeps nothing of it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.a_day_at_lupa import Day
from tests.unit.bad_texts import ANYTHING, NUMBERS

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.services.answers_page import AnswersViewModel
from stojnica.services.contact import ContactViewModel
from stojnica.services.handover_page import HandoverViewModel
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.today import TodayViewModel


@pytest.mark.parametrize(
    "text", [*ANYTHING.values(), *NUMBERS, "ana@\ud83d"], ids=lambda text: ascii(text[:12])
)
def test_what_only_looks_something_up_answers_whatever_is_typed(
    context: StandContext,
    runner: DeferredRunner,
    clock: SetClock,
    lupa: Event,
    office: dict[str, Any],
    text: str,
) -> None:
    # Given the pages that look up, and one contact
    Day(context.store, clock, lupa).sign_up(name="Cilka")
    page, answers = ContactViewModel(context), AnswersViewModel(context)
    slips, today, figures = SlipEntryViewModel(context), TodayViewModel(context), HandoverViewModel(context)
    for model in (page, answers, today, figures):
        model.refresh()
    slips.begin(lupa.event_id)
    runner.run()

    # When anything at all is typed, and read at once
    page.search.type(text)
    answers.type(text)
    slips.type_day(text)
    slips.type_number(text)
    slips.open()
    figures.note_other("reached", text)
    form = replace(today.several(), amount=text, since=text, until=text)
    problems = today.check_several(form)
    runner.run()

    # Then each answers, keeps nothing of it, and does its work
    assert {item.field for item in problems} >= {"since", "until"}
    assert slips.state.number_problem or slips.state.day_problem or slips.state.opened is None
    assert all(problem.message.endswith(".") for problem in problems)
    page.search.type("cilk")
    answers.type("")
    runner.run()
    assert [row.who for row in page.search.state.rows] == ["C."]
    context.pin.try_pin(text).result()
    clock.at_us += 60_000_000
    assert context.pin.try_pin("4711").result().is_right
