"""Going through a window with Tab, as somebody does who has no mouse."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget
from tests.ui.whole_pages import settle

from stojnica.ui.controls.focus_ring import RING_GAP
from stojnica.ui.kiosk.cover import Cover
from stojnica.ui.theme import look

RING_PX = 8
MOST_STOPS = 120
LINES, COLUMNS = 3, 2
"""Of these every one is looked at: a ring is 3 px wide, so that no side of it is missed."""


def keyboard_faults(window: QWidget) -> list[str]:
    """Name what Tab doesn't reach, or in an odd order, or without a ring; and keys that mean two things."""
    first = _press(Qt.Key.Key_Tab)
    if first is None:
        return ["Tab leads nowhere"]
    found, stops = [], [first]
    while len(stops) < MOST_STOPS:
        here = stops[-1]
        if not _is_in_sight(here):
            found.append(f"{_name(here)} has the focus out of sight")
        if _ring_pixels(here, window) < (here.width() + here.height()) / (LINES * COLUMNS):
            found.append(f"no ring around {_name(here)}")
        following = _press(Qt.Key.Key_Tab)
        if following is None or following is here:
            break
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
    settle()
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


def _is_in_sight(widget: QWidget) -> bool:
    """Tell whether nearly all of it is seen, or as much as there is room for."""
    seen = widget.visibleRegion().boundingRect()
    return seen.width() >= min(widget.width(), 400) and seen.height() >= min(widget.height() * 3 // 4, 60)


def _ring_pixels(widget: QWidget, window: QWidget) -> int:
    """Count the pixels around it that have the ring's colour, in a few of the lines."""
    place = _place(widget, window)
    is_inside = widget.property(RING_GAP) == -1
    band = place if is_inside else place.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX) & window.rect()
    wanted = look().colour("marker" if is_inside else "accent").rgb()
    drawn = window.grab(band).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    dots, width = memoryview(drawn.constBits()).cast("I"), drawn.width()
    inner = QRect() if is_inside else place.translated(-band.topLeft())
    covered = slice(max(-(-inner.left() // COLUMNS), 0), max(inner.right() // COLUMNS + 1, 0))
    count = 0
    for y in range(0, drawn.height(), LINES):
        line = dots[y * width : (y + 1) * width : COLUMNS].tolist()
        count += line.count(wanted)
        if inner.top() <= y <= inner.bottom():
            count -= line[covered].count(wanted)
    return count


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return f"{type(widget).__name__} {words!r}"
