"""A sheet printed on both sides: turned over at either edge, each back lies behind its own front."""

from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stojnica.printing.check import Behind, checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.render import page_count, page_image
from stojnica.printing.sheets import EDGES, LONG_EDGE, back_places, front_places, natural_edge
from stojnica.printing.template import Sheet, Template
from stojnica.printing.template_file import load_design, load_template, shipped_designs

DPI = 150


def sheets_to_cut() -> list[tuple[str, str, int]]:
    found = []
    for design_id in shipped_designs():
        for size, template in load_design(design_id).sizes.items():
            found += [(design_id, size, up) for up in template.sheets if up > 1]
    return found


def turned_over(picture: Image.Image, sheet: Sheet, edge: str) -> Image.Image:
    """Lay the back as it lies on the paper, seen from the front through the paper: mirrored."""
    is_upright = (sheet.paper_mm[0] <= sheet.paper_mm[1]) == (edge == LONG_EDGE)
    way = Image.Transpose.FLIP_LEFT_RIGHT if is_upright else Image.Transpose.FLIP_TOP_BOTTOM
    return picture.transpose(way)


def cells(picture: Image.Image, sheet: Sheet) -> list[Image.Image]:
    across, down = picture.width / sheet.columns, picture.height / sheet.rows
    return [
        picture.crop(
            (
                round(column * across),
                round(row * down),
                round((column + 1) * across),
                round((row + 1) * down),
            )
        )
        for row in range(sheet.rows)
        for column in range(sheet.columns)
    ]


def code_of(piece: Image.Image) -> zxingcpp.Barcode | None:
    found = zxingcpp.read_barcodes(piece)
    return found[0] if found else None


def both_sides(content: FlyerContent, template: Template, up: int, pieces: int, edge: str) -> bytes:
    behind = replace(content, title="Summer that changes things.", url="https://example.org/back")
    return checked_flyer(content, up, template, pieces, Behind(behind, edge)).pdf


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("size", "up", "pieces"), [("A6", 4, 3), ("A6", 4, 4), ("A5", 2, 1), ("A5", 2, 2)])
def test_each_cut_piece_has_its_back_behind_it_and_is_turned_like_a_page(
    content: FlyerContent, size: str, up: int, pieces: int, edge: str
) -> None:
    template = load_template("promise", size)
    sheet = template.sheets[up]

    pdf = both_sides(content, template, up, pieces, edge)

    front = cells(page_image(pdf, 0, DPI), sheet)
    back = cells(turned_over(page_image(pdf, 1, DPI), sheet, edge), sheet)
    assert page_count(pdf) == 2
    for number, (one, other) in enumerate(zip(front, back, strict=True)):
        # Whoever holds the cut piece turns it at its upright edge, and reads on.
        ahead, behind = code_of(one), code_of(other.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        if number >= pieces:
            assert ahead is None
            assert behind is None
            continue
        assert ahead is not None
        assert behind is not None
        assert (ahead.text, behind.text) == (content.url, "https://example.org/back")
        # The first finder of an upright code is the upper left one.
        assert abs(behind.orientation) < 2


@pytest.mark.parametrize("edge", EDGES)
def test_the_colour_of_the_head_lies_behind_the_head(content: FlyerContent, edge: str) -> None:
    template = load_template("promise", "A6")
    sheet = template.sheets[4]
    pdf = both_sides(content, template, 4, 4, edge)

    front = page_image(pdf, 0, 72)
    back = turned_over(page_image(pdf, 1, 72), sheet, edge)

    for one, other in zip(cells(front, sheet), cells(back, sheet), strict=True):
        place = (one.width // 2, one.height // 12)
        assert one.getpixel(place) == other.getpixel(place) == (0x0B, 0x6E, 0x63)


def test_a_long_run_alternates_fronts_and_backs(content: FlyerContent) -> None:
    pdf = both_sides(content, load_template("promise", "A6"), 4, 9, LONG_EDGE)

    counts = [len(zxingcpp.read_barcodes(page_image(pdf, page, DPI))) for page in range(page_count(pdf))]
    assert counts == [4, 4, 4, 4, 1, 1]


def test_what_is_wrong_on_the_back_is_named_too(content: FlyerContent) -> None:
    behind = replace(content, title="{name} 漢")

    checked = checked_flyer(content, 4, behind=Behind(behind))

    assert {problem.kind for problem in checked.problems} >= {"placeholder", "missing_character"}
    assert not checked.is_printable


@given(
    columns=st.integers(1, 5),
    rows=st.integers(1, 5),
    wide=st.booleans(),
    edge=st.sampled_from(EDGES),
    data=st.data(),
)
def test_on_any_sheet_a_back_covers_its_front_exactly(
    columns: int, rows: int, wide: bool, edge: str, data: st.DataObject
) -> None:
    paper = (297.0, 210.0) if wide else (210.0, 297.0)
    sheet = Sheet(paper, columns, rows, 5, 0)
    trim = (paper[0] / columns - 1, paper[1] / rows - 2)
    pieces = data.draw(st.integers(1, columns * rows))

    fronts = list(front_places(sheet, trim, pieces))
    backs = list(back_places(sheet, trim, pieces, edge))

    width, height = (side / 25.4 * 72 for side in paper)
    for front, back in zip(fronts, backs, strict=True):
        if edge == natural_edge(sheet):
            assert back.left == pytest.approx(width - front.left - front.width)
            assert back.bottom == pytest.approx(front.bottom)
        else:
            assert back.left == pytest.approx(front.left)
            assert back.bottom == pytest.approx(height - front.bottom - front.height)
        assert back.is_turned == (edge != natural_edge(sheet))


@pytest.mark.parametrize(("design_id", "size", "up"), sheets_to_cut())
def test_every_shipped_sheet_leaves_the_printer_five_millimetres(
    content: FlyerContent, design_id: str, size: str, up: int
) -> None:
    template = load_template(design_id, size)

    picture = page_image(both_sides(content, template, up, up, LONG_EDGE), 0, 254)

    # Cut lines may run into the edge; nothing else does, on any of the four sides.
    inside = picture.crop((48, 48, picture.width - 48, picture.height - 48))
    picture.paste("white", (48, 48, 48 + inside.width, 48 + inside.height))
    assert min(low for low, _high in picture.getextrema()) > 100
