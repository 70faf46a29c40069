"""The look in force: a theme and a text scale, applied to the application, read by whoever paints."""

from string import Template
from typing import Final, cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from stojnica.resources import resource
from stojnica.ui.theme.fonts import load_fonts
from stojnica.ui.theme.sizes import FAMILY, Type
from stojnica.ui.theme.tokens import LIGHT, Theme

_PROPERTY: Final = "stojnicaLook"


class Look:
    """Pair a theme with a text scale from 1.0 to 2.0."""

    # Not a tuple: Qt would make a list of one.
    __slots__ = ("scale", "theme")

    def __init__(self, theme: Theme = LIGHT, scale: float = 1.0) -> None:
        self.theme: Final = theme
        self.scale: Final = scale

    def px(self, size: float) -> int:
        """Scale a size that belongs to text."""
        return round(size * self.scale)

    def font(self, size: float, *, semibold: bool = False) -> QFont:
        """Give the interface's type at a size in px; the only weights are 400 and 600."""
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if semibold else QFont.Weight.Normal)
        return font

    def colour(self, token: str) -> QColor:
        """Give the colour of a token by its name."""
        return QColor(cast(str, getattr(self.theme, token)))


def look() -> Look:
    """Give the look of the running application, as `QApplication.palette()` gives its palette."""
    application = QCoreApplication.instance()
    installed = application.property(_PROPERTY) if application is not None else None
    return installed if isinstance(installed, Look) else Look()


def install_look(application: QApplication, wanted: Look) -> None:
    """Put palette, type and stylesheet in force; may be called again to change the look."""
    load_fonts(application)
    application.setProperty(_PROPERTY, wanted)
    application.setFont(wanted.font(Type.BASE))
    application.setPalette(_palette(wanted))
    application.setStyleSheet(_stylesheet(wanted))


def _palette(wanted: Look) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "paper",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "card",
        QPalette.ColorRole.AlternateBase: "paper",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.Button: "card",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.ToolTipBase: "card",
        QPalette.ColorRole.ToolTipText: "ink",
        QPalette.ColorRole.PlaceholderText: "ink_soft",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, token in roles.items():
        palette.setColor(role, wanted.colour(token))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(disabled, role, wanted.colour("ink_soft"))
    return palette


def _stylesheet(wanted: Look) -> str:
    values: dict[str, object] = {
        name: getattr(wanted.theme, name) for name in wanted.theme._fields if name != "name"
    }
    values |= {f"px{size}": wanted.px(size) for size in range(10, 61)}
    template = Template(resource("theme", "stojnica.qss").read_text(encoding="utf-8"))
    return template.substitute(values)
