"""A page of the form at the kiosk: its questions, each with the widget that suits it."""

from abc import abstractmethod

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.domain.form import LONG_TEXT, MANY_OF
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_questions import ShownQuestion
from stojnica.services.kiosk_state import KioskPhase, KioskState
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.field import FieldMessage, LabelledField, LongTextField, TextField
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.controls.focus_ring import focus_quietly
from stojnica.ui.controls.in_sight import bring_news_into_sight
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import row
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.kiosk.pages import KioskPage, close_editor, kiosk_message

TILE_GAP = 14
FIELD_GAP = 24
_LIMITS = {"email": 254, "phone": 40, "post_code": 20, "number": 12}
_TEXT_LIMIT = 200


class QuestionsPage(KioskPage):
    """Ask what one page of the form asks; it is made anew when the form is another one."""

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__(model)
        self._parts: dict[str, QuestionPart] = {}
        self._asked: tuple[tuple[str, str], ...] = ()
        self._place = QVBoxLayout()
        self._place.setSpacing(6)
        self._back = ActionButton("", kiosk=True)
        self._next = ActionButton("", Kind.FILLED, kiosk=True)
        self.add(self._place)
        self.body.addStretch(1)
        self.set_foot(self._back, self._next)
        self._back.clicked.connect(self._on_back)
        self._next.clicked.connect(self._on_next)

    def render_state(self, state: KioskState) -> None:
        if state.phase is not KioskPhase.FORM:
            return
        self.set_step(state.step - 1, state.steps)
        self.set_words(state.page_title, state.page_lead)
        self.set_reassurance(state.texts.reassurance)
        self._back.set_text(state.texts.stop if state.step == 1 else f"‹ {state.texts.back}")
        self._next.set_text(f"{state.texts.next} ›")
        asked = tuple((question.id, question.kind) for question in state.questions)
        if asked != self._asked:
            self._make_parts(state)
            self._asked = asked
        for question in state.questions:
            is_title = len(state.questions) == 1 and question.title == state.page_title
            self._parts[question.id].show_question(question, kiosk_message(state, question.id), is_title)

    def take_focus(self) -> None:
        """Go to what is wrong, else to the first question."""
        wrong = [name for name in self._parts if self.model.state.problem_at(name) is not None]
        names = wrong or list(self._parts)
        if names:
            self._parts[names[0]].take_focus(is_wrong=bool(wrong))
        if wrong:
            # With large type it may lie below the edge: what is wrong there would never be read.
            bring_news_into_sight(self._parts[wrong[0]])

    def _make_parts(self, state: KioskState) -> None:
        for part in self._parts.values():
            part.hide()
            part.setParent(None)
            part.deleteLater()
        while self._place.count():
            self._place.takeAt(0)
        self._parts = {question.id: _part(question, self.model) for question in state.questions}
        waiting: QuestionPart | None = None
        for part in self._parts.values():
            if not part.is_half:
                self._place_alone(waiting)
                waiting = None
                self._place.addWidget(part)
            elif waiting is None:
                waiting = part
            else:
                self._place.addLayout(row(waiting, part, gap=FIELD_GAP, stretch=(1, 1)))
                waiting = None
        self._place_alone(waiting)

    def _place_alone(self, part: "QuestionPart | None") -> None:
        if part is not None:
            self._place.addLayout(row(part, QWidget(), gap=FIELD_GAP, stretch=(1, 1)))

    def _on_back(self) -> None:
        if self.model.state.step == 1:
            self.model.stop()
        else:
            self.model.back()

    def _on_next(self) -> None:
        before = self.model.state.page_id
        self.model.next()
        if self.model.state.phase is KioskPhase.FORM and self.model.state.page_id == before:
            self.take_focus()


class QuestionPart(QWidget):
    """One question; with `is_half` two of them stand beside each other."""

    is_half = False

    def __init__(self, question: ShownQuestion, model: KioskViewModel) -> None:
        super().__init__()
        self.question_id = question.id
        self.model = model

    @abstractmethod
    def show_question(self, question: ShownQuestion, message: FieldMessage | None, is_title: bool) -> None:
        """Draw words and answer; with `is_title` the page's title asks already."""

    @abstractmethod
    def take_focus(self, *, is_wrong: bool) -> None:
        """Put the focus where the answer goes."""


