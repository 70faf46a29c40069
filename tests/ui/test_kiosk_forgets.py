"""Nothing of a visitor is left for the next one: in no widget, clipboard or undo."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
)
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import (
    button_named,
    everything_said,
    everything_undone,
    go_to_person,
    line_named,
    type_person,
)

from stojnica.services.kiosk_state import KioskPhase
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.kiosk.window import KioskWindow

FIRST_NAME, EMAIL, QUESTION = "Špelca", "spelca@example.org", "Do I need English?"
SECRETS = (FIRST_NAME, EMAIL, QUESTION, "Skrivnost")


def leave_by_saving(keyboard: Keyboard, pass_time: Callable[[int], None]) -> None:
    keyboard.press(Qt.Key.Key_Return)
    keyboard.press(Qt.Key.Key_Space)
    keyboard.tab(3)
    keyboard.type(QUESTION)
    keyboard.press(Qt.Key.Key_Return)
    pass_time(0)


def leave_by_stopping(keyboard: Keyboard, pass_time: Callable[[int], None]) -> None:
    kiosk = QApplication.activeWindow()
    assert isinstance(kiosk, KioskWindow)
    QTest.mouseClick(button_named(kiosk, "‹ Back"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button_named(kiosk, "Stop"), Qt.MouseButton.LeftButton)
    pass_time(0)


def leave_by_walking_away(keyboard: Keyboard, pass_time: Callable[[int], None]) -> None:
    pass_time(90)


def leave_from_the_first_page(keyboard: Keyboard, pass_time: Callable[[int], None]) -> None:
    kiosk = QApplication.activeWindow()
    assert isinstance(kiosk, KioskWindow)
    QTest.mouseClick(button_named(kiosk, "‹ Back"), Qt.MouseButton.LeftButton)
    pass_time(91)


def leave_too_young(keyboard: Keyboard, pass_time: Callable[[int], None]) -> None:
    for _band in range(2):
        keyboard.press(Qt.Key.Key_Left)
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("Skrivnost")
    # Past the relation and the guardian's box to *Nobody is here*.
    keyboard.tab(3)
    keyboard.press(Qt.Key.Key_Space)


@pytest.mark.parametrize(
    "leave",
    [leave_by_saving, leave_by_stopping, leave_by_walking_away, leave_from_the_first_page, leave_too_young],
)
def test_nothing_of_a_visitor_is_left_in_any_widget_or_clipboard(
    kiosk: KioskWindow,
    keyboard: Keyboard,
    pass_time: Callable[[int], None],
    leave: Callable[[Keyboard, Callable[[int], None]], None],
) -> None:
    go_to_person(keyboard)
    keyboard.type("Skrivnost")
    for _letter in "Skrivnost":
        keyboard.press(Qt.Key.Key_Backspace)
    type_person(keyboard)
    line_named(kiosk, "E-mail").selectAll()
    line_named(kiosk, "E-mail").copy()
    assert EMAIL in everything_said(kiosk)

    leave(keyboard, pass_time)

    assert kiosk.phase in (KioskPhase.FORM, KioskPhase.THANKS, KioskPhase.REFUSED)
    assert kiosk.step in (0, 1)
    assert not [secret for secret in SECRETS if secret in everything_said(kiosk)]
    assert not everything_undone(kiosk)
    assert not any(box.isChecked() for box in kiosk.findChildren(CheckTile))


def test_what_was_typed_and_deleted_by_hand_does_not_come_back(
    kiosk: KioskWindow, keyboard: Keyboard, pass_time: Callable[[int], None]
) -> None:
    go_to_person(keyboard)
    keyboard.type("Skrivnost")
    for _letter in "Skrivnost":
        keyboard.press(Qt.Key.Key_Backspace)
    pass_time(91)

    assert not everything_undone(kiosk)
