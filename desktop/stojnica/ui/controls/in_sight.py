"""Scrolling to what a person has to see now."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

_MARGIN_PX = 50


def bring_into_sight(target: QWidget) -> None:
    """Scroll each area that it lies in; Qt does so only within the area that the focus was in."""
    part = target.parentWidget()
    while part is not None:
        if isinstance(part, QScrollArea):
            part.ensureWidgetVisible(target, _MARGIN_PX, _MARGIN_PX)
        part = part.parentWidget()


def bring_news_into_sight(target: QWidget) -> None:
    """Scroll to what was said just now, and again after the layout, which gives it its place."""
    bring_into_sight(target)
    QTimer.singleShot(0, target, partial(_still_in_sight, target))


def _still_in_sight(target: QWidget) -> None:
    if target.isVisible():
        bring_into_sight(target)
