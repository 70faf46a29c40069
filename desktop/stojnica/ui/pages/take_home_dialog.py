"""Take-home cards: the sheet as it will be, how many, in which language; to save or to print."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.printing.about_sheet import PAGE_MM
from stojnica.services.take_home_page import TakeHomeState, TakeHomeViewModel
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import ActionButton, link
from stojnica.ui.controls.field import ChoiceField, FieldMessage, TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.page import column
from stojnica.ui.controls.preview import PaperPreview
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.pages.overrule_dialog import OverruleDialog
from stojnica.ui.paper_out import PaperOut
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
        self._paper = PaperOut(self, model, told_copies=model.copies_printed)
        self._preview = PaperPreview(_("Preview of the cards"))
        self._language = ChoiceField(_("Language"), reserve=False)
        self._count = TextField(_("How many cards"), max_length=NUMBER_ROOM)
        self._save = ActionButton(_("Save as PDF …"), key="Ctrl+S")
        self._note = Said()
        self._problem = Said()
        self._overrule = link(_("Print all the same …"))
        self._overruled = Said()
        self._hold = link(_("Let the rules hold again"))
        self._build_body()
        self._language.chosen.connect(self._on_language)
        self._count.changed.connect(model.type_count)
        self._save.clicked.connect(self._on_save)
        self._overrule.clicked.connect(self._on_overrule)
        self._hold.clicked.connect(model.let_rules_hold)
        self.destroyed.connect(model.subscribe(self._render))
        self._count.line.setFocus()
        self._count.line.selectAll()

    def collect(self) -> object:
        """Ask for a printer; the dialog stays, so that another language can follow."""
        if self._model.may_print():
            self._paper.print_out(self._model.state.suggested_name, PAGE_MM)
        return None

    def _build_body(self) -> None:
        # No higher than a small laptop's screen leaves: the sheet is looked at, not read.
        self._preview.setMaximumHeight(look().px(_HIGH))
        beside = SideBySide(gap=GAP)
        beside.add(self._preview, 11)
        place = FlowLayout()
        place.addWidget(self._save)
        rules = (self._problem, self._overrule, self._overruled, self._hold)
        told = (self._paper.panel, self._note)
        beside.add(column(self._count, self._language, *rules, place, *told, gap=12), 10)
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
        self._problem.say("\n".join(state.problems), "bad" if state.problems else "")
        self._overrule.setVisible(state.case is not None)
        self._overruled.say("\n".join(state.overruled), "wait" if state.overruled else "")
        self._hold.setVisible(bool(state.overruled))
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _on_language(self, language: object) -> None:
        self._model.choose_language(str(language))

    def _on_overrule(self) -> None:
        case = self._model.state.case
        if case is not None:
            OverruleDialog(self, self._model.overruling, case).open()

    def _on_save(self) -> None:
        if self._model.may_print():
            self._paper.save_as(self._model.state.suggested_name)
