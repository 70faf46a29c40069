"""One field for each kind of question that a form may ask, as the typed page shows it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from stojnica.domain.form import AGE, COUNTRY, EMAIL, LANGUAGE, LONG_TEXT, MANY_OF, ONE_OF, PHONE, YES_NO
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import gettext as _
from stojnica.services.contact_questions import PLACE, SUGGESTED, ShownQuestion
from stojnica.services.contact_state import ContactState
from stojnica.services.type_ahead import rest_of, value_of, words_of
from stojnica.ui.controls.chips import ChipChoice
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.segmented import Segment, SegmentedChoice

LIMITS = {LONG_TEXT: 2_000, EMAIL: 254, PHONE: 40}
SUGGESTED_SHOWN = 3
_RESERVED = ("first_name", "last_name", "email", "phone")


class SaysAtFields(Protocol):
    """A state that says things at fields."""

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""

    def hint_at(self, name: str) -> Hint | None:
        """Give the first hint at a field."""


class FieldSignals(QWidget):
    """What fields tell the page: the name of the field comes first."""

    typed = Signal(str, str)
    left = Signal(str)
    hinted = Signal(str)
    chosen = Signal(str, str, bool)
    banded = Signal(str)


class QuestionField:
    """Draw one question; `field` is the widget, and all that is done there goes out by `signals`."""

    def __init__(self, question: ShownQuestion, field: LabelledField, signals: FieldSignals) -> None:
        self.id = question.id
        self.field = field
        self.signals = signals
        field.message_action.connect(self._on_hint)

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        """Show the answer, and what is said about it."""
        self.field.set_message(message_at(state, self.id))

    def take_focus(self) -> None:
        """Put the focus here."""
        self.field.setFocus()

    def _on_hint(self) -> None:
        self.signals.hinted.emit(self.id)


class LineOfText(QuestionField):
    """A line that is typed in."""

    def __init__(self, question: ShownQuestion, signals: FieldSignals) -> None:
        self.text = TextField(
            question.title,
            note=question.note,
            max_length=LIMITS.get(question.kind, 200),
            reserve=question.id in _RESERVED,
        )
        super().__init__(question, self.text, signals)
        self.text.changed.connect(self._on_typed)
        self.text.finished.connect(self._on_left)

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        super().render(question, state)
        self.text.set_text(question.text)

    def _on_typed(self, text: str) -> None:
        self.signals.typed.emit(self.id, text)

    def _on_left(self) -> None:
        self.signals.left.emit(self.id)


class SuggestedLine(LineOfText):
    """A line that goes on with known words while somebody types; a list would lie over the fields below."""

    def __init__(self, question: ShownQuestion, signals: FieldSignals) -> None:
        super().__init__(question, signals)
        self._question = question
        self._typed = ""

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        self._question = question
        self.field.set_message(message_at(state, self.id))
        self._typed = words_of(question, question.text)
        self.text.set_text(self._typed)
        words = ", ".join(choice.label for choice in question.choices[:SUGGESTED_SHOWN])
        self.text.line.setPlaceholderText(_("for example {words}").format(words=words) if words else "")

    def _on_typed(self, text: str) -> None:
        line = self.text.line
        # Whoever deletes doesn't want it back.
        is_growing = len(text) > len(self._typed) and line.cursorPosition() == len(text)
        rest = rest_of(self._question, text) if is_growing else ""
        # Kept by its id, so that its words may be translated.
        value = value_of(self._question, text + rest)
        self.signals.typed.emit(self.id, value)
        if rest:
            whole = words_of(self._question, value)
            self.text.set_text(whole)
            line.setSelection(len(whole), -len(rest))
        self._typed = text


class OneOf(QuestionField):
    """One of a list, or none."""

    def __init__(self, question: ShownQuestion, signals: FieldSignals) -> None:
        self.box = ChoiceField(question.title, note=question.note, reserve=False)
        super().__init__(question, self.box, signals)
        self._offered: list[tuple[object, str]] = []
        self.box.chosen.connect(self._on_chosen)

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        super().render(question, state)
        offered: list[tuple[object, str]] = [("", "–")]
        offered += [(choice.id, choice.label) for choice in question.choices]
        if offered != self._offered:
            self._offered = offered
            self.box.set_choices(offered)
        self.box.set_value(question.text)

    def _on_chosen(self, value: object) -> None:
        self.signals.typed.emit(self.id, str(value))


class ManyOf(QuestionField):
    """Several of a few."""

    def __init__(self, question: ShownQuestion, signals: FieldSignals) -> None:
        self.chips = ChipChoice()
        field = LabelledField(question.title, self.chips, note=question.note, reserve=False)
        super().__init__(question, field, signals)
        self.chips.toggled.connect(self._on_toggled)

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        super().render(question, state)
        chosen = frozenset(choice.id for choice in question.choices if choice.is_chosen)
        self.chips.set_choices([(choice.id, choice.label) for choice in question.choices], chosen)

    def _on_toggled(self, item: str, is_chosen: bool) -> None:
        self.signals.chosen.emit(self.id, item, is_chosen)


class Segments(QuestionField):
    """One of very few, side by side: yes or no, and the age with its keys."""

    def __init__(self, question: ShownQuestion, signals: FieldSignals) -> None:
        self.choice = SegmentedChoice(question.title, [])
        field = LabelledField(question.title, self.choice, note=question.note, reserve=False)
        super().__init__(question, field, signals)
        self._is_age = question.kind == AGE
        self.choice.chosen.connect(self._on_chosen)

    def render(self, question: ShownQuestion, state: ContactState) -> None:
        super().render(question, state)
        if self._is_age:
            segments = [Segment(one.id, one.label, one.keys.replace(" ", "+")) for one in state.bands]
            chosen = next((one.id for one in state.bands if one.is_chosen), None)
        else:
            segments = [Segment(one.id, one.label) for one in question.choices]
            chosen = question.text or None
        with QSignalBlocker(self.choice):
            self.choice.set_segments(segments)
            self.choice.set_value(chosen)

    def take_focus(self) -> None:
        self.choice.setFocus()

    def _on_chosen(self, value: object) -> None:
        if self._is_age:
            self.signals.banded.emit(str(value))
        else:
            self.signals.typed.emit(self.id, str(value))


def field_for(question: ShownQuestion, signals: FieldSignals) -> QuestionField:
    """Make the field for a question."""
    make: Callable[[ShownQuestion, FieldSignals], QuestionField] = _KINDS.get(question.kind, LineOfText)
    return make(question, signals)


def message_at(state: SaysAtFields, name: str) -> FieldMessage | None:
    """Give what is to be said at a field."""
    problem = state.problem_at(name)
    if problem is not None:
        return FieldMessage(problem.message, "bad")
    hint = state.hint_at(name)
    if hint is None:
        return None
    return FieldMessage(hint.message, "wait", _("Correct it") if hint.proposal else "")


_KINDS: dict[str, Callable[[ShownQuestion, FieldSignals], QuestionField]] = {
    EMAIL: SuggestedLine,
    SUGGESTED: SuggestedLine,
    PLACE: SuggestedLine,
    COUNTRY: SuggestedLine,
    ONE_OF: OneOf,
    MANY_OF: ManyOf,
    LANGUAGE: ManyOf,
    YES_NO: Segments,
    AGE: Segments,
}
