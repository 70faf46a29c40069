"""The event sheet at the end of the day: one button from tally to paper."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import LANGUAGE_NAMES
from stojnica.i18n import gettext as _
from stojnica.services.papers_page import PapersState, PapersViewModel
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.theme.sizes import GAP


class EventSheetCard(Card):
    """Print or save the sheet of the event, in the funder's language; `brief` where there is little room."""

    def __init__(self, model: PapersViewModel, *, brief: bool = False) -> None:
        super().__init__(_("Event sheet for the funder"), compact=True)
        self._model = model
        self._paper = PaperOut(self, model)
        self._language = SegmentedChoice(_("Language of the sheet"), [])
        self._print = ActionButton(_("Print the event sheet …"), icon="printer")
        self._save = ActionButton(_("Save as PDF …"))
        self._note = Said()
        self._build(brief=brief)
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def _build(self, *, brief: bool) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons)
        flow.addWidget(self._language)
        flow.addWidget(self._print)
        flow.addWidget(self._save)
        if brief:
            self.add(buttons)
        else:
            words = _("People reached, ages, countries, hours and a chart: as of now, and without names.")
            beside = SideBySide(gap=GAP)
            beside.add(Label(words, "mid", wrap=True), 2)
            beside.add(buttons, 3)
            self.body.addLayout(beside)
        self.add(self._paper.panel)
        self.add(self._note)

    def _connect(self) -> None:
        self._language.chosen.connect(self._on_language)
        self._print.clicked.connect(self._on_print)
        self._save.clicked.connect(self._on_save)

    def _render(self, state: PapersState) -> None:
        self.setVisible(state.event_id is not None)
        self._language.set_segments([Segment(code, LANGUAGE_NAMES[code]) for code in state.languages])
        self._language.set_value(state.language)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_print(self) -> None:
        self._paper.print_out(self._model.state.suggested_name, self._model.state.paper_mm)

    def _on_save(self) -> None:
        self._paper.save_as(self._model.state.suggested_name)
