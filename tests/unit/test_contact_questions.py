"""The typed page asks what the form says: in its order, the rare things below a fold, with keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.contact_queries import Contact, contact
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_questions import joined_town, split_town
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import branch_of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    return opened(context, runner)


def opened(context: StandContext, runner: DeferredRunner) -> ContactViewModel:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    return model


def saved(page: ContactViewModel, context: StandContext, runner: DeferredRunner) -> Contact:
    page.save()
    runner.run()
    assert page.state.problems == ()
    subject = page.state.contacts[0].subject_id
    found = context.store.read(lambda c: contact(c, branch_of(c), subject)).result()
    assert found is not None
    return found


def fill(page: ContactViewModel) -> None:
    page.type("first_name", "Tjaša")
    page.type("email", "tjasa@example.org")
    page.choose_band("18-30")
    page.tick_box("answer", True)


def test_what_is_asked_often_is_in_sight_and_the_rest_below_the_fold(page: ContactViewModel) -> None:
    shown = page.state.questions

    in_sight = ["first_name", "last_name", "email", "phone", "age_band", "town", "heard", "question"]
    assert [item.id for item in shown.front] == in_sight
    assert [item.id for item in shown.more] == ["interests", "status", "free", "languages"]
    assert [(item.title, item.note) for item in shown.front][:4] == [
        ("First name", ""),
        ("Surname", "optional"),
        ("E-mail", "or a phone number"),
        ("Phone", ""),
    ]


def test_answers_below_the_fold_are_kept_with_the_form_and_its_version(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.type("status", "student")
    page.choose("free", "summer", True)
    page.choose("free", "weekends", True)
    page.choose("free", "summer", False)
    page.choose("languages", "sl", True)
    assert page.state.questions.answered_below == 3

    found = saved(page, context, runner)

    assert found.status == "student"
    assert found.answers == {"free": ("weekends",), "languages": ("sl",)}
    assert (found.form, found.form_version) == ("person", 1)


def test_a_key_chooses_an_interest_and_opens_the_fold_so_that_it_is_seen(page: ContactViewModel) -> None:
    page.toggle_interest(1)
    assert page.state.form.interests == ("i2",)
    assert page.state.habits.is_more_open

    page.toggle_interest(1)
    page.toggle_interest(8)

    assert page.state.form.interests == ()


def test_the_fold_stays_as_it_was_left_also_after_a_restart(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.open_more(True)
    page.open_palette(True)
    runner.run()

    again = opened(context, runner)

    assert again.state.habits.is_more_open
    assert again.state.habits.is_palette_open


def test_an_organisation_is_asked_its_own_questions_and_no_age(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("email", "ravnatelj@example.org")
    page.choose_audience("organisation")
    state = page.state
    assert state.questions.more == ()
    assert [item.id for item in state.questions.front][:4] == [
        "cooperation",
        "cooperation_more",
        "organisation",
        "role",
    ]
    assert state.form.email == "ravnatelj@example.org", "what was typed stays"
    assert state.focus == "organisation"

    page.type("first_name", "Bor")
    page.tick_box("answer", True)
    page.save()
    assert page.state.focus == "organisation", "it is mandatory"
    page.type("organisation", "Gimnazija Bežigrad")
    page.type("role", "svetovalec")
    page.choose("cooperation", "host_camp", True)
    found = saved(page, context, runner)

    assert (found.audience, found.form, found.age_band) == ("organisation", "organisation", "")
    assert found.organisation == "Gimnazija Bežigrad"
    assert found.answers == {"cooperation": ("host_camp",), "role": "svetovalec"}
    assert page.state.audience == "person", "the next one is a visitor again"


def test_the_contact_of_an_organisation_is_corrected_in_its_own_form(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.choose_audience("organisation")
    for name, text in {"organisation": "Občina", "first_name": "Bor", "email": "b@example.org"}.items():
        page.type(name, text)
    page.tick_box("answer", True)
    saved(page, context, runner)

    page.correct(page.state.contacts[0].subject_id)
    runner.run()
    assert page.state.audience == "organisation"
    page.type("role", "župan")
    found = saved(page, context, runner)

    assert (found.organisation, found.answers) == ("Občina", {"role": "župan"})


def test_a_problem_below_the_fold_opens_it_and_gets_the_focus(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("stojnica.services.contact_questions._IN_SIGHT", frozenset({"first_name"}))
    page = opened(context, runner)
    fill(page)
    page.type("phone", "12")
    assert not page.state.habits.is_more_open

    page.save()

    assert page.state.habits.is_more_open
    assert page.state.focus == "phone"


def test_post_code_and_town_are_typed_in_one_line_and_kept_apart(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    fill(page)
    page.type("town", " 1000  Ljubljana")

    found = saved(page, context, runner)
    assert (found.post_code, found.town) == ("1000", "Ljubljana")

    page.correct(found.subject_id)
    runner.run()
    assert page.state.form.town == "1000 Ljubljana"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ljubljana", ("", "Ljubljana")),
        ("1000", ("1000", "")),
        ("99", ("99", "")),
        ("24. novembra", ("", "24. novembra")),
        ("34121 Trieste", ("", "34121 Trieste")),
        ("", ("", "")),
    ],
)
def test_what_does_not_begin_with_a_post_code_of_the_country_stays_one_text(
    typed: str, kept: tuple[str, str]
) -> None:
    assert split_town(typed, "SI") == kept


@given(st.text(max_size=40))
def test_no_letter_of_a_town_is_ever_lost(typed: str) -> None:
    post_code, town = split_town(typed, "SI")

    assert joined_town(post_code, town).split() == typed.split()


def test_a_wrong_post_code_is_said_at_the_line_in_which_it_stands(page: ContactViewModel) -> None:
    fill(page)
    page.type("town", "99")

    page.save()

    assert page.state.problem_at("town") is not None
    assert page.state.focus == "town"


def test_what_holds_for_a_class_is_typed_once_shown_and_taken_away_again(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("first_name", "Tjaša")
    page.keep_defaults("1000 Ljubljana ", "Gimnazija Bežigrad")
    runner.run()
    assert page.state.defaults.words == "1000 Ljubljana · Gimnazija Bežigrad"
    assert page.state.form.first_name == "Tjaša"
    assert page.state.form.town == "1000 Ljubljana", "the form that is open follows, where nothing was typed"

    fill(page)
    found = saved(page, context, runner)
    assert (found.town, found.post_code, found.organisation) == ("Ljubljana", "1000", "Gimnazija Bežigrad")
    assert page.state.form.town == "1000 Ljubljana"
    assert opened(context, runner).state.form.town == "1000 Ljubljana", "also after a restart"

    page.type("town", "Kranj")
    page.keep_defaults("", "")
    runner.run()
    assert page.state.defaults.words == ""
    assert (page.state.form.town, page.state.form.organisation) == ("Kranj", "")
