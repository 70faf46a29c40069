"""What is read and pressed in the windows before the stand is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from stojnica.storage.slots import Argon2Cost

CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)


WORDS = "jutro voda hiša most reka"


def words_of(window: QWidget) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def everything_said(window: QWidget) -> str:
    words = [widget.accessibleName() for widget in window.findChildren(QWidget)]
    words += [label.text() for label in window.findChildren(QLabel)]
    words += [line.text() for line in window.findChildren(QLineEdit)]
    return "\n".join(words)


def button(window: QWidget, words: str) -> QAbstractButton | None:
    found = window.findChildren(QAbstractButton)
    return next((item for item in found if item.isVisible() and item.text() == words), None)


def press(qtbot: QtBot, window: QWidget, words: str) -> None:
    qtbot.waitUntil(lambda: button(window, words) is not None)
    found = button(window, words)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
