"""The page *New contact*: typed by a volunteer, with the keyboard alone."""

from uuid import UUID

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_state import ContactState
from stojnica.ui.controls.button import ActionButton, Kind, link
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import FieldMessage, LabelledField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.page import Page, column, row
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.void_dialog import VoidDialog

TICK_MS = 1_000
QUESTION_LIMIT = 2_000


class ContactPage(Page):
    """Draw the form, what is said about it, and the last contacts. `wants_events` leads to the events."""

    wants_events = Signal()

    def __init__(self, model: ContactViewModel) -> None:
        super().__init__(_("New contact"), dense=True)
        self._model = model
        self._focus_number = 0
        self._fields = _text_fields()
        self._bands = SegmentedChoice(_("Age"), [])
        self._band_field = LabelledField(_("Age"), self._bands, reserve=False)
        self._consent_card = Card(compact=True)
        self._consents: dict[str, ConsentRow] = {}
        self._consent_message = Label("", "small", wrap=True)
        self._save = ActionButton(_("Save and next"), Kind.FILLED, key="Ctrl+Return")
        self._clear = ActionButton(_("Empty the form"), Kind.LINK)
        self._void = ActionButton(_("Void this contact …"), Kind.DESTRUCTIVE)
        self._same = NoticeCard("wait")
        self._note = NoticeCard("good")
        self._last = Card(_("Last contacts"))
        self._names = link(_("show names"))
        self._rows = ListRows()
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
        fields = self._fields
        self._last.add_head_action(self._names)
        self._last.add(self._rows)
        left = QVBoxLayout()
        left.setSpacing(0)
        for pair, shares in _LINES:
            left.addLayout(row(*(fields[name] for name in pair), gap=16, stretch=shares))
            if "phone" in pair:
                left.addWidget(self._band_field)
            if pair[0] in _UNRESERVED or "phone" in pair:
                left.addSpacing(12)
        left.addWidget(Label(_("Consents: read them aloud, nothing is ticked beforehand"), "soft"))
        left.addSpacing(4)
        left.addWidget(self._consent_card)
        left.addWidget(self._consent_message)
        left.addStretch(1)
        foot = row(self._clear, self._void, gap=12)
        side = column(self._save, foot, self._note, self._same, self._last, gap=16)
        both = QHBoxLayout(self._form)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(26)
        both.addLayout(left, 751)
        both.addLayout(side, 417)
        self.add(self._form)
        self.add(self._empty, 1)
        self.add_stretch()

    def _connect(self) -> None:
        for name, field in self._fields.items():
            field.setProperty("field", name)
            field.changed.connect(self._on_typed)
            field.finished.connect(self._on_left)
            field.message_action.connect(self._on_hint)
        self._bands.chosen.connect(self._on_band)
        self._save.clicked.connect(self._model.save)
        self._clear.clicked.connect(self._model.clear)
        self._void.clicked.connect(self._on_void)
        self._same.answered.connect(self._on_same)
        self._rows.activated.connect(self._on_correct)
        self._names.clicked.connect(self._on_names)
        self._empty.pressed.connect(self.wants_events)
        self._tick.timeout.connect(self._model.tick)
        self._tick.start()

    def _render(self, state: ContactState) -> None:
        self.header.set_title(state.title or _("New contact"))
        self.header.set_subtitle(state.subtitle)
        self._form.setVisible(state.can_save)
        self._empty.setVisible(state.is_loaded and not state.can_save)
        self._render_fields(state)
        self._render_consents(state)
        self._render_side(state)
        if state.focus_number != self._focus_number:
            self._focus_number = state.focus_number
            self._take_focus(state.focus)

    def _render_fields(self, state: ContactState) -> None:
        for name, field in self._fields.items():
            field.set_text(getattr(state.form, name))
            field.set_message(_message(state, name))
        self._fields["guardian"].setVisible(state.needs_guardian)
        heard = self._fields["heard"].line
        if heard.completer() is None and state.heard:
            heard.setCompleter(QCompleter([choice.label for choice in state.heard], heard))
        with QSignalBlocker(self._bands):
            self._bands.set_segments(
                [Segment(band.id, band.label, band.keys.replace(" ", "+")) for band in state.bands]
            )
            chosen = next((band.id for band in state.bands if band.is_chosen), None)
            self._bands.set_value(chosen)
        self._band_field.set_message(_message(state, "age_band"))

    def _render_consents(self, state: ContactState) -> None:
        if list(self._consents) != [box.purpose for box in state.consents]:
            self._make_consents(state)
        for box in state.consents:
            tile = self._consents[box.purpose]
            tile.set_words(box.title, f"{box.text} · {box.note}" if box.note else box.text)
            with QSignalBlocker(tile):
                tile.setChecked(box.is_ticked)
        problem = state.problem_at("purposes")
        self._consent_message.setText(problem.message if problem else "")
        self._consent_message.set_tone("bad")
        self._consent_message.setVisible(problem is not None)

    def _make_consents(self, state: ContactState) -> None:
        for tile in self._consents.values():
            tile.deleteLater()
        self._consents = {}
        for box in state.consents:
            tile = ConsentRow(box.title, box.text)
            tile.setProperty("purpose", box.purpose)
            tile.toggled.connect(self._on_ticked)
            self._consents[box.purpose] = tile
            self._consent_card.add(tile)

    def _render_side(self, state: ContactState) -> None:
        self._save.set_text(_("Save the correction") if state.correcting else _("Save and next"))
        self._save.setEnabled(not state.is_saving)
        self._clear.set_text(_("Don't correct") if state.correcting else _("Empty the form"))
        self._void.setVisible(state.correcting is not None)
        self._same.setVisible(bool(state.same_person))
        if state.same_person:
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
        self._names.setVisible(bool(state.contacts))
        hide = _("hide names ({seconds} s)").format(seconds=state.seconds_left)
        self._names.set_text(hide if state.are_names_shown else _("show names"))

    def _take_focus(self, name: str) -> None:
        if name in self._fields:
            self._fields[name].line.setFocus()
        elif name == "age_band":
            self._bands.setFocus()
        elif self._consents:
            next(iter(self._consents.values())).setFocus()

    def _on_typed(self, text: str) -> None:
        self._model.type(self._sender_name("field"), text)

    def _on_left(self) -> None:
        self._model.leave(self._sender_name("field"))

    def _on_hint(self) -> None:
        self._model.accept_hint(self._sender_name("field"))

    def _on_ticked(self, is_ticked: bool) -> None:
        self._model.tick_box(self._sender_name("purpose"), is_ticked)

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

    def _on_names(self) -> None:
        if self._model.state.are_names_shown:
            self._model.hide_names()
            return
        dialog = PinDialog(self)
        dialog.submitted.connect(self._on_pin)
        dialog.open()

    def _on_pin(self, pin: object) -> None:
        self._model.show_names(str(pin))

    def _sender_name(self, name: str) -> str:
        sender = self.sender()
        return str(sender.property(name)) if isinstance(sender, QWidget) else ""


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


def _message(state: ContactState, name: str) -> FieldMessage | None:
    problem = state.problem_at(name)
    if problem is not None:
        return FieldMessage(problem.message)
    hint = state.hint_at(name)
    if hint is None:
        return None
    return FieldMessage(hint.message, "wait", _("Correct it") if hint.proposal else "")
