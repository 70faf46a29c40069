"""The part *Handover* of the page *Team*: two minutes for those who go and those who come."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.printing.team_sheet import PAPER_MM
from stojnica.services.handover import MATTERS, TO_ORDER, UNANSWERED
from stojnica.services.handover_page import HandoverState, HandoverViewModel
from stojnica.services.handover_sheet import list_title
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import column
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.handover_figures import HandoverFigures
from stojnica.ui.pages.line_list import LineListCard
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.theme.sizes import GAP


class TeamHandover(QWidget):
    """Draw the handover. `titled` says that the second line of the page is another."""

    titled = Signal()

    def __init__(self, model: HandoverViewModel) -> None:
        super().__init__()
        self._model = model
        self._paper = PaperOut(self, model)
        self._all = QWidget()
        self._empty = EmptyState(
            "events",
            _("No event is chosen yet"),
            _("A handover belongs to an event. Choose it on the page Events."),
        )
        self._note = Said()
        self._figures = HandoverFigures()
        self._keep_card = Card(_("Shift change"))
        self._last = Label("", "soft", wrap=True)
        self._hand_over = ActionButton(_("Hand over"), Kind.FILLED)
        self._print = ActionButton(_("Print …"), icon="printer")
        self._save = ActionButton(_("Save as PDF …"))
        self._lists = {
            MATTERS: LineListCard(list_title(MATTERS), _("What is still to be done?"), can_be_done=True),
            TO_ORDER: LineListCard(list_title(TO_ORDER), _("What is running out?")),
            UNANSWERED: LineListCard(list_title(UNANSWERED), _("What did visitors ask?")),
        }
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def _build(self) -> None:
        self._keep_card.add_text(
            _("Read it to each other, tick what is done, and hand over: it is kept, and goes to the office.")
        )
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self._hand_over, self._print, self._save):
            flow.addWidget(button)
        self._keep_card.add(buttons)
        self._keep_card.add(self._paper.panel)
        self._keep_card.add(self._note)
        self._keep_card.add(self._last)
        lower = SideBySide(gap=GAP)
        lower.add(column(self._lists[TO_ORDER]))
        lower.add(column(self._lists[UNANSWERED]))
        right = column(self._lists[MATTERS], lower)
        beside = SideBySide(gap=GAP)
        beside.add(column(self._figures, self._keep_card), 5)
        beside.add(right, 6)
        inside = QVBoxLayout(self._all)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(beside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._all)
        outer.addWidget(self._empty, 1)
        outer.addStretch(1)

    def _connect(self) -> None:
        for name, card in self._lists.items():
            card.setProperty("list", name)
            card.added.connect(self._on_added)
            card.removed.connect(self._on_removed)
        self._lists[MATTERS].marked.connect(self._model.mark)
        self._figures.noted.connect(self._model.note_other)
        self._hand_over.clicked.connect(self._model.hand_over)
        self._print.clicked.connect(self._on_print)
        self._save.clicked.connect(self._on_save)

    def _render(self, state: HandoverState) -> None:
        self.titled.emit()
        has_event = state.event_id is not None
        self._all.setVisible(has_event)
        self._empty.setVisible(state.is_loaded and not has_event)
        self._figures.show_figures(state.figures, state.problem, state.problem_at)
        lines = {MATTERS: state.matters, TO_ORDER: state.to_order, UNANSWERED: state.unanswered}
        for name, card in self._lists.items():
            card.show_lines(lines[name], state.problem if state.problem_at == name else "")
        self._hand_over.setEnabled(not state.is_working)
        self._last.setText(state.last)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _on_added(self, text: str) -> None:
        self._model.add(self._list_of_sender(), text)

    def _on_removed(self, text: str) -> None:
        self._model.remove(self._list_of_sender(), text)

    def _list_of_sender(self) -> str:
        card = self.sender()
        return str(card.property("list")) if isinstance(card, LineListCard) else MATTERS

    def _on_save(self) -> None:
        self._paper.save_as(self._model.state.suggested_name)

    def _on_print(self) -> None:
        self._paper.print_out(self._model.state.suggested_name, PAPER_MM)
