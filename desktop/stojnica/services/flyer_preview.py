"""Both sides of a flyer as they are shown: their pictures, and what is wrong at its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from stojnica.printing.check import CheckedFlyer
from stojnica.printing.problem_places import ProblemPlace, problem_places
from stojnica.printing.render import page_png
from stojnica.printing.sheets import back_places, front_places, natural_edge
from stojnica.services.flyer_paper import FlyerWish

PREVIEW_DPI = 150
SHARPEST_DPI = 400
# Beyond that a picture takes longer than anybody waits for: A3 at 300 dpi has 17 million.
_MOST_PIXELS = 12_000_000


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Hold one page of the PDF as a picture, its size in mm, and what is wrong where."""

    png: bytes
    size_mm: tuple[float, float]
    places: tuple[ProblemPlace, ...] = ()


def preview_pages(checked: CheckedFlyer, wish: FlyerWish) -> tuple[PreviewPage, ...]:
    """Render the first sheet, front and back, off the UI thread."""
    return tuple(_pages(checked, wish))


def _pages(checked: CheckedFlyer, wish: FlyerWish) -> Iterator[PreviewPage]:
    sheet, trim_mm = wish.sheet(), wish.template().trim_mm
    for number, side in enumerate(checked.sides):
        where = front_places(sheet, trim_mm, 1)
        if number:
            where = back_places(sheet, trim_mm, 1, wish.edge or natural_edge(sheet))
        places = problem_places(side.layout, side.problems, next(where), sheet.paper_mm)
        yield PreviewPage(page_png(checked.pdf, number, PREVIEW_DPI), sheet.paper_mm, places)


def sharper_png(pdf: bytes, page: int, dpi: float, size_mm: tuple[float, float]) -> bytes:
    """Render a page again for somebody who looks closer, off the UI thread."""
    most = (_MOST_PIXELS / (size_mm[0] * size_mm[1])) ** 0.5 * 25.4
    return page_png(pdf, page, min(dpi, SHARPEST_DPI, most))
