"""A contact is typed without losing anything, warned about twice, corrected and voided."""

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from tests.unit.typed_contacts import fill, kept, number_held

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import speaking
from stojnica.services.changes import Change
from stojnica.services.contact import ContactViewModel
from stojnica.services.message import Tone
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full

DAY_US = 86_400_000_000


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


def test_the_page_offers_bands_with_keys_and_boxes_that_are_not_ticked(page: ContactViewModel) -> None:
    state = page.state

    assert [(band.label, band.keys, band.is_chosen) for band in state.bands] == [
        ("under 15", "Alt A", False),
        ("15–17", "Alt S", False),
        ("18–30", "Alt D", False),
        ("31 and over", "Alt F", False),
    ]
    assert [(box.title, box.note, box.is_ticked) for box in state.consents] == [
        ("answer en", "wording 3", False),
        ("newsletter en", "wording 3", False),
        ("contact en", "wording 3", False),
    ]
    assert state.can_save
    assert state.subtitle == "Festival LUPA"
    assert state.consent_languages == (("sl", "Slovenščina"), ("en", "English"))


def test_a_contact_is_saved_and_the_next_form_is_empty(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page, phone="031 345 095", question="Do I need English?")
    first_number = page.state.focus_number

    page.save()
    assert page.state.is_saving
    runner.run()

    assert page.state.form == SignUpForm()
    assert page.state.message is not None
    assert page.state.message.text == "Saved: T. Ž."
    assert (page.state.focus, page.state.focus_number > first_number) == ("first_name", True)
    found = kept(context, page=page)
    assert (found.first_name, found.phone, found.question) == ("Tjaša", "+38631345095", "Do I need English?")
    assert found.channel == "typed"
    assert {item.purpose: item.is_granted for item in found.consents} == {
        "answer": True,
        "newsletter": False,
        "contact": False,
    }
    assert "Tjaša" not in repr(page.state)


def test_the_good_news_goes_when_the_next_one_is_typed(
    page: ContactViewModel, runner: DeferredRunner
) -> None:
    fill(page)
    page.save()
    runner.run()

    page.type("first_name", "A")

    assert page.state.message is None


def test_saving_twice_quickly_saves_once(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)

    page.save()
    page.save()
    runner.run()
    page.save()
    runner.run()

    assert number_held(context) == 1


