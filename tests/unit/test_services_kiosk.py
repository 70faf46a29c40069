"""A visitor signs up alone in three pages, and nothing of it is left for the next one."""

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import speaking
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskSettings
from stojnica.services.pin import PIN
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full
from stojnica.storage.memory import forget
from stojnica.storage.outbox import held
from stojnica.storage.unit import UnitOfWork, branch_of

SECOND_US = 1_000_000
SECRET = "Špelca"


@pytest.fixture(autouse=True)
def _in_slovene() -> Iterator[None]:
    with speaking("sl"):
        yield


@pytest.fixture
def kiosk(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> KioskViewModel:
    model = KioskViewModel(context, KioskSettings(language="en"))
    model.open()
    runner.run()
    return model


def fill_person(kiosk: KioskViewModel, band: int = 2, **other: str) -> None:
    fields = {"first_name": SECRET, "email": "spelca@example.org"} | other
    for name, text in fields.items():
        kiosk.type(name, text)
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[band].id)


def go_to_consent(kiosk: KioskViewModel) -> None:
    kiosk.choose("interests", "i1")
    kiosk.next()
    fill_person(kiosk)
    kiosk.next()


def number_held(context: StandContext) -> int:
    return context.store.read(lambda c: held(c, branch_of(c))).result().contacts


def only_contact(context: StandContext, event: Event) -> Contact:
    (line,) = context.store.read(lambda c: newest_contacts(c, branch_of(c), event.event_id, 9)).result()
    found = context.store.read(lambda c: contact(c, branch_of(c), line.subject_id)).result()
    assert found is not None
    return found


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


