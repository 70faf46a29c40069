"""Pages on their way to paper: as pictures at their true size, and what their view-model has to offer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stojnica.printing.render import page_count, page_png, page_size_mm
from stojnica.services.tasks import Progress, WorkContext

RENDERING = "pages_rendered"
PRINTING = "pages_printed"
PRINT_DPI = 300
MOST_COPIES = 500


def read_copies(text: str) -> int | None:
    """Read how many copies are wanted; None when it is no number from 1 to 500."""
    return read_sheets(text, 1)


def read_sheets(text: str, pieces: int) -> int | None:
    """Read how many pieces are wanted, and give the sheets that are enough for them, `pieces` on each.

    None when it is no number, or needs more than 500 sheets.
    """
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        return None
    sheets = -(-int(digits) // pieces)
    return sheets if 0 < sheets <= MOST_COPIES else None


@dataclass(frozen=True, slots=True)
class PrintablePages:
    """Hold pages as a printer gets them: their pictures, and the true size of each in mm."""

    pictures_png: tuple[bytes, ...]
    size_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PrintChoices:
    """Hold what is chosen before a print; without an `edge` one side of the paper is printed.

    `paper_mm` is upright; None leaves it to the pages. An empty printer is the system's own choice.
    """

    printer: str = ""
    copies: int = 1
    edge: str = ""
    paper_mm: tuple[float, float] | None = None


class GoesOnPaper(Protocol):
    """What a view-model offers whose pages can be saved and printed."""

    def save(self, path: Path) -> None:
        """Write them as PDF."""

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render them off the UI thread and hand them over."""

    def printed(self, printer_name: str) -> None:
        """Say that the printer has them."""

    def failed(self, error: Exception) -> None:
        """Say why they could not be printed."""


def printable_pages(pdf: bytes, dpi: float = PRINT_DPI, context: WorkContext | None = None) -> PrintablePages:
    """Render all pages, off the UI thread; they are all as large as the first one.

    Raises:
        CancelledError: a stop was asked for.
    """
    pictures: list[bytes] = []
    pages = page_count(pdf)
    for page in range(pages):
        if context is not None:
            context.report(Progress(RENDERING, page, pages))
        pictures.append(page_png(pdf, page, dpi))
    return PrintablePages(tuple(pictures), page_size_mm(pdf))
