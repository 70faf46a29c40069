"""Editors with a bound: what is too much is never taken in, is told, and parts no letter or emoji."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from stojnica.domain.text_bound import whole_cut

NUMBER_ROOM = 30
"""Room for a number or a time: one that is too long is refused in words; cut, it would be another one."""
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_BY_HAND = (*_BY_TAB, Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ShortcutFocusReason)
_OVER = 64
"""Units that Qt may take in beyond the bound, so that it is noticed that there was more."""


class BoundedLine(QLineEdit):
    """One line of at most `limit` characters, counted as the rules of a sign-up count them.

    `edited` carries each edit by the user; a letter without room is none. `overflowed` tells whether an end
    was left out. Qt counts units of 16 bits: two for an emoji, and it would cut in the middle of one. Ctrl+Z
    brings back what stood there before. Enter that is only held down is pressed once. Where a text has no
    room it is shown from its beginning, unless somebody is at work in it.
    """

    edited = Signal(str)
    overflowed = Signal(bool)

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._before = ""
        self._is_untouched = False
        # Megabytes are cut by Qt itself, which takes no time.
        self.setMaxLength(2 * limit + _OVER)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)

    @property
    def limit(self) -> int:
        """Give how many characters fit."""
        return self._limit

    def setText(self, text: str | None) -> None:
        super().setText(text)
        if not self.hasFocus():
            self._show_beginning()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._is_untouched:
            return
        self._is_untouched = False
        if event.reason() in _BY_TAB:
            # Tab selects all, and the cursor would go to the end: it stands at the other one.
            units = _units(self.text())
            self.setSelection(units, -units)
        elif event.reason() != Qt.FocusReason.MouseFocusReason and not self.hasSelectedText():
            # Whoever is led here writes on.
            self.end(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # Behind a lock or another window somebody is in the middle of a word, and goes on there.
        if event.reason() in _BY_HAND:
            self._show_beginning()

    def _show_beginning(self) -> None:
        self._is_untouched = True
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER_KEYS and event.isAutoRepeat():
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_edited(self) -> None:
        text = self.text()
        excess = len(text) - self._limit
        if excess > 0:
            self._leave_out(text, excess)
            text = self.text()
        self.overflowed.emit(excess > 0)
        # A letter that is typed over the same one is an edit; one for which there was no room is none.
        if excess <= 0 or text != self._before:
            self.edited.emit(text)

    def _on_changed(self) -> None:
        # Qt tells it after it has told of the edit.
        self._before = self.text()

    def _leave_out(self, text: str, excess: int) -> None:
        """Put in anew what fits: the end of what came is left out, and what stands behind the cursor stays.

        It is put in over what stood there before, as if it had come so; deleted afterwards, it would come
        back with Ctrl+Z.
        """
        end = _place(text, self.cursorPosition())
        start = whole_cut(text, end - excess)
        wanted = text[:start] + text[end:]
        before = self.blockSignals(True)
        self.undo()
        old = self.text()
        head = _shared(old, wanted)
        tail = _shared(old[head:][::-1], wanted[head:][::-1])
        self.setSelection(_units(old[:head]), _units(old[head : len(old) - tail]))
        self.insert(wanted[head : len(wanted) - tail])
        self.setCursorPosition(_units(wanted[:start]))
        self.blockSignals(before)


class BoundedText(QPlainTextEdit):
    """Several lines of at most `limit` characters; see `BoundedLine`."""

    edited = Signal(str)
    overflowed = Signal(bool)

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._told = ""
        self._has_left_out = False
        self.textChanged.connect(self._on_changed)

    @property
    def limit(self) -> int:
        """Give how many characters fit."""
        return self._limit

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take in what fits of a text that is pasted or dropped: Qt lays all of it out, for half a minute."""
        text = source.text().replace("\r\n", "\n")
        chosen = self.textCursor().selectedText()
        room = self._limit - len(self.toPlainText()) + len(chosen)
        self._has_left_out = len(text) > room
        fitting = QMimeData()
        fitting.setText(text[: whole_cut(text, room)])
        super().insertFromMimeData(fitting)
        if self._has_left_out:
            self._has_left_out = False
            self.overflowed.emit(True)

    def _on_changed(self) -> None:
        text = self.toPlainText()
        excess = len(text) - self._limit
        if excess > 0:
            self._leave_out(text, excess)
            text = self.toPlainText()
        self.overflowed.emit(excess > 0 or self._has_left_out)
        if text != self._told:
            self._told = text
            self.edited.emit(text)

    def _leave_out(self, text: str, excess: int) -> None:
        cursor = self.textCursor()
        end = _place(text, cursor.position()) or len(text)
        start = whole_cut(text, max(0, end - excess))
        before = self.blockSignals(True)
        cursor.joinPreviousEditBlock()
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.endEditBlock()
        self.blockSignals(before)


def _shared(one: str, other: str) -> int:
    """Count the characters with which both texts begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _units(text: str) -> int:
    """Count units of 16 bits, as Qt does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _place(text: str, units: int) -> int:
    """Give the place in a text that lies so many units of 16 bits from its start."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))
