"""The languages a visitor may choose, always in sight, each in its own words."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from stojnica.ui.controls.button import click_once, is_enter
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.focus_ring import RING_GAP
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CONTROL_RADIUS, KIOSK_TARGET, Type


class _LanguageButton(QRadioButton):
    def __init__(self, code: str, name: str) -> None:
        super().__init__(name)
        self.code = code
        self.setProperty(RING_GAP, 2)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(look().font(Type.TALLY_HEAD, semibold=True))
        height = max(KIOSK_TARGET, metrics.height() + 18)
        return QSize(metrics.horizontalAdvance(self.text()) + 36, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            click_once(self, event)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        chosen = self.isChecked()
        if chosen:
            # With an edge: in the dark theme the rail is nearly as dark as the page.
            width = look().theme.edge_px
            draw_box(
                painter, QRectF(self.rect()), fill="rail", edge="edge", width=width, radius=CONTROL_RADIUS
            )
        elif self.underMouse():
            draw_box(painter, QRectF(self.rect()), fill="sunk", radius=CONTROL_RADIUS)
        painter.setFont(look().font(Type.TALLY_HEAD, semibold=chosen))
        painter.setPen(look().colour("rail_ink_on" if chosen else "ink_mid"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class LanguageRow(QWidget):
    """Offer languages by code and own name. `chosen` carries the code."""

    chosen = Signal(str)

    def __init__(self, languages: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        speak_as(self, Spoken.GROUP)
        self._buttons = [_LanguageButton(code, name) for code, name in languages]
        row = FlowLayout(self, gap_x=6, gap_y=6)
        row.set_right_aligned(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for button in self._buttons:
            row.addWidget(button)
            button.clicked.connect(self._on_clicked)

    def set_name(self, name: str) -> None:
        """Say what the choice is about, in the language in use."""
        self.setAccessibleName(name)

    def set_language(self, code: str) -> None:
        """Mark the language in use, without announcing it."""
        for button in self._buttons:
            button.setChecked(button.code == code)

    def _on_clicked(self) -> None:
        self.chosen.emit(next(button.code for button in self._buttons if button.isChecked()))
