"""Logos as SVG: shapes are printed, and whatever else a file can hold is refused by name."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.photo import BadPhotoError, stored_logo
from stojnica.printing.render import page_image
from stojnica.printing.svg import BadSvgError, read_svg, write_svg

RED, GREEN = (200, 30, 30), (11, 110, 99)


def svg(inside: str, head: str = 'viewBox="0 0 100 100"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{inside}</svg>'.encode()


def on_paper(content: FlyerContent, data: bytes) -> Image.Image:
    """Print a flyer with this logo and give the square where it is, a millimetre in ten pixels."""
    page = page_image(checked_flyer(replace(content, logo=data)).pdf, 0, 254)
    return page.crop((108, 108, 172, 172))


def is_near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    "shape",
    [
        '<rect width="50" height="100" fill="#C81E1E"/>',
        '<path d="M0 0H50V100H0Z" fill="rgb(200, 30, 30)"/>',
        '<path d="m0,0 50,0 0,100 -50,0z" style="fill:#c81e1e;stroke:none"/>',
        '<polygon points="0,0 50,0 50,100 0,100" fill="#C81E1E"/>',
        '<style>.a, .b{fill:#c81e1e}</style><rect class="b" width="50" height="100"/>',
        '<g fill="#C81E1E" transform="translate(50) scale(-1 1)"><rect width="50" height="100"/></g>',
        '<line x1="25" y1="0" x2="25" y2="100" stroke="#C81E1E" stroke-width="50"/>',
        '<path d="M0 0C0 0 50 0 50 0Q50 50 50 100T0 100z" fill="#C81E1E"/>',
        '<rect x="-100" width="50" height="100" transform="rotate(180 -25 50)" fill="#C81E1E"/>',
    ],
)
def test_a_red_left_half_is_printed_however_it_is_written(content: FlyerContent, shape: str) -> None:
    data = stored_logo(svg(shape))

    logo = on_paper(content, data)

    assert is_near(logo.getpixel((16, 32)), RED)
    assert is_near(logo.getpixel((48, 32)), (255, 255, 255))
    # What is stored says the same again.
    assert read_svg(data).shapes[0].fill == read_svg(stored_logo(data)).shapes[0].fill


@pytest.mark.parametrize(
    "shape",
    [
        '<circle cx="50" cy="50" r="40" fill="#C81E1E"/>',
        '<path fill="#C81E1E" d="M10 50a40 40 0 1080 0 40 40 0 10-80 0z"/>',
        '<path fill="#C81E1E" d="M10,50 A40,40 0 0,1 90,50 A40,40 0 0,1 10,50"/>',
        '<rect x="10" y="10" width="80" height="80" rx="40" fill="#C81E1E"/>',
    ],
)
def test_a_disc_is_round_however_it_is_written(content: FlyerContent, shape: str) -> None:
    logo = on_paper(content, stored_logo(svg(shape)))

    assert is_near(logo.getpixel((32, 32)), RED)
    for x, y in ((32, 9), (32, 55), (9, 32), (55, 32), (17, 17), (47, 47)):
        assert is_near(logo.getpixel((x, y)), RED)
    for x, y in ((12, 12), (52, 12), (12, 52), (52, 52)):
        assert is_near(logo.getpixel((x, y)), (255, 255, 255))


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<rect width="9" height="9" onclick="alert(1)"/>', "onclick"),
        ('<image href="https://example.org/x.png" width="9" height="9"/>', "href"),
        ('<use href="#a"/>', "href"),
        ('<a href="https://example.org/"><rect width="9" height="9"/></a>', "href"),
        ("<text>Stojnica</text>", "text"),
        ("<foreignObject/>", "foreignObject"),
        ('<rect width="9" height="9" fill="url(#gradient)"/>', "fill"),
        ('<rect width="9" height="9" style="fill:url(https://example.org)"/>', "style"),
        ('<style>@import "https://example.org";</style><rect width="9" height="9"/>', "style"),
        ("<defs><linearGradient/></defs>", "defs"),
        ('<rect width="9" height="9" fill="chartreuse"/>', "chartreuse"),
        ('<rect width="9" height="9" transform="skewX(3)"/>', "transform"),
        ('<path d="M0 0 1e99 1e99"/>', "damaged"),
        ('<path d="L0 0"/>', "damaged"),
        ('<path d="M0 0 1"/>', "damaged"),
        ('<path d="M0 0 nan 1"/>', "damaged"),
        ("", "empty"),
        ("<g>" * 30_000 + "</g>" * 30_000, "depth"),
        ('<rect width="1" height="1"/>' * 2_001, "shapes"),
        ('<path d="M0 0' + "l1 1" * 50_100 + '"/>', "damaged"),
        ("<!-- " + "x" * 300_000 + "-->", "size"),
    ],
)
def test_what_is_more_than_shapes_is_refused_by_name(inside: str, what: str) -> None:
    with pytest.raises(BadSvgError) as refused:
        read_svg(svg(inside))
    with pytest.raises(BadPhotoError):
        stored_logo(svg(inside))

    assert refused.value.what == what


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<title>&b;</title>"),
        b'<!doctype svg SYSTEM "file:///etc/passwd">' + svg('<rect width="9" height="9"/>'),
        b"<svg>",
        b"<html><svg></svg></html>",
        svg('<rect width="9" height="9"/>', 'viewBox="0 0 0 10"'),
        svg('<rect width="9" height="9"/>', ""),
        svg('<rect width="9" height="9"/>', 'viewBox="0 0 inf 10"'),
    ],
)
def test_a_file_that_could_grow_or_has_no_size_is_refused(data: bytes) -> None:
    with pytest.raises(BadSvgError):
        read_svg(data)


def test_nothing_but_shapes_travels() -> None:
    drawn = svg(
        "<title>Title</title><metadata>Somebody</metadata><!-- at home --><defs/>"
        '<x:view xmlns:x="http://example.org/editor" path="/home/somebody"/>'
        '<path d="M0 0h9v9z" id="drawn-by-somebody" opacity=".5"/>'
    )

    stored = stored_logo(drawn)

    for word in (b"Title", b"omebody", b"home", b"example"):
        assert word not in stored
    assert b'fill="#808080"' in stored


def test_a_drawn_logo_stands_in_the_middle_of_a_code_that_is_still_read(content: FlyerContent) -> None:
    disc = stored_logo(svg('<circle cx="50" cy="50" r="48" fill="#C81E1E"/>'))
    flyer = replace(content, url="https://example.org/l/24a", logo=disc, has_logo_in_code=True)

    checked = checked_flyer(flyer)

    assert checked.is_printable
    page = page_image(checked.pdf, 0, 150)
    reds = [
        pixel
        for pixel in ((x, y) for x in range(420, 560, 4) for y in range(440, 640, 4))
        if is_near(page.getpixel(pixel), RED)
    ]
    assert reds


def test_a_broken_drawing_is_a_hint_and_the_monogram_stands_in(content: FlyerContent) -> None:
    problems = checked_flyer(replace(content, logo=svg("<script/>"))).problems

    assert ("bad_logo", False) in {(one.kind, one.is_blocking) for one in problems}


@settings(max_examples=60, deadline=None)
@given(st.text("MmLlHhVvCcSsQqTtAaZz0123456789.,-+e \n", max_size=60))
def test_any_path_is_read_or_refused_and_what_is_read_stays_what_it_is(path: str) -> None:
    try:
        drawing = read_svg(svg(f'<path d="M1 1{path}"/>'))
    except BadSvgError:
        return

    again = read_svg(write_svg(drawing))

    assert [step.kind for step in again.shapes[0].steps] == [step.kind for step in drawing.shapes[0].steps]
    assert write_svg(read_svg(write_svg(again))) == write_svg(again)
