"""Every template, size and language as it really prints: found, pressed, small, fit for two readers."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from getpass import getuser
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from tests.printing.shipped_pieces import PHOTO, offered_sheets, offered_sizes, said
from tests.printing.test_pdf_quality import links_in, text_by_pdfium, text_by_poppler

from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.printing.flyer import make_flyer
from stojnica.printing.layout import lay_out
from stojnica.printing.marks import LineMark
from stojnica.printing.shop import draw_for_shop
from stojnica.printing.template_file import load_design

A6_BYTES = 60_000
# The letters of the six languages, small and large; in German ß has a capital of its own as well.
LETTERS = "čšžćđ ČŠŽĆĐ äöüß ÄÖÜẞ àèéìòù ÀÈÉÌÒÙ áéíóöőúüű ÁÉÍÓÖŐÚÜŰ"
HAS_POPPLER = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler: apt install poppler-utils")
HAS_QPDF = pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not there: apt install qpdf")

every_size = pytest.mark.parametrize(("design_id", "size"), list(offered_sizes()))
every_language = pytest.mark.parametrize("language", VISITOR_LANGUAGES)


def file_of(design_id: str, size: str, language: str, up: int = 0) -> bytes:
    design = load_design(design_id)
    template = design.size(size)
    return make_flyer(said(design, language), up or next(iter(template.sheets)), template)


def squeezed(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())


@every_language
@every_size
def test_each_line_of_each_piece_and_strip_is_found(
    design_id: str, size: str, language: str, tmp_path: Path
) -> None:
    design = load_design(design_id)
    marks = lay_out(said(design, language), design.size(size)).flat()
    lines = {squeezed(mark.text) for mark in marks if isinstance(mark, LineMark)}

    pdf = file_of(design_id, size, language)

    texts = [text_by_pdfium(pdf)]
    # Poppler reads turned lines in an order of its own; strips are read by the other one alone.
    if shutil.which("pdftotext") and design.use != "strips":
        texts.append(text_by_poppler(pdf, tmp_path))
    for text in texts:
        assert [line for line in lines if line not in squeezed(text)] == []


@every_size
def test_every_letter_of_the_six_languages_can_be_searched_for(
    design_id: str, size: str, tmp_path: Path
) -> None:
    design = load_design(design_id)
    fields = ("organisation", "title", "promise", "heading", "body", "call")
    content = replace(said(design, "sl"), kicker="", **dict.fromkeys(fields, LETTERS))
    template = design.size(size)

    pdf = make_flyer(replace(content, second=content if content.second else None), 1, template)

    for word in LETTERS.split():
        assert times_found(pdf, word) > 0, word
        # Whoever types the capital finds the small one, and the other way about.
        assert times_found(pdf, word.swapcase()) > 0 or "ß" in word.lower()
    if shutil.which("pdftotext") and design.use != "strips":
        text = text_by_poppler(pdf, tmp_path)
        assert all(letter in text for letter in LETTERS)


def times_found(pdf: bytes, word: str) -> int:
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    search, found = text.search(word), 0
    while search.get_next() is not None:
        found += 1
    text.close()
    document.close()
    return found


@every_language
@every_size
def test_its_title_and_language_are_those_of_what_it_says(design_id: str, size: str, language: str) -> None:
    content = said(load_design(design_id), language)

    pdf = file_of(design_id, size, language)

    document = pypdfium2.PdfDocument(pdf)
    known = document.get_metadata_dict()
    document.close()
    assert known["Title"].startswith(" ".join(content.title.split()))
    assert known["Title"].endswith(content.organisation)
    assert re.search(rb"/Lang \(" + language.encode() + rb"\)", pdf)


@every_language
@every_size
def test_each_code_can_be_pressed_and_leads_where_it_does(design_id: str, size: str, language: str) -> None:
    design = load_design(design_id)
    content, template = said(design, language), design.size(size)
    up = next(iter(template.sheets))

    links = links_in(file_of(design_id, size, language))

    assert len(links) == lay_out(content, template).codes * up
    assert {target for target, _place in links} == {content.url}


@every_language
@pytest.mark.parametrize("up", [1, 4])
def test_every_a6_is_small_enough_to_send_by_any_line(language: str, up: int) -> None:
    sizes = {
        design_id: len(file_of(design_id, size, language, up))
        for design_id, size in offered_sizes()
        if size == "A6"
    }

    assert len(sizes) >= 3
    assert max(sizes.values()) < A6_BYTES


@HAS_QPDF
@every_language
@every_size
def test_qpdf_finds_nothing_wrong_and_nothing_of_this_computer_is_inside(
    design_id: str, size: str, language: str, tmp_path: Path
) -> None:
    path, opened = tmp_path / "flyer.pdf", tmp_path / "opened.pdf"
    design = load_design(design_id)
    layout = lay_out(said(design, language), design.size(size))
    shop = draw_for_shop(said(design, language), (layout,), design.size(size))

    for pdf in (file_of(design_id, size, language), shop):
        path.write_bytes(pdf)
        checked = run("qpdf", "--check", path)
        assert b"WARNING" not in checked.stdout + checked.stderr
        # All streams in the open, so that nothing hides in a packed one.
        run("qpdf", "--qdf", "--object-streams=disable", path, opened)
        inside = opened.read_bytes()
        # As a path is written; "/tmp" alone would be found in any picture's noise some day.
        for own in (str(Path.home()) + "/", str(Path(__file__).parents[2]), str(tmp_path), "/home/"):
            assert own.encode() not in inside
        assert getuser() == "root" or getuser().encode() not in inside


def run(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], capture_output=True, check=True, timeout=60)


def test_what_a_camera_wrote_into_a_photo_does_not_travel_on_paper() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "at /home/somebody", "Somebody"
    content = replace(said(load_design("photo"), "sl"), photo=with_exif(exif))

    pdf = make_flyer(content, 1, load_design("photo").size())

    assert b"omebody" not in pdf


def with_exif(exif: Image.Exif) -> bytes:
    target = io.BytesIO()
    Image.open(io.BytesIO(PHOTO)).save(target, "JPEG", exif=exif)
    assert b"Somebody" in target.getvalue()
    return target.getvalue()


@pytest.mark.parametrize(("design_id", "size", "up"), list(offered_sheets()))
def test_the_same_words_give_the_same_bytes(design_id: str, size: str, up: int) -> None:
    first = file_of(design_id, size, "hu", up)
    file_of(design_id, size, "de", up)

    assert file_of(design_id, size, "hu", up) == first


@HAS_POPPLER
@pytest.mark.parametrize(("design_id", "size", "up"), list(offered_sheets()))
def test_a_second_reader_shows_it_without_a_word_and_its_codes_are_read(
    design_id: str, size: str, up: int, tmp_path: Path
) -> None:
    design = load_design(design_id)
    path = tmp_path / "flyer.pdf"
    path.write_bytes(file_of(design_id, size, "hu", up))

    drawn = run("pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", path, tmp_path / "page")

    assert drawn.stderr == b""
    with Image.open(tmp_path / "page.png") as page:
        read = [code.text for code in zxingcpp.read_barcodes(page)]
    content = said(design, "hu")
    assert read == [content.url] * (lay_out(content, design.size(size)).codes * up)
