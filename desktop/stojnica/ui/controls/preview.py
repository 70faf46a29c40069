"""A sheet of paper on the page: the rendered PDF itself, as large as there is room."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_MARGIN = 24


class PaperPreview(QWidget):
    """Show a page's picture, scaled to fit; `set_busy` dims it while a newer one is made."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._is_busy = False
        speak_as(self, Spoken.PICTURE)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(420, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 360)

    def set_png(self, png: bytes) -> None:
        """Show a picture; empty bytes show an empty desk."""
        self._picture = QPixmap()
        if png:
            self._picture.loadFromData(png)
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Dim the picture: it is not the newest any more."""
        if busy != self._is_busy:
            self._is_busy = busy
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), fill="sunk", edge="line", width=1, radius=10)
        if self._picture.isNull():
            return
        room = QSize(self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN)
        ratio = self.devicePixelRatioF()
        size = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        sharp = self._picture.scaled(
            size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        sharp.setDevicePixelRatio(ratio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.setOpacity(0.4 if self._is_busy else 1.0)
        painter.drawPixmap(left, top, sharp)
        painter.setOpacity(1.0)
        painter.setPen(look().colour("line"))
        painter.drawRect(left - 1, top - 1, size.width() + 1, size.height() + 1)
