"""The questions of a form on the typed page: two to a line, rare ones below a fold, the guardian's part."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from stojnica.domain.form import AGE
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.contact_questions import INTEREST_KEYS, ShownQuestion
from stojnica.services.contact_state import ContactState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.contact_fields import FieldSignals, QuestionField, field_for, message_at

LINE_GAP = 9
_Key = tuple[str, str, str, str]


class ContactForm(FieldSignals):
    """Draw the questions. `agreed` is the guardian's tick, `unfolded` the fold, `interest` a key's number.

    `wants_card` comes when no guardian is here, and a child gets a card to take home.
    """

    agreed = Signal(bool)
    unfolded = Signal(bool)
    interest = Signal(int)
    wants_card = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[_Key, QuestionField] = {}
        self._drawn: tuple[tuple[_Key, ...], tuple[_Key, ...]] = ((), ())
        self._guardian = GuardianPart()
        self._fold = ActionButton("", Kind.LINK, key="Alt+M")
        self._keys = Label("", "soft")
        self._front, self._below = QWidget(), QWidget()
        self._is_open = False
        self._build()

    def render_state(self, state: ContactState) -> None:
        """Draw the questions that are asked now; a field that is asked still keeps its focus."""
        shown = state.questions
        drawn = (tuple(map(_key, shown.front)), tuple(map(_key, shown.more)))
        if drawn != self._drawn:
            self._arrange(shown.front, shown.more, drawn)
        for question in (*shown.front, *shown.more):
            self._fields[_key(question)].render(question, state)
        self._guardian.render_state(state)
        self._render_fold(state)

    def focus_field(self, name: str) -> bool:
        """Put the focus into a field; False when it isn't one of these."""
        if name.startswith("guardian"):
            self._guardian.focus_field(name)
            return True
        found = next((field for field in self._fields.values() if field.id == name), None)
        if found is not None:
            found.take_focus()
        return found is not None

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        line = FlowLayout(gap_x=14, gap_y=3)
        line.addWidget(self._fold)
        line.addWidget(self._keys)
        for part in (self._front, self._below):
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        # The organisation's form has no place for it: without a parent it would be a window of its own.
        self._guardian.setParent(self._front)
        outer.addWidget(self._front)
        outer.addLayout(line)
        outer.addSpacing(LINE_GAP)
        outer.addWidget(self._below)
        self._fold.clicked.connect(self._on_fold)
        self._guardian.typed.connect(self.typed)
        self._guardian.left.connect(self.left)
        self._guardian.agreed.connect(self.agreed)
        self._guardian.wants_card.connect(self.wants_card)
        for place in range(INTEREST_KEYS):
            shortcut = QShortcut(QKeySequence(f"Alt+Shift+{place + 1}"), self)
            shortcut.setAutoRepeat(False)
            shortcut.setProperty("place", place)
            shortcut.activated.connect(self._on_interest)

    def _render_fold(self, state: ContactState) -> None:
        shown = state.questions
        self._is_open = state.habits.is_more_open
        self._fold.setVisible(bool(shown.more))
        self._below.setVisible(bool(shown.more) and self._is_open)
        words = _("Fewer questions") if self._is_open else _("More questions")
        self._fold.set_text(words)
        count = shown.answered_below
        answered = ngettext("{count} answered", "{count} answered", count).format(count=count)
        interests = next((item for item in (*shown.front, *shown.more) if item.id == "interests"), None)
        keys = _("interests: Alt+Shift+digit") if interests is not None else ""
        said = [words for words in (answered if count and not self._is_open else "", keys) if words]
        self._keys.setText(" · ".join(said))
        self._keys.setVisible(bool(said))

    def _arrange(
        self,
        front: Iterable[ShownQuestion],
        more: Iterable[ShownQuestion],
        drawn: tuple[tuple[_Key, ...], tuple[_Key, ...]],
    ) -> None:
        self._drawn = drawn
        wanted = {*drawn[0], *drawn[1]}
        for key in [key for key in self._fields if key not in wanted]:
            old = self._fields.pop(key).field
            old.hide()
            old.deleteLater()
        for question in (*front, *more):
            if _key(question) not in self._fields:
                self._fields[_key(question)] = field_for(question, self)
        self._lay_out(self._front, tuple(front))
        self._lay_out(self._below, tuple(more))

    def _lay_out(self, part: QWidget, questions: tuple[ShownQuestion, ...]) -> None:
        column = part.layout()
        assert isinstance(column, QVBoxLayout)
        _clear(column)
        for question in questions:
            # Before they are shown: a widget without a parent is a window, and takes the focus.
            self._fields[_key(question)].field.setParent(part)
        for line in _lines(questions):
            beside = SideBySide(gap=16, gap_stacked=6)
            for question in line:
                field = self._fields[_key(question)].field
                beside.add(field, question.share or 1)
                field.show()
                # A voice reads what lies on top as the last.
                field.raise_()
            column.addLayout(beside)
            if line[0].kind == AGE:
                column.addWidget(self._guardian)
                self._guardian.raise_()
            if line[0].id not in ("first_name", "email"):
                column.addSpacing(LINE_GAP)

    def _on_fold(self) -> None:
        self.unfolded.emit(not self._is_open)

    def _on_interest(self) -> None:
        self.interest.emit(int(self.sender().property("place")))


