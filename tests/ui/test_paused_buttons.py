"""Where the keyboard is while a button's work goes on, and after it."""

from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from stojnica.ui.controls.paused_buttons import PausedButtons


def test_the_keyboard_comes_back_to_a_button_that_a_dialog_stood_before(qtbot: QtBot) -> None:
    # Given a button that asked something in a window of its own, which is still in front
    page = QWidget()
    other, pressed = QPushButton("Other"), QPushButton("Write to a stick")
    layout = QVBoxLayout(page)
    layout.addWidget(other)
    layout.addWidget(pressed)
    qtbot.addWidget(page)
    page.show()
    pressed.setFocus()
    asked = QDialog(page)
    asked.open()
    qtbot.waitUntil(asked.isActiveWindow)
    paused = PausedButtons(pressed)

    # When the work begins, the dialog closes, and the work ends
    paused.set_idle(False)
    asked.accept()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    meanwhile = page.focusWidget()
    paused.set_idle(True)

    # Then the keyboard is where the hand was
    assert meanwhile is other
    assert page.focusWidget() is pressed
