"""What isn't whole in a window: texts in too small a place, parts cut off by what they lie in."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

SLACK_PX = 1
_MOST_ROUNDS, _QUIET_ROUNDS = 300, 3
_LAYING = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.StyleChange)
_WHOLE = (QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit)


def cut(window: QWidget) -> list[str]:
    """Name each visible text, button and field that isn't whole, and each page that scrolls sideways."""
    room = window.screen().availableGeometry()
    found = []
    if window.width() > max(room.width(), 1366) or window.height() > max(room.height(), 768):
        found.append(f"the window is {window.width()} × {window.height()}")
    for area in window.findChildren(QScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            inside = area.widget()
            found.append(f"scrolls sideways by {area.horizontalScrollBar().maximum()}: {widest(inside)}")
    for kind in _WHOLE:
        for widget in window.findChildren(kind):
            if widget.isVisible() and not widget.objectName().startswith("qt_"):
                found += [f"{_name(widget)}: {fault}" for fault in _faults(widget)]
    return found


def widest(widget: QWidget) -> str:
    """Name what needs the most width inside, for whoever has to mend it."""
    parts = [part for part in widget.findChildren(QWidget) if part.isVisible() and not part.layout()]
    most = max(parts, key=lambda part: part.minimumSizeHint().width(), default=widget)
    return f"{_name(most)}, {most.minimumSizeHint().width()} px"


def _faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and not widget.text():
        return
    width, height = _needed(widget)
    if widget.width() < width - SLACK_PX:
        yield f"{widget.width()} px wide, needs {width}"
    if widget.height() < height - SLACK_PX:
        yield f"{widget.height()} px high, needs {height}"
    whole = QRect(widget.rect())
    part: QWidget = widget
    while not part.isWindow():
        parent = part.parentWidget()
        whole.translate(part.pos())
        if isinstance(parent.parentWidget(), QScrollArea):
            return
        if not parent.rect().adjusted(-SLACK_PX, -SLACK_PX, SLACK_PX, SLACK_PX).contains(whole):
            yield f"cut off by {type(parent).__name__} at {whole.getRect()} of {parent.size().toTuple()}"
            return
        part = parent


def _needed(widget: QWidget) -> tuple[int, int]:
    """Give the least width and height in which all of it is seen."""
    if isinstance(widget, QLabel):
        if not widget.wordWrap():
            return widget.sizeHint().width(), widget.sizeHint().height()
        words = re.split(r"\s|\u200b", widget.text()) if "<" not in widget.text() else []
        longest = max((widget.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        return longest + widget.contentsMargins().left(), widget.heightForWidth(widget.width())
    if isinstance(widget, QAbstractButton):
        high = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else 0
        return widget.minimumSizeHint().width(), max(high, widget.minimumSizeHint().height())
    if isinstance(widget, QPlainTextEdit):
        return 0, widget.fontMetrics().lineSpacing() + 8
    return 0, widget.minimumSizeHint().height()


def overlapping(window: QWidget) -> list[str]:
    """Name what can be pressed and lies over something else that can be pressed."""
    pressed = [
        (button, QRect(button.mapTo(window, button.rect().topLeft()), button.size()))
        for button in window.findChildren(QAbstractButton)
        if button.isVisible()
    ]
    return [
        f"{_name(one)} over {_name(other)}"
        for index, (one, place) in enumerate(pressed)
        for other, other_place in pressed[index + 1 :]
        if one.parentWidget() is other.parentWidget() and place.intersects(other_place)
    ]


class _Laying(QObject):
    """Note that something is still being laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.is_seen = False

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        self.is_seen |= event.type() in _LAYING
        return False


def settle() -> None:
    """Let layouts come to rest; one that never does is a fault.

    A round of events carries a new height up by one level alone, and a page has a dozen of them.
    """
    laying, quiet = _Laying(), 0
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(laying)
    try:
        for _round in range(_MOST_ROUNDS):
            laying.is_seen = False
            QApplication.processEvents()
            quiet = 0 if laying.is_seen else quiet + 1
            if quiet == _QUIET_ROUNDS:
                return
    finally:
        application.removeEventFilter(laying)
    raise AssertionError("the layouts don't come to rest")


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {words[:60]!r}"
