"""The emblem is what the rules say, measured on its geometry and on the rendered page."""

import io
import math

import pytest
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.emblem import draw_emblem, star, star_centres
from stojnica.printing.render import page_image

MM = 72 / 25.4


def rendered(*, mono: bool = False, on_colour: bool = False) -> Image.Image:
    """Draw a flag of 30 × 20 mm in the middle of a page of 50 × 40 mm, at 254 dpi: 10 pixels a mm."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(50 * MM, 40 * MM))
    if on_colour:
        canvas.setFillColorRGB(0.8, 0.1, 0.1)
        canvas.rect(0, 0, 50 * MM, 40 * MM, stroke=0, fill=1)
    draw_emblem(canvas, 10 * MM, 10 * MM, 20 * MM, mono=mono, on_colour=on_colour)
    canvas.showPage()
    canvas.save()
    return page_image(target.getvalue(), 0, 254)


def extent(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int]:
    bands = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    away = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    box = away.point([255] + [0] * 255).getbbox()
    assert box is not None
    return box[2] - box[0], box[3] - box[1]


def test_the_flag_is_one_and_a_half_times_as_wide_as_high_and_in_the_two_colours() -> None:
    image = rendered()

    width, height = extent(image, (0x00, 0x33, 0x99))

    assert (width, height) == pytest.approx((300, 200), abs=1)
    assert image.getpixel((250, 200 - 67)) == (0xFF, 0xCC, 0x00)  # The star at twelve o'clock.
    assert image.getpixel((250, 200)) == (0x00, 0x33, 0x99)  # The middle is empty.


def test_twelve_stars_stand_at_the_hours_of_a_clock() -> None:
    centres = star_centres(18)

    radii = [math.dist(centre, (13.5, 9)) for centre in centres]
    assert len(centres) == 12
    assert radii == pytest.approx([6] * 12)
    assert centres[0] == pytest.approx((13.5, 15))
    assert centres[3] == pytest.approx((19.5, 9))


def test_each_star_is_upright_and_a_pentagram() -> None:
    corners = star((0, 0), 1)

    outer, inner = corners[::2], corners[1::2]
    assert outer[0] == pytest.approx((0, 1))
    assert [math.hypot(*corner) for corner in outer] == pytest.approx([1] * 5)
    assert [math.hypot(*corner) for corner in inner] == pytest.approx([0.381966] * 5)
    # In a pentagram, two tips and the two inner corners between them lie on one line.
    assert outer[1][1] == pytest.approx(inner[0][1], abs=1e-5)


def test_every_star_is_found_on_the_page() -> None:
    image = rendered()

    for x, y in star_centres(200):
        assert image.getpixel((round(100 + x), round(300 - y))) == (0xFF, 0xCC, 0x00)


def test_the_black_version_has_black_stars_on_white_and_an_outline_inside() -> None:
    image = rendered(mono=True)

    assert all(len(set(colour)) == 1 for _count, colour in image.getcolors() or [(1, (0, 1, 2))])
    assert image.getpixel((250, 200 - 67)) == (0, 0, 0)
    assert image.getpixel((250, 200)) == (255, 255, 255)
    assert image.getpixel((101, 200)) == (0, 0, 0)
    assert image.getpixel((98, 200)) == (255, 255, 255)


def test_a_coloured_ground_gets_a_white_border_of_a_twenty_fifth() -> None:
    image = rendered(on_colour=True)

    # A twenty-fifth of 20 mm is 0.8 mm, 8 pixels, outside the flag.
    assert image.getpixel((96, 200)) == (255, 255, 255)
    assert image.getpixel((90, 200)) == (204, 26, 26)
    assert image.getpixel((102, 200)) == (0x00, 0x33, 0x99)
