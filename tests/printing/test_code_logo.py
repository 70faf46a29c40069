"""A logo stands in the middle of a code only at level H, and covers a fifth of its side at most."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.check import SCAN_DPI, checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.layout import lay_out
from stojnica.printing.logo import Logo, read_logo
from stojnica.printing.marks import CodeMark
from stojnica.printing.qr import (
    LARGEST_LOGO,
    LEAST_MODULE_MM,
    draw_qr,
    draw_qr_logo,
    encode_qr,
    fitting_qr,
)
from stojnica.printing.render import page_image
from stojnica.printing.scan import codes_in, failed_trials
from stojnica.printing.template_file import load_design, load_template
from stojnica.printing.typesetting import POINTS_PER_MM

SHORT = "https://example.org/l/7c2k4m"
WHOLE = (
    "https://example.org/?utm_source=lupa&utm_medium=qr&utm_campaign=cerv&utm_content=camps-sl-7c2k4m"
    + "a" * 30
)
SIDE_MM = 20.0


def picture(size: tuple[int, int] = (300, 300)) -> bytes:
    """Make the worst of logos: black, like the modules themselves."""
    target = io.BytesIO()
    Image.new("RGB", size, "black").save(target, "PNG")
    return target.getvalue()


CONTENT = FlyerContent(
    **{"organisation": "Zavod Voluntariat", "monogram": "V", "title": "Poletje", "promise": "Dva tedna."},
    **{"heading": "Tabori", "body": "Hrana in streha.", "call": "Skeniraj", "url": SHORT},
    address="example.org",
    logo=picture(),
    has_logo_in_code=True,
)


def printed(payload: str, logo: Logo) -> bytes:
    code = fitting_qr(payload, SIDE_MM, wants_logo=True)
    target = io.BytesIO()
    side, around = SIDE_MM * POINTS_PER_MM, 10 * POINTS_PER_MM
    canvas = Canvas(target, pagesize=(side + 2 * around, side + 2 * around))
    draw_qr(canvas, code, around, around, side, black)
    draw_qr_logo(canvas, code, logo, around, around, side)
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("dpi", SCAN_DPI)
@pytest.mark.parametrize("size", [(300, 300), (300, 60), (60, 300)])
def test_a_code_with_even_a_black_logo_stands_every_trial(dpi: int, size: tuple[int, int]) -> None:
    page = page_image(printed(SHORT, read_logo(picture(size))), 0, dpi, is_grey=True)

    assert codes_in(page) == [SHORT]
    assert failed_trials(page, dpi) == ()


@pytest.mark.parametrize("length", range(20, 200, 9))
def test_a_logo_covers_whole_modules_in_the_middle_and_a_fifth_of_the_side_at_most(length: int) -> None:
    code = encode_qr("https://example.org/".ljust(length, "a"), has_logo=True)

    assert 0 < code.logo_modules <= code.modules * LARGEST_LOGO
    assert (code.modules - code.logo_modules) % 2 == 0


def test_below_level_h_no_logo_is_drawn() -> None:
    code = encode_qr(SHORT)

    assert (code.level, code.logo_modules) == ("M", 0)
    with pytest.raises(ValueError, match="M"):
        draw_qr_logo(Canvas(io.BytesIO()), code, read_logo(picture()), 0, 0, 50)


def test_where_modules_would_be_too_small_the_logo_gives_way() -> None:
    short, whole = (fitting_qr(link, SIDE_MM, wants_logo=True) for link in (SHORT, WHOLE))

    assert (short.level, whole.level) == ("H", "M")
    assert short.module_mm(SIDE_MM) >= LEAST_MODULE_MM
    assert encode_qr(WHOLE, has_logo=True).module_mm(SIDE_MM) < LEAST_MODULE_MM


@pytest.mark.parametrize("size", load_design("promise").sizes)
def test_a_flyer_with_its_logo_in_the_code_is_printable(size: str) -> None:
    template = load_template("promise", size)

    checked = checked_flyer(CONTENT, template=template)

    (mark,) = (mark for mark in lay_out(CONTENT, template).marks if isinstance(mark, CodeMark))
    assert mark.logo is not None
    assert checked.problems == ()


def test_without_the_wish_or_without_a_picture_the_code_stays_at_level_m() -> None:
    template = load_template("promise")
    for content in (replace(CONTENT, has_logo_in_code=False), replace(CONTENT, logo=None)):
        (mark,) = (mark for mark in lay_out(content, template).marks if isinstance(mark, CodeMark))

        assert (mark.code.level, mark.logo) == ("M", None)


def test_a_picture_that_can_not_be_read_stops_no_code() -> None:
    checked = checked_flyer(replace(CONTENT, logo=b"no picture"))

    assert checked.is_printable
    assert [problem.kind for problem in checked.problems] == ["bad_logo"]
