"""The shipped typefaces, made known to Qt."""

import logging

from PySide6.QtGui import QFontDatabase

from stojnica.resources import resource
from stojnica.ui.theme.sizes import FAMILY

_log = logging.getLogger(__name__)
_FILES = ("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf")
_SEMIBOLD = "SemiBold"


def load_fonts() -> None:
    """Load Noto Sans in both weights, unless Qt has what was shipped already.

    A missing file is logged and the system's typeface takes its place: a stand must open all the same.
    """
    if _SEMIBOLD in QFontDatabase.styles(FAMILY):
        return
    for name in _FILES:
        path = resource("fonts", name)
        if not path.is_file() or QFontDatabase.addApplicationFont(str(path)) < 0:
            _log.warning("Typeface %s could not be loaded.", name)
