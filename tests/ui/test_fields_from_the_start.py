"""A text that has no room in its field is shown from its beginning, until somebody is at work in it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.whole_pages import settle

from stojnica.ui.controls.field import TextField

LONG = "Dom kulture in prostora za mlade na Trgu republike"


@pytest.fixture
def fields(qtbot: QtBot) -> Iterator[tuple[TextField, TextField]]:
    """Give two narrow fields, the first of them with the keyboard."""
    window = QWidget()
    column = QVBoxLayout(window)
    first, second = TextField("Name"), TextField("Place")
    for field in (first, second):
        column.addWidget(field)
    qtbot.addWidget(window)
    window.resize(220, 300)
    first.line.setFocus()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield first, second
    window.close()


def begins_in_sight(field: TextField) -> bool:
    """Tell whether the first letter is where one looks: a click at the left edge lands before it."""
    # A field scrolls when it is drawn.
    field.line.grab()
    return field.line.cursorPositionAt(QPoint(18, field.line.height() // 2)) == 0


@pytest.mark.parametrize("scale", [1.0, 2.0], indirect=True)
def test_what_is_filled_in_is_shown_from_its_first_word(
    scale: float, fields: tuple[TextField, TextField]
) -> None:
    _first, second = fields

    second.set_text(LONG)
    settle()

    assert begins_in_sight(second)


def test_tab_still_shows_the_beginning_and_typing_replaces_all(
    fields: tuple[TextField, TextField], keyboard: Keyboard
) -> None:
    _first, second = fields
    second.set_text(LONG)

    keyboard.tab()
    assert second.line.hasFocus()
    assert begins_in_sight(second)
    assert second.line.selectedText() == LONG
    keyboard.type("Lupa")

    assert second.text() == "Lupa"


def test_whoever_is_led_into_a_field_writes_on_at_its_end(
    fields: tuple[TextField, TextField], keyboard: Keyboard
) -> None:
    _first, second = fields
    second.set_text(LONG)

    second.line.setFocus(Qt.FocusReason.OtherFocusReason)
    keyboard.type("!")

    assert second.text() == f"{LONG}!"
    assert not begins_in_sight(second)


def test_who_leaves_a_field_sees_its_beginning_again(
    fields: tuple[TextField, TextField], keyboard: Keyboard
) -> None:
    first, _second = fields
    keyboard.type(LONG)
    assert not begins_in_sight(first)

    keyboard.tab()
    settle()

    assert begins_in_sight(first)
    assert first.text() == LONG


def test_what_is_filled_in_under_the_hand_leaves_the_cursor_behind_it(
    fields: tuple[TextField, TextField], keyboard: Keyboard
) -> None:
    first, _second = fields

    first.set_text("Maja")
    keyboard.type("!")

    assert first.text() == "Maja!"
