"""A visitor signs up alone in three pages, and nothing of it is left for the next one."""

from concurrent.futures import Future
from typing import Any

import pytest
from tests.unit.kiosk_visits import go_to_consent, number_held, only_contact

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.signup import SignUpForm
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full

SECOND_US = 1_000_000
SECRET = "Špelca"


def test_the_first_page_offers_six_interests_and_the_whole_languages(kiosk: KioskViewModel) -> None:
    state = kiosk.state

    assert (state.page_id, state.step, state.steps) == ("interests", 1, 3)
    offered = [tile.label for tile in state.questions[0].options]
    assert offered == [f"Interest {number}" for number in range(1, 7)]
    assert state.languages == (("sl", "Slovenščina"), ("en", "English"))
    assert (state.organisation, state.monogram) == ("Voluntariat", "V")
    assert state.page_title == "What interests you?"


def test_a_visitor_signs_up_and_sees_thanks_when_it_is_on_disk(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    go_to_consent(kiosk)
    assert (kiosk.state.phase, kiosk.state.step) == (KioskPhase.CONSENT, 3)
    assert [box.is_ticked for box in kiosk.state.consents] == [False, False, False]
    kiosk.tick_box("answer", True)
    assert kiosk.state.asks_question
    kiosk.type("question", "Do I need English?")

    kiosk.next()
    assert kiosk.state.is_saving
    assert kiosk.state.phase is KioskPhase.CONSENT
    runner.run()

    assert kiosk.state.phase is KioskPhase.THANKS
    found = only_contact(context, lupa)
    assert (found.first_name, found.channel, found.language) == (SECRET, "kiosk", "en")
    assert (found.interests, found.question) == (("i1",), "Do I need English?")
    states = {item.purpose: (item.is_granted, item.wording_id) for item in found.consents}
    assert states["answer"] == (True, "answer-en")
    assert states["newsletter"] == (False, "newsletter-en")


def test_after_saving_nothing_of_the_person_is_left(kiosk: KioskViewModel, runner: DeferredRunner) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    kiosk.next()
    runner.run()

    assert kiosk.state.form == SignUpForm()
    assert SECRET not in repr(kiosk.state)
    assert SECRET not in repr(vars(kiosk))
    kiosk.next()
    assert kiosk.state.page_id == "interests"
    assert not [tile for tile in kiosk.state.questions[0].options if tile.is_chosen]


def test_thanks_go_by_themselves_and_the_language_is_the_first_one_again(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    kiosk.speak("sl")
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    kiosk.next()
    runner.run()
    assert kiosk.state.language == "sl"

    # Longer than thanks alone: a phone needs a while for the code.
    clock.at_us += 25 * SECOND_US
    kiosk.tick()
    runner.run()

    assert kiosk.state.page_id == "interests"
    assert kiosk.state.language == "en"


def test_going_back_loses_nothing(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("newsletter", True)
    before = kiosk.state.form

    kiosk.back()
    kiosk.back()
    assert kiosk.state.page_id == "interests"
    kiosk.back()
    kiosk.next()
    kiosk.next()

    assert kiosk.state.form == before
    assert kiosk.state.phase is KioskPhase.CONSENT


def test_another_language_loses_nothing_and_says_everything_in_it(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)
    before = kiosk.state.form

    kiosk.speak("sl")

    assert kiosk.state.form == before
    assert kiosk.state.consents[0].title == "answer sl"
    assert kiosk.state.notice_short == "Short sl."


def test_what_is_missing_about_the_person_is_said_on_its_page(kiosk: KioskViewModel) -> None:
    kiosk.next()
    kiosk.type("phone", "123")

    kiosk.next()

    assert kiosk.state.page_id == "person"
    assert {item.field for item in kiosk.state.problems} == {"first_name", "phone", "age_band"}
    kiosk.type("first_name", "A")
    assert kiosk.state.problem_at("first_name") is None


def test_a_message_is_in_the_visitors_language_not_in_the_programs(kiosk: KioskViewModel) -> None:
    kiosk.next()
    kiosk.next()

    problem = kiosk.state.problem_at("first_name")
    assert problem is not None
    assert problem.message == "A first name is needed."


def test_a_typo_hint_is_offered_when_the_field_is_left(kiosk: KioskViewModel) -> None:
    kiosk.next()
    kiosk.type("email", "ana@gmial.com")
    kiosk.leave("email")
    assert kiosk.state.hint_at("email") is not None

    kiosk.accept_hint("email")

    assert kiosk.state.form.email == "ana@gmail.com"


def test_the_same_person_again_learns_nothing_about_others(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    for _ in range(2):
        go_to_consent(kiosk)
        kiosk.tick_box("answer", True)
        kiosk.next()
        runner.run()
        assert kiosk.state.phase is KioskPhase.THANKS
        assert kiosk.state.problems == kiosk.state.hints == ()
        kiosk.next()
        runner.run()

    assert number_held(context) == 2


def test_pressing_save_twice_saves_once(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)

    kiosk.next()
    kiosk.next()
    kiosk.back()
    kiosk.stop()
    kiosk.type("first_name", "Other")
    runner.run()

    assert number_held(context) == 1
    assert kiosk.state.phase is KioskPhase.THANKS


def failing(_store: object, *_arguments: object, **_more: object) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_exception(disk_full())
    return future


def test_m03_a_full_disk_leaves_the_form_and_asks_for_the_team(
    kiosk: KioskViewModel, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    before = kiosk.state.form
    monkeypatch.setattr("stojnica.services.kiosk.save_signup", failing)

    kiosk.next()
    runner.run()

    assert kiosk.state.form == before
    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.message is not None
    assert kiosk.state.message.what == "This could not be saved."
    assert kiosk.state.details != ""


def test_a_visitor_can_not_type_into_a_field_of_the_team(kiosk: KioskViewModel) -> None:
    for name in ("status", "remark", "slip_number", "age_band", "nothing of the kind"):
        with pytest.raises(KeyError):
            kiosk.type(name, "x")
