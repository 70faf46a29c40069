"""The first size of a window: as designed where the desktop has the room, else all that there is."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

# The widest title bars of the common desktops; the real one is only known once the window is there.
TITLE_BAR_PX = 40


def show_fitting(window: QWidget) -> None:
    """Show a window; on a small desktop it fills what panels and title bar leave, so that nothing is cut.

    A laptop of 1366×768 leaves some 700 px of height, and the status line has to be in sight.
    """
    screen = window.screen()
    if _has_desktop() and screen is not None and not fits(window.size(), screen.availableSize()):
        window.showMaximized()
    else:
        window.show()


def fits(window: QSize, room: QSize) -> bool:
    """Tell whether a window of this size, with its title bar, has room."""
    return window.width() <= room.width() and window.height() + TITLE_BAR_PX <= room.height()


def _has_desktop() -> bool:
    """Tell whether a person looks at it; offscreen, pictures have a size of their own."""
    return QGuiApplication.platformName() != "offscreen"
