"""The web form for home: the same on cards and on the kiosk, with the event's code and nobody's data."""

from dataclasses import replace
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw

from stojnica.domain.event import Event
from stojnica.domain.organisation_document import parse_document
from stojnica.services.home_address import home_address
from stojnica.services.kiosk_links import InterestLink, home_links, links_of


def scanned(link: InterestLink) -> str:
    """Draw the code as the kiosk does, and read it."""
    scale = 6
    side = (link.modules + 8) * scale
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    for column, line, length in link.runs:
        left, top = (column + 4) * scale, (line + 4) * scale
        pen.rectangle((left, top, left + length * scale - 1, top + scale - 1), fill=0)
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


def test_a_child_at_the_kiosk_gets_the_form_with_the_event(office: dict[str, Any], lupa: Event) -> None:
    office["organisation"]["web_form"] = "https://example.org/obrazec"
    document = parse_document(office)

    [link] = home_links(document, lupa, "sl")

    assert (link.title, link.address) == ("Voluntariat", "example.org/obrazec")
    assert scanned(link).startswith("https://example.org/obrazec?utm_source=lupa&utm_medium=qr")


def test_without_a_form_the_website_serves_and_without_any_there_is_none(
    office: dict[str, Any], lupa: Event
) -> None:
    document = parse_document(office)
    silent = replace(document, organisation=replace(document.organisation, website=""))

    home = home_address(document, lupa, "sl")

    assert home is not None
    assert home.shown == "example.org"
    assert home_address(silent, lupa, "sl") is None
    assert home_links(silent, lupa, "sl") == ()


def test_an_address_that_is_too_long_with_the_event_is_shown_without_it(
    office: dict[str, Any], lupa: Event
) -> None:
    office["organisation"]["website"] = "https://example.org/" + "x" * 230
    document = parse_document(office)

    assert home_links(document, lupa, "sl") == links_of(document, (), "sl")
