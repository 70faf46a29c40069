"""The keys that count and dialogs: a clicker is taught in one, and people pass by while one is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.counted import counted

from stojnica.services.stand import StandContext
from stojnica.services.tally_keys import CTRL_ALT, Clicker, TallyKeys
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.controls.key_catcher import KeyCatcher
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.pages.tally_keys_dialog import TallyKeysDialog
from stojnica.ui.stand_window import TODAY, StandWindow

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_a_clicker_is_taught_by_pressing_it_and_counts_in_both_windows(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    page = stand.main.page(TODAY)
    assert page is not None
    dialog = TallyKeysDialog(page, stand.models.today)
    dialog.open()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is dialog)
    catcher = dialog.findChild(KeyCatcher)
    assert isinstance(catcher, KeyCatcher)

    qtbot.mouseClick(catcher, Qt.MouseButton.LeftButton)
    keyboard.press(Qt.Key.Key_Tab)
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    assert any(text.startswith("Forms are filled in with this key.") for text in labels)
    qtbot.mouseClick(catcher, Qt.MouseButton.LeftButton)
    keyboard.press(Qt.Key.Key_PageDown)
    dialog.submit()
    runner.run()

    assert stand.models.today.keys == TallyKeys(CTRL_ALT, Clicker("PgDown", "reached"))
    stand.main.activateWindow()
    qtbot.waitUntil(stand.main.isActiveWindow)
    keyboard.press(Qt.Key.Key_PageDown)
    kiosk = stand.open_kiosk()
    qtbot.addWidget(kiosk)
    runner.run()
    qtbot.waitUntil(kiosk.isActiveWindow)
    keyboard.press(Qt.Key.Key_PageDown)
    runner.run()
    assert counted(context, "reached") == 2


def test_people_who_pass_while_a_dialog_is_open_are_counted_and_write_nothing_into_it(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    dialog = SeveralDialog(stand.main, stand.models.today)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    keyboard.type("2")

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    keyboard.type("4")
    runner.run()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "24"
    assert counted(context, "reached") == 1


def test_a_pin_in_the_main_window_takes_no_digit_of_a_count(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    dialog = PinDialog(stand.main)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    keyboard.type("2")
    runner.run()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "2"
    assert counted(context, "reached") == 0


def test_a_clicker_is_taught_anew_without_counting(
    qtbot: QtBot,
    stand: StandWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    stand.models.today.choose_keys(TallyKeys(CTRL_ALT, Clicker("PgDown", "flyer")))
    runner.run()
    dialog = TallyKeysDialog(stand.main, stand.models.today)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    catcher = dialog.findChild(KeyCatcher)
    assert isinstance(catcher, KeyCatcher)

    qtbot.mouseClick(catcher, Qt.MouseButton.LeftButton)
    keyboard.press(Qt.Key.Key_PageDown)
    runner.run()

    assert catcher.text().startswith("PgDown")
    assert counted(context, "flyer") == 0
