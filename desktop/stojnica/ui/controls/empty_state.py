"""What a place shows while there is nothing: what it is for, and the one thing to do first."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.icons import icon_pixmap
from stojnica.ui.theme.look import look


class IconBadge(QWidget):
    """An icon in a soft circle."""

    def __init__(self, icon: str, side_px: int = 72) -> None:
        super().__init__()
        self._icon = icon
        self._side_px = side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(self._side_px), look().px(self._side_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent_soft"))
        painter.drawEllipse(self.rect())
        side = round(self.width() * 0.46)
        place = (self.width() - side) // 2
        painter.drawPixmap(place, place, icon_pixmap(self._icon, "accent", side))


class EmptyState(QWidget):
    """Say what the place is for; `pressed` is emitted by its one button."""

    pressed = Signal()

    def __init__(self, icon: str, title: str, text: str, button: str = "", *, filled: bool = True) -> None:
        super().__init__()
        self._title = Label(title, "page-title", wrap=True)
        self._text = Label(text, "mid", wrap=True)
        self._button = ActionButton(button, Kind.FILLED if filled else Kind.OUTLINED)
        self._button.clicked.connect(self.pressed)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QWidget()
        column.setMaximumWidth(560)
        words = QVBoxLayout(column)
        words.setSpacing(12)
        words.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        words.addWidget(IconBadge(icon), 0, centre)
        words.addSpacing(6)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addSpacing(6)
        words.addWidget(self._button, 0, centre)
        words.addStretch(3)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(column, 10)
        outer.addStretch(1)
        self._button.setVisible(bool(button))

    def set_words(self, title: str, text: str, button: str = "") -> None:
        """Change what is said."""
        self._title.setText(title)
        self._text.setText(text)
        self._button.set_text(button)
        self._button.setVisible(bool(button))
