"""M38: nobody there, sleep and *Pause* lock the stand; a PIN or the words lead back, and nothing is lost."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.bootstrap.stand import create_stand
from stojnica.domain.clock import SetClock
from stojnica.services.idle import IdleWatch, Lock
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.lock_desk import LockDesk
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.stand_window import CONTACT, StandWindow

WORDS = "jutro voda hiša most reka"


class Desk:
    """Hold the desk, and why it wanted the store closed."""

    def __init__(self, stand: StandWindow, clock: SetClock) -> None:
        self.slept_us = 0
        self.closed: list[str] = []
        self.clock = clock
        self.desk = LockDesk(stand, IdleWatch(clock, lambda: 15, lambda: self.slept_us))
        self.desk.wants_closed.connect(self.closed.append)

    def pass_minutes(self, minutes: int) -> None:
        self.clock.at_us += minutes * 60_000_000
        self.desk.tick()


@pytest.fixture
def desk(qtbot: QtBot, stand: StandWindow, clock: SetClock) -> Iterator[Desk]:
    made, before = Desk(stand, clock), clock.at_us
    yield made
    made.desk.close()
    # Pages live on for a moment after their store: none of them shall find that it is time to look again.
    clock.at_us = before


def words_of(window: QWidget) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_m38_after_a_quarter_of_an_hour_a_pin_leads_back_to_the_same_page(
    qtbot: QtBot, stand: StandWindow, desk: Desk, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    stand.main.show_page(CONTACT)
    runner.run()
    desk.pass_minutes(15)
    runner.run()
    assert desk.desk.cover.isVisible()
    assert not stand.main.isVisible()
    desk.desk.cover.activateWindow()
    qtbot.waitUntil(desk.desk.cover.isActiveWindow)

    keyboard.type("1111")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "This PIN is not right." in words_of(desk.desk.cover)
    assert not stand.main.isVisible()
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    # Too soon: nobody hears that the right one is wrong.
    assert "This PIN is not right." not in words_of(desk.desk.cover)
    assert "this one was not checked" in words_of(desk.desk.cover)
    desk.clock.at_us += 5_000_000
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert stand.main.isVisible()
    assert not desk.desk.cover.isVisible()
    assert stand.main.shown_key == CONTACT
    assert desk.closed == []


def test_m38_a_dialog_with_a_name_on_it_is_covered_too(
    qtbot: QtBot, stand: StandWindow, desk: Desk, runner: DeferredRunner
) -> None:
    dialog = PinDialog(stand.main)
    dialog.open()
    desk.pass_minutes(15)
    runner.run()
    assert not dialog.isVisible()

    desk.desk.screen_lock.try_pin(PIN)
    runner.run()

    assert dialog.isVisible()
    dialog.reject()


def test_m38_what_is_half_typed_is_kept_before_it_locks(
    qtbot: QtBot,
    stand: StandWindow,
    desk: Desk,
    keyboard: Keyboard,
    runner: DeferredRunner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(stand.models.contact, "put_by", lambda: kept.append("contact"))
    monkeypatch.setattr(stand.models.group, "put_by", lambda: kept.append("group"))

    desk.desk.pause()
    desk.pass_minutes(15)
    desk.desk.before_sleep()

    assert kept == ["contact", "group"] * 3
    assert desk.closed == [Lock.PAUSE, Lock.SLEPT]


def test_m38_a_key_or_the_mouse_keeps_it_open(
    qtbot: QtBot, stand: StandWindow, desk: Desk, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    desk.pass_minutes(14)
    keyboard.press(Qt.Key.Key_Shift)
    desk.pass_minutes(14)
    qtbot.mouseMove(stand.main)
    runner.run()

    assert stand.main.isVisible()
    assert desk.closed == []


def test_m38_the_kiosk_is_never_locked_by_idleness_and_always_by_sleep(
    stand: StandWindow, desk: Desk, runner: DeferredRunner
) -> None:
    kiosk = stand.open_kiosk()
    runner.run()
    desk.pass_minutes(300)
    runner.run()
    assert kiosk.isVisible()
    assert desk.closed == []

    desk.slept_us += 60_000_000
    desk.desk.tick()

    assert desk.closed == [Lock.SLEPT]


def test_m38_without_a_pin_the_store_is_closed_instead(
    stand: StandWindow, desk: Desk, runner: DeferredRunner, forget_pin: Callable[[], None]
) -> None:
    forget_pin()
    desk.pass_minutes(15)
    runner.run()

    assert desk.closed == [Lock.IDLE]


@pytest.fixture
def forget_pin(stand: StandWindow) -> Callable[[], None]:
    from stojnica.services.pin import MEMBER_PINS
    from stojnica.services.pin import PIN as KEPT
    from stojnica.storage.memory import forget
    from stojnica.storage.unit import UnitOfWork

    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, KEPT)
        forget(unit.connection, MEMBER_PINS)
        unit.commit()

    return lambda: stand.models.context.store.write(drop).result(timeout=20)


def test_m38_pause_has_a_key_and_a_button(stand: StandWindow, desk: Desk, keyboard: Keyboard) -> None:
    assert "Pause" in stand.main.status.accessibleName() or any(
        one.accessibleName() == "Pause" for one in stand.main.status.findChildren(QWidget)
    )

    keyboard.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    assert desk.closed == [Lock.PAUSE]


PAUSED = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from shiboken6 import isValid
from stojnica.bootstrap.stand import unlock_stand
from stojnica.bootstrap.window import WindowProgram
from stojnica.i18n import use_language
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.pages.several_dialog import SeveralDialog

home, words = Path(sys.argv[1]), sys.argv[2]

def until(is_so):
    for _turn in range(1500):
        program.application.processEvents()
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never came")

def entrance():
    found = [one for one in program.application.topLevelWidgets() if type(one).__name__ == "UnlockWindow"]
    return next((one for one in found if one.isVisible()), None)

use_language("en")
program = WindowProgram(home, stand=unlock_stand(home, words, cost=Argon2Cost(8, 1, 1)))
program.open()
until(lambda: program.window.main.isVisible())
program.window.main.show_page("contact")
dialog = SeveralDialog(program.window.main, program.window.models.today)
dialog.open()
until(lambda: dialog.isActiveWindow())
QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_7)
QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
assert not isValid(dialog) or not dialog.isVisible()
until(lambda: entrance() is not None and program.window is None)
assert len(list((home / "copies").glob("*.db"))) == 1, list(home.rglob("*"))
said = [label.text() for label in entrance().findChildren(QLabel)]
assert "Everything is saved and locked. You can close the lid now." in said, said
unlock_store(StoreHome(home), words).close()
line = entrance().findChildren(QLineEdit)[0]
line.setText(words)
QTest.keyClick(line, Qt.Key.Key_Return)
until(lambda: program.window is not None and program.window.main.isVisible())
assert entrance() is None
assert program.window.main.shown_key == "contact"
for _turn in range(30):
    program.application.processEvents()
    time.sleep(0.01)
again = SeveralDialog(program.window.main, program.window.models.today)
again.open()
typed = [line.text() for line in again.findChildren(QLineEdit)]
assert "7" in typed, typed
again.reject()
program.window.models.contact.type("first_name", "Luka")
program.window.main.show_page("today")
program._desk.pause()
until(lambda: entrance() is not None and program.window is None)
said = " ".join(label.text() for label in entrance().findChildren(QLabel))
assert "Everything is saved" not in said, said
assert "The form that was begun is gone: none is kept before the age is known." in said, said
program.close()
print("led back")
"""


def test_m38_pause_saves_copies_closes_the_store_and_the_words_lead_back(tmp_path: Path) -> None:
    create_stand(tmp_path / "home", WORDS, language="en", cost=Argon2Cost(8, 1, 1)).close()

    ended = subprocess.run(
        [sys.executable, "-c", PAUSED, str(tmp_path / "home"), WORDS],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert "led back" in ended.stdout, ended.stderr
