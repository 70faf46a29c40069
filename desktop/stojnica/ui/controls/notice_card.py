"""Something to look at or decide, without stopping the one who types."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from stojnica.services.message import Message
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.spoken import announce

_SIGN_PX = 20


class NoticeCard(Card):
    """A tinted card with a sentence and small answers; `answered` carries the value of the one pressed."""

    answered = Signal(object)

    def __init__(self, tone: str = "wait") -> None:
        super().__init__("", tone=tone)
        self._told = ""
        self._asked = ("", "")
        self._sign = RoundSign(tone, _SIGN_PX)
        self.add_sign(self._sign)
        self._text = Label("", "mid", wrap=True)
        self._buttons: list[ActionButton] = []
        self._values: dict[ActionButton, object] = {}
        self._row_box = QWidget()
        self._row = FlowLayout(self._row_box, gap_x=6, gap_y=6)
        self.body.setSpacing(9)
        self.body.addWidget(self._text)
        self.body.addWidget(self._row_box)

    def set_tone(self, tone: str) -> None:
        super().set_tone(tone)
        self._sign.set_tone(tone)

    def set_notice(self, title: str, text: str, answers: Sequence[tuple[object, str]] = ()) -> None:
        """Say it; ``**words**`` in `text` are strong. Answers are values with their words."""
        self.set_title(title)
        self._text.set_marked(text)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons, self._values = [], {}
        for value, words in answers:
            button = ActionButton(words, small=True)
            button.clicked.connect(self._on_clicked)
            self._row.addWidget(button)
            self._buttons.append(button)
            self._values[button] = value
        self._row_box.setVisible(bool(answers))
        self.setAccessibleDescription(text.replace("**", ""))
        self._tell()

    def say(self, message: Message | None) -> None:
        """Say what happened, what is safe and what to do next; without a message it is gone."""
        self.setVisible(message is not None)
        self._asked = ("", "")
        if message is not None:
            self.set_tone(message.tone)
            self.set_notice(message.what, f"{message.safe} {message.next_step}".strip())

    def ask(self, title: str, text: str, answers: Sequence[tuple[object, str]]) -> None:
        """Ask about something, or nothing any more; a question that stands keeps its buttons' focus."""
        self.setVisible(bool(text))
        if (title, text) != self._asked:
            self._asked = (title, text)
            self.set_notice(title, text, answers)

    def focus_answer(self) -> None:
        """Go to the first answer, so that Enter gives it."""
        if self._buttons:
            self._buttons[0].setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.isHidden():
            # Not with its page: the same words are news again.
            self._told = ""

    def _tell(self) -> None:
        words = ". ".join(part for part in (self.accessibleName(), self.accessibleDescription()) if part)
        if self.isVisible() and words != self._told:
            self._told = words
            announce(self, words)

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, ActionButton):
            self.answered.emit(self._values[button])
