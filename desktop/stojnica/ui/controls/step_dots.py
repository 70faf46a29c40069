"""Where in a few steps the visitor is."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as

_DOT, _PILL, _GAP = 14, 46, 10


class StepDots(QWidget):
    """A long dot for the present step, round ones for those behind and ahead."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._step = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speak_as(self, Spoken.PICTURE)
        self.set_step(0)

    def set_step(self, step: int) -> None:
        """Go to a step, counted from 0."""
        self._step = step
        self.setAccessibleName(_("Step {step} of {count}").format(step=step + 1, count=self._count))
        self.update()

    def set_count(self, count: int) -> None:
        """Change how many steps there are."""
        if count != self._count:
            self._count = count
            self.updateGeometry()
            self.set_step(self._step)

    def sizeHint(self) -> QSize:
        return QSize(_PILL + (self._count - 1) * (_DOT + _GAP), _DOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0
        for index in range(self._count):
            width, is_ahead = _PILL if index == self._step else _DOT, index > self._step
            # Hollow ahead, full behind: the colours may be one.
            fill, edge = (None, "edge") if is_ahead else ("accent", None)
            draw_box(painter, QRectF(x, 0, width, _DOT), fill=fill, edge=edge, width=2, radius=_DOT / 2)
            x += width + _GAP
