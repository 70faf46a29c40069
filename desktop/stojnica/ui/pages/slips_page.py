"""The page for paper slips of one event: typed in by number, printed, or taken in as a sheet."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from stojnica.domain.pile import PAPER, WEB
from stojnica.i18n import gettext as _
from stojnica.services.signup_choices import Choice
from stojnica.services.slip_entry_page import SlipEntryState, SlipEntryViewModel
from stojnica.services.slip_print_page import SlipPrintState, SlipPrintViewModel
from stojnica.services.slips_page import Phase, SlipsState, SlipsViewModel
from stojnica.services.tasks import Progress
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, row
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.columns_dialog import ColumnsDialog
from stojnica.ui.pages.slip_entry_desk import SlipEntryDesk
from stojnica.ui.pages.slip_print_desk import SlipPrintDesk
from stojnica.ui.pages.slips_result import SlipsResult
from stojnica.ui.theme.sizes import GAP

ENTER, PRINT, SHEET = "enter", "print", "sheet"


class SlipsPage(Page):
    """Type slips in, print them, or take a sheet in: choose a file, see what became of each row.

    `left` leads back.
    """

    left = Signal()

    def __init__(
        self, model: SlipsViewModel, entry: SlipEntryViewModel, printing: SlipPrintViewModel
    ) -> None:
        super().__init__(_("Paper slips or a web form"))
        self._model = model
        self._what = SegmentedChoice(
            _("What to do"),
            [
                Segment(ENTER, _("Type slips in")),
                Segment(PRINT, _("Print slips")),
                Segment(SHEET, _("Take a sheet in")),
            ],
        )
        self._desk = SlipEntryDesk(entry)
        self._print_desk = SlipPrintDesk(printing)
        self._open_slip = ActionButton(_("Open the form"), Kind.FILLED, key="Ctrl+Return")
        self._save_pdf = ActionButton(_("Save as PDF …"), key="Ctrl+S")
        self._print = ActionButton(_("Print …"), Kind.FILLED, key="Ctrl+P")
        self._entry = entry
        self._back = ActionButton(_("Back to the events"), icon="back")
        self._start = ActionButton(_("Take them in"), Kind.FILLED, key="Ctrl+Return")
        self._again = ActionButton(_("Another file …"))
        self._note = NoticeCard("wait")
        self._progress = ProgressPanel(self._poll, self._describe)
        self._form = QWidget()
        self._open = ActionButton(_("Choose a file …"), icon="open")
        self._file = Label("", "strong", wrap=True)
        self._file_note = Said()
        self._columns_note = Said()
        self._columns = link(_("Look at the columns …"))
        self._channel = SegmentedChoice(
            _("What it is"), [Segment(PAPER, _("paper slips")), Segment(WEB, _("web form or list"))]
        )
        self._day = TextField(_("Day on which they were filled in"), note=_("empty: nobody knows"))
        self._wording = ChoiceField(_("Wording beside the boxes"))
        self._wording.box.setPlaceholderText(_("choose …"))
        self._letter = ChoiceField(_("Numbers in the sheet"))
        self._letter.box.setPlaceholderText(_("choose …"))
        self._result = SlipsResult()
        self._sheet = QWidget()
        self._rest = QWidget()
        self._build()
        self._connect()
        self.follow(model, self._render)
        self.follow(entry, self._render_entry)
        self.follow(printing, self._render_print)
        self.show_part(ENTER)

    def show_part(self, part: str) -> None:
        """Show what is to be done: `ENTER`, `PRINT` or `SHEET`."""
        self._what.set_value(part)
        self._desk.setVisible(part == ENTER)
        self._rest.setVisible(part != PRINT)
        self._print_desk.setVisible(part == PRINT)
        self._sheet.setVisible(part == SHEET)
        self._render(self._model.state)
        if part == ENTER:
            self._desk.take_focus()

    def take_focus(self) -> None:
        """Begin where a scanner types, or at what is to be done."""
        if self._what.value() == ENTER:
            self._desk.take_focus()
        else:
            self._what.setFocus()

    def _build(self) -> None:
        self.header.add_actions(
            self._back, self._again, self._start, self._open_slip, self._save_pdf, self._print
        )
        self.body.addLayout(row(self._what))
        self.add(self._desk)
        self.add(self._print_desk, 1)
        self.add(self._sheet)
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(GAP)
        sheet.addWidget(self._note)
        sheet.addWidget(self._progress)
        both = SideBySide(gap=GAP)
        both.add(_column(self._sheet_card(), self._pile_card()), 13)
        both.add(_column(self._help_card(), self._care_card()), 10)
        self._form.setLayout(both)
        sheet.addWidget(self._form)
        sheet.addWidget(self._result)
        self.add(self._rest, 1)

    def _sheet_card(self) -> Card:
        card = Card(_("The sheet"))
        card.body.addLayout(row(self._open))
        for label in (self._file, self._file_note, self._columns_note):
            card.add(label)
        card.add(self._columns)
        card.body.addStretch(1)
        return card

    def _pile_card(self) -> Card:
        card = Card(_("How it was collected"))
        card.body.setSpacing(6)
        card.add(LabelledField(_("What it is"), self._channel, reserve=False))
        card.add(self._day)
        card.add(self._wording)
        card.add(self._letter)
        card.body.addStretch(1)
        return card

    def _help_card(self) -> Card:
        card = Card(_("How it goes"))
        card.add_text(
            _("A sheet saved as CSV, one person a row, with headings such as name, e-mail, phone, news.")
        )
        card.add_text(
            _(
                "Each row is taken, taken with a warning, or listed as one that needs attention."
                " The same sheet again brings nobody twice."
            )
        )
        card.body.addStretch(1)
        return card

    def _care_card(self) -> Card:
        card = Card(_("Why day and wording"))
        card.add_text(
            _(
                "A consent counts when it can be shown what was read, and when. Without that it is kept,"
                " and never used; the same sheet taken in again with both makes it good."
            )
        )
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        self._back.clicked.connect(self.left)
        self._what.chosen.connect(self._on_what)
        self._open_slip.clicked.connect(self._entry.open)
        self._save_pdf.clicked.connect(self._print_desk.save_as)
        self._print.clicked.connect(self._print_desk.print_out)
        self._start.clicked.connect(self._model.start)
        self._again.clicked.connect(self._model.again)
        self._open.clicked.connect(self._on_open)
        self._columns.clicked.connect(self._on_columns)
        self._channel.chosen.connect(self._on_channel)
        self._day.changed.connect(self._model.type_day)
        self._wording.chosen.connect(self._on_wording)
        self._letter.chosen.connect(self._on_letter)
        self._progress.stopped.connect(self._model.cancel)

    def _render(self, state: SlipsState) -> None:
        is_done = state.phase is Phase.DONE
        part = self._what.value()
        self.header.set_subtitle(state.event_name)
        self._open_slip.setVisible(part == ENTER)
        self._save_pdf.setVisible(part == PRINT)
        self._print.setVisible(part == PRINT)
        self._start.setVisible(part == SHEET and not is_done)
        self._start.setEnabled(state.is_loaded and bool(state.event_name) and not state.is_busy)
        self._again.setVisible(part == SHEET and is_done)
        self._form.setVisible(not is_done)
        self._form.setEnabled(not state.is_busy)
        self._progress.set_running(state.is_busy)
        self._result.setVisible(is_done)
        if state.report is not None:
            self._result.set_report(state.report)
        self._render_sheet(state)
        self._render_pile(state)
        self._note.say(state.message)

    def _render_sheet(self, state: SlipsState) -> None:
        problem = state.problem_at("file")
        columns = state.problem_at("columns")
        self._open.set_text(_("Choose another file …") if state.file_name else _("Choose a file …"))
        self._file.setText(state.file_name)
        self._file.setVisible(bool(state.file_name))
        self._file_note.say(problem.message if problem else state.file_note, "bad" if problem else "")
        self._open.setAccessibleDescription(problem.message if problem else "")
        words = columns.message if columns else state.columns_note
        self._columns_note.say(words if state.columns else "", "bad" if columns else "")
        self._columns.set_text(_("Say what the columns are …") if columns else _("Look at the columns …"))
        self._columns.setAccessibleDescription(columns.message if columns else "")
        self._columns.setVisible(bool(state.columns))

    def _render_pile(self, state: SlipsState) -> None:
        self._channel.set_value(state.channel)
        self._day.set_text(state.collected_on)
        self._day.set_message(_message(state, "day", state.day_hint))
        _offer(self._wording, state.wordings)
        self._wording.set_value(state.wording)
        self._wording.set_message(_message(state, "wording", state.wording_note))
        self._letter.setVisible(bool(state.letters))
        _offer(self._letter, state.letters)
        self._letter.set_value(state.letter)
        self._letter.set_message(_message(state, "letter", state.letter_note))

    def _render_entry(self, state: SlipEntryState) -> None:
        self._open_slip.setEnabled(state.is_loaded and not state.is_looking)

    def _render_print(self, state: SlipPrintState) -> None:
        self._save_pdf.setEnabled(state.can_print and not state.is_printing)
        self._print.setEnabled(state.can_print and not state.is_printing)

    def _on_what(self, part: object) -> None:
        self.show_part(str(part))

    def _poll(self) -> Progress | None:
        return self._model.progress

    def _describe(self, _stage: str) -> str:
        return _("Taking the rows in …") if self._model.state.phase is Phase.IMPORTING else _("Reading …")

    def _on_open(self) -> None:
        sheets = _("Sheets") + " (*.csv *.tsv *.txt)"
        dialog = QFileDialog(
            self, _("Choose the sheet"), str(Path.home()), f"{sheets};;" + _("All files") + " (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    def _on_file(self, path: str) -> None:
        self._model.choose_file(Path(path))

    def _on_columns(self) -> None:
        dialog = ColumnsDialog(self, self._model.state)
        dialog.submitted.connect(self._on_columns_taken)
        dialog.submitted.connect(dialog.accept)
        dialog.open()

    def _on_columns_taken(self, fields: object) -> None:
        if isinstance(fields, dict):
            self._model.take_columns(fields)

    def _on_channel(self, channel: object) -> None:
        self._model.choose_channel(str(channel))

    def _on_wording(self, wording: object) -> None:
        self._model.choose_wording(str(wording))

    def _on_letter(self, letter: object) -> None:
        self._model.choose_letter(str(letter))


def _offer(field: ChoiceField, offered: tuple[Choice, ...]) -> None:
    choices: list[tuple[object, str]] = [(choice.id, choice.label) for choice in offered]
    box = field.box
    if choices != [(box.itemData(at), box.itemText(at)) for at in range(box.count())]:
        field.set_choices(choices)


def _message(state: SlipsState, name: str, hint: str) -> FieldMessage:
    problem = state.problem_at(name)
    return FieldMessage(problem.message, "bad") if problem else FieldMessage(hint)


def _column(*cards: Card) -> QVBoxLayout:
    result = QVBoxLayout()
    result.setSpacing(GAP)
    for card in cards:
        result.addWidget(card)
    result.addStretch(1)
    return result
