"""Both sides of a flyer as they are shown: their pictures, and what is wrong at its place."""

from dataclasses import dataclass, replace

from stojnica.printing.check import CheckedFlyer, DrawnFlyer
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


def preview_pages(drawn: DrawnFlyer, wish: FlyerWish) -> tuple[PreviewPage, ...]:
    """Render the first sheet, front and back, off the UI thread; what is wrong comes with `marked_pages`."""
    size_mm = wish.sheet().paper_mm
    return tuple(
        PreviewPage(page_png(drawn.pdf, page, PREVIEW_DPI), size_mm) for page in range(len(drawn.sides))
    )


def marked_pages(
    pages: tuple[PreviewPage, ...], checked: CheckedFlyer, wish: FlyerWish
) -> tuple[PreviewPage, ...]:
    """Give the pages with what is wrong at its place."""
    sheet, trim_mm = wish.sheet(), wish.template().trim_mm
    marked = []
    for number, (page, side) in enumerate(zip(pages, checked.sides, strict=True)):
        where = front_places(sheet, trim_mm, 1)
        if number:
            where = back_places(sheet, trim_mm, 1, wish.edge or natural_edge(sheet))
        places = problem_places(side.layout, side.problems, next(where), sheet.paper_mm)
        marked.append(replace(page, places=places))
    return tuple(marked)


def sharper_png(pdf: bytes, page: int, dpi: float, size_mm: tuple[float, float]) -> bytes:
    """Render a page again for somebody who looks closer, off the UI thread."""
    most = (_MOST_PIXELS / (size_mm[0] * size_mm[1])) ** 0.5 * 25.4
    return page_png(pdf, page, min(dpi, SHARPEST_DPI, most))
