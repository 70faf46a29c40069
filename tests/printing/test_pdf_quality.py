"""Each shipped template in each language as a file: found by its words, alike each time, fit for readers."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from getpass import getuser
from pathlib import Path
from uuid import UUID

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp

from stojnica.domain.event import Event
from stojnica.domain.organisation_document import parse_document
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.check import Behind, checked_flyer
from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.layout import lay_out
from stojnica.printing.marks import LineMark
from stojnica.printing.render import page_image
from stojnica.printing.template import Template
from stojnica.printing.template_file import load_design, load_template, shipped_designs
from stojnica.services.flyer_content import flyer_content
from stojnica.services.flyer_paper import offered_designs
from stojnica.services.sample import SAMPLE_DAY, sample_document

_EVENT = Event(
    event_id=UUID(int=1),
    name="Festival LUPA",
    code="lupa",
    place="Breg",
    city="Ljubljana",
    starts="2024-09-20T10:00",
    ends="2024-09-20T18:00",
    project="cerv",
)
A6_BYTES = 60_000


@cache
def said(language: str) -> FlyerContent:
    return flyer_content(parse_document(sample_document(SAMPLE_DAY)), _EVENT, language)


def offered() -> Iterator[tuple[str, str, int]]:
    for design in offered_designs():
        for size, template in design.sizes.items():
            for up in template.sheets:
                yield design.id, size, up


def template_of(which: tuple[str, str, int]) -> Template:
    return load_template(which[0], which[1])


def squeezed(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())


every_file = pytest.mark.parametrize("which", list(offered()), ids=lambda which: "-".join(map(str, which)))
every_language = pytest.mark.parametrize("language", VISITOR_LANGUAGES)


@every_language
@every_file
def test_every_line_is_found_by_two_readers(
    which: tuple[str, str, int], language: str, tmp_path: Path
) -> None:
    template, content = template_of(which), said(language)

    pdf = make_flyer(content, which[2], template)

    lines = [mark.text for mark in lay_out(content, template).marks if isinstance(mark, LineMark)]
    texts = [text_by_pdfium(pdf)]
    if shutil.which("pdftotext"):
        texts.append(text_by_poppler(pdf, tmp_path))
    for text in texts:
        missing = [line for line in lines if squeezed(line) not in squeezed(text)]
        assert missing == []


def text_by_pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        found: str = document[0].get_textpage().get_text_bounded()
        return found
    finally:
        document.close()


def text_by_poppler(pdf: bytes, folder: Path) -> str:
    path = folder / "flyer.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, timeout=30)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


@every_language
@every_file
def test_the_file_says_its_title_and_language_and_nothing_of_who_made_it(
    which: tuple[str, str, int], language: str
) -> None:
    content = said(language)

    pdf = make_flyer(content, which[2], template_of(which))

    document = pypdfium2.PdfDocument(pdf)
    known = document.get_metadata_dict()
    document.close()
    assert known["Title"] == f"{' '.join(content.title.split())} · {content.organisation}"
    assert known["Author"] == content.organisation
    assert known["Creator"] == known["Producer"] == "Stojnica"
    assert re.search(rb"/Lang \(" + language.encode() + rb"\)", pdf)
    assert b"/DisplayDocTitle true" in pdf
    for own in (str(Path.home()), "/tmp", "/home", str(Path(__file__).parents[2])):
        assert own.encode() not in pdf
    assert getuser() == "root" or getuser().encode() not in pdf


@every_file
def test_the_same_input_gives_the_same_bytes(which: tuple[str, str, int]) -> None:
    content, template = said("sl"), template_of(which)
    first = make_flyer(content, which[2], template)
    make_flyer(replace(said("hu"), title="Valami más"), which[2], template)

    again = make_flyer(content, which[2], template)

    assert again == first
    assert set(re.findall(rb"\(D:(\d{8})", again)) == {b"20000101"}


@every_language
@every_file
def test_code_and_address_can_be_pressed(which: tuple[str, str, int], language: str) -> None:
    content, template = said(language), template_of(which)

    pdf = make_flyer(content, which[2], template)

    places = links_in(pdf)
    assert {target for target, _place in places} <= {content.url}
    # Each code on each piece, also those on strips, and all of them on the paper.
    assert len(places) == lay_out(content, template).codes * which[2] > 0
    width, height = (side / 25.4 * 72 for side in template.sheets[which[2]].paper_mm)
    for _target, (left, bottom, right, top) in places:
        assert 0 <= left < right <= width
        assert 0 <= bottom < top <= height


def links_in(pdf: bytes, page: int = 0) -> list[tuple[str, tuple[float, float, float, float]]]:
    document = pypdfium2.PdfDocument(pdf)
    leaf = document[page]
    found = []
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(leaf.raw, place, link):
        action = pdfium.FPDFLink_GetAction(link)
        size = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0)
        target = ctypes.create_string_buffer(size)
        pdfium.FPDFAction_GetURIPath(document.raw, action, target, size)
        box = pdfium.FS_RECTF()
        pdfium.FPDFLink_GetAnnotRect(link, box)
        found.append((target.value.decode(), (box.left, box.bottom, box.right, box.top)))
    leaf.close()
    document.close()
    return found


def test_each_strip_to_tear_off_can_be_pressed_at_its_code_and_its_address() -> None:
    content = said("sl")

    pdf = make_flyer(content, 1, load_template("strips"))

    links = [place for _target, place in links_in(pdf)]
    picture = page_image(pdf, 0, 144)
    middles = [middle_of(code, picture.height) for code in zxingcpp.read_barcodes(picture)]
    addresses = [((a + c) / 2, (b + d) / 2) for a, b, c, d in places_of(pdf, 0, content.address)]
    assert len(links) == len(middles) == 8
    assert len(addresses) >= 8
    for x, y in (*middles, *addresses[-8:]):
        assert sum(left < x < right and bottom < y < top for left, bottom, right, top in links) == 1


def middle_of(code: zxingcpp.Barcode, height_px: int) -> tuple[float, float]:
    """Give the middle of a code in points, as found on a page of 144 dpi."""
    corners = (code.position.top_left, code.position.bottom_right)
    return sum(corner.x for corner in corners) / 4, (height_px - sum(corner.y for corner in corners) / 2) / 2


@pytest.mark.parametrize("edge", ["long", "short"])
def test_links_lie_over_the_codes_on_the_back_too(edge: str) -> None:
    behind = replace(said("en"), url="https://example.org/back")
    checked = checked_flyer(said("sl"), 4, behind=Behind(behind, edge))

    picture = page_image(checked.pdf, 1, 144)
    links = [place for target, place in links_in(checked.pdf, 1) if target == "https://example.org/back"]
    assert len(links) == 4, "one a piece, over the code and its address"
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 4
    for code in codes:
        x, y = middle_of(code, picture.height)
        assert any(left < x < right and bottom < y < top for left, bottom, right, top in links)


@pytest.mark.parametrize(
    ("up", "page", "edge"), [(1, 0, "long"), (4, 0, "long"), (4, 1, "long"), (4, 1, "short")]
)
def test_every_address_can_be_pressed_as_its_code_can(up: int, page: int, edge: str) -> None:
    checked = checked_flyer(said("sl"), up, behind=Behind(said("en"), edge))

    links = [place for _target, place in links_in(checked.pdf, page)]
    addresses = places_of(checked.pdf, page, said("sl").address)

    assert len(addresses) == up
    for left, bottom, right, top in addresses:
        x, y = (left + right) / 2, (bottom + top) / 2
        assert any(place[0] < x < place[2] and place[1] < y < place[3] for place in links)


def places_of(pdf: bytes, page: int, words: str) -> list[tuple[float, float, float, float]]:
    """Give where words stand on a page, as a reader finds them."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[page].get_textpage()
    search, found = text.search(words), []
    while (hit := search.get_next()) is not None:
        boxes = [text.get_charbox(number) for number in range(hit[0], hit[0] + hit[1])]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        found.append((min(lefts), min(bottoms), max(rights), max(tops)))
    text.close()
    document.close()
    return found


