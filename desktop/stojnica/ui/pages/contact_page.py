"""The page *New contact*: typed by a volunteer, with the keyboard alone."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_state import ContactState
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import FieldMessage, LabelledField, TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.consent_list import ConsentList
from stojnica.ui.pages.operator_dialog import OperatorDialog
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.void_dialog import VoidDialog

TICK_MS = 1_000
QUESTION_LIMIT = 2_000
SUGGESTED = 3
LINE_GAP = 9


class ContactPage(Page):
    """Draw the form, what is said about it, and the last contacts. `wants_events` leads to the events."""

    wants_events = Signal()

    def __init__(self, model: ContactViewModel, who_is_here: Callable[[], tuple[str, ...]] = tuple) -> None:
        super().__init__(_("New contact"), dense=True)
        self._model = model
        self._who_is_here = who_is_here
        self._focus_number = model.state.focus_number
        self._fields = _text_fields()
        self._heard = QStringListModel()
        self._bands = SegmentedChoice(_("Age"), [])
        self._band_field = LabelledField(_("Age"), self._bands, reserve=False)
        self._consents = ConsentList()
        self._save = ActionButton(_("Save and next"), Kind.FILLED, key="Ctrl+Return")
        self._clear = ActionButton(_("Empty the form"), Kind.LINK)
        self._void = ActionButton(_("Void this contact …"), Kind.DESTRUCTIVE, small=True)
        self._same = NoticeCard("wait")
        self._same_text = ""
        self._note = NoticeCard("good")
        self._last = Card(_("Last contacts"))
        self._names = link(_("show names"))
        self._rows = ListRows()
        self._operator = link("")
        self._form = QWidget()
        self._empty = EmptyState(
            "events",
            _("Which event is it today?"),
            _("Each contact belongs to an event. Choose it once, in the morning."),
            _("Choose an event"),
        )
        self._tick = QTimer(self, interval=TICK_MS)
        self._build()
        self._connect()
        self.follow(model, self._render)

    def take_focus(self) -> None:
        """Begin where a name is typed."""
        self._fields["first_name"].line.setFocus()

    def _build(self) -> None:
        self.header.add_actions(self._operator)
        self._last.add_head_action(self._names)
        self._last.add(self._rows)
        below = FlowLayout(gap_x=18)
        for button in (self._clear, self._void):
            below.addWidget(button)
        side = column(self._save, below, self._note, self._same, self._last, gap=16)
        both = SideBySide(gap=26)
        both.add(self._left(), 751)
        both.add(side, 417)
        self._form.setLayout(both)
        self.add(self._form)
        self.add(self._empty, 1)
        self.add_stretch()

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(0)
        for pair, shares in _LINES:
            beside = SideBySide(gap=16, gap_stacked=6)
            for name, share in zip(pair, shares, strict=True):
                beside.add(self._fields[name], share)
            left.addLayout(beside)
            if "phone" in pair:
                left.addWidget(self._band_field)
                left.addSpacing(LINE_GAP)
            elif pair[0] in _UNRESERVED:
                left.addSpacing(LINE_GAP)
        left.addWidget(self._consents)
        left.addStretch(1)
        return left

    def _connect(self) -> None:
        for name, field in self._fields.items():
            field.setProperty("field", name)
            field.changed.connect(self._on_typed)
            field.finished.connect(self._on_left)
            field.message_action.connect(self._on_hint)
        self._complete_heard(self._fields["heard"].line)
        self._bands.chosen.connect(self._on_band)
        self._consents.ticked.connect(self._model.tick_box)
        self._consents.language_chosen.connect(self._model.read_in)
        self._consents.withdrawn.connect(self._model.withdraw_all)
        self._save.clicked.connect(self._model.save)
        self._clear.clicked.connect(self._model.clear)
        self._void.clicked.connect(self._on_void)
        self._same.answered.connect(self._on_same)
        self._rows.activated.connect(self._on_correct)
        self._names.clicked.connect(self._on_names)
        self._operator.clicked.connect(self._on_operator)
        self._empty.pressed.connect(self.wants_events)
        self._tick.timeout.connect(self._model.tick)
        self._tick.start()

    def _complete_heard(self, line: QLineEdit) -> None:
        """Go on with the known ways while somebody types; a list would lie over the fields below."""
        completer = QCompleter(self._heard, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        line.setCompleter(completer)
        # What is completed is no edit by the user, and is told by this signal alone.
        line.textChanged.connect(self._on_heard)

    def _render(self, state: ContactState) -> None:
        self.header.set_title(state.title or _("New contact"))
        self.header.set_subtitle(state.subtitle)
        self._operator.set_text(_("Somebody else types …") if state.operator else _("Who is typing? …"))
        self._operator.setVisible(state.can_save)
        self._form.setVisible(state.can_save)
        self._empty.setVisible(state.is_loaded and not state.can_save)
        self._render_fields(state)
        self._consents.render_state(state)
        self._render_side(state)
        if state.focus_number != self._focus_number:
            self._focus_number = state.focus_number
            self._go_to(state.focus)

    def _render_fields(self, state: ContactState) -> None:
        for name, field in self._fields.items():
            text: str = getattr(state.form, name)
            field.set_text(_heard_label(state, text) if name == "heard" else text)
            field.set_message(_message(state, name))
        self._fields["guardian"].setVisible(state.needs_guardian)
        labels = [choice.label for choice in state.heard]
        if labels != self._heard.stringList():
            self._heard.setStringList(labels)
            words = ", ".join(labels[:SUGGESTED])
            self._fields["heard"].line.setPlaceholderText(_("for example {words}").format(words=words))
        with QSignalBlocker(self._bands):
            self._bands.set_segments(
                [Segment(band.id, band.label, band.keys.replace(" ", "+")) for band in state.bands]
            )
            chosen = next((band.id for band in state.bands if band.is_chosen), None)
            self._bands.set_value(chosen)
        self._band_field.set_message(_message(state, "age_band"))

    def _render_side(self, state: ContactState) -> None:
        is_correcting = state.correcting is not None
        self._save.set_text(_("Save the correction") if is_correcting else _("Save and next"))
        self._save.setEnabled(not state.is_saving)
        self._clear.set_text(_("Don't correct") if is_correcting else _("Empty the form"))
        self._void.setVisible(is_correcting)
        self._same.setVisible(bool(state.same_person))
        if state.same_person != self._same_text:
            # The answers are buttons: made anew with each letter, they would lose the focus.
            self._same_text = state.same_person
            answers = [("same", _("The same")), ("other", _("Somebody else")), ("unknown", _("Don't know"))]
            self._same.set_notice(_("Maybe the same person"), state.same_person, answers)
        self._note.setVisible(state.message is not None)
        if state.message is not None:
            self._note.set_tone(state.message.tone)
            self._note.set_notice(
                state.message.what, f"{state.message.safe} {state.message.next_step}".strip()
            )
        self._rows.set_rows(
            [
                ListRow(line.who, lead=line.time, key=line.subject_id, action=_("correct"))
                for line in state.contacts
            ]
        )
        self._last.setVisible(bool(state.contacts))
        hide = _("hide names ({seconds} s)").format(seconds=state.seconds_left)
        self._names.set_text(hide if state.are_names_shown else _("show names"))

    def _go_to(self, name: str) -> None:
        if name in self._fields:
            self._fields[name].line.setFocus()
        elif name == "age_band":
            self._bands.setFocus()
        else:
            self._consents.focus_first()

    def _on_typed(self, text: str) -> None:
        name = self._sender_field()
        if name != "heard":
            self._model.type(name, text)

    def _on_heard(self, text: str) -> None:
        state = self._model.state
        if text != _heard_label(state, state.form.heard):
            self._model.type("heard", _heard_value(state, text))

    def _on_left(self) -> None:
        self._model.leave(self._sender_field())

    def _on_hint(self) -> None:
        self._model.accept_hint(self._sender_field())

    def _on_band(self, band: object) -> None:
        self._model.choose_band(str(band))

    def _on_same(self, answer: object) -> None:
        self._model.answer_same_person(str(answer))

    def _on_correct(self, subject_id: object) -> None:
        if isinstance(subject_id, UUID):
            self._model.correct(subject_id)

    def _on_void(self) -> None:
        if self._model.state.correcting is not None:
            VoidDialog(self, self._model, self._model.state.correcting).open()

    def _on_operator(self) -> None:
        dialog = OperatorDialog(self, self._model.state.operator, self._who_is_here())
        dialog.submitted.connect(self._on_operator_chosen)
        dialog.open()

    def _on_operator_chosen(self, name: object) -> None:
        self._model.choose_operator(str(name))

    def _on_names(self) -> None:
        if self._model.state.are_names_shown:
            self._model.hide_names()
            return
        dialog = PinDialog(self)
        dialog.submitted.connect(self._on_pin)
        dialog.open()

    def _on_pin(self, pin: object) -> None:
        self._model.show_names(str(pin))

    def _sender_field(self) -> str:
        sender = self.sender()
        return str(sender.property("field")) if isinstance(sender, QWidget) else ""


_UNRESERVED = ("town", "question")
_LINES: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("first_name", "last_name"), (1, 1)),
    (("email", "phone"), (4, 3)),
    (("guardian",), (1,)),
    (("town", "heard"), (1, 1)),
    (("question",), (1,)),
)


def _text_fields() -> dict[str, TextField]:
    optional = _("optional")
    return {
        "first_name": TextField(_("First name")),
        "last_name": TextField(_("Last name"), note=optional),
        "email": TextField(_("E-mail"), note=_("or phone"), max_length=254),
        "phone": TextField(_("Phone"), max_length=40),
        "guardian": TextField(_("Guardian who is here and agrees")),
        "town": TextField(_("Post code and town"), note=optional, reserve=False),
        "heard": TextField(_("How do you know us?"), note=optional, reserve=False),
        "question": TextField(
            _("Question or remark"), note=optional, max_length=QUESTION_LIMIT, reserve=False
        ),
    }


def _heard_label(state: ContactState, value: str) -> str:
    """Show the words of a choice; what is none of them stays as it was typed."""
    return next((choice.label for choice in state.heard if choice.id == value), value)


def _heard_value(state: ContactState, text: str) -> str:
    """Keep a choice by its id, so that its words may be translated."""
    return next((choice.id for choice in state.heard if choice.label.casefold() == text.casefold()), text)


def _message(state: ContactState, name: str) -> FieldMessage | None:
    problem = state.problem_at(name)
    if problem is not None:
        return FieldMessage(problem.message, "bad")
    hint = state.hint_at(name)
    if hint is None:
        return None
    return FieldMessage(hint.message, "wait", _("Correct it") if hint.proposal else "")
