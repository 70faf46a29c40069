"""For a print shop: boxes, bleed, inks and faces are read back; for social media: a picture."""

import io
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.inks import appearance, inks_of
from stojnica.printing.layout import lay_out
from stojnica.printing.render import opened_pdf, page_count, page_image
from stojnica.printing.shop import draw_for_shop
from stojnica.printing.social import PICTURE_PX, social_png
from stojnica.printing.template_file import load_template
from stojnica.services.flyer_files import FILE_KINDS, SOCIAL, file_for_others, file_name_for
from stojnica.services.flyer_paper import offered_designs

MM = 72 / 25.4
TEAL = (0x0B, 0x6E, 0x63)
PLACES = [(design.id, size) for design in offered_designs() for size in design.sizes]


def shop_pdf(content: FlyerContent, *, has_marks: bool = False, back: FlyerContent | None = None) -> bytes:
    template = load_template("promise", "A6")
    sides = [content] if back is None else [content, back]
    return draw_for_shop(
        content, tuple(lay_out(side, template) for side in sides), template, has_marks=has_marks
    )


def boxes(pdf: bytes, page: int = 0) -> dict[str, tuple[float, ...]]:
    with opened_pdf(pdf) as document:
        leaf = document[page]
        return {
            name: tuple(value / MM for value in getattr(leaf, f"get_{name}box")())
            for name in ("media", "bleed", "trim")
        }


def operators(pdf: bytes) -> bytes:
    """Give what is drawn on all pages, uncompressed."""
    streams = re.findall(rb"/FlateDecode(?:(?!endobj).)*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    drawn = (zlib.decompressobj().decompress(stream) for stream in streams)
    return b"\n".join(part for part in drawn if b" Tf" in part or b" re" in part)


@pytest.mark.parametrize(("has_marks", "room"), [(False, 3.0), (True, 11.0)])
def test_the_boxes_say_where_to_cut(content: FlyerContent, has_marks: bool, room: float) -> None:
    found = boxes(shop_pdf(content, has_marks=has_marks))

    assert found["media"] == pytest.approx((0, 0, 105 + 2 * room, 148 + 2 * room), abs=0.01)
    assert found["trim"] == pytest.approx((room, room, 105 + room, 148 + room), abs=0.01)
    assert found["bleed"] == pytest.approx((room - 3, room - 3, 108 + room, 151 + room), abs=0.01)


def test_colour_that_reaches_the_cut_goes_on_for_three_millimetres_and_no_further(
    content: FlyerContent,
) -> None:
    picture = page_image(shop_pdf(content, has_marks=True), 0, 254)

    # Ten pixels a millimetre; the bleed begins 8 mm from the paper's edge, the piece at 11 mm.
    head = picture.getpixel((300, 300))
    assert head != (255, 255, 255)
    assert picture.getpixel((82, 400)) == picture.getpixel((picture.width - 83, 400)) == head
    assert picture.getpixel((400, 82)) == head
    assert picture.getpixel((78, 400)) == picture.getpixel((400, 78)) == (255, 255, 255)


def test_marks_stand_at_all_eight_places_and_outside_the_bleed(content: FlyerContent) -> None:
    with_marks = page_image(shop_pdf(content, has_marks=True), 0, 254, is_grey=True)

    across, down = with_marks.width, with_marks.height
    for x in (110, across - 110):
        for strip in ((x - 4, 10, x + 4, 70), (x - 4, down - 70, x + 4, down - 10)):
            assert with_marks.crop(strip).getextrema()[0] < 150
    for y in (110, down - 110):
        for strip in ((10, y - 4, 70, y + 4), (across - 70, y - 4, across - 10, y + 4)):
            assert with_marks.crop(strip).getextrema()[0] < 150


def test_only_the_four_inks_are_used_and_text_is_black_alone(content: FlyerContent) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (900, 300), (220, 30, 90, 255)).save(target, "PNG")
    pdf = shop_pdf(replace(content, logo=target.getvalue()), has_marks=True)

    drawn = operators(pdf)

    for other in (rb"rg", rb"RG", rb"g", rb"G"):
        assert not re.search(rb"(?m)(?:^| )[\d.]+ " + other + rb"\b", drawn), other
    assert b"1 .8 0 0 k" in drawn, "the flag's blue"
    assert b"0 .2 1 0 k" in drawn, "the stars' yellow"
    assert b"0 0 0 1 k" in drawn, "text and code"
    assert b"/DeviceCMYK" in pdf
    assert b"/DeviceRGB" not in pdf