def test_nothing_ticked_saves_nothing(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    go_to_consent(kiosk)

    kiosk.next()
    runner.run()

    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.problem_at("purposes") is not None
    assert number_held(context) == 0


def test_a_box_that_needs_a_phone_asks_for_it_beside_the_boxes(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    go_to_consent(kiosk)
    assert kiosk.state.questions == ()
    kiosk.tick_box("contact", True)
    assert [question.id for question in kiosk.state.questions] == ["phone"]

    kiosk.next()
    problem = kiosk.state.problem_at("phone")
    assert kiosk.state.phase is KioskPhase.CONSENT
    assert problem is not None
    assert "phone" in problem.message

    kiosk.type("phone", "031 345 095")
    assert [question.text for question in kiosk.state.questions] == ["031 345 095"]
    kiosk.next()
    runner.run()
    assert kiosk.state.phase is KioskPhase.THANKS
    assert only_contact(context, lupa).phone == "+38631345095"


def test_a_phone_that_is_asked_late_and_is_wrong_is_complained_about_at_its_place(
    kiosk: KioskViewModel,
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("contact", True)
    kiosk.type("phone", "12")

    kiosk.next()

    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.problem_at("phone") is not None
    kiosk.back()
    assert kiosk.state.page_id == "person"


def test_a_contact_that_no_box_needs_any_more_is_not_asked(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("contact", True)

    kiosk.tick_box("contact", False)

    assert kiosk.state.questions == ()


def test_name_and_address_are_read_back_before_anything_is_saved(kiosk: KioskViewModel) -> None:
    kiosk.next()
    fill_person(kiosk, last_name="Škof", email=" Spelca@Example.org", phone="031/345-095")
    assert kiosk.state.read_back.contact == ()
    kiosk.next()

    shown = kiosk.state.read_back

    assert shown.contact == ("Spelca@example.org", "031 345 095")
    assert shown.who == f"{SECRET} Škof · 18–30"


def test_who_sees_a_slip_in_the_read_back_goes_to_the_field_and_keeps_the_boxes(
    kiosk: KioskViewModel,
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("newsletter", True)

    kiosk.correct()
    assert kiosk.state.page_id == "person"
    kiosk.type("email", "spela@example.org")
    kiosk.next()

    assert kiosk.state.read_back.contact == ("spela@example.org",)
    assert [box.purpose for box in kiosk.state.consents if box.is_ticked] == ["newsletter"]


def test_a_question_is_kept_only_when_its_box_is_ticked(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    kiosk.type("question", "Do I need English?")
    kiosk.tick_box("answer", False)
    kiosk.tick_box("newsletter", True)

    kiosk.next()
    runner.run()

    found = only_contact(context, lupa)
    assert (found.question, found.remark) == ("", "")


def test_under_the_age_of_consent_nothing_is_kept_not_even_in_memory(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    kiosk.next()
    fill_person(kiosk, band=0)
    kiosk.next()
    assert kiosk.state.phase is KioskPhase.GUARDIAN

    kiosk.refuse_as_guardian()
    runner.run()

    assert kiosk.state.phase is KioskPhase.REFUSED
    assert SECRET not in repr(vars(kiosk))
    assert number_held(context) == 0


def test_a_guardian_who_is_present_agrees_and_is_named(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    kiosk.next()
    fill_person(kiosk, band=0)
    kiosk.next()
    kiosk.next()
    assert [problem.field for problem in kiosk.state.problems][:1] == ["guardian"]

    kiosk.type("guardian", "Marija")
    kiosk.choose_relation("mother")
    kiosk.agree_as_guardian(True)
    kiosk.next()
    kiosk.tick_box("answer", True)
    kiosk.next()
    runner.run()

    assert kiosk.state.phase is KioskPhase.THANKS
    found = only_contact(context, lupa)
    assert (found.guardian, found.guardian_relation, found.age_band) == ("Marija", "mother", "under-15")


def test_a_child_is_asked_for_the_guardian_before_anything_else_is_missing(kiosk: KioskViewModel) -> None:
    kiosk.next()
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[0].id)

    kiosk.next()

    assert kiosk.state.phase is KioskPhase.GUARDIAN
    kiosk.back()
    assert kiosk.state.page_id == "person"
    assert kiosk.state.problems == ()


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


def test_after_a_minute_it_asks_and_half_a_minute_later_it_wipes(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_consent(kiosk)
    clock.at_us += 60 * SECOND_US
    kiosk.tick()
    assert kiosk.state.is_asking
    assert kiosk.state.seconds_left == 30
    assert kiosk.state.still_here_lead == "Otherwise the form is emptied in 30 seconds."

    clock.at_us += 30 * SECOND_US
    kiosk.tick()
    runner.run()

    assert kiosk.state.page_id == "interests"
    assert SECRET not in repr(vars(kiosk))
    assert not kiosk.state.is_asking


def test_a_touch_answers_that_somebody_is_here(kiosk: KioskViewModel, clock: SetClock) -> None:
    go_to_consent(kiosk)
    clock.at_us += 70 * SECOND_US
    kiosk.tick()

    kiosk.touch()
    clock.at_us += 40 * SECOND_US
    kiosk.tick()

    assert not kiosk.state.is_asking
    assert kiosk.state.form.first_name == SECRET


def test_an_untouched_kiosk_asks_nobody(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    clock.at_us += 3600 * SECOND_US

    kiosk.tick()

    assert not kiosk.state.is_asking
    assert runner.waiting == 0


def test_stop_forgets_everything(kiosk: KioskViewModel, runner: DeferredRunner) -> None:
    go_to_consent(kiosk)

    kiosk.stop()
    runner.run()

    assert kiosk.state.page_id == "interests"
    assert SECRET not in repr(vars(kiosk))


def test_without_focus_the_screen_is_blank_and_the_pin_brings_the_form_back(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_consent(kiosk)
    before = kiosk.state.form

    kiosk.lose_focus()
    assert kiosk.state.phase is KioskPhase.BLANK
    assert SECRET not in repr(kiosk.state)
    assert kiosk.state.pin is not None
    assert kiosk.state.pin.reason == "resume"
    kiosk.cancel_pin()
    kiosk.next()
    kiosk.type("first_name", "Other")
    assert kiosk.state.phase is KioskPhase.BLANK
    kiosk.enter_pin("4711")
    runner.run()

    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.form == before
    assert kiosk.state.pin is None


def test_a_blank_screen_forgets_the_visitor_behind_it_after_a_while(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_consent(kiosk)
    kiosk.lose_focus()

    clock.at_us += 90 * SECOND_US
    kiosk.tick()
    assert kiosk.state.phase is KioskPhase.BLANK
    assert SECRET not in repr(vars(kiosk))
    kiosk.enter_pin("4711")
    runner.run()

    assert kiosk.state.page_id == "interests"


def test_the_kiosk_is_left_with_the_pin_alone(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_consent(kiosk)
    kiosk.ask_to_leave()
    kiosk.enter_pin("0000")
    runner.run()
    assert not kiosk.state.is_left
    assert kiosk.state.pin is not None
    assert kiosk.state.pin.wait_s == 1
    assert kiosk.state.pin.problem

    clock.at_us += SECOND_US
    kiosk.tick()
    assert kiosk.state.pin.wait_s == 0
    kiosk.enter_pin("4711")
    runner.run()

    assert kiosk.state.is_left
    assert kiosk.state.phase is KioskPhase.CLOSED
    assert SECRET not in repr(vars(kiosk))


def test_the_question_for_the_pin_can_be_taken_back_by_the_visitor(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)
    kiosk.ask_to_leave()

    kiosk.cancel_pin()

    assert kiosk.state.pin is None
    assert kiosk.state.form.first_name == SECRET


def test_losing_focus_while_saving_ends_with_thanks_behind_the_blank_screen(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    kiosk.next()
    kiosk.lose_focus()
    runner.run()
    assert kiosk.state.phase is KioskPhase.BLANK

    kiosk.enter_pin("4711")
    runner.run()

    assert kiosk.state.phase is KioskPhase.THANKS
    assert number_held(context) == 1


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


def test_without_an_event_the_kiosk_says_why_it_does_not_open(
    context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    model = KioskViewModel(context)

    model.open()
    runner.run()

    assert model.state.phase is KioskPhase.CLOSED
    assert model.state.message is not None


def test_without_a_pin_the_kiosk_does_not_open(
    context: StandContext, runner: DeferredRunner, office: dict[str, Any], lupa: Event
) -> None:
    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, PIN)
        unit.commit()

    context.store.write(drop).result()
    model = KioskViewModel(context)
    model.open()
    runner.run()

    assert model.state.phase is KioskPhase.CLOSED
    assert model.state.message is not None
    assert "PIN" in model.state.message.text


def test_without_wordings_the_kiosk_does_not_open(
    context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    model = KioskViewModel(context)

    model.open()
    runner.run()

    assert model.state.phase is KioskPhase.CLOSED
    assert model.state.message is not None


def test_the_whole_notice_opens_and_closes(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)

    kiosk.open_notice()
    assert kiosk.state.is_notice_open
    assert kiosk.state.notice_full == "Full en."
    kiosk.close_notice()

    assert not kiosk.state.is_notice_open
    assert kiosk.state.form.first_name == SECRET


def test_a_visitor_can_not_type_into_a_field_of_the_team(kiosk: KioskViewModel) -> None:
    for name in ("status", "remark", "slip_number", "age_band", "nothing of the kind"):
        with pytest.raises(KeyError):
            kiosk.type(name, "x")


ACTIONS = st.sampled_from(
    [
        *("next", "back", "stop", "tick", "blank", "leave", "cancel", "pin", "wrong", "later"),
        *("fill", "answer", "sl", "notice"),
    ]
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, max_size=14))
def test_whatever_is_pressed_a_blank_or_ended_screen_never_holds_a_visitor(
    kiosk: KioskViewModel, runner: DeferredRunner, clock: SetClock, actions: list[str]
) -> None:
    kiosk.open()
    runner.run()
    for action in actions:
        if action == "fill" and kiosk.state.page_id == "person":
            fill_person(kiosk)
        elif action == "later":
            clock.at_us += 91 * SECOND_US
            kiosk.tick()
        else:
            {
                "next": kiosk.next,
                "back": kiosk.back,
                "stop": kiosk.stop,
                "tick": kiosk.tick,
                "blank": kiosk.lose_focus,
                "leave": kiosk.ask_to_leave,
                "cancel": kiosk.cancel_pin,
                "pin": lambda: kiosk.enter_pin("4711"),
                "wrong": lambda: kiosk.enter_pin("0000"),
                "answer": lambda: kiosk.tick_box("answer", True),
                "sl": lambda: kiosk.speak("sl"),
                "notice": kiosk.open_notice,
                "fill": kiosk.touch,
            }[action]()
        runner.run()
        if kiosk.state.phase in (KioskPhase.BLANK, KioskPhase.THANKS, KioskPhase.REFUSED, KioskPhase.CLOSED):
            assert SECRET not in repr(kiosk.state)
        if kiosk.state.page_id == "interests" and not kiosk.state.form.first_name:
            assert SECRET not in repr(vars(kiosk))
