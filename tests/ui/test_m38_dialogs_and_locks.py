"""M38: a dialog holds up no lock, shows nothing over one, and loses nothing of what was typed in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from tests.ui.conftest import PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.services.idle import IdleWatch, Lock
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.half_typed import half_typed, has_half_typed
from stojnica.storage.store import Store
from stojnica.ui.controls.field import ChoiceField, LongTextField
from stojnica.ui.dialogs import AppDialog, ConfirmDialog
from stojnica.ui.lock_desk import LockDesk
from stojnica.ui.pages.opener_dialogs import NewOpenerDialog
from stojnica.ui.pages.operator_dialog import OperatorDialog
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.stand_window import StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
HOUR_US = 3_600_000_000
MakeDesk = Callable[[], LockDesk]


@pytest.fixture
def closed() -> list[str]:
    """Give why the store was to be closed."""
    return []


@pytest.fixture
def make_desk(
    stand: StandWindow, clock: SetClock, runner: DeferredRunner, closed: list[str]
) -> Iterator[MakeDesk]:
    """Give a call that begins the watch, as each unlocking does; the one before it ends."""
    made: list[LockDesk] = []
    before = clock.at_us

    def begin() -> LockDesk:
        if made:
            made.pop().close()
        made.append(LockDesk(stand, IdleWatch(clock, lambda: 15, lambda: 0)))
        made[-1].wants_closed.connect(closed.append)
        runner.run()
        return made[-1]

    yield begin
    made.pop().close()
    clock.at_us = before


@pytest.fixture
def desk(make_desk: MakeDesk) -> LockDesk:
    """Give the desk of a stand that was just unlocked."""
    return make_desk()


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[[AppDialog], AppDialog]:
    """Give a call that opens a dialog and waits until it has the keyboard."""

    def open_it(dialog: AppDialog) -> AppDialog:
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return open_it


def is_gone(dialog: QWidget) -> bool:
    return not isValid(dialog) or not dialog.isVisible()


def typed(dialog: QWidget) -> list[str]:
    return [line.text() for line in dialog.findChildren(QLineEdit)]


def test_m38_pause_is_heard_in_a_dialog_and_what_was_typed_is_there_again_after_unlocking(
    stand: StandWindow,
    desk: LockDesk,
    make_desk: MakeDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    closed: list[str],
    qtbot: QtBot,
) -> None:
    # Given a dialog that is half filled in
    dialog = opened(SeveralDialog(stand.main, stand.models.today))
    keyboard.type("24")

    keyboard.press(Qt.Key.Key_L, CONTROL)
    runner.run()
    assert closed == [Lock.PAUSE]
    assert is_gone(dialog)

    make_desk()
    again = opened(SeveralDialog(stand.main, stand.models.today))
    assert "24" in typed(again)
    # And the next letter goes on where it was left, and takes nothing away.
    qtbot.waitUntil(lambda: not any(line.selectedText() for line in again.findChildren(QLineEdit)))
    keyboard.type("0")
    assert "240" in typed(again)
    again.reject()
    # And it comes up once: who closed the dialog then is done with it.
    third = opened(SeveralDialog(stand.main, stand.models.today))
    assert "24" not in typed(third)
    third.reject()


def test_m38_what_came_back_and_was_not_touched_survives_another_pause(
    stand: StandWindow,
    desk: LockDesk,
    make_desk: MakeDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
) -> None:
    for _pause in range(2):
        dialog = opened(OperatorDialog(stand.main, "", ()))
        if not any(typed(dialog)):
            keyboard.type("Maja")
        keyboard.press(Qt.Key.Key_L, CONTROL)
        runner.run()
        make_desk()

    again = opened(OperatorDialog(stand.main, "", ()))
    assert "Maja" in typed(again)
    again.reject()


def test_m38_a_reason_of_several_lines_is_kept_for_its_own_dialog_and_no_other(
    stand: StandWindow,
    desk: LockDesk,
    make_desk: MakeDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
) -> None:
    def ask_why(title: str) -> AppDialog:
        dialog = AppDialog(stand.main, title=title, accept="Keep")
        dialog.body.addWidget(LongTextField("Why"))
        dialog.findChildren(QPlainTextEdit)[0].setFocus()
        return opened(dialog)

    def reason(dialog: AppDialog) -> str:
        return dialog.findChildren(QPlainTextEdit)[0].toPlainText()

    ask_why("The flyer of the camps")
    keyboard.type("told by phone")
    keyboard.press(Qt.Key.Key_L, CONTROL)
    runner.run()
    make_desk()

    other, same = ask_why("The flyer of the group"), ask_why("The flyer of the camps")
    assert (reason(other), reason(same)) == ("", "told by phone")
    for dialog in (same, other):
        dialog.reject()


@pytest.mark.parametrize("kind", [PinDialog, lambda main: NewOpenerDialog(main, "a b c d e")])
def test_m38_no_pin_and_no_words_that_open_the_store_are_kept(
    stand: StandWindow,
    desk: LockDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    store: Store,
    clock: SetClock,
    closed: list[str],
    kind: Callable[[QWidget], AppDialog],
) -> None:
    dialog = opened(kind(stand.main))
    keyboard.type("24")

    keyboard.press(Qt.Key.Key_L, CONTROL)
    runner.run()

    assert closed == [Lock.PAUSE]
    assert is_gone(dialog)
    assert store.read(lambda connection: half_typed(connection, clock.now_us())).result() == {}


def test_m38_sleep_and_the_words_close_dialogs_that_lie_below_the_lock(
    stand: StandWindow,
    desk: LockDesk,
    make_desk: MakeDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    clock: SetClock,
    closed: list[str],
) -> None:
    # Given a dialog with a dialog of its own, half filled in, when nobody was there for a while
    below = opened(SeveralDialog(stand.main, stand.models.today))
    keyboard.type("24")
    above = opened(ConfirmDialog(below, title="Sure?", text="", accept="Yes"))
    clock.at_us += HOUR_US
    desk.tick()
    runner.run()
    assert desk.cover.isVisible()
    assert is_gone(below)
    assert is_gone(above)

    desk.before_sleep()
    runner.run()
    assert closed == [Lock.SLEPT]
    desk.screen_lock.try_pin(PIN)
    runner.run()
    assert is_gone(below)
    assert is_gone(above)

    make_desk()
    again = opened(SeveralDialog(stand.main, stand.models.today))
    assert "24" in typed(again)
    again.reject()


def test_m38_after_the_pin_dialogs_lie_over_the_window_again_and_have_the_keyboard(
    qtbot: QtBot,
    stand: StandWindow,
    desk: LockDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    clock: SetClock,
) -> None:
    dialog = opened(SeveralDialog(stand.main, stand.models.today))
    keyboard.type("2")
    clock.at_us += HOUR_US
    desk.tick()
    runner.run()

    desk.screen_lock.try_pin(PIN)
    runner.run()
    qtbot.waitUntil(dialog.isActiveWindow)
    keyboard.type("4")

    assert "24" in typed(dialog)
    assert QApplication.activeModalWidget() is dialog
    dialog.reject()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_m38_pause_is_heard_while_a_list_or_a_choice_of_files_is_open(
    qtbot: QtBot,
    stand: StandWindow,
    desk: LockDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    closed: list[str],
    tmp_path: Path,
) -> None:
    dialog = AppDialog(stand.main, title="Why?", accept="Keep")
    choice = ChoiceField("Why")
    choice.set_choices([("a", "typed twice"), ("b", "a test")])
    dialog.body.addWidget(choice)
    opened(dialog)
    box = dialog.findChildren(QComboBox)[0]
    box.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_L, CONTROL)
    assert closed == [Lock.PAUSE]
    assert QApplication.activePopupWidget() is None
    assert is_gone(dialog)

    files = QFileDialog(stand.main, "", str(tmp_path))
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.open()
    qtbot.waitUntil(files.isActiveWindow)
    keyboard.press(Qt.Key.Key_L, CONTROL)

    assert closed == [Lock.PAUSE, Lock.PAUSE]
    assert is_gone(files)


def test_m38_what_was_half_typed_yesterday_does_not_come_up_today_and_is_gone(
    stand: StandWindow,
    desk: LockDesk,
    store: Store,
    make_desk: MakeDesk,
    opened: Callable[[AppDialog], AppDialog],
    keyboard: Keyboard,
    runner: DeferredRunner,
    clock: SetClock,
) -> None:
    opened(SeveralDialog(stand.main, stand.models.today))
    keyboard.type("24")
    keyboard.press(Qt.Key.Key_L, CONTROL)
    runner.run()

    assert store.read(has_half_typed).result()
    clock.at_us += 13 * HOUR_US
    make_desk()

    assert not store.read(has_half_typed).result()
    again = opened(SeveralDialog(stand.main, stand.models.today))
    assert "24" not in typed(again)
    again.reject()
