"""A field: its label above, the editor, and what there is to say about it below, at the place."""

from typing import Any, NamedTuple, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from stojnica.domain.text_bound import left_out
from stojnica.i18n import current_language, speaking
from stojnica.ui.controls.bounded_editor import BoundedLine, BoundedText
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.focus_ring import RING_GAP, RING_RADIUS
from stojnica.ui.controls.labels import Label, restyle
from stojnica.ui.controls.said import Said
from stojnica.ui.theme.icons import icon_pixmap
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_RADIUS, LABEL_GAP


class FieldMessage(NamedTuple):
    """What is said below a field: `tone` is bad (refused), wait (look again) or empty (a hint)."""

    text: str
    tone: str = ""
    action: str = ""


@runtime_checkable
class Described(Protocol):
    """An editor of several parts, each of which has the focus at times."""

    def describe(self, text: str) -> None:
        """Have each part say it."""


class LabelledField(QWidget):
    """Put a label above any editor and a message below it.

    `message_action` is emitted when the message's link is pressed. With `reserve` the message has its place
    even while there is none, so that nothing jumps.
    """

    message_action = Signal()

    def __init__(
        self, label: str, editor: QWidget, *, note: str = "", kiosk: bool = False, reserve: bool = True
    ) -> None:
        super().__init__()
        self._editor = editor
        self._is_kiosk = kiosk
        self._label = Label(label, "kiosk-base" if kiosk else "mid")
        self._label.setBuddy(editor)
        self._note = Label(note, "kiosk-small" if kiosk else "soft")
        self._message = Said("kiosk-small" if kiosk else "small", reserve=reserve)
        self._action = ActionButton("", Kind.LINK, small=not kiosk, kiosk=kiosk)
        self._action.setVisible(False)
        self._told: FieldMessage | None = None
        self._left_out_beyond = 0
        self._language = ""
        if kiosk:
            editor.setProperty("kiosk", True)
            editor.setProperty(RING_RADIUS, KIOSK_RADIUS)
        self._build()
        self._name()
        self._action.clicked.connect(self.message_action)
        self.set_message(None)

    @property
    def editor(self) -> QWidget:
        """Give the widget that is typed in."""
        return self._editor

    def set_label(self, label: str, note: str = "") -> None:
        """Change the label and the softer words behind it ("optional")."""
        self._label.setText(label)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._name()

    def set_message(self, message: FieldMessage | None) -> None:
        """Say something below the field, or nothing; what didn't fit in is said first."""
        self._told = message
        self._say()

    def speak(self, language: str) -> None:
        """Say what the field itself has to say in a visitor's language; "" is the program's."""
        if language != self._language:
            self._language = language
            self._say()

    def set_overflow(self, limit: int) -> None:
        """Say that no more than `limit` characters were taken in, until an edit fits; 0 is no such thing."""
        if limit != self._left_out_beyond:
            self._left_out_beyond = limit
            self._say()

    def _say(self) -> None:
        message = self._told
        if self._left_out_beyond:
            with speaking(self._language or current_language()):
                message = FieldMessage(left_out(self._left_out_beyond), "wait")
        text, tone = (message.text, message.tone) if message else ("", "")
        self._message.say(text, tone, about=self._label.text())
        self._message.setMinimumHeight(look().px(18))
        has_action = bool(message and message.action)
        self._action.setVisible(has_action)
        self._foot_space.setVisible(has_action)
        self._message.setWordWrap(not has_action)
        if message and message.action:
            self._action.set_text(message.action)
            self._action.setAccessibleDescription(text)
        restyle(self._editor, "tone", tone)
        if isinstance(self._editor, Described):
            self._editor.describe(text)
        else:
            self._editor.setAccessibleDescription(text)

    def message(self) -> str:
        """Give the words below the field."""
        return self._message.text()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look().px(7))
        head.addWidget(self._label)
        head.addWidget(self._note)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self._message)
        foot.addWidget(self._action)
        self._foot_space = QWidget()
        foot.addWidget(self._foot_space, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(LABEL_GAP)
        outer.addLayout(head)
        outer.addWidget(self._editor)
        outer.addLayout(foot)
        outer.addStretch(1)
        self._note.setVisible(bool(self._note.text()))
        self.setFocusProxy(self._editor)

    def _name(self) -> None:
        self._editor.setAccessibleName(", ".join(x for x in (self._label.text(), self._note.text()) if x))


class TextField(LabelledField):
    """One line of text. `changed` carries each edit by the user, `finished` comes when the field is left."""

    changed = Signal(str)
    finished = Signal()

    def __init__(self, label: str, *, note: str = "", max_length: int = 200, **options: Any) -> None:
        self._line = BoundedLine(max_length)
        super().__init__(label, self._line, note=note, **options)
        self._line.overflowed.connect(self._on_overflow)
        self._line.edited.connect(self.changed)
        self._line.editingFinished.connect(self.finished)

    @property
    def line(self) -> QLineEdit:
        """Give the editor itself, for echo mode, completer and validator."""
        return self._line

    def text(self) -> str:
        """Give what stands in the field."""
        return self._line.text()

    def set_text(self, text: str) -> None:
        """Replace the text; the cursor stays where it is when nothing changes."""
        if self._line.text() != text:
            self.set_overflow(0)
            self._line.setText(text)

    def _on_overflow(self, has_overflowed: bool) -> None:
        self.set_overflow(self._line.limit if has_overflowed else 0)


class LongTextField(LabelledField):
    """Several lines of text; Tab leaves the field."""

    changed = Signal(str)

    def __init__(
        self, label: str, *, note: str = "", max_length: int = 2000, lines: int = 3, **options: Any
    ) -> None:
        self._text = BoundedText(max_length)
        self._text.setTabChangesFocus(True)
        self._lines = lines
        super().__init__(label, self._text, note=note, **options)
        self._text.overflowed.connect(self._on_overflow)
        self._text.edited.connect(self.changed)
        self._fit()

    def text(self) -> str:
        """Give what stands in the field."""
        return self._text.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        if self._text.toPlainText() != text:
            self.set_overflow(0)
            self._text.setPlainText(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self._text.setFixedHeight(self._lines * look().px(30 if self._is_kiosk else 24) + 20)

    def _on_overflow(self, has_overflowed: bool) -> None:
        self.set_overflow(self._text.limit if has_overflowed else 0)


class ChoiceBox(QComboBox):
    """A drop-down in the theme's look; the wheel changes nothing unless the list is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def showPopup(self) -> None:
        if not isinstance(self.itemDelegate(), QStyledItemDelegate):
            # Qt's own paints the list of a drop-down past the theme.
            self.setItemDelegate(QStyledItemDelegate(self))
        # The line that would be chosen shows where the keyboard is; a ring would be cut by the list's edge.
        self.view().setProperty(RING_GAP, -1)
        around = self.view().parentWidget()
        if isinstance(around, QFrame):
            around.setFrameShape(QFrame.Shape.NoFrame)
            around.setContentsMargins(0, 0, 0, 0)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        box, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        place = self.style().subControlRect(box, option, part, self)
        # Qt cuts a long text in the middle of a letter.
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, place.width())
        option.currentText = shown
        painter.drawComplexControl(box, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        if self.currentIndex() < 0:
            painter.setPen(look().colour("ink_soft"))
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(place.adjusted(1, 0, -1, 0), int(left), self.placeholderText())
        side = look().px(16)
        spot = QPointF(self.width() - side - 14, (self.height() - side) / 2)
        painter.drawPixmap(spot, icon_pixmap("down", "ink_mid", side))


class ChoiceField(LabelledField):
    """One of a list. `chosen` carries the value that belongs to the text; no choice is None."""

    chosen = Signal(object)

    def __init__(self, label: str, *, note: str = "", **options: Any) -> None:
        self._box = ChoiceBox()
        super().__init__(label, self._box, note=note, **options)
        self._box.activated.connect(self._on_activated)

    @property
    def box(self) -> ChoiceBox:
        """Give the editor itself."""
        return self._box

    def set_choices(self, choices: list[tuple[object, str]]) -> None:
        """Offer values with their texts; the chosen value stays chosen when it is still offered."""
        before = self.value()
        self._box.clear()
        for value, text in choices:
            self._box.addItem(text, value)
        self.set_value(before)

    def value(self) -> object:
        """Give the chosen value."""
        return self._box.currentData()

    def set_value(self, value: object) -> None:
        """Choose a value without announcing it; an unknown one chooses nothing."""
        values = [self._box.itemData(index) for index in range(self._box.count())]
        self._box.setCurrentIndex(values.index(value) if value in values else -1)

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._box.itemData(index))
