"""Codes for the own phone, beside each other, each with its title and its address in letters."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.services.kiosk_links import InterestLink
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_SIDE_PX = 190
_QUIET_MODULES = 4


class LinkCodes(QWidget):
    """Show a line of words and up to three codes; nothing when there is no link."""

    def __init__(self) -> None:
        super().__init__()
        self._lead = Label("", "kiosk-base", wrap=True)
        self._lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(48)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._lead)
        column.addLayout(self._row)
        self._shown: tuple[InterestLink, ...] = ()

    def show_links(self, lead: str, links: Sequence[InterestLink]) -> None:
        """Show these links."""
        self._lead.setText(lead)
        self.setVisible(bool(links))
        if self._shown == tuple(links):
            return
        self._shown = tuple(links)
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._row.addStretch(1)
        largest = max((link.modules for link in links), default=0)
        for link in links:
            self._row.addWidget(_LinkCode(link, largest))
        self._row.addStretch(1)


class _LinkCode(QWidget):
    def __init__(self, link: InterestLink, largest: int) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        title, address = Label(link.title, "kiosk-strong"), Label(link.address, "kiosk-small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for label in (title, address):
            label.setAlignment(centre)
        column.addWidget(title)
        column.addWidget(_Code(link, largest), 0, centre)
        column.addWidget(address)


class _Code(QWidget):
    """One code, always dark on white and with its quiet zone: a phone reads nothing else in the sun."""

    def __init__(self, link: InterestLink, largest: int) -> None:
        super().__init__()
        self._link = link
        self._whole = largest + 2 * _QUIET_MODULES
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speak_as(self, Spoken.PICTURE)
        self.setAccessibleName(f"{link.title}: {link.address}")

    def sizeHint(self) -> QSize:
        # Whole pixels for each module: fractions blur the edges that a phone looks for.
        side = max(look().px(_SIDE_PX) // self._whole, 3) * self._whole
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("code_ground"))
        ink = look().colour("code")
        # Each as large as the place allows: a short address makes no smaller code.
        module = self.width() // (self._link.modules + 2 * _QUIET_MODULES)
        quiet = (self.width() - module * self._link.modules) // 2
        for column, line, length in self._link.runs:
            left, top = quiet + column * module, quiet + line * module
            painter.fillRect(QRectF(left, top, length * module, module), ink)
