"""Tab goes through a window in the order in which it is read, also past what was made later."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLayout,
    QMainWindow,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from stojnica.ui.controls.in_sight import bring_into_sight


def lead_focus(window: QWidget, is_next: bool) -> bool:
    """Lead the focus to the next control, or the one before; at the end it begins anew.

    Qt's own order is that in which controls were made: rows, tiles and choices that follow the data would
    all come last. To be called from a window's `focusNextPrevChild`.
    """
    now = QApplication.focusWidget()
    stops = list(_stops(window, now))
    if not stops or stops == [now]:
        return False
    place = stops.index(now) if now in stops else (-1 if is_next else 0)
    reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
    target = stops[(place + (1 if is_next else -1)) % len(stops)]
    target.setFocus(reason)
    if now is not None and not now.isEnabled():
        # Nobody moved it: the page would run away under the hand.
        return True
    bring_into_sight(target)
    # Again after the layout: what is said about the field that was left may have pushed it away.
    QTimer.singleShot(0, target, partial(bring_into_sight, target))
    return True


def _stops(widget: QWidget, now: QWidget | None) -> Iterator[QWidget]:
    """Give what Tab stops at, in reading order, and wherever the focus is now."""
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    if widget is now or (takes_tab and widget.isEnabled() and not _is_passed_over(widget)):
        yield widget
    for child in _children(widget):
        if not child.isHidden():
            yield from _stops(child, now)


def _is_passed_over(widget: QWidget) -> bool:
    """Tell whether it is one of a choice that was made otherwise: the arrow keys lead to it."""
    parent = widget.parentWidget()
    if not isinstance(widget, QRadioButton) or widget.isChecked() or parent is None:
        return False
    beside = parent.findChildren(QRadioButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(button.isChecked() for button in beside)


def _children(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QScrollArea):
        inside: QWidget | None = widget.widget()
    elif isinstance(widget, QStackedWidget):
        inside = widget.currentWidget()
    elif isinstance(widget, QMainWindow):
        inside = widget.centralWidget()
    else:
        layout = widget.layout()
        if layout is not None:
            yield from _laid_out(layout)
        return
    if inside is not None:
        yield inside


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        nested = item.layout() if item is not None else None
        if widget is not None:
            yield widget
        elif nested is not None:
            yield from _laid_out(nested)
