"""Colours, type, spacing and icons of every screen; the one place where a colour is named."""

from stojnica.ui.theme.icons import icon, icon_pixmap
from stojnica.ui.theme.look import Look, install_look, look
from stojnica.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, THEMES, Theme

__all__ = [
    "DARK",
    "HIGH_CONTRAST",
    "LIGHT",
    "THEMES",
    "Look",
    "Theme",
    "icon",
    "icon_pixmap",
    "install_look",
    "look",
]
