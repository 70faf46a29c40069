"""Print in black alone: no colour is left, whatever the office put on the paper."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.layout import lay_out
from stojnica.printing.render import page_image
from stojnica.printing.shop import draw_for_shop
from stojnica.printing.template import Template
from stojnica.printing.template_file import load_design, load_template, shipped_designs

RED, BLUE = (200, 30, 30), (30, 30, 200)
DRAWN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">'
    b'<rect width="60" height="40" fill="#C81E1E"/>'
    b'<line x1="0" y1="20" x2="60" y2="20" stroke="#1E1EC8" stroke-width="9"/></svg>'
)


def picture(kind: str, mode: str = "RGB") -> bytes:
    drawn = Image.new("RGB", (1800, 1200), RED)
    ImageDraw.Draw(drawn).rectangle((900, 0, 1800, 1200), fill=BLUE)
    target = io.BytesIO()
    drawn.convert(mode).save(target, kind)
    return target.getvalue()


LOGOS = {"drawn": DRAWN, "png": picture("PNG"), "clear": picture("PNG", "RGBA"), "jpeg": picture("JPEG")}


def colours(page: Image.Image) -> set[tuple[int, ...]]:
    found = page.convert("RGB").getcolors(1 << 24)
    assert found is not None
    return {colour for _count, colour in found if isinstance(colour, tuple)}


def is_grey(colour: tuple[int, ...], slack: int = 0) -> bool:
    return max(colour) - min(colour) <= slack


@pytest.mark.parametrize("logo", LOGOS.values(), ids=LOGOS)
def test_photo_and_logo_and_the_logo_in_the_code_are_grey(content: FlyerContent, logo: bytes) -> None:
    url = "https://example.org/l/24a"
    flyer = replace(content, photo=picture("JPEG"), logo=logo, has_logo_in_code=True, url=url)
    template = load_template("photo")

    coloured = checked_flyer(flyer, 1, template)
    black = checked_flyer(replace(flyer, is_black=True), 1, template)

    assert black.is_printable
    assert not all(map(is_grey, colours(page_image(coloured.pdf, 0, 72))))
    assert all(map(is_grey, colours(page_image(black.pdf, 0, 72))))
    # Red and blue are not the same grey: one can still tell them apart.
    page = page_image(black.pdf, 0, 72)
    assert abs(pixel(page, 10)[0] - pixel(page, page.width - 10)[0]) > 20


def pixel(page: Image.Image, x: int) -> tuple[int, ...]:
    found = page.getpixel((x, 20))
    assert isinstance(found, tuple)
    return found


def sizes() -> list[tuple[str, str]]:
    return [(design_id, size) for design_id in shipped_designs() for size in load_design(design_id).sizes]


@pytest.mark.parametrize(("design_id", "size"), sizes())
def test_nothing_on_any_template_keeps_its_colour(content: FlyerContent, design_id: str, size: str) -> None:
    template = load_template(design_id, size)
    flyer = replace(content, photo=picture("JPEG"), logo=DRAWN, is_black=True)

    checked = checked_flyer(flyer, next(iter(template.sheets)), template)

    assert all(map(is_grey, colours(page_image(checked.pdf, 0, 50))))


def test_for_a_print_shop_a_photo_in_black_is_one_ink(content: FlyerContent) -> None:
    template: Template = load_template("photo")
    flyer = replace(content, photo=picture("JPEG"), logo=LOGOS["png"], is_black=True)

    pdf = draw_for_shop(flyer, (lay_out(flyer, template),), template)

    assert b"/DeviceRGB" not in pdf
    # A mix of four inks would be tinted.
    found = colours(page_image(pdf, 0, 50))
    assert all(is_grey(colour, 6) for colour in found)
    assert len(found) > 10
