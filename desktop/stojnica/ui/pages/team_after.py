"""The part *After the event* of the page *Team*: two clicks in the rain, the rest until Monday."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.domain.handover import NOTE_LIMIT
from stojnica.i18n import gettext as _
from stojnica.services.closing_page import ClosingState, ClosingViewModel
from stojnica.services.estimate import EstimateForm
from stojnica.services.papers_page import PapersViewModel
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import FieldMessage, LongTextField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import column
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.dialogs import ConfirmDialog
from stojnica.ui.pages.estimate_dialog import EstimateDialog
from stojnica.ui.pages.event_sheet_card import EventSheetCard
from stojnica.ui.theme.sizes import GAP


class TeamAfter(QWidget):
    """Draw the end of the day. `titled` says that the second line of the page is another."""

    titled = Signal()

    def __init__(self, model: ClosingViewModel, sheet: PapersViewModel) -> None:
        super().__init__()
        self._model = model
        self._empty = EmptyState("events", "", "", _("Close the stand …"))
        self._pending = NoticeCard("wait")
        self._reminder = NoticeCard("wait")
        # Whoever prints before the stand is closed finds it here, and afterwards beside the count.
        self._early = QWidget()
        self._early_sheet = EventSheetCard(sheet)
        self._sheet = EventSheetCard(sheet, brief=True)
        self._form = QWidget()
        self._stock = Card(_("Stock count"))
        self._notes = Card(_("What the next team should know"))
        self._numbers = {
            "taken": TextField(_("Flyers taken along"), max_length=NUMBER_ROOM),
            "brought_back": TextField(_("Brought back"), max_length=NUMBER_ROOM),
        }
        self._handed_out = Label("", "number")
        self._counted = Label("", "soft", wrap=True)
        self._texts = {
            "worked": LongTextField(_("What worked"), max_length=NOTE_LIMIT, lines=2, reserve=False),
            "incidents": LongTextField(_("Incidents"), max_length=NOTE_LIMIT, lines=2, reserve=False),
            "questions": LongTextField(
                _("Questions that remained"), max_length=NOTE_LIMIT, lines=2, reserve=False
            ),
        }
        self._save = ActionButton(_("Keep it"), Kind.FILLED)
        self._estimate = link(_("The team's estimate of women and men …"))
        self._reopen = link(_("The stand is not over: open it again"))
        self._back = link("")
        self._note = Said()
        self._build()
        self._connect()
        self.destroyed.connect(model.subscribe(self._render))

    def _build(self) -> None:
        early = QVBoxLayout(self._early)
        early.setContentsMargins(0, 0, 0, 0)
        early.addWidget(self._early_sheet)
        numbers = SideBySide(gap=12)
        for field in self._numbers.values():
            numbers.add(field)
        self._stock.body.addLayout(numbers)
        self._stock.add(Label(_("Handed out"), "mid"))
        self._stock.add(self._handed_out)
        self._stock.add(self._counted)
        for text in self._texts.values():
            self._notes.add(text)
        foot = QHBoxLayout()
        foot.addWidget(self._save)
        foot.addWidget(self._note, 1)
        self._notes.body.addLayout(foot)
        beside = SideBySide(gap=GAP)
        beside.add(column(self._stock, self._sheet), 2)
        beside.add(column(self._notes, self._estimate, self._reopen, gap=12), 3)
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(beside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP)
        for widget in (self._back, self._pending, self._reminder, self._early, self._form):
            outer.addWidget(widget)
        outer.addWidget(self._empty, 20)
        outer.addStretch(1)

    def _connect(self) -> None:
        self._empty.pressed.connect(self._on_close)
        self._back.clicked.connect(self._on_back)
        self._pending.answered.connect(self._on_pending)
        self._reopen.clicked.connect(self._on_reopen)
        self._estimate.clicked.connect(self._on_estimate)
        self._save.clicked.connect(self._model.save)
        for name, field in self._numbers.items():
            field.setProperty("field", name)
            field.changed.connect(self._on_typed)
            field.line.returnPressed.connect(self._model.save)
        for name, text in self._texts.items():
            text.setProperty("field", name)
            text.changed.connect(self._on_typed)

    def _render(self, state: ClosingState) -> None:
        self.titled.emit()
        self._render_open(state)
        self._form.setVisible(state.is_closed)
        self._early.setVisible(not state.is_closed)
        self._reminder.setVisible(bool(state.reminder))
        self._reminder.set_notice(_("Not everything is noted yet"), state.reminder)
        self._back.set_text(state.way_back)
        self._back.setVisible(bool(state.way_back))
        self._pending.setVisible(bool(state.pending))
        self._pending.set_notice(_("Notes are missing from earlier events"), "", state.pending)
        fields: dict[str, TextField | LongTextField] = {**self._numbers, **self._texts}
        for name, field in fields.items():
            field.set_text(getattr(state.form, name))
            is_here = state.problem is not None and state.problem.field == name
            message = FieldMessage(state.problem.message, "bad") if is_here and state.problem else None
            field.set_message(message)
        self._handed_out.setText(state.handed_out or "–")
        counted = _("Counted as handed out while the stand was open: {count}")
        printed = _("Printed for this event on this laptop: {count}")
        lines = [counted.format(count=state.counted)]
        lines += [printed.format(count=state.printed)] if state.printed else []
        self._counted.setText("\n".join(lines))
        self._save.setEnabled(not state.is_working)
        self._note.say(*(state.message.text, state.message.tone) if state.message else ("", ""))

    def _render_open(self, state: ClosingState) -> None:
        self._empty.setVisible(state.is_loaded and not state.is_closed)
        if state.event_id is None:
            self._empty.set_words(
                _("No event is chosen yet"), _("Choose the one that is over on the page Events.")
            )
            return
        text = _(
            "Two clicks, and it is closed; shifts end with it."
            " Slips can still be typed in, stock count and notes have time until Monday."
            " Give the stick to another person."
        )
        self._empty.set_words(_("Is it over?"), text, _("Close the stand …"))

    def _on_close(self) -> None:
        dialog = ConfirmDialog(
            self,
            title=_("Close the stand at {event}?").format(event=self._model.state.event_name),
            text=_("Nothing is deleted, and it can be opened again."),
            accept=_("Close it now"),
            destructive=False,
        )
        dialog.submitted.connect(self._on_close_confirmed)
        dialog.open()

    def _on_close_confirmed(self, _value: object) -> None:
        self._model.close()

    def _on_reopen(self) -> None:
        dialog = ConfirmDialog(
            self,
            title=_("Open the stand again?"),
            text=_("The stock count and the notes of this closing go. Contacts and counts stay."),
            accept=_("Open it again"),
        )
        dialog.submitted.connect(self._on_reopen_confirmed)
        dialog.open()

    def _on_reopen_confirmed(self, _value: object) -> None:
        self._model.open_again()

    def _on_estimate(self) -> None:
        dialog = EstimateDialog(self, self._model.state.estimate)
        dialog.submitted.connect(self._on_estimated)
        dialog.open()

    def _on_estimated(self, form: object) -> None:
        if isinstance(form, EstimateForm):
            self._model.save_estimate(form)

    def _on_pending(self, event_id: object) -> None:
        if isinstance(event_id, UUID):
            self._model.look_at(event_id)

    def _on_back(self) -> None:
        self._model.look_at(None)

    def _on_typed(self, text: str) -> None:
        field = self.sender()
        if isinstance(field, TextField | LongTextField):
            name = str(field.property("field"))
            # Drawing the state writes into the fields, too.
            if getattr(self._model.state.form, name) != text:
                self._model.type(name, text)