class _TextPart(QuestionPart):
    is_half = True

    def __init__(self, question: ShownQuestion, model: KioskViewModel) -> None:
        super().__init__(question, model)
        limit = _LIMITS.get(question.kind, _TEXT_LIMIT)
        self._field = TextField("", kiosk=True, max_length=limit)
        close_editor(self._field.line)
        _fill(self, self._field)
        self._field.changed.connect(self._on_typed)
        self._field.finished.connect(self._on_left)
        self._field.message_action.connect(self._on_hint)

    def show_question(self, question: ShownQuestion, message: FieldMessage | None, is_title: bool) -> None:
        self._field.speak(self.model.state.language)
        self._field.set_label(question.title, question.note)
        self._field.set_text(question.text)
        self._field.set_message(message)

    def take_focus(self, *, is_wrong: bool) -> None:
        self._field.line.setFocus()

    def _on_typed(self, text: str) -> None:
        self.model.type(self.question_id, text)

    def _on_left(self) -> None:
        # Leaving the page ends an edit, too: what is wiped by then is not checked.
        if self.model.state.question(self.question_id) is not None:
            self.model.leave(self.question_id)

    def _on_hint(self) -> None:
        self.model.accept_hint(self.question_id)


class _LongTextPart(QuestionPart):
    def __init__(self, question: ShownQuestion, model: KioskViewModel) -> None:
        super().__init__(question, model)
        self._field = LongTextField("", kiosk=True, lines=2)
        close_editor(self._field.editor)
        _fill(self, self._field)
        self._field.changed.connect(self._on_typed)

    def show_question(self, question: ShownQuestion, message: FieldMessage | None, is_title: bool) -> None:
        self._field.speak(self.model.state.language)
        self._field.set_label(question.title, question.note)
        with QSignalBlocker(self._field):
            self._field.set_text(question.text)
        self._field.set_message(message)

    def take_focus(self, *, is_wrong: bool) -> None:
        self._field.editor.setFocus()

    def _on_typed(self, text: str) -> None:
        shown = self.model.state.question(self.question_id)
        if shown is not None and shown.text != text:
            self.model.type(self.question_id, text)


class _SegmentPart(QuestionPart):
    def __init__(self, question: ShownQuestion, model: KioskViewModel) -> None:
        super().__init__(question, model)
        self._segments = SegmentedChoice("", [], kiosk=True)
        self._field = LabelledField("", self._segments, kiosk=True)
        _fill(self, self._field)
        self._segments.chosen.connect(self._on_chosen)

    def show_question(self, question: ShownQuestion, message: FieldMessage | None, is_title: bool) -> None:
        self._field.set_label(question.title, question.note)
        self._field.set_message(message)
        with QSignalBlocker(self._segments):
            self._segments.set_segments([Segment(item.id, item.label) for item in question.options])
            chosen = next((item.id for item in question.options if item.is_chosen), None)
            self._segments.set_value(chosen)

    def take_focus(self, *, is_wrong: bool) -> None:
        self._segments.setFocus()

    def _on_chosen(self, option: object) -> None:
        self.model.choose(self.question_id, str(option))


class _TilesPart(QuestionPart):
    def __init__(self, question: ShownQuestion, model: KioskViewModel) -> None:
        super().__init__(question, model)
        self._tiles: dict[str, CheckTile] = {}
        self._label = Label("", "kiosk-base", wrap=True)
        self._said = Said("kiosk-small")
        place = QWidget()
        self._grid = EvenLayout(place, columns=2, gap_x=TILE_GAP, gap_y=TILE_GAP)
        column = _fill(self, self._label)
        column.addWidget(place)
        column.addWidget(self._said)

    def show_question(self, question: ShownQuestion, message: FieldMessage | None, is_title: bool) -> None:
        self._label.setText(question.title)
        self._label.setVisible(not is_title)
        said = message.text if message else ""
        self._said.say(said, about=question.title)
        if list(self._tiles) != [item.id for item in question.options]:
            self._make_tiles(question)
        for item in question.options:
            tile = self._tiles[item.id]
            tile.set_words(item.label, item.detail, said)
            with QSignalBlocker(tile):
                tile.setChecked(item.is_chosen)

    def take_focus(self, *, is_wrong: bool) -> None:
        if self._tiles:
            first = next(iter(self._tiles.values()))
            if is_wrong:
                first.setFocus()
            else:
                focus_quietly(first)

    def _make_tiles(self, question: ShownQuestion) -> None:
        for tile in self._tiles.values():
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = {}
        for item in question.options:
            tile = CheckTile(item.label, item.detail)
            tile.setProperty("option", item.id)
            tile.clicked.connect(self._on_tile)
            self._grid.addWidget(tile)
            self._tiles[item.id] = tile

    def _on_tile(self) -> None:
        sender: QObject = self.sender()
        self.model.choose(self.question_id, str(sender.property("option")))


def _part(question: ShownQuestion, model: KioskViewModel) -> QuestionPart:
    if question.kind == MANY_OF or (question.is_choice and question.has_details):
        return _TilesPart(question, model)
    if question.is_choice:
        return _SegmentPart(question, model)
    if question.kind == LONG_TEXT:
        return _LongTextPart(question, model)
    return _TextPart(question, model)


def _fill(part: QWidget, first: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    column.addWidget(first)
    return column
