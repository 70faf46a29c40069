"""The page of answers: found while typing, shown in the visitor's language, missing ones noted at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.facts import FACT
from stojnica.services.answers_page import AnswersViewModel
from stojnica.services.changes import Change
from stojnica.services.message import Tone
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import UnitOfWork

DAY_US = 24 * 3600 * 1_000_000


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, lupa: Event) -> AnswersViewModel:
    keep(context, sample_document(date(2024, 9, 20)))
    model = AnswersViewModel(context)
    model.refresh()
    runner.run()
    return model


def keep(context: StandContext, document: dict[str, Any]) -> None:
    def work(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    context.store.write(work).result()


def note(page: AnswersViewModel, runner: DeferredRunner, text: str) -> None:
    page.type(text)
    page.nobody_knew()
    runner.run()


def test_all_questions_are_there_before_anything_is_typed(page: AnswersViewModel) -> None:
    state = page.state

    assert state.has_answers
    assert len(state.rows) >= 8
    assert state.rows[0].question == "Am I insured?"
    assert state.shown is not None
    assert [choice.id for choice in state.languages] == ["sl", "en", "de", "it", "hr", "hu"]


def test_a_volunteer_types_slovene_and_the_visitor_reads_german(
    page: AnswersViewModel, runner: DeferredRunner
) -> None:
    page.choose_language("de")

    page.type("vizum")

    assert runner.waiting == 0, "finding waits for nothing"
    assert [row.id for row in page.state.rows] == ["visa"]
    assert page.state.shown is not None
    assert page.state.shown.question == "Brauche ich ein Visum?"
    assert page.state.shown.language == "de"


def test_the_same_answer_stays_shown_in_another_language(page: AnswersViewModel) -> None:
    page.choose("cost")

    page.choose_language("hu")

    assert page.state.shown is not None
    assert (page.state.shown.id, page.state.shown.question) == ("cost", "Mennyibe kerül összesen?")


def test_the_arrows_walk_through_what_was_found_and_stop_at_the_ends(page: AnswersViewModel) -> None:
    ids = [row.id for row in page.state.rows]

    page.previous()
    first = page.state.shown
    for _step in range(len(ids) + 3):
        page.next()

    assert first is not None
    assert page.state.shown is not None
    assert (first.id, page.state.shown.id) == (ids[0], ids[-1])


def test_what_nobody_could_answer_is_a_fact_for_the_office(
    page: AnswersViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    heard: list[frozenset[Change]] = []
    context.changes.subscribe(heard.append)
    page.choose_language("it")

    note(page, runner, "  Posso portare il cane? ")

    assert page.state.query == ""
    assert page.state.message is not None
    assert page.state.message.tone is Tone.GOOD
    assert "Posso portare il cane?" in page.state.message.what
    assert [(row.time, row.text) for row in page.state.missed] == [("14:32", "Posso portare il cane?")]
    assert heard == [frozenset({Change.QUESTIONS})]
    facts = context.store.read(
        lambda c: c.execute(
            sa.select(FACT.c.body, FACT.c.event_id).where(FACT.c.kind == kinds.QUESTION_MISSED)
        ).all()
    ).result()
    assert [row.event_id for row in facts] == [lupa.event_id]
    assert b'"language":"it"' in facts[0].body


def test_a_question_that_was_taken_back_is_in_no_list(page: AnswersViewModel, runner: DeferredRunner) -> None:
    note(page, runner, "First?")
    note(page, runner, "Second?")

    page.take_back(page.state.missed[0].subject_id)
    runner.run()

    assert [row.text for row in page.state.missed] == ["First?"]
    assert page.state.message is not None
    assert page.state.message.tone is Tone.GOOD


def test_yesterdays_questions_are_not_in_todays_list(
    page: AnswersViewModel, clock: SetClock, runner: DeferredRunner
) -> None:
    note(page, runner, "Yesterday?")

    clock.at_us += DAY_US
    page.refresh()
    runner.run()

    assert page.state.missed == ()


def test_pressing_twice_notes_it_once(page: AnswersViewModel, runner: DeferredRunner) -> None:
    page.type("Twice?")

    page.nobody_knew()
    page.nobody_knew()
    runner.run()

    assert [row.text for row in page.state.missed] == ["Twice?"]


@pytest.mark.parametrize(("text", "tone"), [("  ", Tone.WAIT), ("a\u202eb", Tone.BAD)])
def test_what_is_no_question_is_not_noted_and_stays_typed(
    page: AnswersViewModel, runner: DeferredRunner, text: str, tone: Tone
) -> None:
    page.type(text)

    page.nobody_knew()
    runner.run()

    assert page.state.missed == ()
    assert page.state.query == text
    assert page.state.message is not None
    assert page.state.message.tone is tone


def test_a_text_of_any_length_is_cut_to_what_a_question_may_be(
    page: AnswersViewModel, runner: DeferredRunner
) -> None:
    note(page, runner, "w " * 5_000)

    assert len(page.state.missed[0].text) <= 2_000


def test_typing_goes_on_while_the_store_is_asked(page: AnswersViewModel, runner: DeferredRunner) -> None:
    page.refresh()
    page.type("vizum")

    runner.run()

    assert page.state.query == "vizum"
    assert [row.id for row in page.state.rows] == ["visa"]


def test_without_answers_of_the_office_a_question_can_still_be_noted(
    context: StandContext, runner: DeferredRunner
) -> None:
    page = AnswersViewModel(context)
    page.refresh()
    runner.run()

    note(page, runner, "Anybody?")

    assert not page.state.has_answers
    assert [row.text for row in page.state.missed] == ["Anybody?"]
