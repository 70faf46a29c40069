"""A key, drawn beside what it does."""

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stojnica.ui.controls.painting import draw_key_cap, key_cap_size, key_words
from stojnica.ui.controls.spoken import Spoken, speak_as


class KeyCap(QWidget):
    """Show a portable key sequence (``Alt+1``) as a key cap; it only shows, it doesn't listen."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speak_as(self, Spoken.PICTURE)
        self.setAccessibleName(key_words(key))

    def sizeHint(self) -> QSize:
        return key_cap_size(self._key)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_key_cap(QPainter(self), QRectF(self.rect()), self._key)
