"""What the system's printers can do: sides, papers, and which of them is used unless another is chosen."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from stojnica.printing.sheets import LONG_EDGE, SHORT_EDGE

PaperMm = tuple[float, float]
# What offices have in the drawer; a printer's own list names fifty, envelopes of Japan among them.
_PAPERS = (
    QPageSize.PageSizeId.A3,
    QPageSize.PageSizeId.A4,
    QPageSize.PageSizeId.A5,
    QPageSize.PageSizeId.A6,
)
_EDGES = ((LONG_EDGE, QPrinter.DuplexMode.DuplexLongSide), (SHORT_EDGE, QPrinter.DuplexMode.DuplexShortSide))
_SAME_MM = 1.0


@dataclass(frozen=True, slots=True)
class PrinterOffer:
    """Hold what one printer can do: at which edges it turns the paper, and its papers, upright in mm."""

    edges: tuple[str, ...] = ()
    papers: tuple[tuple[str, PaperMm], ...] = ()
    usual_mm: PaperMm | None = None

    def paper_for(self, page_mm: PaperMm) -> PaperMm | None:
        """Give the paper on which a page belongs: one of its size, else what usually lies in the drawer."""
        upright = (min(page_mm), max(page_mm))
        sizes = [size for _name, size in self.papers]
        same = (size for size in sizes if _is_same(size, upright))
        usual = (size for size in sizes if self.usual_mm is not None and _is_same(size, self.usual_mm))
        return next(iter((*same, *usual, *sizes)), None)


class PrinterDesk(Protocol):
    """The printers that can be chosen."""

    def names(self) -> list[str]:
        """Name them."""

    def default(self) -> str:
        """Name the one that is used unless another is chosen."""

    def offer(self, name: str) -> PrinterOffer:
        """Give what one of them can do."""


class QtPrinterDesk:
    """Ask Qt, which asks the system."""

    def names(self) -> list[str]:
        """Name the printers that the system knows."""
        return list(QPrinterInfo.availablePrinterNames())

    def default(self) -> str:
        """Name the system's default printer."""
        return QPrinterInfo.defaultPrinterName()

    def offer(self, name: str) -> PrinterOffer:
        """Give what the printer's description says of it."""
        info = QPrinterInfo.printerInfo(name)
        modes = info.supportedDuplexModes()
        known = {size.id(): size for size in info.supportedPageSizes()}
        papers = tuple((known[item].name(), _in_mm(known[item])) for item in _PAPERS if item in known)
        usual = info.defaultPageSize()
        return PrinterOffer(
            edges=tuple(edge for edge, mode in _EDGES if mode in modes),
            papers=papers,
            usual_mm=_in_mm(usual) if usual.isValid() else None,
        )


def _in_mm(size: QPageSize) -> PaperMm:
    whole = size.size(QPageSize.Unit.Millimeter)
    return (round(whole.width(), 1), round(whole.height(), 1))


def _is_same(one: PaperMm, other: PaperMm) -> bool:
    return all(abs(a - b) < _SAME_MM for a, b in zip(one, other, strict=True))
