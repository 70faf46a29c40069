"""A card: a white sheet with a fine edge and, usually, a head."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_PADDING_X, CARD_PADDING_Y, CARD_RADIUS, GAP


class Card(QWidget):
    """A sheet with a head and a `body` layout; `tone` (good, wait, bad) tints it, `compact` narrows it."""

    def __init__(
        self, title: str = "", *, tone: str = "", compact: bool = False, radius: int = CARD_RADIUS
    ) -> None:
        super().__init__()
        self._tone = tone
        self._radius = radius
        speak_as(self, Spoken.GROUP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._title = Label(title, "card-title", wrap=True)
        self._head = QHBoxLayout()
        self._head.setSpacing(GAP)
        self._head.addWidget(self._title, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer = QVBoxLayout(self)
        if compact:
            outer.setContentsMargins(16, 12, 16, 12)
        else:
            outer.setContentsMargins(CARD_PADDING_X, CARD_PADDING_Y - 2, CARD_PADDING_X, CARD_PADDING_Y)
        outer.setSpacing(9)
        outer.addLayout(self._head)
        outer.addLayout(self.body, 1)
        # Not before it lies on the card: it would be a window of its own for a moment, and take the focus.
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the head; empty hides it."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_tone(self, tone: str) -> None:
        """Tint the sheet good, wait or bad; empty for white."""
        self._tone = tone
        self.update()

    def add_sign(self, sign: QWidget) -> None:
        """Put a sign at the left of the head."""
        self._head.insertWidget(0, sign)
        self._head.setSpacing(9)

    def add_head_action(self, widget: QWidget) -> None:
        """Put a link or a small button at the right of the head."""
        self._head.addWidget(widget)

    def add(self, widget: QWidget) -> QWidget:
        """Put a widget at the end of the body and give it back."""
        self.body.addWidget(widget)
        return widget

    def add_text(self, text: str, role: str = "mid") -> Label:
        """Put a paragraph at the end of the body."""
        label = Label(text, role, wrap=True)
        self.body.addWidget(label)
        return label

    def paintEvent(self, event: QPaintEvent) -> None:
        fill = f"{self._tone}_soft" if self._tone else "card"
        edge = f"{self._tone}_edge" if self._tone else "line"
        width = look().theme.edge_px
        draw_box(QPainter(self), QRectF(self.rect()), fill=fill, edge=edge, width=width, radius=self._radius)
