"""Somebody new practises in a room of their own: everything is as in earnest, and nothing of it is real."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.bootstrap.models import build_tryout_models
from stojnica.services.pin import PinLock
from stojnica.services.preflight import Machine
from stojnica.services.printers import FixedPrinters, Printers
from stojnica.services.tasks import DeferredRunner
from stojnica.services.tryout import TRYOUT_PIN, TryoutRoom, open_tryout
from stojnica.storage.outbox import held
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import CONTACT, KIOSK, TEAM, StandWindow
from stojnica.ui.tryout import Tryout, TryoutDoor

ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def real(qtbot: QtBot, models: StandModels, home: Path, runner: DeferredRunner) -> Iterator[StandWindow]:
    """Give the real window on its team page, with a door to the practice."""

    def furnish(room: TryoutRoom) -> StandModels:
        return build_tryout_models(
            room.store, runner, Machine(room.store.path.parent, FixedPrinters(Printers()), lambda: None)
        )

    door = TryoutDoor(lambda: open_tryout(home, models.context.clock), furnish)
    window = StandWindow(replace(models, tryout=door), "", lambda: None)
    qtbot.addWidget(window.main)
    window.show(TEAM)
    runner.run()
    yield window
    window.close()
    assert not home.exists() or not list(home.glob("practice-*"))


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, page: QWidget, words: str) -> None:
    found = [b for b in page.findChildren(QAbstractButton) if b.isVisible() and b.text() == words]
    assert found, words
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


@pytest.fixture
def tryout(real: StandWindow, qtbot: QtBot, runner: DeferredRunner) -> Tryout:
    press(qtbot, real.main, "Practise for 3 minutes")
    runner.run()
    assert real.tryout is not None
    main = real.tryout.window.main
    main.activateWindow()
    qtbot.waitUntil(main.isActiveWindow)
    return real.tryout


def done(tryout: Tryout) -> list[bool]:
    return [step.is_done for step in tryout.guide.state.steps]


def facts_in(store: Store) -> int:
    return store.read(lambda c: held(c, branch_of(c))).result().facts


def test_a_practice_ticks_what_really_happened_and_leaves_the_real_store_alone(
    real: StandWindow,
    tryout: Tryout,
    qtbot: QtBot,
    keyboard: Keyboard,
    runner: DeferredRunner,
    store: Store,
    home: Path,
) -> None:
    before = facts_in(store)
    main = tryout.window.main
    assert not real.main.isVisible()
    assert "nothing here is real" in words_of(main)

    keyboard.press(Qt.Key.Key_1, CONTROL, ALT)
    runner.run()
    assert done(tryout) == [True, False, False]

    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    page = main.page(CONTACT)
    assert page is not None
    keyboard.type("Ana")
    keyboard.tab(2)
    keyboard.type("ana@example.org")
    keyboard.press(Qt.Key.Key_D, ALT)
    next(box for box in page.findChildren(ConsentRow) if box.isVisible()).setFocus()
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()
    assert done(tryout) == [True, True, False]

    tryout.window.kiosk_left.emit()
    assert tryout.guide.state.praise == "Done in 1 minute. You know what a stand needs."
    assert "Done in 1 minute" in words_of(main)

    press(qtbot, main, "End the practice")
    assert real.main.isVisible()
    qtbot.waitUntil(lambda: (runner.run(), not any(home.iterdir()))[1])
    assert facts_in(store) == before
    assert real.tryout is None


def test_the_kiosk_of_a_practice_opens_and_is_left_with_its_own_pin(
    tryout: Tryout, qtbot: QtBot, keyboard: Keyboard, runner: DeferredRunner, store: Store
) -> None:
    tryout.window.main.show_page(KIOSK)
    kiosk = tryout.window.open_kiosk()
    runner.run()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is kiosk)

    keyboard.press(Qt.Key.Key_K, CONTROL, SHIFT)
    runner.run()
    assert any(line.isVisible() for line in kiosk.findChildren(QLineEdit))
    keyboard.type(TRYOUT_PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert done(tryout) == [False, False, True]


def test_a_room_that_a_crash_left_is_thrown_away(home: Path, models: StandModels) -> None:
    left = home / "practice-left"
    left.mkdir()
    (left / "practice.db").write_bytes(b"x")
    (home / "stojnica.db").write_bytes(b"real")

    room = open_tryout(home, models.context.clock)

    assert not left.exists()
    assert PinLock(room.store).try_pin(TRYOUT_PIN).result().is_right
    room.close()
    assert [item.name for item in home.iterdir()] == ["stojnica.db"]


def test_a_disk_that_takes_nothing_is_said_on_the_page(
    real: StandWindow, qtbot: QtBot, runner: DeferredRunner, home: Path
) -> None:
    home.rmdir()

    press(qtbot, real.main, "Practise for 3 minutes")
    runner.run()

    assert "The practice can't begin" in words_of(real.main)
    assert real.tryout is None


def test_a_practice_inside_a_practice_is_not_offered(
    tryout: Tryout, make_models: Callable[..., StandModels], runner: DeferredRunner
) -> None:
    tryout.window.main.show_page(TEAM)
    runner.run()

    buttons = tryout.window.main.findChildren(QAbstractButton)
    assert not any(b.isVisible() and b.text() == "Practise for 3 minutes" for b in buttons)
