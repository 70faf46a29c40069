"""The line at the foot of every page: what waits, whether there is a copy, who is here."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look


@dataclass(frozen=True, slots=True)
class StatusSegment:
    """One thing that is always in sight; ``**words**`` are strong, `tone` (good, wait, bad) gives a dot."""

    text: str
    tone: str = ""


class _Dot(QWidget):
    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(9), look().px(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("wait_dot" if self._tone == "wait" else self._tone))
        painter.drawEllipse(self.rect())


class StatusLine(QWidget):
    """Segments at the left and at the right of a sunk line."""

    def __init__(self) -> None:
        super().__init__()
        self._left = QHBoxLayout()
        self._right = QHBoxLayout()
        self._shown: tuple[tuple[StatusSegment, ...], tuple[StatusSegment, ...]] = ((), ())
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 18, 5)
        row.setSpacing(26)
        for side in (self._left, self._right):
            side.setSpacing(26)
            row.addLayout(side)
        row.insertStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_segments(self, left: Sequence[StatusSegment], right: Sequence[StatusSegment] = ()) -> None:
        """Show other segments."""
        wanted = (tuple(left), tuple(right))
        if wanted == self._shown:
            return
        self._shown = wanted
        for layout, segments in ((self._left, wanted[0]), (self._right, wanted[1])):
            _clear(layout)
            for segment in segments:
                layout.addLayout(_segment_row(segment))
        words = [segment.text.replace("**", "") for side in wanted for segment in side]
        self.setAccessibleName(" · ".join(words))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().px(20) + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("sunk"))
        painter.setPen(look().colour("line"))
        painter.drawLine(0, 0, self.width(), 0)


def _segment_row(segment: StatusSegment) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(7)
    if segment.tone:
        row.addWidget(_Dot(segment.tone))
    label = Label("", "status")
    label.set_marked(segment.text)
    row.addWidget(label)
    return row


def _clear(layout: QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        while inner is not None and (part := inner.takeAt(0)) is not None:
            widget = part.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