@pytest.mark.parametrize("has_marks", [False, True])
def test_the_code_leads_where_it_should_on_every_page(content: FlyerContent, has_marks: bool) -> None:
    back = replace(content, url="https://example.org/back")

    pdf = shop_pdf(content, has_marks=has_marks, back=back)

    assert page_count(pdf) == 2
    for page, url in enumerate((content.url, back.url)):
        for dpi in (150, 300):
            assert [code.text for code in zxingcpp.read_barcodes(page_image(pdf, page, dpi))] == [url]


def test_faces_are_embedded_nothing_can_be_pressed_and_files_are_alike(content: FlyerContent) -> None:
    pdf = shop_pdf(content)

    assert pdf.count(b"/FontFile2") == 3
    assert b"Helvetica" not in pdf
    assert b"/Annot" not in pdf
    assert pdf == shop_pdf(content)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not there: apt install qpdf")
@pytest.mark.parametrize(("design_id", "size"), PLACES)
@pytest.mark.parametrize("kind", [kind for kind in FILE_KINDS if kind != SOCIAL])
def test_qpdf_has_no_complaint_about_any_template(
    content: FlyerContent, design_id: str, size: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "shop.pdf"
    path.write_bytes(file_for_others(kind, (content,), load_template(design_id, size)))

    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False, timeout=30)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_accent_looks_the_same_in_a_reader(content: FlyerContent) -> None:
    seen = page_image(shop_pdf(content), 0, 100).getpixel((40, 40))

    assert isinstance(seen, tuple)
    assert all(abs(a - b) < 24 for a, b in zip(seen, TEAL, strict=True))


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_colour_becomes_inks_that_dry_and_look_like_it(colour: tuple[int, int, int]) -> None:
    red, green, blue = (part / 255 for part in colour)

    inks = inks_of(red, green, blue)

    assert all(0 <= ink <= 1 for ink in inks)
    assert sum(inks) <= 3.0
    seen = appearance(inks)
    # Light green and pure blue can't be printed; what comes is no other colour, though.
    assert sum(abs(a - b) for a, b in zip(seen, (red, green, blue), strict=True)) < 1.3


@pytest.mark.parametrize(("design_id", "size"), PLACES)
def test_a_picture_for_social_media_shows_the_whole_piece_with_a_code_that_is_read(
    content: FlyerContent, design_id: str, size: str
) -> None:
    template = load_template(design_id, size)

    picture = Image.open(io.BytesIO(social_png(make_flyer(content, next(iter(template.sheets)), template))))

    assert picture.size == PICTURE_PX
    assert picture.format == "PNG"
    softened = picture.convert("L").filter(ImageFilter.GaussianBlur(0.6))
    assert {code.text for code in zxingcpp.read_barcodes(softened)} == {content.url}


def test_names_say_what_a_file_is_for() -> None:
    names = [file_name_for(kind, "lupa-tabori-sl-A6.pdf") for kind in FILE_KINDS]

    assert names == ["lupa-tabori-sl-A6-print-shop.pdf"] * 2 + ["lupa-tabori-sl-A6.png"]


def test_a_photo_at_the_edge_goes_on_into_the_bleed(content: FlyerContent) -> None:
    target = io.BytesIO()
    Image.new("RGB", (1800, 1200), (200, 40, 60)).save(target, "JPEG", quality=95)
    template = load_template("photo")

    pdf = file_for_others("shop", (replace(content, photo=target.getvalue()),), template)

    picture = page_image(pdf, 0, 254)
    inside, at_the_edge = picture.getpixel((200, 200)), picture.getpixel((4, 4))
    assert inside == at_the_edge
    assert inside != (255, 255, 255)
    assert b"/DeviceRGB" not in pdf
