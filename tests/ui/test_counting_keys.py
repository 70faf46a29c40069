"""The keys that count work everywhere, show nothing to a visitor, and lose no press."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard
from tests.ui.counted import counted

from stojnica.domain.clock import SetClock
from stojnica.services.stand import StandContext
from stojnica.services.tally_keys import CTRL_ALT, FUNCTION, OFF, Clicker, TallyKeys
from stojnica.services.tasks import DeferredRunner
from stojnica.services.today import TodayViewModel
from stojnica.ui.controls.tally_card import TallyCard
from stojnica.ui.counting_keys import stroke_of
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.qt_runner import QtRunner
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import CONTACT, TODAY, StandWindow

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ALTGR = Qt.KeyboardModifier.GroupSwitchModifier
SECOND_US = 1_000_000
PRESSES = 30 * 60
ALT_RIGHT, ALT_LEFT = 0x20, 0x10  # As Qt's plugin for Windows tells them.


@pytest.fixture
def kiosk(qtbot: QtBot, stand: StandWindow, runner: DeferredRunner) -> Iterator[KioskWindow]:
    """Give the kiosk as the main window opens it."""
    window = stand.open_kiosk()
    qtbot.addWidget(window)
    runner.run()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.forget()


@pytest.fixture
def choose(stand: StandWindow, runner: DeferredRunner) -> Callable[[TallyKeys], None]:
    """Give a call that chooses other keys."""

    def take(keys: TallyKeys) -> None:
        stand.models.today.choose_keys(keys)
        runner.run()

    return take


def send(window: QWidget, key: Qt.Key, text: str, *native: int, held: Qt.KeyboardModifier) -> None:
    """Press a key as a keyboard of another country does."""
    handle = window.windowHandle()
    assert handle is not None
    event = QKeyEvent(QEvent.Type.KeyPress, key, held, *(native or (0, 0, 0)), text)
    QApplication.sendEvent(handle, event)


def said(window: QWidget) -> list[tuple[str, str]]:
    return [
        (widget.accessibleName(), widget.text() if isinstance(widget, QLabel | QLineEdit) else "")
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
    ]


def test_a_count_in_the_kiosk_is_silent_and_touches_no_field(
    kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("Tja")
    before, focus = said(kiosk), QApplication.focusWidget()

    for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_3):
        keyboard.press(key, CONTROL, ALT)
    runner.run()

    assert said(kiosk) == before
    assert QApplication.focusWidget() is focus
    assert (counted(context, "reached"), counted(context, "flyer")) == (1, 2)
    keyboard.type("ša")
    assert isinstance(focus, QLineEdit)
    assert focus.text() == "Tjaša"


def test_a_count_is_no_sign_of_life_of_the_visitor(
    kiosk: KioskWindow,
    stand: StandWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    clock: SetClock,
    context: StandContext,
) -> None:
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("Tjaša")

    for _half_a_minute in range(6):
        clock.at_us += 30 * SECOND_US
        keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
        stand.models.kiosk.tick()
    runner.run()

    assert kiosk.step == 1, "whoever walked away is wiped all the same"
    assert stand.models.kiosk.state.form.first_name == ""
    assert counted(context, "reached") == 6


def test_while_the_pin_is_asked_for_nothing_counts_and_digits_are_digits(
    kiosk: KioskWindow,
    stand: StandWindow,
    keyboard: Keyboard,
    choose: Callable[[TallyKeys], None],
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    choose(TallyKeys(CTRL_ALT, Clicker("2", "flyer")))
    stand.models.kiosk.ask_to_leave()

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    for digit in PIN:
        keyboard.press(Qt.Key(ord(digit)))
    runner.run()

    assert (counted(context, "reached"), counted(context, "flyer")) == (0, 0)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == PIN


def test_function_keys_count_in_the_kiosk_where_they_do_nothing_else(
    kiosk: KioskWindow,
    keyboard: Keyboard,
    choose: Callable[[TallyKeys], None],
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    choose(TallyKeys(FUNCTION))

    keyboard.press(Qt.Key.Key_F1)
    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    runner.run()

    assert counted(context, "reached") == 1


def test_keys_that_are_off_count_nothing(
    stand: StandWindow,
    keyboard: Keyboard,
    choose: Callable[[TallyKeys], None],
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    choose(TallyKeys(OFF))

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    keyboard.press(Qt.Key.Key_F1)
    runner.run()

    assert counted(context, "reached") == 0


def test_altgr_of_a_slovene_keyboard_types_its_character(
    stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    stand.main.show_page(CONTACT)
    runner.run()
    keyboard.type("a")

    # Windows: AltGr is Ctrl and Alt. Linux: it is a modifier of its own.
    send(stand.main, Qt.Key.Key_AsciiTilde, "~", held=CONTROL | ALT)
    send(stand.main, Qt.Key.Key_AsciiTilde, "~", held=ALTGR)
    runner.run()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "a~~"
    assert counted(context, "reached") == 0


@pytest.mark.parametrize(("side", "is_altgr"), [(ALT_RIGHT, True), (ALT_LEFT, False), (0, None)])
def test_on_windows_the_side_of_alt_tells_altgr_from_ctrl_and_alt(side: int, is_altgr: bool | None) -> None:
    native = (2, ord("1"), side | 0x4)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_AsciiTilde, CONTROL | ALT, *native, "~")

    stroke = stroke_of(event, "windows")

    assert (stroke.key, stroke.modifiers, stroke.is_altgr) == ("1", ("Ctrl", "Alt"), is_altgr)


def test_a_held_key_counts_once(stand: StandWindow, runner: DeferredRunner, context: StandContext) -> None:
    handle = stand.main.windowHandle()
    assert handle is not None
    for is_repeat in (False, True, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, CONTROL | ALT, "1", is_repeat)
        QApplication.sendEvent(handle, event)
    runner.run()

    assert counted(context, "reached") == 1


def test_a_clicker_that_sends_a_digit_leaves_text_fields_alone(
    stand: StandWindow,
    keyboard: Keyboard,
    choose: Callable[[TallyKeys], None],
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    choose(TallyKeys(CTRL_ALT, Clicker("7", "flyer")))
    keyboard.press(Qt.Key.Key_7)
    stand.main.show_page(CONTACT)
    runner.run()

    keyboard.press(Qt.Key.Key_7)
    runner.run()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "7"
    assert counted(context, "flyer") == 1


@pytest.fixture
def busy(qtbot: QtBot, context: StandContext, models: StandModels) -> Iterator[StandWindow]:
    """Give the main window with the runner of the real program."""
    runner = QtRunner()
    live = replace(context, runner=runner)
    window = StandWindow(replace(models, context=live, today=TodayViewModel(live)), "", lambda: None)
    qtbot.addWidget(window.main)
    window.show()
    window.main.activateWindow()
    qtbot.waitUntil(lambda: window.main.isActiveWindow() and window.models.today.state.is_loaded)
    yield window
    window.close()
    runner.close()


def test_thirty_presses_a_second_for_a_minute_lose_none(
    qtbot: QtBot, busy: StandWindow, context: StandContext
) -> None:
    looks: list[object] = []
    busy.models.today.subscribe(looks.append)
    page, handle = busy.main.page(TODAY), busy.main.windowHandle()
    assert page is not None
    card = page.findChildren(TallyCard)[1]
    began = perf_counter()

    for _press in range(PRESSES):
        QTest.keyClick(handle, Qt.Key.Key_2, CONTROL | ALT)
    seconds = perf_counter() - began
    qtbot.waitUntil(lambda: card.number == "1,800", timeout=60_000)

    assert counted(context, "conversation") == PRESSES
    assert seconds < 60, "the window hears them faster than thirty a second"
    assert len(looks) < PRESSES / 2, "it is not drawn anew for each of them"


def test_the_teams_own_key_still_leads_to_the_pin(
    kiosk: KioskWindow, stand: StandWindow, keyboard: Keyboard
) -> None:
    keyboard.press(Qt.Key.Key_K, CONTROL, Qt.KeyboardModifier.ShiftModifier)

    assert stand.models.kiosk.state.pin is not None


def test_coming_back_from_the_kiosk_the_keys_count_as_before(
    kiosk: KioskWindow,
    qtbot: QtBot,
    stand: StandWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    stand.models.kiosk.ask_to_leave()
    for digit in PIN:
        keyboard.press(Qt.Key(ord(digit)))
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    stand.main.activateWindow()
    qtbot.waitUntil(stand.main.isActiveWindow)

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    stand.open_kiosk()
    runner.run()
    qtbot.waitUntil(kiosk.isActiveWindow)
    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    runner.run()

    assert counted(context, "reached") == 2
