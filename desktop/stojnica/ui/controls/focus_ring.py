"""The 3 px ring around whatever has the focus, drawn outside it and above its neighbours."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CONTROL_RADIUS, FOCUS_RING

RING_GAP = "ringGap"
"""Property: px between a widget's edge and its ring; -1 when the widget draws its focus itself."""
RING_RADIUS = "ringRadius"
_QUIET = "ringQuiet"
_EDITORS = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.ZOrderChange,
}


def focus_quietly(widget: QWidget) -> None:
    """Give a widget the focus without a ring until a key is pressed: nobody has gone there yet."""
    if widget.hasFocus():
        # Hiding a page leads the focus on; only a change is heard.
        widget.clearFocus()
    widget.setProperty(_QUIET, True)
    widget.setFocus(Qt.FocusReason.OtherFocusReason)


class _Ring(QWidget):
    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.radius = float(CONTROL_RADIUS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look().colour("accent"), FOCUS_RING))
        half = FOCUS_RING / 2
        rect = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(rect, self.radius, self.radius)


class FocusRing(QObject):
    """Keep one ring around the focus widget of the application, through scrolling, moving and resizing.

    A button that was pressed with mouse or finger has none, until the keyboard is used.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        self._is_quiet = False
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and watched is not self._ring:
            self._place()
        elif self._is_quiet and event.type() == QEvent.Type.KeyPress:
            self._is_quiet = False
            self._place()
        return False

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and isValid(old):
            old.setProperty(_QUIET, None)
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.setParent(None)
            self._ring.deleteLater()
        self._ring = None
        self._target = _ringed(new)
        if self._target is None:
            return
        self._is_quiet = _begins_quietly(self._target)
        host = _host(self._target)
        ancestor: QWidget | None = self._target
        while ancestor is not None and ancestor is not host:
            ancestor.installEventFilter(self)
            self._watched.append(ancestor)
            ancestor = ancestor.parentWidget()
        self._ring = _Ring(host)
        self._place()

    def _place(self) -> None:
        target, ring = self._target, self._ring
        if target is None or ring is None or not isValid(target) or not isValid(ring):
            return
        host = ring.host
        gap = _number(target, RING_GAP, 0) + FOCUS_RING
        ring.radius = _number(target, RING_RADIUS, CONTROL_RADIUS) + gap - FOCUS_RING / 2
        corner = target.mapTo(host, target.rect().topLeft())
        ring.setGeometry(QRect(corner, target.size()).adjusted(-gap, -gap, gap, gap))
        ring.setVisible(target.isVisible() and not self._is_quiet)
        ring.raise_()


def _ringed(widget: QWidget | None) -> QWidget | None:
    """Give the widget to draw around: an editor inside a spin box or a combo box stands for the whole."""
    if widget is None or widget.isWindow():
        return None
    parent = widget.parentWidget()
    if isinstance(parent, QComboBox | QAbstractSpinBox):
        widget = parent
    return None if widget.property(RING_GAP) == -1 else widget


def _begins_quietly(widget: QWidget) -> bool:
    """Tell whether nobody needs to see where the focus went; where text goes is always shown."""
    if isinstance(widget, _EDITORS):
        return False
    return bool(widget.property(_QUIET)) or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton


def _host(widget: QWidget) -> QWidget:
    """Give the widget that carries the ring: the ground that scrolls with it, so that both move alike."""
    ancestor = widget.parentWidget()
    while ancestor is not None and not ancestor.isWindow():
        # Further up are parts that Qt made itself: Python would load half of Qt to find out what they are.
        if ancestor.property("ground"):
            return ancestor
        ancestor = ancestor.parentWidget()
    return widget.window()


def _number(widget: QWidget, name: str, otherwise: float) -> int:
    value = widget.property(name)
    return int(value) if isinstance(value, int | float) else int(otherwise)
