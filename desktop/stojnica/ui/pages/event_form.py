"""The form of one event: what is said about it on pages, flyers and in reports."""

from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.domain.event import DESCRIPTION_LIMIT, IN_PERSON, ONLINE
from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.services.event_times import EventTimes, ReadTimes, read_times, times_of
from stojnica.services.events_page import EventForm, EventsState
from stojnica.services.places import country_choices, zone_choices
from stojnica.services.signup_choices import Choice
from stojnica.services.written_time import local_text
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.page import row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.side_by_side import SideBySide

_TIMES = ("day", "begins", "ends", "last_day")
# What the view-model calls a field, and where this form shows its problem.
_SHOWN_AT = {"starts": "day"}


class EventFormCard(Card):
    """Edit an event. `typed` carries a field of the view-model and its text."""

    typed = Signal(str, str)
    saved = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("New event"))
        self._form: EventForm | None = None
        self._sent = ("", "")
        self._is_sending = False
        self._began = datetime.fromisoformat("2024-01-01")
        self._touched: set[str] = set()
        self._texts = _text_fields()
        self._choices = {
            "country": ChoiceField(_("Country"), reserve=False),
            "project": ChoiceField(_("Project"), reserve=False),
            "time_zone": ChoiceField(_("Time zone"), reserve=False),
        }
        self._mode = SegmentedChoice(
            _("How"), [Segment(IN_PERSON, _("in person")), Segment(ONLINE, _("online"))]
        )
        self._note = self.add_text("", "soft")
        self._save = ActionButton(_("Save the event"), Kind.FILLED, key="Ctrl+Return")
        self._leave = ActionButton(_("Cancel"))
        self._build()
        self._connect()

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        self._texts["name"].line.setFocus()

    def show_state(self, state: EventsState) -> None:
        """Draw the form that is open; does nothing while none is."""
        form = state.form
        if form is None:
            self._form = None
            return
        if self._form is None or self._form.event_id != form.event_id:
            self._touched = set()
            self._sent = ("", "")
            self._began = local_text(form.starts) or self._began
            self._offer(form, state.projects)
        self._form = form
        self._fill(form)
        self._render_kind(form, is_saving=state.is_saving)
        self._render_messages(state.problem)

    def _build(self) -> None:
        texts, choices = self._texts, self._choices
        self.body.setSpacing(2)
        mode = LabelledField(_("How"), self._mode, reserve=False)
        lines: tuple[tuple[tuple[QWidget, int], ...], ...] = (
            ((texts["name"], 5), (texts["code"], 3)),
            ((texts["day"], 5), (texts["begins"], 3), (texts["ends"], 3), (texts["last_day"], 5)),
            ((texts["place"], 4), (texts["city"], 4), (choices["country"], 4)),
            ((mode, 6), (choices["time_zone"], 4), (texts["goal_reached"], 3)),
            ((choices["project"], 5), (texts["description"], 8)),
        )
        for line in lines:
            beside = SideBySide(gap=12, gap_stacked=2)
            for field, share in line:
                beside.add(field, share)
            self.body.addLayout(beside)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, 14, 0, 0)
        buttons.addLayout(row(self._save, self._leave))
        self.body.addLayout(buttons)
        self.body.addStretch(1)

    def _connect(self) -> None:
        for name, field in self._texts.items():
            field.setProperty("field", name)
            field.changed.connect(self._on_typed)
            field.finished.connect(self._on_left_field)
            field.line.returnPressed.connect(self._on_save)
        for name, choice in self._choices.items():
            choice.setProperty("field", name)
            choice.chosen.connect(self._on_chosen)
        self._mode.chosen.connect(self._on_mode)
        self._save.clicked.connect(self._on_save)
        self._leave.clicked.connect(self.left)

    def _offer(self, form: EventForm, projects: tuple[Choice, ...]) -> None:
        offers = {
            "country": _pairs(country_choices()),
            "time_zone": _pairs(zone_choices(form.time_zone)),
            "project": [("", _("no project")), *_pairs(projects)],
        }
        for name, choices in offers.items():
            known = {value for value, _text in choices}
            current = getattr(form, name)
            extra: list[tuple[object, str]] = [] if current in known else [(current, current)]
            self._choices[name].set_choices([*choices, *extra])

    def _fill(self, form: EventForm) -> None:
        for name, field in self._texts.items():
            if name not in _TIMES:
                field.set_text(getattr(form, name))
        if not self._is_sending and (form.starts, form.ends) != self._sent:
            self._sent = (form.starts, form.ends)
            times = times_of(form.starts, form.ends)
            for name in _TIMES:
                self._texts[name].set_text(getattr(times, name))
        for name, choice in self._choices.items():
            choice.set_value(getattr(form, name))
        with QSignalBlocker(self._mode):
            self._mode.set_value(form.mode)

    def _render_kind(self, form: EventForm, *, is_saving: bool) -> None:
        locked = form.is_read_only
        title = _("New event") if form.event_id is None else _("Edit the event")
        self.set_title(form.name if locked else title)
        self._note.setText(_("The office decided this event. If something is wrong, tell the office."))
        self._note.setVisible(locked)
        for field in (*self._texts.values(), *self._choices.values()):
            field.editor.setEnabled(not locked)
        self._mode.setEnabled(not locked)
        self._save.setVisible(not locked)
        self._save.setEnabled(not is_saving)
        self._leave.set_text(_("Close") if locked else _("Cancel"))

    def _render_messages(self, problem: Problem | None) -> None:
        messages = dict.fromkeys(self._texts, FieldMessage(""))
        if self._form is not None and not self._form.is_read_only:
            messages["code"] = FieldMessage(_("for links and codes"))
            messages["description"] = FieldMessage(_("for posters and signs"))
            messages |= self._time_messages(self._read())
        if problem is not None:
            messages[_SHOWN_AT.get(problem.field, problem.field)] = FieldMessage(problem.message, "bad")
        for name, field in self._texts.items():
            field.set_message(messages[name])

    def _time_messages(self, read: ReadTimes) -> dict[str, FieldMessage]:
        messages = {
            "day": FieldMessage(read.day_hint),
            "last_day": FieldMessage(read.last_day_hint),
        }
        for name in self._touched:
            problem = read.problem_at(name)
            if problem is not None:
                messages[name] = FieldMessage(problem.message, "bad")
        return messages

    def _read(self) -> ReadTimes:
        # The event's own year is what a day without one is of.
        known = local_text(self._form.starts if self._form else "") or self._began
        texts = {name: self._texts[name].text() for name in _TIMES}
        return read_times(EventTimes(**texts), known)

    def _on_typed(self, text: str) -> None:
        name = self._sender_name()
        if name not in _TIMES:
            self.typed.emit(name, text)
            return
        self._touched.discard(name)
        read = self._read()
        self._sent = (read.starts, read.ends)
        # Between the two the form isn't what was typed, and must not be put into the fields.
        self._is_sending = True
        self.typed.emit("starts", read.starts)
        self.typed.emit("ends", read.ends)
        self._is_sending = False

    def _on_left_field(self) -> None:
        name = self._sender_name()
        if name in _TIMES and self._form is not None:
            self._touched.add(name)
            self._render_messages(None)

    def _on_chosen(self, value: object) -> None:
        self.typed.emit(self._sender_name(), str(value))

    def _on_mode(self, value: object) -> None:
        self.typed.emit("mode", str(value))

    def _on_save(self) -> None:
        if self._form is None or self._form.is_read_only:
            return
        problems = self._read().problems
        if not problems:
            self.saved.emit()
            return
        self._touched |= set(_TIMES)
        self._render_messages(None)
        self._texts[problems[0].field].line.setFocus()

    def _sender_name(self) -> str:
        sender = self.sender()
        return str(sender.property("field")) if isinstance(sender, QWidget) else ""


def _text_fields() -> dict[str, TextField]:
    return {
        "name": TextField(_("Name")),
        "code": TextField(_("Short code"), max_length=32),
        "day": TextField(_("Day"), max_length=30),
        "begins": TextField(_("From"), max_length=NUMBER_ROOM),
        "ends": TextField(_("To"), max_length=NUMBER_ROOM),
        "last_day": TextField(_("Last day"), note=_("if later"), max_length=30),
        "place": TextField(_("Place"), note=_("optional")),
        "city": TextField(_("Town"), note=_("optional")),
        "goal_reached": TextField(_("Goal: people"), max_length=NUMBER_ROOM),
        "description": TextField(
            _("Described in a sentence"), note=_("optional"), max_length=DESCRIPTION_LIMIT
        ),
    }


def _pairs(choices: tuple[Choice, ...]) -> list[tuple[object, str]]:
    return [(choice.id, choice.label) for choice in choices]
