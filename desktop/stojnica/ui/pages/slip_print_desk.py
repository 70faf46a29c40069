"""Printing slips: the sheet as it will be, in which language, how many, and what earlier ones still miss."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.on_paper import PRINTING, RENDERING
from stojnica.services.slip_print_page import SlipPrintState, SlipPrintViewModel
from stojnica.services.tasks import Progress
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import column
from stojnica.ui.controls.preview import PaperPreview
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.overrule_dialog import OverruleDialog
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.theme.sizes import GAP


class SlipPrintDesk(QWidget):
    """Choose what is printed, see the real sheet, print it or save it as a PDF."""

    def __init__(self, model: SlipPrintViewModel) -> None:
        super().__init__()
        self._model = model
        self._paper = PaperOut(self, model, is_numbered=True)
        self._preview = PaperPreview(_("Preview of the slips"))
        self._language = ChoiceField(_("Language"), reserve=False)
        self._count = TextField(_("How many"), max_length=NUMBER_ROOM)
        self._questions = SegmentedChoice(
            _("Questions"), [Segment(False, _("as the kiosk")), Segment(True, _("all of them"))]
        )
        self._sheet_note = Label("", "mid", wrap=True)
        self._note = NoticeCard("good")
        self._overrule = link(_("Print all the same …"))
        self._overruled = Said()
        self._hold = link(_("Let the rules hold again"))
        self._progress = ProgressPanel(self._poll, self._describe)
        self._lines = Label("", "strong", wrap=True)
        self._missing = Card(_("Typed in"))
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def save_as(self) -> None:
        """Ask where the PDF goes; numbers are given out when it is written."""
        if self._may_print():
            self._paper.save_as(self._model.state.suggested_name)

    def print_out(self) -> None:
        """Ask for the printer; numbers are given out when one is chosen."""
        if self._may_print():
            state = self._model.state
            self._paper.print_out(state.suggested_name, state.sheet_mm)

    def _may_print(self) -> bool:
        if self._model.may_print():
            return True
        self._count.line.setFocus()
        return False

    def _build(self) -> None:
        # As high as the page leaves room for: a scroll bar beside a preview would hide its foot.
        self._preview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        card = Card(_("What is printed"))
        card.body.setSpacing(6)
        card.add(self._language)
        card.add(LabelledField(_("Questions"), self._questions, reserve=False))
        card.add(self._sheet_note)
        card.add(self._count)
        self._missing.add(self._lines)
        rules = (self._overrule, self._overruled, self._hold)
        told = (self._note, *rules, self._progress, self._paper.panel)
        desk = QHBoxLayout(self)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.setSpacing(GAP)
        desk.addWidget(self._preview, 11)
        desk.addLayout(column(*told, card, self._missing), 10)

    def _connect(self) -> None:
        self._language.chosen.connect(self._on_language)
        self._questions.chosen.connect(self._on_questions)
        self._count.changed.connect(self._model.type_count)
        self._overrule.clicked.connect(self._on_overrule)
        self._hold.clicked.connect(self._model.let_rules_hold)
        self._progress.stopped.connect(self._model.cancel)
        self._progress.stopped.connect(self._paper.stop)

    def _render(self, state: SlipPrintState) -> None:
        languages: list[tuple[object, str]] = list(state.languages)
        if self._language.box.count() != len(languages):
            self._language.set_choices(languages)
        self._language.set_value(state.language)
        self._questions.set_value(state.is_full)
        self._sheet_note.setText(state.note)
        self._count.set_text(state.count)
        self._count.set_message(
            FieldMessage(state.count_problem, "bad") if state.count_problem else FieldMessage(state.next_text)
        )
        self._progress.set_running(state.is_printing)
        self._preview.set_busy(state.is_drawing or state.is_printing)
        if not state.is_drawing:
            self._preview.set_png(state.preview_png)
        self._lines.setText("\n".join(state.lines))
        self._missing.setVisible(bool(state.lines))
        self._note.say(state.message)
        self._overrule.setVisible(state.case is not None)
        self._overruled.say("\n".join(state.overruled), "wait" if state.overruled else "")
        self._hold.setVisible(bool(state.overruled))

    def _poll(self) -> Progress | None:
        return self._paper.progress or self._model.progress

    def _describe(self, stage: str) -> str:
        if stage == PRINTING:
            return _("Printing …")
        if stage == RENDERING:
            return _("Preparing the sheets for the printer …")
        return _("Reading the codes on each sheet …")

    def _on_overrule(self) -> None:
        case = self._model.state.case
        if case is not None:
            OverruleDialog(self, self._model.overruling, case).open()

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_questions(self, is_full: object) -> None:
        self._model.choose_full(is_full is True)
