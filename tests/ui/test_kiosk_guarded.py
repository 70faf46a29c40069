"""The kiosk is left only with the PIN, whatever a visitor presses or another program does."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard
from tests.ui.kiosk_visits import (
    button_named,
    everything_said,
    go_to_consent,
    go_to_person,
    line_named,
    shown_words,
)

from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import StandWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FIRST_NAME, EMAIL, QUESTION = "Špelca", "spelca@example.org", "Do I need English?"


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        *((key, ()) for key in (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_F10, Qt.Key.Key_Menu)),
        *((key, ()) for key in (Qt.Key.Key_F1, Qt.Key.Key_Alt)),
        *((key, (CONTROL,)) for key in (Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_N, Qt.Key.Key_P)),
    ],
)
def test_no_key_of_a_visitor_leads_out(
    kiosk: KioskWindow, keyboard: Keyboard, key: Qt.Key, modifiers: tuple[Qt.KeyboardModifier, ...]
) -> None:
    go_to_person(keyboard)
    keyboard.press(key, *modifiers)

    assert (kiosk.step, kiosk.isVisible(), kiosk.isFullScreen()) == (2, True, True)
    assert not kiosk.pin.isVisible()
    assert QApplication.activePopupWidget() is None


def test_closing_the_window_from_outside_does_nothing(kiosk: KioskWindow) -> None:
    assert not kiosk.close()

    assert kiosk.isVisible()
    assert not kiosk.pin.isVisible()


def test_the_team_leaves_with_its_key_and_its_pin(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)
    assert kiosk.pin.isVisible()
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)

    with qtbot.waitSignal(kiosk.left, timeout=1000):
        runner.run()


def test_a_wrong_pin_costs_time_and_says_how_much(
    qtbot: QtBot,
    kiosk: KioskWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    pass_time: Callable[[int], None],
) -> None:
    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)
    for _try in range(2):
        pass_time(5)
        keyboard.type("1111")
        keyboard.press(Qt.Key.Key_Return)
        runner.run()
    enter = button_named(kiosk.pin, "OK")
    assert "Next try in 2 s." in everything_said(kiosk.pin)
    assert not enter.isEnabled()

    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert kiosk.pin.isVisible(), "a try during the wait is not heard"

    pass_time(3)
    assert enter.isEnabled()
    keyboard.press(Qt.Key.Key_Return)
    with qtbot.waitSignal(kiosk.left, timeout=1000):
        runner.run()


def test_the_pin_is_typed_by_finger_on_keys_that_are_large_enough(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)
    keys = [button for button in kiosk.pin.findChildren(ActionButton) if button.isVisible()]
    assert all(min(key.width(), key.height()) >= 48 for key in keys)

    for digit in "2469":
        qtbot.mouseClick(button_named(kiosk.pin, digit), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button_named(kiosk.pin, "Delete a digit"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button_named(kiosk.pin, "8"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(kiosk.left, timeout=1000):
        qtbot.mouseClick(button_named(kiosk.pin, "OK"), Qt.MouseButton.LeftButton)
        runner.run()


def test_tab_never_leads_from_a_cover_to_the_page_below(kiosk: KioskWindow, keyboard: Keyboard) -> None:
    go_to_person(keyboard)
    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)

    for key in [Qt.Key.Key_Tab] * 6 + [Qt.Key.Key_Backtab] * 6:
        keyboard.press(key)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert kiosk.pin.isAncestorOf(focused)


def test_going_back_to_the_visitor_gives_the_focus_back(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard
) -> None:
    go_to_person(keyboard)
    keyboard.tab(2)
    before = QApplication.focusWidget()
    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)

    qtbot.mouseClick(button_named(kiosk.pin, "Back to the visitor"), Qt.MouseButton.LeftButton)

    assert before is line_named(kiosk, "E-mail")
    assert QApplication.focusWidget() is before


def test_losing_the_focus_blanks_the_page_until_the_pin_is_given(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    go_to_person(keyboard)
    keyboard.type(FIRST_NAME)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()

    qtbot.waitUntil(kiosk.pin.isVisible)
    assert kiosk.pin.geometry() == kiosk.rect()
    assert FIRST_NAME not in everything_said(kiosk)

    kiosk.activateWindow()
    qtbot.waitUntil(kiosk.isActiveWindow)
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert not kiosk.pin.isVisible()
    assert line_named(kiosk, "First name").text() == FIRST_NAME
    assert QApplication.focusWidget() is line_named(kiosk, "First name")


def test_a_window_that_comes_and_goes_blanks_nothing(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard
) -> None:
    go_to_person(keyboard)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not kiosk.isActiveWindow())
    assert any(is_counting_down(timer) for timer in kiosk.findChildren(QTimer))

    kiosk.activateWindow()
    qtbot.waitUntil(kiosk.isActiveWindow)

    assert not any(is_counting_down(timer) for timer in kiosk.findChildren(QTimer))
    assert not kiosk.pin.isVisible()


def is_counting_down(timer: QTimer) -> bool:
    return timer.isSingleShot() and timer.isActive()


def test_opening_the_kiosk_and_its_own_covers_blank_nothing(
    qtbot: QtBot, stand: StandWindow, models: StandModels, runner: DeferredRunner, keyboard: Keyboard
) -> None:
    kiosk = stand.open_kiosk()
    qtbot.addWidget(kiosk)
    runner.run()
    qtbot.waitUntil(kiosk.isActiveWindow)
    go_to_consent(keyboard)
    models.kiosk.open_notice()
    assert not any(is_counting_down(timer) for timer in kiosk.findChildren(QTimer))
    models.kiosk.close_notice()

    assert kiosk.phase is KioskPhase.CONSENT
    assert not stand.main.isVisible()


def test_without_a_pin_the_kiosk_does_not_open_and_leads_back(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner, context: StandContext
) -> None:
    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, "pin")
        unit.commit()

    context.store.write(drop).result()
    window = KioskWindow(models.kiosk)
    qtbot.addWidget(window)
    window.begin()
    runner.run()

    assert window.phase is KioskPhase.CLOSED
    assert any("PIN" in words for words in shown_words(window))
    with qtbot.waitSignal(window.left, timeout=1000):
        qtbot.mouseClick(button_named(window, "Back to the stand"), Qt.MouseButton.LeftButton)
    window.forget()
