"""The shipped typefaces, made known to Qt."""

import logging

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase

from stojnica.resources import resource

_log = logging.getLogger(__name__)
_FILES = ("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf")
_PROPERTY = "stojnicaFonts"


def load_fonts(application: QCoreApplication) -> None:
    """Load Noto Sans in both weights, once an application.

    A missing file is logged and the system's typeface takes its place: a stand must open all the same.
    """
    # Asking Qt whether it has them would make it read all typefaces of the system first.
    if application.property(_PROPERTY):
        return
    application.setProperty(_PROPERTY, True)
    for name in _FILES:
        path = resource("fonts", name)
        if not path.is_file() or QFontDatabase.addApplicationFont(str(path)) < 0:
            _log.warning("Typeface %s could not be loaded.", name)
