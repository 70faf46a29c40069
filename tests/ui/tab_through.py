"""Going through a window with Tab, as somebody does who has no mouse."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget

from stojnica.ui.kiosk.cover import Cover

RING_PX = 8
MOST_STOPS = 120
EVERY = 3


def keyboard_faults(window: QWidget) -> list[str]:
    """Name what Tab doesn't reach, or in an odd order, or without a ring; and keys that mean two things."""
    first = _press(Qt.Key.Key_Tab)
    if first is None:
        return ["Tab leads nowhere"]
    found, stops = [], [first]
    while len(stops) < MOST_STOPS:
        here = stops[-1]
        around = _around(here, window)
        with_ring = window.grab(around).toImage()
        following = _press(Qt.Key.Key_Tab)
        if following is None or following is here:
            break
        if _changed(with_ring, window.grab(around).toImage()) < (here.width() + here.height()) / EVERY:
            found.append(f"no ring around {_name(here)}")
        if following is first:
            break
        if following in stops:
            found.append(f"Tab goes in a circle at {_name(following)}")
            break
        stops.append(following)
    found += [
        f"Tab doesn't reach {_name(lost)}" for lost in _expected(_root(first, window)) if lost not in stops
    ]
    found += list(_odd_steps(stops, window))
    if len(stops) > 1:
        back = [_press(Qt.Key.Key_Backtab) for _stop in stops]
        if back != [*reversed(stops[1:]), first] and back != [*reversed(stops)]:
            found.append(f"Shift+Tab leads back another way: {[_name(stop) for stop in back if stop]}")
    return found + clashing_keys(window)


def clashing_keys(window: QWidget) -> list[str]:
    """Name keys that two shortcuts of what is visible would hear at once."""
    heard: Counter[str] = Counter()
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        if shortcut.isEnabled() and isinstance(owner, QWidget) and owner.isVisible():
            heard[shortcut.key().toString()] += 1
    return [f"{key} means {times} things" for key, times in heard.items() if times > 1]


def _press(key: Qt.Key) -> QWidget | None:
    front = QApplication.activeModalWidget() or QApplication.activeWindow()
    assert front is not None, "no window has the focus"
    shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(front.windowHandle(), key, shift)
    return QApplication.focusWidget()


def _root(stop: QWidget, window: QWidget) -> QWidget:
    """Give what Tab goes through: all of the window, or the sheet that lies over it."""
    part: QWidget | None = stop
    while part is not None and not isinstance(part, Cover):
        part = part.parentWidget()
    return part or window


def _expected(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if not (takes_tab and widget.isVisible() and widget.isEnabled()):
            continue
        if widget.objectName().startswith("qt_") or _is_led_to_by_arrows(widget):
            continue
        yield widget


def _is_led_to_by_arrows(widget: QWidget) -> bool:
    if not isinstance(widget, QRadioButton) or widget.isChecked():
        return False
    beside = widget.parentWidget().children()
    return any(isinstance(one, QRadioButton) and one.isChecked() for one in beside)


def _odd_steps(stops: list[QWidget], window: QWidget) -> Iterator[str]:
    """Name steps up in a column or back in a line; one alone is the way from the end to the start."""
    places = {stop: _place(stop, window) for stop in stops}
    odd = [step for step in pairwise([*stops, stops[0]]) if _goes_back(*(places[stop] for stop in step))]
    if len(odd) > 1:
        yield from (f"Tab goes back from {_name(one)} to {_name(other)}" for one, other in odd)


def _goes_back(here: QRect, there: QRect) -> bool:
    is_column = here.left() < there.right() and there.left() < here.right()
    is_row = here.top() < there.bottom() and there.top() < here.bottom()
    return (is_column and there.bottom() <= here.top()) or (is_row and there.right() <= here.left())


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def _around(widget: QWidget, window: QWidget) -> QRect:
    return _place(widget, window).adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX) & window.rect()


def _changed(one: QImage, other: QImage) -> int:
    """Count the pixels that differ, in a few of the lines: the two ends of a ring are in each of them."""
    lines = range(0, one.height(), EVERY)
    return sum(one.pixel(x, y) != other.pixel(x, y) for y in lines for x in range(one.width()))


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return f"{type(widget).__name__} {words!r}"
