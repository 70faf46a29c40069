"""What visitors do at the kiosk's window, and what can be read in it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from tests.ui.conftest import Keyboard

from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.stand import StandContext, stand_now
from stojnica.storage.unit import branch_of

FIRST_NAME, EMAIL, QUESTION = "Špelca", "spelca@example.org", "Do I need English?"


def line_named(window: QWidget, words: str) -> QLineEdit:
    return next(line for line in window.findChildren(QLineEdit) if line.accessibleName().startswith(words))


def button_named(window: QWidget, words: str) -> QAbstractButton:
    named = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and words in (button.accessibleName(), button.text())
    ]
    assert len(named) == 1, (words, named)
    return named[0]


def go_to_person(keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return)


def type_person(keyboard: Keyboard) -> None:
    keyboard.type(FIRST_NAME)
    keyboard.tab(2)
    keyboard.type(EMAIL)
    keyboard.tab(2)
    for _band in range(2):
        keyboard.press(Qt.Key.Key_Right)
    keyboard.press(Qt.Key.Key_Space)


def go_to_consent(keyboard: Keyboard) -> None:
    go_to_person(keyboard)
    type_person(keyboard)
    keyboard.press(Qt.Key.Key_Return)


def only_contact(context: StandContext) -> Contact:
    def read(connection: Any) -> Contact | None:
        event = stand_now(connection).event
        assert event is not None
        branch_id = branch_of(connection)
        (line,) = newest_contacts(connection, branch_id, event.event_id, 9)
        return contact(connection, branch_id, line.subject_id)

    found = context.store.read(read).result()
    assert found is not None
    return found


def everything_said(window: QWidget) -> str:
    """Gather all that any widget of the window holds, shown or not, and what can be pasted."""
    words: list[str] = []
    for widget in (window, *window.findChildren(QWidget)):
        words += [
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.windowTitle(),
        ]
        if isinstance(widget, QLabel | QAbstractButton):
            words.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            words.append(widget.toPlainText())
        if isinstance(widget, QLineEdit):
            words += [widget.text(), widget.selectedText()]
    clipboard = QGuiApplication.clipboard()
    words.append(clipboard.text())
    if clipboard.supportsSelection():
        words.append(clipboard.text(QClipboard.Mode.Selection))
    return "\n".join(words)


def everything_undone(window: QWidget) -> str:
    """Gather what Ctrl+Z, pressed again and again, brings back in any editor."""
    words: list[str] = []
    for line in window.findChildren(QLineEdit):
        while line.isUndoAvailable():
            line.undo()
            words.append(line.text())
    return "\n".join(words)


def shown_words(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
