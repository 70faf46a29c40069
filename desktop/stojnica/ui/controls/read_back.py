"""What somebody has typed, read back before it is saved, with the way to correct it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import KIOSK_TARGET

_BAR_PX = 3
_WORDS_PX = 330


class ReadBackLines(QWidget):
    """Ask whether this is right; `pressed` comes when it isn't."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asking = Label("", "kiosk-small")
        self._contact = Label("", "kiosk-strong", wrap=True)
        self._who = Label("", "kiosk-small", wrap=True)
        self._correct = ActionButton("", small=True)
        self._correct.setMinimumHeight(KIOSK_TARGET)
        self._correct.clicked.connect(self.pressed)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._asking, self._contact, self._who):
            words.addWidget(label)
        line = QHBoxLayout(self)
        line.setContentsMargins(18, 0, 0, 0)
        line.setSpacing(18)
        line.addLayout(words, 1)
        line.addWidget(self._correct, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_lines(self, asking: str, contact: Sequence[str], who: str, correct: str) -> None:
        """Show where we would write, and to whom; nothing when there is neither."""
        self.setVisible(bool(contact or who))
        self._asking.setText(asking)
        self._contact.setText("\n".join(map(_breakable, contact)))
        self._contact.setAccessibleName(", ".join(contact))
        self._who.setText(who)
        self._correct.set_text(correct)
        for label in (self._contact, self._who):
            label.setMinimumWidth(min(label.sizeHint().width(), look().px(_WORDS_PX)))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 2, _BAR_PX, self.height() - 4, look().colour("line"))


def _breakable(text: str) -> str:
    """Let a long address break where people read a pause."""
    return text.replace("@", "\u200b@").replace(".", "\u200b.")
