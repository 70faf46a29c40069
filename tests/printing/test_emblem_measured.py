"""The flag, measured from the pixels of the rendered page as a printer would put them on paper."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from stojnica.printing.check import checked_flyer
from stojnica.printing.emblem import BLUE, YELLOW, draw_emblem
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.render import page_image
from stojnica.printing.template_file import load_template

MM = 72 / 25.4
FLAG_BLUE, FLAG_YELLOW, BLACK = (0x00, 0x33, 0x99), (0xFF, 0xCC, 0x00), (0, 0, 0)


@dataclass(frozen=True)
class Star:
    """Hold a blob of one colour: its middle, and its box (left, top, right, bottom), in pixels."""

    x: float
    y: float
    box: tuple[int, int, int, int]
    pixels: int
    widest_row: float


def mask_of(image: Image.Image, colour: tuple[int, int, int], tolerance: int = 127) -> Image.Image:
    """Mark the pixels that are more than half of a colour; at the edges of shapes they blend."""
    bands = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    away = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return away.point([255 if value <= tolerance else 0 for value in range(256)])


def blobs(mask: Image.Image) -> Iterator[Star]:
    """Find what hangs together, by filling."""
    width, height = mask.size
    pixels = bytearray(mask.tobytes())
    for start in range(len(pixels)):
        if not pixels[start]:
            continue
        pixels[start] = 0
        heap, found = [start], []
        while heap:
            place = heap.pop()
            found.append(place)
            x = place % width
            # Corners touch as well: the tip of a small star is one pixel aslant.
            sides = [step for step in (-1, 0, 1) if 0 <= x + step < width]
            for other in (place + row + step for row in (-width, 0, width) for step in sides):
                if 0 <= other < width * height and pixels[other]:
                    pixels[other] = 0
                    heap.append(other)
        yield _star(found, width)


def _star(found: list[int], width: int) -> Star:
    xs, ys = [place % width for place in found], [place // width for place in found]
    rows: dict[int, int] = {}
    for y in ys:
        rows[y] = rows.get(y, 0) + 1
    most = max(rows.values())
    widest = [y for y, count in rows.items() if count == most]
    box = (min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    middle = (sum(xs) / len(xs) + 0.5, sum(ys) / len(ys) + 0.5)
    return Star(*middle, box, len(found), sum(widest) / len(widest) + 0.5)


def rendered(height_mm: float, dpi: float, *, mono: bool = False, on_colour: bool = False) -> Image.Image:
    """Draw the flag with a third of its height around it."""
    around = height_mm / 3
    page = ((1.5 * height_mm + 2 * around) * MM, (height_mm + 2 * around) * MM)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=page)
    if on_colour:
        canvas.setFillColorRGB(0.7, 0.1, 0.2)
        canvas.rect(0, 0, *page, stroke=0, fill=1)
    draw_emblem(canvas, around * MM, around * MM, height_mm * MM, mono=mono, on_colour=on_colour)
    canvas.showPage()
    canvas.save()
    return page_image(target.getvalue(), 0, dpi).convert("RGB")


def assert_twelve_stars(stars: list[Star], flag: tuple[float, float, float, float]) -> None:
    """Check number, places, size and that each stands upright; `flag` is its box in pixels."""
    left, top, right, bottom = flag
    height, middle = bottom - top, ((left + right) / 2, (top + bottom) / 2)
    # The middle of a star of few pixels is known to about half a pixel.
    slack = max(0.6, height * 0.004)
    assert len(stars) == 12
    hours = {}
    for star in stars:
        angle = math.degrees(math.atan2(star.x - middle[0], middle[1] - star.y)) % 360
        hours[round(angle / 30) % 12] = star
    assert sorted(hours) == list(range(12))
    for hour, star in hours.items():
        reach, angle = height / 3, math.radians(30 * hour)
        # Of an upright star, the middle of its area is the middle of the circle around it.
        assert star.x == pytest.approx(middle[0] + reach * math.sin(angle), abs=slack)
        assert star.y == pytest.approx(middle[1] - reach * math.cos(angle), abs=slack)
        wide, high = star.box[2] - star.box[0], star.box[3] - star.box[1]
        radius = height / 18
        # A tip of 36 degrees fills less than half of its last pixels.
        assert -3.8 < wide - 2 * radius * math.cos(math.radians(18)) < 1.1
        assert -3.8 < high - radius * (1 + math.cos(math.radians(36))) < 1.1
        # The arms of an upright star are above its middle, and only one tip is at its top.
        assert star.widest_row < star.box[1] + high / 2


@pytest.mark.parametrize("dpi", [300, 600])
@pytest.mark.parametrize("height_mm", [10.0, 10.5, 14.8])
def test_the_flag_on_paper_has_its_ratio_height_stars_and_colours(height_mm: float, dpi: int) -> None:
    image = rendered(height_mm, dpi)

    blue, yellow = mask_of(image, FLAG_BLUE), mask_of(image, FLAG_YELLOW)
    box = blue.getbbox()

    assert box is not None
    width, height = box[2] - box[0], box[3] - box[1]
    assert width / height == pytest.approx(1.5, abs=3 / height)
    assert height / dpi * 25.4 == pytest.approx(height_mm, abs=1.6 / dpi * 25.4)
    assert_twelve_stars(list(blobs(yellow)), box)
    colours = {colour: count for count, colour in image.getcolors(1 << 20) or []}
    assert (BLUE, YELLOW) == ("#003399", "#FFCC00")
    assert colours[FLAG_BLUE] > 0.8 * width * height
    # Twelve pentagrams: each covers 1.1226 of its circumradius squared.
    assert sum(star.pixels for star in blobs(yellow)) == pytest.approx(
        12 * 1.1226 * (height / 18) ** 2, rel=0.12
    )


@pytest.mark.parametrize("dpi", [300, 600])
def test_the_version_in_black_has_an_outline_and_twelve_black_stars_on_white(dpi: int) -> None:
    image = rendered(12, dpi, mono=True)

    found = sorted(blobs(mask_of(image, BLACK)), key=lambda blob: blob.box[2] - blob.box[0])
    frame, stars = found[-1], found[:-1]

    assert (frame.box[2] - frame.box[0]) / (frame.box[3] - frame.box[1]) == pytest.approx(1.5, abs=0.02)
    assert (frame.box[3] - frame.box[1]) / dpi * 25.4 == pytest.approx(12, abs=1.6 / dpi * 25.4)
    assert_twelve_stars(stars, frame.box)
    assert all(len(set(colour)) == 1 for _count, colour in image.getcolors(1 << 20) or [])
    middle = (image.width // 2, image.height // 2)
    assert image.getpixel(middle) == (255, 255, 255)


@pytest.mark.parametrize("mono", [False, True])
def test_on_a_coloured_ground_a_white_line_of_a_twenty_fifth_goes_all_around(mono: bool) -> None:
    image = rendered(15, 600, mono=mono, on_colour=True)

    ground = mask_of(image, (178, 26, 51), 40)
    inside = ImageChops.invert(ground).getbbox()
    flag = mask_of(image, BLACK if mono else FLAG_BLUE).getbbox()

    assert inside is not None
    assert flag is not None
    border = (flag[3] - flag[1]) / 25
    sides = (flag[0] - inside[0], flag[1] - inside[1], inside[2] - flag[2], inside[3] - flag[3])
    assert list(sides) == pytest.approx([border] * 4, abs=1.5)


@settings(deadline=None, max_examples=15)
@given(height_mm=st.floats(10, 200))
@example(height_mm=10)
@example(height_mm=200)
def test_at_any_size_it_is_the_same_flag(height_mm: float) -> None:
    # The larger the flag, the fewer dots a millimetre are needed to measure it.
    dpi = min(600, 300 * 25.4 / height_mm)

    image = rendered(height_mm, dpi)

    box = mask_of(image, FLAG_BLUE).getbbox()
    assert box is not None
    height = box[3] - box[1]
    assert (box[2] - box[0]) / height == pytest.approx(1.5, abs=3 / height)
    assert height / dpi * 25.4 == pytest.approx(height_mm, abs=1.6 / dpi * 25.4)
    assert_twelve_stars(list(blobs(mask_of(image, FLAG_YELLOW))), box)


def test_each_strip_and_the_sheet_that_it_is_torn_from_have_a_flag(content: FlyerContent) -> None:
    pdf = checked_flyer(content, 1, load_template("strips")).pdf
    image = page_image(pdf, 0, 300).convert("RGB")

    stars = list(blobs(mask_of(image, FLAG_YELLOW)))

    # Eight strips and what is left of the sheet: nine flags of twelve stars.
    assert len(stars) == 9 * 12


@pytest.mark.parametrize(("template_id", "size", "up"), [("promise", "A6", 4), ("card", "A7", 8)])
def test_each_separated_piece_of_a_sheet_has_its_flag(
    content: FlyerContent, template_id: str, size: str, up: int
) -> None:
    template = load_template(template_id, size)
    checked = checked_flyer(content, up, template)
    image = page_image(checked.pdf, 0, 300).convert("RGB")
    sheet = template.sheets[up]
    across, down = image.width / sheet.columns, image.height / sheet.rows

    pieces = [
        image.crop(
            (
                round(column * across),
                round(row * down),
                round(column * across + across),
                round(row * down + down),
            )
        )
        for row in range(sheet.rows)
        for column in range(sheet.columns)
    ]

    assert len(pieces) == up
    for piece in pieces:
        stars = list(blobs(mask_of(piece, FLAG_YELLOW)))
        assert len(stars) == 12
        xs, ys = [star.x for star in stars], [star.y for star in stars]
        radius = (max(ys) - min(ys)) / 2
        assert (max(xs) - min(xs)) / 2 == pytest.approx(radius, abs=1)
        assert 3 * radius / 300 * 25.4 >= 10 - 0.1  # The circle's radius is a third of the height.
