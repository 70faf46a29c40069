"""The part *Papers* of the page *Team*: which one, in which language, and the page itself."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.i18n import LANGUAGE_NAMES
from stojnica.i18n import gettext as _
from stojnica.services.papers import ATTENDANCE, PAPERS, ROWS
from stojnica.services.papers_page import PapersState, PapersViewModel, paper_purpose, paper_title
from stojnica.services.written_time import written_number
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import column
from stojnica.ui.controls.page_viewer import PageViewer
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.theme.sizes import GAP


class TeamPapers(QWidget):
    """Choose a paper, look at its pages, save or print it. `titled` says that the second line is another."""

    titled = Signal()

    def __init__(self, model: PapersViewModel) -> None:
        super().__init__()
        self._model = model
        self._paper = PaperOut(self, model)
        self._desk = QWidget()
        self._empty = EmptyState(
            "events",
            _("No event is chosen yet"),
            _("Papers belong to an event. Choose it on the page Events."),
        )
        self._preview = PageViewer(_("Preview of the paper"), many=True)
        self._which = SegmentedChoice(_("Paper"), [Segment(kind, paper_title(kind)) for kind in PAPERS])
        self._purpose = Label("", "mid", wrap=True)
        self._language = SegmentedChoice(_("Language"), [])
        self._rows = SegmentedChoice(
            _("Rows to sign"), [Segment(rows, written_number(rows)) for rows in ROWS]
        )
        self._rows_field = LabelledField(_("Rows to sign"), self._rows, reserve=False)
        self._age = ConsentRow(_("also ask for the age group"))
        self._sheets = Label("", "soft")
        self._print = ActionButton(_("Print …"), Kind.FILLED, icon="printer")
        self._save = ActionButton(_("Save as PDF …"))
        self._note = Said()
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def _build(self) -> None:
        choices = Card(_("Which paper"))
        choices.add(self._which)
        choices.add(self._purpose)
        choices.add(LabelledField(_("Language"), self._language, reserve=False))
        choices.add(self._rows_field)
        choices.add(self._age)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self._print, self._save, self._sheets):
            flow.addWidget(button)
        choices.add(buttons)
        choices.add(self._paper.panel)
        choices.add(self._note)
        beside = SideBySide(gap=GAP)
        beside.add(column(self._preview, stretch_last=True), 5)
        beside.add(column(choices), 6)
        inside = QVBoxLayout(self._desk)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(beside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._desk, 1)
        outer.addWidget(self._empty, 1)

    def _connect(self) -> None:
        self._preview.sharper_wanted.connect(self._model.look_closer)
        self._which.chosen.connect(self._on_kind)
        self._language.chosen.connect(self._on_language)
        self._rows.chosen.connect(self._on_rows)
        self._age.clicked.connect(self._model.ask_age)
        self._print.clicked.connect(self._on_print)
        self._save.clicked.connect(self._on_save)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.see(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._model.see(False)

    def _render(self, state: PapersState) -> None:
        self.titled.emit()
        has_event = state.event_id is not None
        self._desk.setVisible(has_event)
        self._empty.setVisible(state.is_loaded and not has_event)
        self._which.set_value(state.kind)
        self._purpose.setText(paper_purpose(state.kind))
        self._language.set_segments([Segment(code, LANGUAGE_NAMES[code]) for code in state.languages])
        self._language.set_value(state.language)
        self._rows.set_value(state.rows)
        for widget in (self._rows_field, self._age):
            widget.setVisible(state.kind == ATTENDANCE)
        self._age.setChecked(state.with_age)
        self._preview.set_busy(state.is_working)
        self._preview.set_pages(state.pages)
        self._sheets.setText(state.sheets)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _on_kind(self, kind: object) -> None:
        self._model.choose(str(kind))

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_rows(self, rows: object) -> None:
        if isinstance(rows, int):
            self._model.choose_rows(rows)

    def _on_print(self) -> None:
        self._paper.print_out(self._model.state.suggested_name, self._model.state.paper_mm)

    def _on_save(self) -> None:
        self._paper.save_as(self._model.state.suggested_name)
