"""The band that says: this is practice, nothing here is real."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look


class PracticeBanner(QWidget):
    """A band in the marker's colour; its words can be copied, ``**words**`` are strong."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Label("", "practice", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 7, 18, 7)
        row.addWidget(self._words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def set_words(self, words: str) -> None:
        """Show the band with these words; empty hides it."""
        self._words.set_marked(words)
        self.setAccessibleName(words.replace("**", ""))
        self.setVisible(bool(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("marker"))
