"""The kiosk wipes itself, goes blank without the focus, and is left with the PIN alone."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.kiosk_visits import fill_person, go_to_consent, number_held

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.pin import PIN
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork

SECOND_US = 1_000_000
SECRET = "Špelca"
ACTIONS = st.sampled_from(
    [
        *("next", "back", "stop", "tick", "blank", "leave", "cancel", "pin", "wrong", "later"),
        *("fill", "answer", "sl", "notice"),
    ]
)


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
