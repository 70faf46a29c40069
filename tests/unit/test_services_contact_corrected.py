"""A contact is corrected, taken back and voided, and looked up without showing names for long."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.typed_contacts import fill, kept, number_held

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import speaking
from stojnica.services.contact import ContactViewModel
from stojnica.services.message import Tone
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    return model


def test_a_contact_is_corrected_in_the_same_form(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page, phone="031 345 095")
    page.save()
    runner.run()

    page.correct(page.state.contacts[0].subject_id)
    runner.run()
    assert page.state.title == "Correct a contact"
    assert page.state.form.phone == "031 345 095"
    assert [box.is_ticked for box in page.state.consents] == [True, False, False]
    page.type("last_name", "Žnidar")
    page.tick_box("contact", True)
    page.save()
    runner.run()

    found = kept(context, page=page)
    assert (found.last_name, number_held(context)) == ("Žnidar", 1)
    assert [item.purpose for item in found.consents if item.is_granted] == ["answer", "contact"]
    assert page.state.correcting is None
    assert page.state.message is not None
    assert page.state.message.text == "Corrected: T. Ž."


def test_a_correction_does_not_warn_about_the_contact_itself(
    page: ContactViewModel, runner: DeferredRunner
) -> None:
    fill(page)
    page.save()
    runner.run()
    page.correct(page.state.contacts[0].subject_id)
    runner.run()

    page.leave("email")
    runner.run()

    assert page.state.same_person == ""


def test_a_correction_can_be_given_up(page: ContactViewModel, runner: DeferredRunner) -> None:
    fill(page)
    page.save()
    runner.run()
    page.correct(page.state.contacts[0].subject_id)
    runner.run()

    page.clear()

    assert page.state.correcting is None
    assert page.state.form == SignUpForm()


def test_all_consents_are_taken_back_at_once(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.save()
    runner.run()
    page.correct(page.state.contacts[0].subject_id)
    runner.run()

    page.withdraw_all()
    runner.run()

    assert not [item for item in kept(context, page=page).consents if item.is_granted]
    assert page.state.correcting is None


def test_voiding_needs_a_reason_and_takes_the_contact_out_of_the_list(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.save()
    runner.run()
    subject = page.state.contacts[0].subject_id

    page.void(subject, "")
    assert page.state.message is not None
    assert page.state.message.tone is Tone.WAIT
    page.void(subject, "twice")
    runner.run()

    assert page.state.contacts == ()
    assert number_held(context) == 0
    assert page.state.message.text == "The contact was voided."


def test_the_list_shows_names_only_after_the_pin_and_not_for_long(
    page: ContactViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    fill(page)
    page.save()
    runner.run()
    page.show_names("0000")
    runner.run()
    assert [row.who for row in page.state.contacts] == ["T. Ž."]
    clock.at_us += 1_000_000

    page.show_names("4711")
    runner.run()
    assert [row.who for row in page.state.contacts] == ["Tjaša Žnidaršič"]
    clock.at_us += 10_000_000
    page.tick()

    assert [row.who for row in page.state.contacts] == ["T. Ž."]
