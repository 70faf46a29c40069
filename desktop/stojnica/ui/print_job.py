"""A PDF on its way to a system printer: the checked page's own picture, at the printer's size."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

DPI = 300
_MM_PER_INCH = 25.4


def prepared_printer(name: str, page_mm: tuple[float, float]) -> QPrinter:
    """Give a printer set to the sheet's size, to be shown in the print dialog."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QSizeF(*page_mm), QPageSize.Unit.Millimeter))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    return printer


def print_picture(printer: QPrinter, png: bytes, page_mm: tuple[float, float]) -> None:
    """Print a page's picture at its true size, in the middle of whatever paper the printer has.

    Raises:
        UserFacingError: the printer doesn't take the job.
    """
    print_pictures(printer, (png,), page_mm)


def print_pictures(printer: QPrinter, pngs: Sequence[bytes], page_mm: tuple[float, float]) -> None:
    """Print several pages as one job, each at its true size.

    Raises:
        UserFacingError: the printer doesn't take the job.
    """
    painter = QPainter()
    image = QImage.fromData(pngs[0]) if pngs else QImage()
    if image.isNull() or not painter.begin(printer):
        raise no_printer()
    for number, png in enumerate(pngs):
        # One at a time: a page of A4 takes 35 MB as a picture, and a school may want sixty.
        image = QImage.fromData(png) if number else image
        if image.isNull() or (number and not printer.newPage()):
            painter.end()
            raise no_printer()
        _draw(painter, printer, image, page_mm)
    if not painter.end():
        raise no_printer()


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
