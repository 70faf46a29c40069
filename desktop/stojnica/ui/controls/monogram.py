"""The organisation's sign: its initials in a circle of the accent, and its name."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look


class Monogram(QWidget):
    """Draw up to three letters in a circle."""

    def __init__(self, letters: str = "", side_px: int = 44) -> None:
        super().__init__()
        self._letters = letters
        self._side_px = side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_letters(self, letters: str) -> None:
        """Change the letters."""
        self._letters = letters[:3]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(self._side_px), look().px(self._side_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent"))
        painter.drawEllipse(self.rect())
        share = {0: 0.4, 1: 0.42, 2: 0.36}.get(len(self._letters), 0.3)
        painter.setFont(look().font(self._side_px * share, semibold=True))
        painter.setPen(look().colour("on_accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)


class OrganisationSign(QWidget):
    """Put the monogram and the organisation's short name beside each other."""

    def __init__(self, letters: str = "", name: str = "") -> None:
        super().__init__()
        self._monogram = Monogram(letters)
        self._name = Label(name, "kiosk-strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._monogram)
        row.addWidget(self._name)

    def set_organisation(self, letters: str, name: str) -> None:
        """Show an organisation."""
        self._monogram.set_letters(letters)
        self._name.setText(name)
