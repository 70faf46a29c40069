"""A sentence about what just happened, at its place: with a sign beside its colour, and said aloud."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_sign
from stojnica.ui.controls.spoken import announce
from stojnica.ui.theme.look import look

_SIGN_PX, _GAP_PX = 15, 6
_SIGNED = ("good", "wait", "bad")


class Said(Label):
    """Hide while there is nothing to say, unless its place is reserved so that nothing jumps."""

    def __init__(self, role: str = "mid", *, reserve: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", role, wrap=True, parent=parent)
        self._reserve = reserve
        self._tone = ""
        if not reserve:
            self.setVisible(False)

    def say(self, text: str, tone: str = "bad", *, about: str = "") -> None:
        """Say something good, wait or bad, or nothing; without a tone it is a hint, and silent.

        `about` is what a voice says before it: the eye sees where it stands.
        """
        is_news = (text, tone) != (self.text(), self._tone)
        self._tone = tone if text else ""
        self.setText(text)
        self.set_tone(self._tone)
        self._indent_for_sign()
        self.setVisible(bool(text) or self._reserve)
        if is_news and self._tone in _SIGNED and self.isVisible():
            announce(self, f"{about}: {text}" if about else text, is_urgent=tone == "bad")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._tone in _SIGNED:
            side, line = look().px(_SIGN_PX), self.fontMetrics().height()
            words = self._words_rect()
            place = QRectF(words.left() - side - _GAP_PX, words.top() + (line - side) / 2, side, side)
            draw_sign(QPainter(self), place, self._tone)

    def _words_rect(self) -> QRectF:
        room = self.contentsRect()
        flags = int(self.alignment()) | Qt.TextFlag.TextWordWrap
        return QRectF(self.fontMetrics().boundingRect(room, int(flags), self.shown_text()))

    def _indent_for_sign(self) -> None:
        left = look().px(_SIGN_PX) + _GAP_PX if self._tone in _SIGNED else 0
        if left != self.contentsMargins().left():
            self.setContentsMargins(left, 0, 0, 0)
            self.updateGeometry()
