"""Scrolling to what a person has to see now."""

from PySide6.QtWidgets import QScrollArea, QWidget

_MARGIN_PX = 50


def bring_into_sight(target: QWidget) -> None:
    """Scroll each area that it lies in; Qt does so only within the area that the focus was in."""
    part = target.parentWidget()
    while part is not None:
        if isinstance(part, QScrollArea):
            part.ensureWidgetVisible(target, _MARGIN_PX, _MARGIN_PX)
        part = part.parentWidget()
