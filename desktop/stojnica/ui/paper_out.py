"""One way to paper for all pages: saved as PDF or printed, and what failed is said on the page."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.on_paper import GoesOnPaper, PrintablePages
from stojnica.ui.print_job import no_printer, prepared_printer, print_pages


class PaperOut(QObject):
    """Ask for a file or a printer above `owner`, and lead there what the view-model makes.

    With `is_numbered` each page is printed once, whatever is chosen in the system's dialog.
    `told_copies` is called with the number of copies once the printer has them.
    """

    def __init__(
        self,
        owner: QWidget,
        model: GoesOnPaper,
        *,
        is_numbered: bool = False,
        told_copies: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._model = model
        self._is_numbered = is_numbered
        self._told_copies = told_copies
        self._printer: QPrinter | None = None
        self._pages: Iterator[int] | None = None
        # One page a turn: a long job must not stop the counting keys.
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._print_next)

    def save_as(self, name: str) -> None:
        """Ask where the PDF goes; `name` is proposed."""
        dialog = QFileDialog(self._owner, _("Save as PDF"), str(Path.home() / name), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def print_out(self, name: str, page_mm: tuple[float, float]) -> None:
        """Ask which printer takes it; `name` is the job's in the queue."""
        if self._pages is not None:
            return
        if not QPrinterInfo.availablePrinterNames():
            self._model.failed(no_printer())
            return
        self._printer = prepared_printer(name, page_mm)
        dialog = QPrintDialog(self._printer, self._owner)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_printer)
        # Its own open() wants a slot by name.
        QDialog.open(dialog)

    def print_to(self, printer: QPrinter) -> None:
        """Print at once, on a printer that was chosen."""
        if self._is_numbered:
            # Two slips of one number could not be told apart.
            printer.setCopyCount(1)
        self._printer = printer
        self._model.render_for_printer(self._print)

    def _on_file(self, path: str) -> None:
        self._model.save(Path(path))

    def _on_printer(self) -> None:
        if self._printer is not None:
            self.print_to(self._printer)

    def _print(self, pages: PrintablePages) -> None:
        if self._printer is not None:
            self._pages = print_pages(self._printer, pages)
            self._turn.start()

    def _print_next(self) -> None:
        pages, printer = self._pages, self._printer
        if pages is None or printer is None:
            self._turn.stop()
            return
        try:
            is_done = next(pages, None) is None
        except UserFacingError as error:
            self._stop()
            self._model.failed(error)
            return
        if is_done:
            self._stop()
            self._model.printed(printer.printerName() or printer.outputFileName())
            if self._told_copies is not None:
                self._told_copies(printer.copyCount())

    def _stop(self) -> None:
        self._turn.stop()
        self._pages = self._printer = None