class GuardianPart(QWidget):
    """Name and relation of the guardian who is here, the tick that is theirs, and what to do without them."""

    typed = Signal(str, str)
    left = Signal(str)
    agreed = Signal(bool)
    wants_card = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines = {
            "guardian": TextField(_("Guardian who is here")),
            "guardian_relation": TextField(_("Relation to the child"), note=_("mother, father …")),
        }
        self._tick_note = _("The guardian ticks this, after all wordings below were read aloud.")
        self._tick = ConsentRow(_("I am the guardian, and I agree."), self._tick_note)
        self._message = Said("small")
        self._nobody = Label(_("Nobody here? Nothing is saved, and a card goes home:"), "soft", wrap=True)
        self._card = ActionButton(_("Take-home card …"), Kind.LINK, key="Alt+K")
        beside = SideBySide(gap=16, gap_stacked=6)
        for name, line in self._lines.items():
            line.setProperty("field", name)
            line.changed.connect(self._on_typed)
            line.finished.connect(self._on_left)
            beside.add(line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, LINE_GAP, 0, 0)
        column.setSpacing(3)
        column.addLayout(beside)
        column.addWidget(self._tick)
        column.addWidget(self._message)
        without = FlowLayout(gap_x=9, gap_y=3)
        without.addWidget(self._nobody)
        without.addWidget(self._card)
        column.addLayout(without)
        self._tick.toggled.connect(self.agreed)
        self._card.clicked.connect(self.wants_card)

    def render_state(self, state: ContactState) -> None:
        """Show it only for those who are too young to agree alone."""
        self.setVisible(state.needs_guardian)
        for name, line in self._lines.items():
            line.set_text(getattr(state.form, name))
            line.set_message(message_at(state, name))
        with QSignalBlocker(self._tick):
            self._tick.setChecked(state.form.guardian_agrees)
        said = message_at(state, "guardian_agrees")
        text = said.text if said else ""
        self._message.say(text)
        self._tick.set_words(_("I am the guardian, and I agree."), self._tick_note, text)

    def focus_field(self, name: str) -> None:
        """Put the focus into one of the lines, or on the tick."""
        line = self._lines.get(name)
        (self._tick if line is None else line.line).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_typed(self, text: str) -> None:
        self.typed.emit(str(self.sender().property("field")), text)

    def _on_left(self) -> None:
        self.left.emit(str(self.sender().property("field")))


def _key(question: ShownQuestion) -> _Key:
    return question.id, question.kind, question.title, question.note


def _lines(questions: tuple[ShownQuestion, ...]) -> list[list[ShownQuestion]]:
    """Put two narrow questions on one line; a wide one has its own."""
    lines: list[list[ShownQuestion]] = []
    for question in questions:
        if question.share and lines and len(lines[-1]) == 1 and lines[-1][0].share:
            lines[-1].append(question)
        else:
            lines.append([question])
    return lines


def _clear(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets stay where they are, with their focus."""
    while (item := layout.itemAt(0)) is not None:
        widget, inside = item.widget(), item.layout()
        if widget is not None:
            # This ends the old item; while one lives, a new one never hears that the widget has grown.
            layout.removeWidget(widget)
            continue
        layout.takeAt(0)
        if inside is not None:
            _clear(inside)
            inside.deleteLater()