def test_what_is_missing_is_said_at_its_field_and_the_first_one_gets_the_focus(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("first_name", "Ana")
    page.type("phone", "123")
    page.tick_box("newsletter", True)

    page.save()

    assert {item.field for item in page.state.problems} == {"phone", "email", "age_band"}
    assert page.state.focus == "email"
    assert page.state.form.first_name == "Ana"
    assert runner.waiting == 0
    assert number_held(context) == 0


def test_nothing_ticked_saves_nothing(page: ContactViewModel, context: StandContext) -> None:
    fill(page)
    page.tick_box("answer", False)

    page.save()

    assert page.state.problem_at("purposes") is not None
    assert number_held(context) == 0


def test_a_field_is_checked_when_it_is_left_and_only_that_one(page: ContactViewModel) -> None:
    page.type("email", "ana@@example.org")
    page.leave("email")
    page.leave("first_name")

    assert [item.field for item in page.state.problems] == ["email"]
    page.type("email", "ana@example.org")
    assert page.state.problems == ()


def test_a_likely_typo_is_hinted_at_and_taken_with_one_key(page: ContactViewModel) -> None:
    page.type("email", "tjasa@gmial.com")
    page.leave("email")
    hint = page.state.hint_at("email")
    assert hint is not None
    assert "gmail.com" in hint.message

    page.accept_hint("email")

    assert page.state.form.email == "tjasa@gmail.com"
    assert page.state.hints == ()


def test_the_same_phone_in_this_event_warns_and_never_blocks(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page, phone="031 345 095")
    page.save()
    runner.run()

    page.type("phone", "+386 31 345 095")
    page.leave("phone")
    runner.run()
    assert page.state.same_person == "The same phone number was entered today at 14:32."

    fill(page, email="other@example.org")
    page.save()
    runner.run()
    assert number_held(context) == 2


def test_the_warning_names_the_day_when_it_was_not_today(
    page: ContactViewModel, runner: DeferredRunner, clock: SetClock
) -> None:
    fill(page)
    page.save()
    runner.run()
    clock.at_us += DAY_US

    page.type("email", "TJASA@example.org")
    page.leave("email")
    runner.run()

    assert page.state.same_person == "The same e-mail address was entered on 20 Sept."


@pytest.mark.parametrize(("answer", "is_kept"), [("same", False), ("other", True), ("unknown", True)])
def test_an_answer_takes_the_warning_off_and_only_the_same_person_empties_the_form(
    page: ContactViewModel, runner: DeferredRunner, answer: str, is_kept: bool
) -> None:
    fill(page)
    page.save()
    runner.run()
    page.type("email", "tjasa@example.org")
    page.leave("email")
    runner.run()

    page.answer_same_person(answer)

    assert page.state.same_person == ""
    assert (page.state.form.email != "") is is_kept


def test_under_the_age_of_consent_a_guardian_is_named_and_ticks(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.choose_band(page.state.bands[0].id)
    assert page.state.needs_guardian
    page.save()
    assert page.state.problem_at("guardian") is not None

    page.type("guardian", "Mojca Žnidaršič")
    page.save()
    assert page.state.problem_at("guardian_relation") is not None
    assert page.state.focus == "guardian_relation"
    page.type("guardian_relation", "mother")
    page.save()
    assert page.state.focus == "guardian_agrees", "the guardian ticks, nobody else"
    page.agree_as_guardian(True)
    page.save()
    runner.run()

    found = kept(context, page=page)
    assert (found.guardian, found.guardian_relation) == ("Mojca Žnidaršič", "mother")


def test_the_same_band_again_takes_it_back(page: ContactViewModel) -> None:
    page.choose_band(page.state.bands[1].id)
    page.choose_band(page.state.bands[1].id)

    assert page.state.form.age_band == ""


def test_a_text_is_a_question_only_when_an_answer_is_wanted(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page, question="Call after five")
    page.tick_box("answer", False)
    page.tick_box("newsletter", True)

    page.save()
    runner.run()

    found = kept(context, page=page)
    assert (found.question, found.remark) == ("", "Call after five")


def test_the_wording_that_was_read_aloud_is_the_one_that_is_kept(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.read_in("sl")
    assert page.state.consents[0].title == "answer sl"

    page.save()
    runner.run()

    consent = next(item for item in kept(context, page=page).consents if item.purpose == "answer")
    assert (consent.language, consent.wording_id, consent.wording_version) == ("sl", "answer-sl", 3)
    assert page.state.consent_language == "en"


def failing(_store: object, *_arguments: object, **_more: object) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_exception(disk_full())
    return future


def test_m03_a_full_disk_leaves_the_form_as_it_is(
    page: ContactViewModel, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(page)
    before = page.state.form
    monkeypatch.setattr("stojnica.services.contact.keep_contact", failing)

    page.save()
    runner.run()

    assert page.state.form == before
    assert not page.state.is_saving
    assert page.state.message is not None
    assert page.state.message.tone is Tone.BAD
    assert "full" in page.state.message.text


def test_what_is_typed_stays_when_something_else_changes(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    before = page.state.form

    context.changes.tell(Change.ORGANISATION, Change.CONTACTS)
    runner.run()

    assert page.state.form == before


def test_who_types_is_named_in_the_head_and_kept_with_the_contact(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.choose_operator("Maja")
    runner.run()
    assert page.state.subtitle == "entry: Maja · Festival LUPA"

    fill(page)
    page.save()
    runner.run()

    assert kept(context, page=page).operator == "Maja"


def test_without_an_event_nothing_is_saved_and_the_form_stays(
    context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    fill(model)

    model.save()
    runner.run()

    assert not model.state.can_save
    assert model.state.message is not None
    assert model.state.form.first_name == "Tjaša"
    assert number_held(context) == 0


def test_no_field_of_another_name_can_be_typed_into(page: ContactViewModel) -> None:
    with pytest.raises(KeyError):
        page.type("purposes", "answer")
    with pytest.raises(KeyError):
        page.choose("email", "x", is_chosen=True)


def test_without_wordings_nothing_is_saved_and_the_page_says_where_they_come_from(
    context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    model.type("first_name", "Ana")

    model.save()

    assert not model.state.can_save
    assert model.state.message is not None
    assert "office" in model.state.message.text
    assert model.state.form.first_name == "Ana"
