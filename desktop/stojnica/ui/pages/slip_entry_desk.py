"""The pile beside the laptop: its day, the number of the slip in hand, and what is missing yet."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.slip_entry_page import SlipEntryState, SlipEntryViewModel
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import ChoiceField, FieldMessage, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import column
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.slip_scans_card import SlipScansCard
from stojnica.ui.theme.sizes import GAP


class SlipEntryDesk(QWidget):
    """Take numbers from a scanner or the keyboard; Enter opens the form."""

    def __init__(self, model: SlipEntryViewModel) -> None:
        super().__init__()
        self._model = model
        self._focus_number = 0
        self._choices: list[tuple[object, str]] = []
        self._number = TextField(
            _("Number of the slip"), note=_("scan it, or type it like A-012"), max_length=40
        )
        self._wording = ChoiceField(
            _("Wording beside its boxes"), note=_("for slips not known here"), reserve=False
        )
        self._wording.box.setPlaceholderText(_("choose …"))
        self._day = TextField(_("Day on which they were filled in"), note=_("empty: nobody knows"))
        self._note = NoticeCard("good")
        self._lines = Label("", "strong", wrap=True)
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def take_focus(self) -> None:
        """Begin where a scanner types."""
        self._number.line.setFocus()
        self._number.line.selectAll()

    def _build(self) -> None:
        pile = Card(_("The pile"))
        pile.add(self._day)
        slip = Card(_("The slip in hand"))
        slip.add(self._number)
        slip.add(self._wording)
        missing = Card(_("Typed in"))
        missing.add(self._lines)
        way = Card(_("How it goes"))
        way.add_text(
            _("The form opens with number, wordings and day. Once it is saved, the next slip comes.")
        )
        way.add_text(_("Each number goes in once. A closed event still takes its slips."))
        both = SideBySide(gap=GAP)
        both.add(column(self._note, slip, pile), 13)
        both.add(column(missing, SlipScansCard(self._model.scans), way), 10)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(both)

    def _connect(self) -> None:
        self._day.changed.connect(self._model.type_day)
        self._number.changed.connect(self._model.type_number)
        # A scanner ends with Enter, sometimes with the one of the number pad.
        self._number.line.returnPressed.connect(self._model.open)
        self._wording.chosen.connect(self._on_wording)

    def _render(self, state: SlipEntryState) -> None:
        self._day.set_text(state.collected_on)
        self._day.set_message(
            FieldMessage(state.day_problem, "bad") if state.day_problem else FieldMessage(state.day_hint)
        )
        self._number.set_text(state.number)
        self._number.set_message(
            FieldMessage(state.number_problem, "wait" if state.asks_wording else "bad")
            if state.number_problem
            else None
        )
        self._wording.setVisible(state.asks_wording)
        choices: list[tuple[object, str]] = [(choice.id, choice.label) for choice in state.wordings]
        if choices != self._choices:
            self._choices = choices
            self._wording.set_choices(choices)
        self._wording.set_value(state.wording)
        self._lines.setText(
            "\n".join(state.lines) or _("No slips were printed for this event on this laptop.")
        )
        self._note.say(state.message)
        if state.focus_number != self._focus_number:
            self._focus_number = state.focus_number
            self.take_focus()

    def _on_wording(self, wording: object) -> None:
        self._model.choose_wording(str(wording))
