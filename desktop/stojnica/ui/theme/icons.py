"""Icons: one family of line drawings, tinted with a token when they are drawn."""

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap

from stojnica.resources import resource
from stojnica.ui.theme.look import look

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_DRAWN_IN = "#000"


def icon_pixmap(name: str, token: str, size_px: int, ratio: float | None = None) -> QPixmap:
    """Draw `resources/icons/<name>.svg` in a token's colour, sharp at the screen's pixel ratio."""
    # The first window has no icon, and comes sooner without this.
    from PySide6.QtSvg import QSvgRenderer

    tinted = _source(name).replace(_DRAWN_IN, look().colour(token).name())
    device_ratio = ratio if ratio is not None else _highest_ratio()
    pixmap = QPixmap(QSize(size_px, size_px) * device_ratio)
    pixmap.setDevicePixelRatio(device_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(tinted.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap


def icon(name: str, token: str = "ink", size_px: int = 24) -> "QIcon":
    """Give an icon for Qt's own widgets, with a softer one for their disabled state."""
    from PySide6.QtGui import QIcon  # Its list of themed names alone takes a millisecond to load.

    result = QIcon(icon_pixmap(name, token, size_px))
    result.addPixmap(icon_pixmap(name, "ink_soft", size_px), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _highest_ratio() -> float:
    screens = QGuiApplication.screens()
    return max((screen.devicePixelRatio() for screen in screens), default=1.0)
