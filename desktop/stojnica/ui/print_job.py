"""A PDF on its way to a system printer: the checked page's own picture, at the printer's size."""

from collections.abc import Generator

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintEngine, QPrinter

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.printing.sheets import LONG_EDGE, SHORT_EDGE
from stojnica.services.on_paper import PrintablePages, PrintChoices

_MM_PER_INCH = 25.4
# Qt's private PPK_CupsOptions, which its own print dialog uses.
_CUPS_OPTIONS = QPrintEngine.PrintEnginePropertyKey(0xFE00)


_SIDES = {
    "": QPrinter.DuplexMode.DuplexNone,
    LONG_EDGE: QPrinter.DuplexMode.DuplexLongSide,
    SHORT_EDGE: QPrinter.DuplexMode.DuplexShortSide,
}


def prepared_printer(
    name: str, page_mm: tuple[float, float], choices: PrintChoices | None = None
) -> QPrinter:
    """Give a printer set to what was chosen, and where nothing was, to the sheet's own size."""
    wanted = choices or PrintChoices()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if wanted.printer:
        printer.setPrinterName(wanted.printer)
    printer.setDocName(name)
    # Printers know their paper upright.
    paper_mm = wanted.paper_mm or (min(page_mm), max(page_mm))
    printer.setPageSize(QPageSize(QSizeF(*paper_mm), QPageSize.Unit.Millimeter))
    is_wide = page_mm[0] > page_mm[1]
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
    )
    printer.setFullPage(True)
    printer.setCopyCount(wanted.copies)
    printer.setDuplex(_SIDES[wanted.edge])
    return printer


def print_pages(printer: QPrinter, pages: PrintablePages) -> Generator[int]:
    """Print pages as one job, each at its true size, in the middle of whatever paper the printer has.

    Gives the number of pages drawn after each one, so that the caller may let others in between.

    Raises:
        UserFacingError: the printer doesn't take the job; nothing of it was printed.
    """
    painter = QPainter()
    try:
        for number, png in enumerate(pages.pictures_png):
            image = QImage.fromData(png)
            if image.isNull():
                raise no_printer()
            if not (printer.newPage() if number else painter.begin(printer)):
                raise no_printer()
            _draw(painter, printer, image, pages.size_mm)
            yield number + 1
        if not painter.isActive() or not painter.end():
            raise no_printer()
    finally:
        if painter.isActive():
            _give_up(painter, printer)


def _give_up(painter: QPainter, printer: QPrinter) -> None:
    """End a job so that nothing of it is printed: half a job is none."""
    if not printer.abort():
        # WORKAROUND: Qt can't abort where CUPS prints; the end of painting sends what was drawn. A number
        # of pages a sheet that CUPS doesn't know makes the queue refuse the job as a whole.
        printer.printEngine().setProperty(_CUPS_OPTIONS, ["number-up", "3"])
    painter.end()


def _draw(painter: QPainter, printer: QPrinter, image: QImage, page_mm: tuple[float, float]) -> None:
    paper = printer.pageLayout().fullRectPixels(printer.resolution())
    per_mm = printer.resolution() / _MM_PER_INCH
    width, height = page_mm[0] * per_mm, page_mm[1] * per_mm
    # Never enlarged, and never cut: a smaller sheet makes the whole page smaller.
    scale = min(1.0, paper.width() / width, paper.height() / height)
    width, height = width * scale, height * scale
    painter.drawImage(
        QRectF((paper.width() - width) / 2, (paper.height() - height) / 2, width, height), image
    )


def no_printer() -> UserFacingError:
    """Tell that nothing can be printed."""
    return UserFacingError(
        _("There is no printer that takes this page."),
        safe=_("Nothing was printed, and nothing is lost."),
        next_step=_("Switch the printer on and connect it, or save the PDF and print it elsewhere."),
        code="no_printer",
    )


def stopped() -> UserFacingError:
    """Tell that a print was stopped before the printer had all of it."""
    return UserFacingError(
        _("Printing was stopped."),
        safe=_("Nothing was printed, and nothing is lost."),
        next_step=_("Print again whenever it suits."),
        code="print_stopped",
    )
