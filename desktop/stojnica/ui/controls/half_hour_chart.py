"""Bars by half-hour: when people came."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from stojnica.services.written_time import written_number
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import Type


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One bar: when it began (``14.30``), how many came, and whether it is still going on."""

    begins: str
    count: int
    label: str = ""
    """What stands below the bar; usually the full hour."""
    is_now: bool = False


class HalfHourChart(QWidget):
    """Draw one bar for each half-hour of the event, also for those to come."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._bars: tuple[HalfHour, ...] = ()
        self._name = name
        speak_as(self, Spoken.CHART)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_bars(())

    def set_bars(self, bars: Sequence[HalfHour]) -> None:
        """Show other bars."""
        self._bars = tuple(bars)
        self.setAccessibleName(self._name)
        told = (f"{bar.begins}: {written_number(bar.count)}" for bar in self._bars if bar.count)
        self.setAccessibleDescription(", ".join(told))
        self.update()

    def set_name(self, name: str) -> None:
        """Say what is counted."""
        self._name = name
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(380, 90 + look().px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 60 + look().px(26))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = look().font(Type.SMALL - 1)
        foot = QFontMetrics(small).height() + 6
        ground = self.height() - foot
        most = max((bar.count for bar in self._bars), default=0) or 1
        for index, bar in enumerate(self._bars):
            place = self._place(index)
            height = round(bar.count / most * (ground - 1))
            if height:
                path = _bar_path(QRectF(place.x(), ground - height, place.width(), height))
                painter.fillPath(path, look().colour("bar_now" if bar.is_now else "bar"))
                if look().theme.edge_px > 1:
                    painter.strokePath(path, QPen(look().colour("edge"), look().theme.edge_px))
            if bar.label:
                painter.setFont(small)
                painter.setPen(look().colour("ink_soft"))
                words = QRectF(place.center().x() - 40, ground + 5, 80, foot - 5)
                painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, bar.label)
        painter.setPen(look().colour("rule"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLine(0, ground, self.width(), ground)

    def _place(self, index: int) -> QRectF:
        slot = self.width() / max(len(self._bars), 1)
        width = min(round(slot * 0.64), 36)
        return QRectF(round(index * slot + (slot - width) / 2), 0, width, self.height())

    def _show_tip(self, event: QHelpEvent) -> None:
        index = int(event.pos().x() / (self.width() / max(len(self._bars), 1)))
        if 0 <= index < len(self._bars):
            bar = self._bars[index]
            QToolTip.showText(event.globalPos(), f"{bar.begins}: {written_number(bar.count)}", self)


def _bar_path(rect: QRectF) -> QPainterPath:
    """Round the two upper corners."""
    radius = min(4.0, rect.height(), rect.width() / 2)
    path = QPainterPath()
    path.moveTo(rect.bottomLeft())
    path.lineTo(rect.left(), rect.top() + radius)
    path.quadTo(rect.left(), rect.top(), rect.left() + radius, rect.top())
    path.lineTo(rect.right() - radius, rect.top())
    path.quadTo(rect.right(), rect.top(), rect.right(), rect.top() + radius)
    path.lineTo(rect.bottomRight())
    path.closeSubpath()
    return path
