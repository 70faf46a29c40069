"""Pictures of windows, as the demo saves them and as people look at them beside the design."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

SCREEN = QSize(1366, 768)


def save_window_picture(window: QWidget, path: Path, size: QSize | None = SCREEN) -> Path:
    """Lay a window out at a size, draw it and write it as PNG; None keeps the size it has.

    Only what the layout still has to do is done before; no other event is handled.

    Raises:
        OSError: the file could not be written.
    """
    if size is not None:
        window.resize(size)
    for _round in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    if not window.grab().save(str(path)):
        raise OSError(f"cannot write {path.name}")
    return path
