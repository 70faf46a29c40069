"""The office's own templates: what it changed in a shipped one; a wrong one stands aside."""

from typing import Any

import pytest

from stojnica.domain.document_node import DocumentError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.look_document import MAX_TEMPLATES
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.template_file import load_template
from stojnica.printing.template_node import BadTemplateError
from stojnica.services.flyer_paper import FlyerWish, paper_choices
from stojnica.services.made_flyer import FlyerScene, make_flyer_of, settled
from stojnica.services.own_templates import check_templates, own_templates
from stojnica.services.sample import SAMPLE_DAY, sample_document

EVENT = Event(
    event_id=new_id(),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
RED = {
    "id": "red-sign",
    "like": "sign",
    "name": {"sl": "Rdeč napis", "en": "Red sign"},
    "changes": {
        "colours": {"accent": "#8A1C2B"},
        "words": {"sl": {"title": "Ostanimo\nv stiku."}},
        "styles": {"title": {"size_pt": "43.5"}},
        "sizes": {"A4": None},
    },
}


def office(*templates: dict[str, Any], flyer_template: str = "promise") -> OrganisationDocument:
    document = sample_document(SAMPLE_DAY) | {"templates": list(templates)}
    document["organisation"] = {**document["organisation"], "accent": ""}
    document["flyers"] = [{**document["flyers"][0], "template": flyer_template}]
    return parse_document(document, refuse_unknown=True)


def scene(document: OrganisationDocument) -> FlyerScene:
    return FlyerScene(document, EVENT, own_templates(document))


def test_what_the_office_changed_is_changed_and_everything_else_is_as_in_the_shipped_one() -> None:
    (design,) = own_templates(office(RED)).designs

    assert design.name["sl"] == "Rdeč napis"
    assert design.name["de"]  # What the office didn't name keeps its name.
    assert design.words["sl"].title == "Ostanimo\nv stiku."
    assert design.words["sl"].call == "Skeniraj s telefonom"
    assert tuple(design.sizes) == ("A5",)
    assert design.size().styles["title"].size_pt == 43.5
    assert design.size().plain == load_template("sign").plain


def test_it_is_offered_last_and_printed_like_any_other() -> None:
    there = scene(office(RED))
    wish = settled(there, FlyerWish("sl", template_id="red-sign"))

    made = make_flyer_of(there, wish)

    assert paper_choices(wish).templates[-1][0] == "red-sign"
    assert not paper_choices(wish).needs_flyer
    assert made.checked.is_printable
    assert made.name == "lupa-red-sign-sl-A5.pdf"


def test_a_wrong_one_is_named_by_its_place_and_the_shipped_one_is_used() -> None:
    # Given a flyer for which the office chose a template of its own, with a mistake in it.
    wrong = {"id": "ours", "like": "promise", "name": {"sl": "Naš"}, "changes": {"colours": {"ink": "black"}}}
    document = office(wrong, flyer_template="ours")

    there = scene(document)

    assert settled(there, FlyerWish("sl")).template_id == "promise"
    assert make_flyer_of(there, FlyerWish("sl")).checked.is_printable
    assert [("ours" in words, "colours.ink" in words) for words in there.templates.wrong] == [(True, True)]
    with pytest.raises(BadTemplateError) as refused:
        check_templates(document)
    assert refused.value.where == "colours.ink"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "sign"}, "id"),
        ({"like": "none-such"}, "like"),
        ({"changes": {"sizes": {"A5": None, "A4": None}}}, "sizes"),
        ({"changes": {"sizes": {"A5": None}}}, "sizes.A4.like"),
        ({"changes": {"words": {"sl": {"title": 5}}}}, "words.sl.title"),
        ({"changes": {"words": {"sl": {"title": "a" * 500}}}}, "words.sl.title"),
        ({"changes": {"leads_to": "elsewhere"}}, "leads_to"),
        ({"changes": {"styles": {"title": {"size_pt": "43,5"}}}}, "styles.title.size_pt"),
        ({"changes": {"sizes": {"A5": {"reading_cm": 1}}}}, "sizes.A5.reading_cm"),
    ],
)
def test_each_mistake_has_its_place(change: dict[str, Any], where: str) -> None:
    document = office({**RED, "changes": {}} | change)

    with pytest.raises(BadTemplateError) as refused:
        check_templates(document)

    assert refused.value.where == where


@pytest.mark.parametrize(
    ("templates", "place"),
    [
        ([{**RED, "changes": []}], "templates[0].changes"),
        ([{**RED, "changes": {"about": "x" * 70_000}}], "templates[0].changes"),
        ([{**RED, "like": "../fonts"}], "templates[0].like"),
        ([{**RED, "colour": "red"}], "templates[0].colour"),
        ([RED, RED], "templates[1]"),
        ([{**RED, "id": f"red-{number}"} for number in range(MAX_TEMPLATES + 1)], "templates"),
    ],
)
def test_the_document_bounds_them(templates: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(DocumentError) as refused:
        office(*templates)

    assert refused.value.place.startswith(place)
