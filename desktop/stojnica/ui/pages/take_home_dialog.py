"""Take-home cards: the sheet as it will be, how many, in which language; to save or to print."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.printing.about_sheet import PAGE_MM
from stojnica.services.flyers import PrintableSheet
from stojnica.services.take_home_page import TakeHomeState, TakeHomeViewModel
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import ChoiceField, FieldMessage, TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import column
from stojnica.ui.controls.preview import PaperPreview
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.print_job import no_printer, prepared_printer, print_pictures
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import GAP

_WIDTH = 780
_HIGH = 420


class TakeHomeDialog(AppDialog):
    """Draw the state of its view-model, which has begun already."""

    def __init__(self, parent: QWidget, model: TakeHomeViewModel, intro: str) -> None:
        super().__init__(
            parent, title=_("Take-home cards"), intro=intro, accept=_("Print …"), reject=_("Close")
        )
        self.setMinimumWidth(_WIDTH)
        self._model = model
        self._printer: QPrinter | None = None
        self._preview = PaperPreview(_("Preview of the cards"))
        self._language = ChoiceField(_("Language"), reserve=False)
        self._count = TextField(_("How many cards"), max_length=NUMBER_ROOM)
        self._save = ActionButton(_("Save as PDF …"), key="Ctrl+S")
        self._note = Label("", "mid", wrap=True)
        self._build_body()
        self._language.chosen.connect(self._on_language)
        self._count.changed.connect(model.type_count)
        self._save.clicked.connect(self._on_save)
        self.destroyed.connect(model.subscribe(self._render))
        self._count.line.setFocus()
        self._count.line.selectAll()

    def collect(self) -> object:
        """Ask for a printer; the dialog stays, so that another language can follow."""
        if not self._model.may_print():
            return None
        if not QPrinterInfo.availablePrinterNames():
            self._model.failed(no_printer())
            return None
        self._open_printers()
        return None

    def _build_body(self) -> None:
        # No higher than a small laptop's screen leaves: the sheet is looked at, not read.
        self._preview.setMaximumHeight(look().px(_HIGH))
        beside = SideBySide(gap=GAP)
        beside.add(self._preview, 11)
        place = FlowLayout()
        place.addWidget(self._save)
        beside.add(column(self._count, self._language, place, self._note, gap=12), 10)
        self.body.addLayout(beside)

    def _render(self, state: TakeHomeState) -> None:
        languages: list[tuple[object, str]] = list(state.languages)
        if self._language.box.count() != len(languages):
            self._language.set_choices(languages)
        self._language.set_value(state.language)
        self._count.set_text(state.count)
        self._count.set_message(
            FieldMessage(state.count_problem, "bad") if state.count_problem else FieldMessage(state.sheets)
        )
        self._preview.set_busy(state.is_drawing)
        if not state.is_drawing:
            self._preview.set_png(state.preview_png)
        self._save.setEnabled(state.can_print)
        self._note.setText(state.message.text if state.message else "")
        self._note.set_tone(state.message.tone if state.message else "")

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_save(self) -> None:
        if not self._model.may_print():
            return
        suggested = str(Path.home() / self._model.state.suggested_name)
        dialog = QFileDialog(self, _("Save as PDF"), suggested, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, path: str) -> None:
        self._model.save(Path(path))

    def _open_printers(self) -> None:
        self._printer = prepared_printer(self._model.state.suggested_name, PAGE_MM)
        dialog = QPrintDialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_printer)
        # Its own open() wants a slot by name.
        QDialog.open(dialog)

    def _on_printer(self) -> None:
        self._model.render_for_printer(self._print_sheets)

    def _print_sheets(self, sheets: tuple[PrintableSheet, ...]) -> None:
        printer = self._printer
        if printer is None:
            return
        try:
            print_pictures(printer, [sheet.picture_png for sheet in sheets], PAGE_MM)
        except UserFacingError as error:
            self._model.failed(error)
        else:
            self._model.printed(printer.printerName() or printer.outputFileName())
