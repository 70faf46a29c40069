"""The line at the foot of every page: what waits, whether there is a copy, who is here."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_GAP = 26


@dataclass(frozen=True, slots=True)
class StatusSegment:
    """One thing that is always in sight; ``**words**`` are strong, `tone` (good, wait, bad) gives a dot."""

    text: str
    tone: str = ""
    spoken: str = ""
    """What a screen reader says for it, where the text alone could be any number."""


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
        speak_as(self, Spoken.STATUS)
        self._left = FlowLayout(gap_x=_GAP, gap_y=3)
        self._right = FlowLayout(gap_x=_GAP, gap_y=3)
        self._right.set_right_aligned(True)
        self._shown: tuple[tuple[StatusSegment, ...], tuple[StatusSegment, ...]] = ((), ())
        row = SideBySide(gap=_GAP, gap_stacked=3, natural=True)
        self._segments = row
        row.add(self._left)
        row.add(self._right, 0)
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(18, 6, 18, 5)
        self._outer.setSpacing(_GAP)
        self._outer.addLayout(row, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_button(self, button: QWidget) -> None:
        """Put something to press at the end of the line, for good."""
        self._outer.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._outer.setAlignment(self._segments, Qt.AlignmentFlag.AlignVCenter)

    def set_segments(self, left: Sequence[StatusSegment], right: Sequence[StatusSegment] = ()) -> None:
        """Show other segments."""
        wanted = (tuple(left), tuple(right))
        if wanted == self._shown:
            return
        self._shown = wanted
        for layout, segments in ((self._left, wanted[0]), (self._right, wanted[1])):
            _clear(layout)
            for segment in segments:
                layout.addWidget(_SegmentWidget(segment))
        words = [_said(segment) for side in wanted for segment in side]
        self.setAccessibleName(", ".join(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("sunk"))
        painter.setPen(look().colour("line"))
        painter.drawLine(0, 0, self.width(), 0)


class _SegmentWidget(QWidget):
    def __init__(self, segment: StatusSegment) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        if segment.tone:
            row.addWidget(_Dot(segment.tone))
        label = Label("", "status")
        label.set_marked(segment.text)
        label.setAccessibleName(_said(segment))
        row.addWidget(label)


def _said(segment: StatusSegment) -> str:
    return segment.spoken or segment.text.replace("**", "")


def _clear(layout: FlowLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
