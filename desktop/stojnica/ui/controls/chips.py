"""Several of a few things: small pieces to press, in reading order, that break like words."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.focus_ring import RING_GAP, RING_RADIUS
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CONTROL_RADIUS, Type

_PADDING_X, _PADDING_Y = 12, 6


class Chip(QCheckBox):
    """One thing that can be chosen; Space chooses it."""

    def __init__(self, value: str, text: str) -> None:
        super().__init__(text.replace("&", "&&"))
        self.value = value
        self._words = text
        self.setAccessibleName(text)
        self.setProperty(RING_GAP, 2)
        self.setProperty(RING_RADIUS, CONTROL_RADIUS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(look().font(Type.BASE, semibold=True))
        width = metrics.horizontalAdvance(self._words)
        return QSize(width + 2 * _PADDING_X, metrics.height() + 2 * _PADDING_Y)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        width = 2 if on else look().theme.edge_px
        fill = "accent_soft" if on else "paper" if self.underMouse() else "card"
        edge = "accent" if on else "edge"
        draw_box(painter, QRectF(self.rect()), fill=fill, edge=edge, width=width, radius=CONTROL_RADIUS)
        painter.setFont(look().font(Type.BASE, semibold=on))
        painter.setPen(look().colour("accent" if on else "ink"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)


class ChipChoice(QWidget):
    """Offer several things to choose from. `toggled` carries the value and whether it is chosen now."""

    toggled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        speak_as(self, Spoken.GROUP)
        self._chips: list[Chip] = []
        self._offered: tuple[tuple[str, str], ...] = ()
        self._flow = FlowLayout(self, gap_x=6, gap_y=6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_choices(self, choices: Sequence[tuple[str, str]], chosen: frozenset[str]) -> None:
        """Offer values with their words; the same ones again keep the focus where it is."""
        if tuple(choices) != self._offered:
            self._offered = tuple(choices)
            self._make()
        for chip in self._chips:
            with QSignalBlocker(chip):
                chip.setChecked(chip.value in chosen)

    def describe(self, text: str) -> None:
        """Have a voice say this of each thing: what is wrong, or what it is for."""
        self._said = text
        for part in (self, *self._chips):
            part.setAccessibleDescription(text)

    def _make(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(value, words) for value, words in self._offered]
        for chip in self._chips:
            self._flow.addWidget(chip)
            chip.toggled.connect(self._on_toggled)
        self.describe(self._said)
        if self._chips:
            self.setFocusProxy(self._chips[0])

    def _on_toggled(self, is_chosen: bool) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.toggled.emit(chip.value, is_chosen)
