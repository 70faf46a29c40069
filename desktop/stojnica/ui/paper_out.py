"""One way to paper for all pages: saved as PDF or printed, and what failed is said on the page."""

from collections.abc import Callable, Generator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.on_paper import PRINTING, GoesOnPaper, PrintablePages, PrintChoices
from stojnica.services.tasks import Progress
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.pages.print_dialog import PrintDialog, Wanted
from stojnica.ui.print_job import no_printer, prepared_printer, print_pages, stopped
from stojnica.ui.printer_desk import QtPrinterDesk

_A4_MM = (210.0, 297.0)
TestPage = Callable[[Callable[[PrintablePages], None]], None]


class PaperOut(QObject):
    """Ask for a file or a printer above `owner`, and lead there what the view-model makes.

    With `is_numbered` each page is printed once and on one side. `told_copies` is called with the number
    of copies once the printer has them. `turn` hears at which edge the paper
    is turned before the pages are rendered, where backs have to lie behind their fronts. `panel` shows
    a long job with Cancel, wherever the page puts it.
    """

    def __init__(
        self,
        owner: QWidget,
        model: GoesOnPaper,
        *,
        is_numbered: bool = False,
        told_copies: Callable[[int], None] | None = None,
        turn: Callable[[str], None] | None = None,
        test_page: TestPage | None = None,
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._model = model
        self._is_numbered = is_numbered
        self._told_copies = told_copies
        self._turn_at = turn
        self._test_page = test_page
        self._dialog: PrintDialog | None = None
        self._is_test = False
        self._name = ""
        self._page_mm = _A4_MM
        self._printer: QPrinter | None = None
        self._pages: Generator[int] | None = None
        self._progress = Progress(PRINTING)
        self.panel = ProgressPanel(self._how_far, _stage_words)
        self.panel.stopped.connect(self.stop)
        # One page a turn: a long job must not stop the counting keys.
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._print_next)

    def save_as(self, name: str, *, title: str = "", files: str = "PDF (*.pdf)") -> None:
        """Ask where the file goes; `name` is proposed."""
        dialog = QFileDialog(self._owner, title or _("Save as PDF"), str(Path.home() / name), files)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix.removeprefix(".") or "pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filterSelected.connect(self._on_kind)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def print_out(self, name: str, page_mm: tuple[float, float], edge: str = "", pieces: int = 1) -> None:
        """Ask which printer takes it; `name` is the job's in the queue, `edge` where its backs belong.

        `pieces` lie on each sheet.
        """
        if self._pages is not None:
            return
        if not QPrinterInfo.availablePrinterNames():
            self._model.failed(no_printer())
            return
        self._name, self._page_mm = name, page_mm
        wanted = Wanted(page_mm, edge, self._is_numbered, self._test_page is not None, pieces)
        dialog = PrintDialog(self._owner, wanted, QtPrinterDesk())
        dialog.submitted.connect(self._on_choices)
        dialog.submitted.connect(dialog.accept)
        dialog.test_wanted.connect(self._on_test)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()

    def print_to(self, printer: QPrinter) -> None:
        """Print at once, on a printer that was chosen."""
        if self._is_numbered:
            # Two slips of one number could not be told apart.
            printer.setCopyCount(1)
        self._printer = printer
        self._is_test = False
        self._model.render_for_printer(self._print)

    @property
    def progress(self) -> Progress | None:
        """Give how far a job is on its way to the printer; None when there is none."""
        return None if self._pages is None else self._progress

    def stop(self) -> None:
        """Print nothing of what isn't at the printer yet."""
        if self._pages is None:
            return
        self._pages.close()
        self._stop()
        self._model.failed(stopped())

    def _on_kind(self, kind: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")"))

    def _on_file(self, path: str) -> None:
        self._model.save(Path(path))

    def _on_choices(self, choices: object) -> None:
        if isinstance(choices, PrintChoices):
            if self._turn_at is not None and choices.edge:
                self._turn_at(choices.edge)
            self.print_to(prepared_printer(self._name, self._page_mm, choices))

    def _on_test(self, choices: object) -> None:
        if isinstance(choices, PrintChoices) and self._test_page is not None and self._pages is None:
            self._printer = prepared_printer(_("Test page"), _A4_MM, choices)
            self._is_test = True
            self._test_page(self._print)

    def _on_closed(self) -> None:
        self._dialog = None

    def _print(self, pages: PrintablePages) -> None:
        if self._printer is not None:
            self._progress = Progress(PRINTING, 0, len(pages.pictures_png))
            self._pages = print_pages(self._printer, pages)
            self.panel.set_running(True)
            self._turn.start()

    def _print_next(self) -> None:
        pages, printer = self._pages, self._printer
        if pages is None or printer is None:
            self._turn.stop()
            return
        try:
            done = next(pages, None)
        except UserFacingError as error:
            self._stop()
            self._fail(error)
            return
        if done is None:
            self._stop()
            self._end(printer)
        else:
            self._progress = self._progress._replace(done=done)

    def _end(self, printer: QPrinter) -> None:
        printer_name = printer.printerName() or printer.outputFileName()
        if self._is_test:
            # A test page is no print: nothing is counted, and the question may still be open.
            if self._dialog is not None:
                self._dialog.say_tested(printer_name)
            return
        self._model.printed(printer_name)
        if self._told_copies is not None:
            self._told_copies(printer.copyCount())

    def _fail(self, error: UserFacingError) -> None:
        if self._is_test and self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self._model.failed(error)

    def _how_far(self) -> Progress:
        return self._progress

    def _stop(self) -> None:
        self._turn.stop()
        self.panel.set_running(False)
        self._pages = self._printer = None


def _stage_words(_stage: str) -> str:
    return _("Printing …")
