"""A flyer's content comes from the organisation's document, the event and the language."""

import copy
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.printing.check import checked_flyer
from stojnica.printing.content import event_date, flyer_content

EVENT = Event(
    event_id=UUID(int=7),
    name="Festival LUPA",
    code="lupa-2024",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv-stojnice",
)
DOCUMENT: dict[str, Any] = {
    "organisation": {"name": "Zavod Primer", "short_name": "Primer", "monogram": "P", "accent": "#7A1F4B"},
    "projects": [
        {"id": "cerv-stojnice", "funding": {"kind": "funded", "authority": {"sl": "EACEA"}}},
        {"id": "brez", "funding": None},
    ],
    "flyers": [
        {
            "id": "tabori",
            "template": "promise",
            "url": "https://www.example.org/tabori?jezik=sl",
            "campaign": "",
            "texts": {
                "sl": {
                    "kicker": "zavod primer",
                    "title": "Pridi v {city}!",
                    "promise": "Dobimo se: {event}.",
                    "heading": "Tabori",
                    "body": "Več pri nas na kraju {place}.",
                    "call": "Skeniraj",
                }
            },
        },
        {"id": "klub", "url": "https://example.org/klub", "texts": {"sl": {"title": "Klub"}}},
    ],
}


def test_texts_are_filled_and_the_link_has_the_events_campaign() -> None:
    content = flyer_content(DOCUMENT, EVENT, "sl")

    assert (content.title, content.promise) == ("Pridi v Ljubljana!", "Dobimo se: Festival LUPA.")
    assert content.url == (
        "https://www.example.org/tabori?jezik=sl&utm_source=lupa-2024&utm_medium=qr"
        "&utm_campaign=cerv-stojnice&utm_content=tabori-sl"
    )
    assert content.address == "example.org/tabori?jezik=sl"
    assert (content.event_name, content.event_date) == ("Festival LUPA", "petek, 20. september 2024")
    assert (content.organisation, content.monogram, content.accent) == ("Zavod Primer", "P", "#7A1F4B")
    assert checked_flyer(content).is_printable


def test_a_kicker_that_repeats_the_organisation_is_left_out() -> None:
    assert flyer_content(DOCUMENT, EVENT, "sl").kicker == ""


def test_the_band_of_the_eu_is_that_of_the_events_project() -> None:
    funded = flyer_content(DOCUMENT, EVENT, "sl")
    unfunded = flyer_content(DOCUMENT, replace(EVENT, project="brez"), "sl")
    without = flyer_content(DOCUMENT, replace(EVENT, project=""), "sl")

    assert funded.funding is not None
    assert (unfunded.funding, without.funding) == (None, None)


def test_a_flyer_is_chosen_by_its_id() -> None:
    assert flyer_content(DOCUMENT, EVENT, "sl", flyer_id="klub").title == "Klub"


@pytest.mark.parametrize(("flyer_id", "language"), [("none", "sl"), (None, "en"), (None, "xx")])
def test_what_the_office_has_not_described_is_refused_in_words(flyer_id: str | None, language: str) -> None:
    with pytest.raises(UserFacingError) as refused:
        flyer_content(DOCUMENT, EVENT, language, flyer_id=flyer_id)

    assert refused.value.code == "no_such_flyer"


def test_a_malformed_document_is_refused_in_words_or_taken_without_what_is_wrong() -> None:
    for broken in ({}, {"flyers": None}, {"flyers": ["x"]}, {"flyers": [{"texts": []}]}):
        with pytest.raises(UserFacingError):
            flyer_content(broken, EVENT, "sl")

    document = copy.deepcopy(DOCUMENT)
    document["organisation"] = {"name": 7}
    document["projects"] = [None]
    assert flyer_content(document, EVENT, "sl").organisation == ""


def test_a_value_that_is_not_known_stays_a_placeholder_and_is_not_printed() -> None:
    content = flyer_content(DOCUMENT, replace(EVENT, city=""), "sl")

    assert content.title == "Pridi v {city}!"
    assert not checked_flyer(content).is_printable


@pytest.mark.parametrize(
    ("language", "ends", "written"),
    [
        ("sl", "2024-09-20T18:00", "petek, 20. september 2024"),
        ("sl", "2024-09-21T02:00", "petek, 20. september 2024"),
        ("sl", "2024-09-22T18:00", "20.–22. september 2024"),
        ("sl", "", "petek, 20. september 2024"),
        ("en", "2024-09-20T18:00", "Friday, 20 September 2024"),
        ("en", "2024-10-02T18:00", "20 September – 2 October 2024"),
        ("de", "2025-04-02T18:00", "20. September 2024 – 2. April 2025"),
        ("it", "2024-10-02T18:00", "20 settembre – 2 ottobre 2024"),
        ("hr", "2024-09-22T18:00", "20. – 22. rujna 2024."),
        ("hu", "2024-09-22T18:00", "2024. szeptember 20–22."),
    ],
)
def test_days_are_written_out_in_the_language(language: str, ends: str, written: str) -> None:
    found = event_date(replace(EVENT, ends=ends), language)

    assert found.replace("\u2009", " ").replace("\u202f", " ").replace("\u00a0", " ") == written