@every_language
def test_an_a6_flyer_is_small_enough_to_send_by_any_line(language: str) -> None:
    sizes = {
        design_id: len(make_flyer(said(language), 1, load_template(design_id, "A6")))
        for design_id in shipped_designs()
        if "A6" in load_design(design_id).sizes
    }

    assert sizes
    assert max(sizes.values()) < A6_BYTES


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not there: apt install qpdf")
@every_file
def test_qpdf_has_no_complaint(which: tuple[str, str, int], tmp_path: Path) -> None:
    path = tmp_path / "flyer.pdf"
    path.write_bytes(make_flyer(said("hu"), which[2], template_of(which)))

    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False, timeout=30)

    assert done.returncode == 0, done.stdout + done.stderr
    assert b"WARNING" not in done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler is not there: apt install poppler-utils")
@every_file
def test_every_face_is_embedded_as_a_second_reader_sees_it(
    which: tuple[str, str, int], tmp_path: Path
) -> None:
    path = tmp_path / "flyer.pdf"
    path.write_bytes(make_flyer(said("de"), which[2], template_of(which)))

    done = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, timeout=30)

    assert done.stderr == b""
    rows = done.stdout.decode().splitlines()[2:]
    assert rows
    # emb, sub, uni: embedded, only the letters that are used, and searchable.
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)
