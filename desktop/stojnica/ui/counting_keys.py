"""The keys that count: heard before any widget, in every page, in text fields and in the kiosk."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from stojnica.services.tally_keys import Stroke

_HELD = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (Qt.KeyboardModifier.MetaModifier, "Meta"),
)
MODIFIER_KEYS = (
    *(Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
    *(Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock),
)
CATCHES_KEYS = "catches_keys"
"""The property of a widget that waits for any key."""
_TOGETHER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_SILENT_KEYS = (Qt.Key.Key_Control, Qt.Key.Key_Alt)
# What Qt's plugin for Windows tells in `nativeModifiers`, and the codes of Windows for the digits.
_ALT_LEFT, _ALT_RIGHT = 0x10, 0x20
_DIGITS = range(ord("0"), ord("9") + 1)


class CountsByKeys(Protocol):
    """Whoever counts: gives whether a key was one of those that count."""

    def hear(self, stroke: Stroke, *, is_typing: bool) -> bool:
        """Count, if the key says so."""


class CountingKeys(QObject):
    """Listen to the keys of windows, and keep those that count from everything else in them.

    `is_asleep` says when nothing is to be counted there; nothing is in a field for a secret either.
    """

    def __init__(
        self, counter: CountsByKeys, parent: QObject, is_asleep: Callable[[], bool] | None = None
    ) -> None:
        super().__init__(parent)
        self._counter = counter
        self._is_asleep = is_asleep

    def listen(self, window: QWindow | None) -> None:
        """Be the first that hears a window's keys; call it again after others began to listen."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        widget = QApplication.focusWidget()
        if widget is not None and widget.property(CATCHES_KEYS):
            return False
        if _is_secret(widget) or (self._is_asleep is not None and self._is_asleep()):
            # Qt types the digit of Ctrl, Alt and a digit: into a PIN, where nobody sees it.
            return event.modifiers() & _TOGETHER == _TOGETHER
        if event.key() in MODIFIER_KEYS:
            # The Ctrl and Alt of a count come first, and are no sign of life of a visitor either.
            return event.key() in _SILENT_KEYS
        return self._counter.hear(stroke_of(event), is_typing=is_typing())


class KeysInDialogs(QObject):
    """Count in a window's dialogs, too: people pass by while somebody fills one in."""

    def __init__(self, keys: CountingKeys, main: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._keys = keys
        self._main = main
        self._is_watching = False

    def watch(self, is_watching: bool) -> None:
        """Begin to look for dialogs, or end it."""
        application = QGuiApplication.instance()
        if is_watching is self._is_watching or not isinstance(application, QGuiApplication):
            return
        self._is_watching = is_watching
        if is_watching:
            application.focusWindowChanged.connect(self._on_focus_window)
        else:
            application.focusWindowChanged.disconnect(self._on_focus_window)

    def _on_focus_window(self, window: QWindow | None) -> None:
        below = None if window is None else window.transientParent()
        while below is not None and below is not self._main.windowHandle():
            below = below.transientParent()
        if below is not None:
            self._keys.listen(window)


def _is_secret(widget: QWidget | None) -> bool:
    return isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal


def is_typing() -> bool:
    """Tell whether a text field has the focus."""
    widget = QApplication.focusWidget()
    return widget is not None and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def stroke_of(event: QKeyEvent, platform: str = "") -> Stroke:
    """Read a key press.

    On Linux AltGr is a modifier of its own, and a key with it has another name. Windows has AltGr press Ctrl
    and Alt, and names the key by what it types; there the code of the key and the side of Alt tell which it
    was. (There a dead key, such as AltGr and 2 on a Slovene keyboard, comes as no event at all.)
    """
    modifiers = event.modifiers()
    held = tuple(name for flag, name in _HELD if modifiers & flag)
    key = QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText)
    is_altgr: bool | None = None
    if modifiers & Qt.KeyboardModifier.GroupSwitchModifier:
        is_altgr = True
    elif (platform or QGuiApplication.platformName()) == "windows" and {"Ctrl", "Alt"} <= set(held):
        native = event.nativeModifiers()
        is_altgr = bool(native & _ALT_RIGHT) if native & (_ALT_LEFT | _ALT_RIGHT) else None
        if event.nativeVirtualKey() in _DIGITS:
            key = chr(event.nativeVirtualKey())
    if modifiers & Qt.KeyboardModifier.KeypadModifier:
        # Alt and digits of the keypad write characters on Windows.
        held = (*held, "Num") if key.isdigit() and held else held
    return Stroke(key, held, event.text(), event.isAutoRepeat(), is_altgr)
