"""What codes hold beside links: escaped so that a phone gets back exactly what the office wrote."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import zxingcpp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.unit.conftest import office_document

from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation import OfferedCode, OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.qr_payload import CalendarCode, ContactCode, LinkCode, WifiCode, folded
from stojnica.domain.qr_payload_document import read_code
from stojnica.domain.web_target import is_target
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.qr import LONGEST_PAYLOAD, encode_qr
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.made_flyer import FlyerScene, make_flyer_of
from stojnica.services.offered_codes import led_to

_LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"))
_SHORT = st.text(_LETTERS, min_size=1, max_size=20)
EVENT = Event(
    **{"event_id": new_id(), "name": "LUPA", "code": "lupa", "place": "Breg", "city": "Ljubljana"},
    **{"starts": "2024-09-20T10:00", "ends": "2024-09-20T18:00"},
)

CONTENT = FlyerContent("Zavod", "V", "Poletje", "", "", "", "Skeniraj", "https://example.org/", "example.org")


def scanned(payload: str) -> str:
    code = encode_qr(payload)
    side = (code.modules + 8) * 4
    image = Image.new("L", (side, side), 255)
    for column, row, length in code.runs:
        left, top = (column + 4) * 4, (row + 4) * 4
        image.paste(0, (left, top, left + length * 4, top + 4))
    # Of this format alone: stripes of a line code are found in many a drawing.
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    (found,) = zxingcpp.read_barcodes(image, formats=formats)
    # As bytes, for phones take them as UTF-8.
    return found.bytes.decode()


def wifi_read(text: str) -> dict[str, str]:
    """Read as phones do: fields end at a semicolon that no backslash stands before."""
    assert text.startswith("WIFI:")
    assert text.endswith(";;")
    parts = re.findall(r"([A-Z]):((?:\\.|[^\\;])*);", text.removeprefix("WIFI:"), re.DOTALL)
    return {name: re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL) for name, value in parts}


def vcard_read(text: str) -> dict[str, str]:
    """Read as RFC 2426 says: unfold, split at the first colon, take backslashes away."""
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCARD", "END:VCARD", "")
    read = dict(line.split(":", 1) for line in lines[1:-2])
    plain = {"n": "\n", "N": "\n"}
    return {
        name: re.sub(r"\\(.)", lambda found: plain.get(found[1], found[1]), value)
        for name, value in read.items()
    }


@settings(deadline=None, max_examples=60)
@given(_SHORT, st.text(_LETTERS, max_size=30), st.booleans())
@example('a;b,c\\d"e:f', ";;\\;", True)
@example("Žiga's Wi-Fi", "čšž€😀", False)
def test_a_phone_gets_into_the_wifi_that_the_office_meant(name: str, password: str, hidden: bool) -> None:
    payload = WifiCode(name, password, is_hidden=hidden).payload()

    read = wifi_read(scanned(payload))

    assert read == {"T": "WPA", "S": name, "P": password, "H": "true" if hidden else "false"}


def test_the_wifi_is_written_as_phones_expect() -> None:
    assert WifiCode("Stojnica", "skrivnost").payload() == "WIFI:T:WPA;S:Stojnica;P:skrivnost;H:false;;"
    assert WifiCode("a;b", 'c"d:e').payload() == 'WIFI:T:WPA;S:a\\;b;P:c\\"d\\:e;H:false;;'


@settings(deadline=None, max_examples=60)
@given(_SHORT, st.text(_LETTERS, max_size=20), st.text(st.sampled_from("ab;,\\:\nčž"), max_size=60))
@example("O'Brien; van der, Ž\\", "Zavod Voluntariat · SCI", "vrstica\nin, še; ena\\n")
def test_a_phone_gets_the_contact_that_the_office_wrote(name: str, organisation: str, note: str) -> None:
    contact = ContactCode(name, organisation, "+386 1 239 16 25", "info@example.org", note=note)
    payload = contact.payload()
    assume(len(payload.encode()) <= LONGEST_PAYLOAD)

    read = vcard_read(scanned(payload))

    assert read["FN"] == name
    assert read["N"] == name + ";;;;"
    assert read.get("ORG", "") == organisation
    assert read.get("NOTE", "") == note
    assert (read["TEL"], read["EMAIL"]) == ("+386 1 239 16 25", "info@example.org")


OF_SIX_LANGUAGES = "čšžČŠŽ äöüßÄÖÜẞ àèéìòùÀ ćđĆĐ áéíóöőúüűÁŐŰ"
_HOSTILE = st.text(st.sampled_from(OF_SIX_LANGUAGES + "\\;,:\"{}'%&=?#@\n"), min_size=1, max_size=24)


@settings(deadline=None, max_examples=30)
@given(_HOSTILE, _HOSTILE, _HOSTILE, _HOSTILE)
@example("\\;", ";;END:VCARD", "\\n\n,", ":")
@example("Đorđe Őry-Szűcs", "Größenwahn & Söhne; ẞ", "+386 1 239 16 25;ext=7", "info@example.org")
def test_no_field_of_a_contact_reaches_into_another_in_any_of_the_six_languages(
    name: str, organisation: str, phone: str, email: str
) -> None:
    payload = ContactCode(name, organisation, phone, email, "https://example.org/?a=b;c,d").payload()
    assume(len(payload.encode()) <= LONGEST_PAYLOAD)

    read = vcard_read(scanned(payload))

    assert set(read) == {"VERSION", "N", "FN", "ORG", "TEL", "EMAIL", "URL"}
    assert (read["FN"], read["ORG"], read["TEL"], read["EMAIL"]) == (name, organisation, phone, email)
    assert read["URL"] == "https://example.org/?a=b;c,d"


@settings(deadline=None, max_examples=30)
@given(_HOSTILE, _HOSTILE, st.sampled_from(("WPA", "WEP")))
@example("S:x;T:nopass", ";H:true;;", "WEP")
def test_no_field_of_a_wifi_reaches_into_another_in_any_of_the_six_languages(
    name: str, password: str, security: str
) -> None:
    read = wifi_read(scanned(WifiCode(name, password, security).payload()))

    assert read == {"T": security, "S": name, "P": password, "H": "false"}


@settings(deadline=None, max_examples=30)
@given(st.text(st.sampled_from(OF_SIX_LANGUAGES + "/?&=#;,:+%$'\"{}()"), max_size=30))
@example("?utm_source=evil&a=č#utm_medium=x")
def test_a_link_that_a_stand_chose_stays_one_address_with_our_campaign(rest: str) -> None:
    chosen = OfferedCode("more", {}, LinkCode(f"https://example.org/{rest}"))

    try:
        content = led_to(CONTENT, parse_document(office_document()), EVENT, chosen, "7c2k4m")
    except UserFacingError:
        assume(False)
    link = scanned(content.url)

    assert link == content.url
    assert is_target(link)
    assert urlsplit(link).netloc == "example.org"
    assert dict(parse_qsl(urlsplit(link).query))["utm_source"] == "lupa"
    assert urlsplit(link).query.endswith("-7c2k4m")


@given(st.text(_LETTERS, max_size=200))
def test_no_line_is_longer_than_75_bytes_and_none_is_cut_within_a_letter(line: str) -> None:
    rows = folded(line).split("\r\n")

    assert all(len(row.encode()) <= 75 for row in rows)
    assert rows[0] + "".join(row[1:] for row in rows[1:]) == line
    assert all(row.startswith(" ") for row in rows[1:])


def test_a_code_holds_as_many_bytes_as_a_phone_reads_from_paper() -> None:
    with pytest.raises(ValueError, match="payload"):
        encode_qr("č" * (LONGEST_PAYLOAD // 2 + 1))


def read(value: dict[str, Any]) -> object:
    return read_code(Node(value, "flyers[0].code", refuse_unknown=True))


def test_the_office_writes_each_kind_into_its_document() -> None:
    wifi = {"kind": "wifi", "name": "Stojnica", "password": "skrivnost"}
    contact = {"kind": "contact", "name": "Zavod Voluntariat", "phone": "+386 1 239 16 25"}
    calendar = {"kind": "calendar", "url": "https://example.org/lupa.ics"}

    assert read(wifi) == WifiCode("Stojnica", "skrivnost")
    assert read(wifi | {"password": "", "security": "nopass"}) == WifiCode("Stojnica", "", "nopass")
    assert read(contact) == ContactCode("Zavod Voluntariat", phone="+386 1 239 16 25")
    assert read(calendar) == CalendarCode("https://example.org/lupa.ics")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"kind": "smoke"}, "flyers[0].code.kind"),
        ({"kind": "wifi"}, "flyers[0].code"),
        ({"kind": "wifi", "name": "Stojnica"}, "flyers[0].code"),
        ({"kind": "wifi", "name": "Stojnica", "password": "kratko"}, "flyers[0].code.password"),
        ({"kind": "wifi", "name": "Stojnica", "password": "skrivnostč"}, "flyers[0].code.password"),
        (
            {"kind": "wifi", "name": "x", "password": "skrivnost", "security": "nopass"},
            "flyers[0].code.password",
        ),
        ({"kind": "wifi", "name": "č" * 17, "password": "skrivnost"}, "flyers[0].code.name"),
        ({"kind": "wifi", "name": "x", "password": "skrivnost", "url": "x"}, "flyers[0].code.url"),
        ({"kind": "contact", "name": ""}, "flyers[0].code.name"),
        ({"kind": "contact", "name": "x", "url": "javascript:1"}, "flyers[0].code.url"),
        ({"kind": "calendar", "url": "webcal://x"}, "flyers[0].code.url"),
    ],
)
def test_what_is_wrong_in_a_code_is_named_with_its_place(value: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as told:
        read(value)

    assert told.value.place == place


def document_with(code: dict[str, Any] | None) -> OrganisationDocument:
    words = {"title": "Naš Wi-Fi", "call": "Skeniraj"}
    words |= dict.fromkeys(("kicker", "promise", "heading", "body"), "")
    flyer = {"id": "wifi", "template": "promise", "url": "https://example.org/", "campaign": "club"}
    flyer |= {"texts": {"sl": words}} | ({"code": code} if code else {})
    return parse_document(office_document() | {"flyers": [flyer]}, refuse_unknown=True)


def test_a_flyer_with_a_wifi_is_printed_checked_and_told_in_words() -> None:
    document = document_with({"kind": "wifi", "name": "Stojnica", "password": "{geslo};123"})

    made = make_flyer_of(FlyerScene(document, EVENT), FlyerWish("sl"))

    assert [problem.message for problem in made.checked.problems if problem.is_blocking] == []
    assert "Stojnica" in made.link
    assert "geslo" not in made.link
    assert not made.is_short


def test_a_date_in_the_calendar_is_a_link_with_its_campaign() -> None:
    document = document_with({"kind": "calendar", "url": "https://example.org/lupa.ics"})

    made = make_flyer_of(FlyerScene(document, EVENT), FlyerWish("sl"))

    assert made.link.startswith("https://example.org/lupa.ics?utm_source=lupa")
    assert made.checked.is_printable
