"""How pieces lie on a sheet, in front and behind, so that both sides meet when the sheet is cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from stojnica.printing.template import Sheet
from stojnica.printing.typesetting import POINTS_PER_MM

# At which edge of the paper the printer turns it; ISO 16612 and IPP (RFC 8011, "sides") call it so too.
LONG_EDGE, SHORT_EDGE = "long", "short"
EDGES = (LONG_EDGE, SHORT_EDGE)


@dataclass(frozen=True, slots=True)
class Place:
    """Place one piece by its lower left corner, in points; a turned one stands on its head."""

    left: float
    bottom: float
    width: float
    height: float
    is_turned: bool = False


def natural_edge(sheet: Sheet) -> str:
    """Give the edge at which a sheet is turned like a page of a book: the upright one."""
    return LONG_EDGE if sheet.paper_mm[0] <= sheet.paper_mm[1] else SHORT_EDGE


def cell_size(sheet: Sheet) -> tuple[float, float]:
    """Give width and height of the part of a sheet that one piece gets, in points."""
    return (
        sheet.paper_mm[0] / sheet.columns * POINTS_PER_MM,
        sheet.paper_mm[1] / sheet.rows * POINTS_PER_MM,
    )


def front_places(sheet: Sheet, trim_mm: tuple[float, float], pieces: int) -> Iterator[Place]:
    """Give where each piece lies, row by row from the upper left, in the middle of its cell."""
    for number in range(pieces):
        column, row = number % sheet.columns, number // sheet.columns
        yield _place(sheet, trim_mm, column, row, is_turned=False)


def back_places(sheet: Sheet, trim_mm: tuple[float, float], pieces: int, edge: str) -> Iterator[Place]:
    """Give where the back of each piece lies, so that a cut piece is turned like a page of a book.

    Turned at an upright edge, the columns change places. Turned at the upper edge, the rows do, and
    each back stands on its head.
    """
    is_sideways = edge == natural_edge(sheet)
    for number in range(pieces):
        column, row = number % sheet.columns, number // sheet.columns
        if is_sideways:
            column = sheet.columns - 1 - column
        else:
            row = sheet.rows - 1 - row
        yield _place(sheet, trim_mm, column, row, is_turned=not is_sideways)


def _place(sheet: Sheet, trim_mm: tuple[float, float], column: int, row: int, *, is_turned: bool) -> Place:
    cell = cell_size(sheet)
    width, height = trim_mm[0] * POINTS_PER_MM, trim_mm[1] * POINTS_PER_MM
    left = column * cell[0] + (cell[0] - width) / 2
    bottom = (sheet.rows - 1 - row) * cell[1] + (cell[1] - height) / 2
    return Place(left, bottom, width, height, is_turned)
