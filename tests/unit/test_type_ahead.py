"""A line goes on by itself where only one thing can be meant, with or without the marks."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.event import Event
from stojnica.domain.form import COUNTRY
from stojnica.i18n import speaking
from stojnica.records.contact_queries import Contact, contact
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_questions import PLACE, SUGGESTED, ShownQuestion
from stojnica.services.country_names import country_names
from stojnica.services.post_codes import town_of
from stojnica.services.signup_choices import Choice
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.type_ahead import rest_of, settled, value_of, words_of
from stojnica.storage.unit import branch_of

TOWN = ShownQuestion("town", PLACE, "Town", country="SI")
HOME = ShownQuestion("country", COUNTRY, "Država", choices=country_names("sl"))
HEARD = ShownQuestion("heard", SUGGESTED, "Od kod nas poznaš?", choices=(Choice("friend", "Prijateljica"),))


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("1000", " Ljubljana"),
        ("1000 ", "Ljubljana"),
        ("1000 lj", "ubljana"),
        ("1001", " Ljubljana"),
        ("100", ""),
        ("9999", ""),
        ("1000 Kranj", ""),
        ("ljubl", "jana"),
        ("crno", "melj"),
        ("Lju", ""),
        ("l", ""),
        ("", ""),
        ("   ", ""),
        ("Trst", ""),
    ],
)
def test_a_code_goes_on_with_its_town_and_a_name_when_nothing_else_begins_so(typed: str, rest: str) -> None:
    assert rest_of(TOWN, typed) == rest


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1000", "1000 Ljubljana"),
        ("1000 ljubljana", "1000 Ljubljana"),
        ("8340 crnomelj", "8340 Črnomelj"),
        ("crnomelj", "Črnomelj"),
        ("1000 Podutik", "1000 Podutik"),
        ("9999", "9999"),
        ("Trst", "Trst"),
        ("", ""),
    ],
)
def test_a_line_that_is_left_gets_the_spelling_of_the_list_and_another_town_stays(
    typed: str, kept: str
) -> None:
    assert settled(TOWN, typed) == kept


def test_a_code_of_another_country_gets_no_slovene_town() -> None:
    abroad = ShownQuestion("town", PLACE, "Ort", country="AT")

    assert (rest_of(abroad, "1000"), settled(abroad, "1000")) == ("", "1000")


@pytest.mark.parametrize(
    ("typed", "rest", "code"),
    [
        ("slovenij", "a", "SI"),
        ("avstr", "ija", "AT"),
        ("avstra", "lija", "AU"),
        ("spa", "nija", "ES"),
        ("madz", "arska", "HU"),
        ("Narnija", "", "Narnija"),
    ],
)
def test_a_country_is_found_by_its_first_letters_with_those_nearby_first(
    typed: str, rest: str, code: str
) -> None:
    assert rest_of(HOME, typed) == rest
    assert value_of(HOME, typed + rest) == code


def test_a_country_that_was_typed_half_is_the_one_that_can_be_meant() -> None:
    assert settled(HOME, "madz") == "HU"
    assert settled(HOME, "avstr") == "avstr", "two begin so"
    assert settled(HOME, "SI") == "SI"
    assert words_of(HOME, "HU") == "Madžarska"


def test_a_proposal_is_kept_by_its_id_and_other_words_as_they_are() -> None:
    assert rest_of(HEARD, "PRIJ") == "ateljica"
    assert value_of(HEARD, "PRIJateljica") == "friend"
    assert value_of(HEARD, "od tete") == "od tete"


@given(st.text(max_size=60), st.sampled_from((TOWN, HOME, HEARD)))
def test_whatever_is_typed_it_stays_at_the_beginning_and_is_settled_once(
    typed: str, question: ShownQuestion
) -> None:
    rest = rest_of(question, typed)
    kept = settled(question, value_of(question, typed + rest))

    assert not rest or rest_of(question, typed + rest) == ""
    assert settled(question, kept) == kept


@given(st.sampled_from(("1000", "2000", "4000", "6210", "8340")))
def test_a_code_that_is_left_alone_and_one_that_is_completed_are_kept_alike(code: str) -> None:
    assert settled(TOWN, code) == code + rest_of(TOWN, code) == f"{code} {town_of(code)}"


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> Iterator[ContactViewModel]:
    with speaking("en"):
        model = ContactViewModel(context)
        model.refresh()
        runner.run()
        yield model


def saved(page: ContactViewModel, context: StandContext, runner: DeferredRunner) -> Contact:
    page.type("first_name", "Tjaša")
    page.type("email", "tjasa@example.org")
    page.choose_band("18-30")
    page.tick_box("answer", True)
    page.save()
    runner.run()
    subject_id = page.state.contacts[0].subject_id
    found = context.store.read(lambda c: contact(c, branch_of(c), subject_id)).result()
    assert found is not None
    return found


def test_a_post_code_is_kept_with_its_town_also_when_saving_at_once(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("town", "4000")

    found = saved(page, context, runner)

    assert (found.post_code, found.town) == ("4000", "Kranj")


def test_leaving_the_line_shows_the_town_and_another_one_may_be_typed_over_it(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("town", "1000")
    page.leave("town")
    assert page.state.form.town == "1000 Ljubljana"
    page.type("town", "1000 Podutik")
    page.leave("town")

    found = saved(page, context, runner)

    assert (found.post_code, found.town) == ("1000", "Podutik")


def test_a_correction_completes_nothing_that_nobody_touched(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.type("town", "9999")
    known = saved(page, context, runner)
    page.correct(known.subject_id)
    runner.run()

    page.leave("town")
    found = saved(page, context, runner)

    assert (found.post_code, found.town) == (known.post_code, known.town) == ("9999", "")
