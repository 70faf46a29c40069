"""A project's funding profile: read with places and reasons, and silent outside its days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.event import Event
from stojnica.domain.funding import Funding, OwnDisclaimer
from stojnica.domain.funding_document import parse_funding
from stojnica.domain.organisation import Organisation, OrganisationDocument, Project
from stojnica.services.flyer_content import funding_of

DAYS = (date(2024, 4, 1), date(2024, 12, 31))
PROFILE: Mapping[str, Any] = {
    "kind": "cofunded",
    "programme": "CERV",
    "authority": {"en": "the Agency", "sl": "Agencija"},
    "name": {"sl": "Prostovoljno čez mejo"},
    "number": "101140000",
    "starts": "2024-05-01",
    "ends": "2024-11-30",
    "languages": ["sl", "en"],
    "disclaimers": {"sl": {"text": "Naše besedilo za {authority}.", "verify": True}},
}


def parsed(**values: object) -> Funding:
    return parse_funding(Node(dict(PROFILE) | values, "projects[0].funding", True), DAYS)


def event_on(day: str, zone: str = "Europe/Ljubljana") -> Event:
    return Event(
        UUID(int=1), "LUPA", "lupa", starts=f"{day}T10:00", ends=f"{day}T18:00", time_zone=zone, project="p"
    )


def document_with(funding: Funding | None) -> OrganisationDocument:
    project = Project("p", {"sl": "Projekt"}, *DAYS, 13, 2200, funding)
    return OrganisationDocument(Organisation("V", "V"), projects=(project,))


def test_a_whole_profile_is_read() -> None:
    funding = parsed()

    assert (funding.kind, funding.programme, funding.number) == ("cofunded", "CERV", "101140000")
    assert (funding.starts, funding.ends) == (date(2024, 5, 1), date(2024, 11, 30))
    assert funding.languages == ("sl", "en")
    assert funding.disclaimers == {"sl": OwnDisclaimer("Naše besedilo za {authority}.", verify=True)}


@pytest.mark.parametrize(
    ("values", "place", "code"),
    [
        ({"kind": "sponsored"}, "kind", "choice"),
        ({"starts": "1. 5. 2024"}, "starts", "day"),
        ({"starts": "2024-12-01"}, "ends", "order"),
        ({"starts": "2025-01-01", "ends": None}, "starts", "order"),
        ({"ends": "2024-03-31", "starts": None}, "ends", "order"),
        ({"languages": "sl"}, "languages", "shape"),
        ({"languages": ["sl", "Slovene"]}, "languages[1]", "language"),
        ({"languages": ["sl", "sl"]}, "languages", "repeated"),
        ({"disclaimers": {"sl": {"text": ""}}}, "disclaimers.sl.text", "blank"),
        ({"disclaimers": {"sl": {"text": "x" * 801}}}, "disclaimers.sl.text", "text"),
        ({"disclaimers": {"sl": "besedilo"}}, "disclaimers.sl", "shape"),
        ({"number": 101140000}, "number", "shape"),
        ({"grant": "x"}, "grant", "unknown"),
    ],
)
def test_each_mistake_has_its_place_and_reason(values: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parsed(**values)

    assert refused.value.place == f"projects[0].funding.{place}"
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [("2024-04-30", False), ("2024-05-01", True), ("2024-11-30", True), ("2024-12-01", False)],
)
def test_nothing_of_the_eu_appears_outside_the_profiles_days(day: str, is_shown: bool) -> None:
    band = funding_of(document_with(parsed()), event_on(day), "sl")

    assert (band is not None) is is_shown


@pytest.mark.parametrize(
    ("day", "is_shown"), [("2024-03-31", False), ("2024-04-01", True), ("2025-01-01", False)]
)
def test_without_days_of_its_own_the_projects_days_hold(day: str, is_shown: bool) -> None:
    funding = parsed(starts=None, ends=None)

    assert (funding_of(document_with(funding), event_on(day), "sl") is not None) is is_shown


def test_the_day_is_the_one_on_the_wall_of_the_place() -> None:
    # In Auckland it is 1 May while it is still 30 April in Ljubljana.
    event = replace(event_on("2024-05-01", "Pacific/Auckland"), starts="2024-05-01T08:00")

    assert funding_of(document_with(parsed()), event, "sl") is not None


def test_an_event_without_a_day_or_without_money_shows_nothing() -> None:
    assert funding_of(document_with(parsed()), replace(event_on("2024-06-01"), starts=""), "sl") is None
    assert funding_of(document_with(None), event_on("2024-06-01"), "sl") is None
    assert funding_of(document_with(parsed()), replace(event_on("2024-06-01"), project=""), "sl") is None


def test_an_own_disclaimer_takes_the_place_of_the_usual_one_and_is_to_be_checked() -> None:
    slovene = funding_of(document_with(parsed()), event_on("2024-06-01"), "sl")
    english = funding_of(document_with(parsed()), event_on("2024-06-01"), "en")

    assert slovene is not None
    assert english is not None
    assert slovene.disclaimer == "Naše besedilo za Agencija."
    assert slovene.must_be_verified
    assert english.disclaimer.startswith("Co-funded by the European Union. Views")
    assert not english.must_be_verified


def test_a_piece_in_a_language_that_the_profile_leaves_out_names_the_money_in_its_first() -> None:
    german = funding_of(document_with(parsed()), event_on("2024-06-01"), "de")

    assert german is not None
    assert (german.language, german.statement) == ("sl", "Sofinancira Evropska unija")


@given(st.dates(date(2023, 1, 1), date(2026, 1, 1)), st.dates(*DAYS), st.dates(*DAYS))
def test_on_every_day_the_profile_holds_or_it_does_not(day: date, one: date, other: date) -> None:
    starts, ends = sorted((one, other))
    funding = replace(parsed(), starts=starts, ends=ends)

    band = funding_of(document_with(funding), event_on(day.isoformat()), "en")

    assert (band is not None) is (starts <= day <= ends)
