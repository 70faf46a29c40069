"""A laptop without a PIN: whoever opens the kiosk sets one on the spot, and gets out again with it."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import button_named
from tests.ui.whole_pages import settle

from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.pin import PIN as TEAM_PIN
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import StoreHome
from stojnica.storage.memory import remember
from stojnica.storage.slots import Argon2Cost, new_slot_file, save_slots, with_passphrase
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.pages.new_pin_dialog import NewPinDialog
from stojnica.ui.stand_window import KIOSK, TEAM, StandWindow

WORDS = "ananas kladivo veter postelja okno"
OUT = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)


@pytest.fixture
def unguarded(stand: StandWindow, runner: DeferredRunner) -> StandWindow:
    """Give the stand of a laptop on which no PIN was ever set."""

    def forget(unit: UnitOfWork) -> None:
        remember(unit.connection, TEAM_PIN, None)
        unit.commit()

    store = stand.models.context.store
    store.write(forget).result()
    slots = with_passphrase(new_slot_file(), bytes(32), WORDS, cost=Argon2Cost(64, 1, 1))
    save_slots(StoreHome(store.path.parent).slots, slots)
    visit(stand, KIOSK, runner)
    return stand


def visit(stand: StandWindow, page: str, runner: DeferredRunner) -> None:
    stand.main.show_page(page)
    runner.run()
    settle()


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press_and_be_asked(stand: StandWindow, button: str, qtbot: QtBot) -> NewPinDialog:
    """Press a button that asks for a PIN, and give the dialog once it has the keyboard."""
    button_named(stand.main, button).click()
    asking = [one for one in stand.main.findChildren(NewPinDialog) if one.isVisible()]
    assert len(asking) == 1
    asking[0].activateWindow()
    qtbot.waitUntil(asking[0].isActiveWindow)
    return asking[0]


def set_pin(keyboard: Keyboard, pin: str, again: str, runner: DeferredRunner, *, words: str = WORDS) -> None:
    keyboard.type(words)
    keyboard.tab()
    keyboard.type(pin)
    keyboard.tab()
    keyboard.type(again)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()


def test_the_first_pin_is_set_on_the_way_into_the_kiosk_and_leads_out_of_it(
    qtbot: QtBot, unguarded: StandWindow, runner: DeferredRunner, keyboard: Keyboard
) -> None:
    assert "No PIN is set yet" in words(unguarded.main)
    asked = words(press_and_be_asked(unguarded, "Open the kiosk", qtbot))
    assert unguarded.kiosk is None

    set_pin(keyboard, "2580", "2580", runner)

    assert "Only a PIN leads out of the kiosk" in asked
    assert "right now" not in asked
    kiosk = unguarded.kiosk
    assert kiosk is not None
    assert kiosk.phase is KioskPhase.FORM
    kiosk.activateWindow()
    qtbot.waitUntil(kiosk.isActiveWindow)
    keyboard.press(Qt.Key.Key_K, *OUT)
    keyboard.type("2580")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert (kiosk.isVisible(), unguarded.main.isVisible()) == (False, True)


def test_a_pin_typed_wrongly_opens_nothing_and_says_why(
    qtbot: QtBot, unguarded: StandWindow, runner: DeferredRunner, keyboard: Keyboard, context: StandContext
) -> None:
    dialog = press_and_be_asked(unguarded, "Open the kiosk", qtbot)

    set_pin(keyboard, "2580", "2508", runner)
    differs = words(dialog)
    keyboard.press(Qt.Key.Key_Escape)
    settle()

    assert "This is not the same PIN." in differs
    assert unguarded.kiosk is None
    assert not context.pin.has_pin().result()


def test_a_pin_too_short_stays_in_the_dialog(
    qtbot: QtBot, unguarded: StandWindow, runner: DeferredRunner, keyboard: Keyboard, context: StandContext
) -> None:
    dialog = press_and_be_asked(unguarded, "Open the kiosk", qtbot)

    set_pin(keyboard, "25", "25", runner)

    assert "A PIN is 4 to 8 digits." in words(dialog)
    assert unguarded.kiosk is None
    assert not context.pin.has_pin().result()


def test_whoever_passes_by_sets_no_pin(
    qtbot: QtBot, unguarded: StandWindow, runner: DeferredRunner, keyboard: Keyboard, context: StandContext
) -> None:
    dialog = press_and_be_asked(unguarded, "Open the kiosk", qtbot)

    set_pin(keyboard, "2580", "2580", runner, words="kladivo")

    assert "This is no PIN of the team, and not the passphrase." in dialog.error_text()
    assert unguarded.kiosk is None
    assert not context.pin.has_pin().result()


def test_on_the_page_of_the_team_the_first_pin_asks_for_no_earlier_one(
    qtbot: QtBot, unguarded: StandWindow, runner: DeferredRunner, keyboard: Keyboard, context: StandContext
) -> None:
    visit(unguarded, TEAM, runner)
    press_and_be_asked(unguarded, "Set the PIN of the team", qtbot)

    set_pin(keyboard, "2580", "2580", runner)

    assert context.pin.try_pin("2580").result().is_right
    dialog = press_and_be_asked(unguarded, "Change the PIN of the team", qtbot)
    assert "A PIN that is right now" in words(dialog)


def test_an_own_pin_of_a_member_is_enough_for_the_kiosk(
    stand: StandWindow, unguarded: StandWindow, runner: DeferredRunner, context: StandContext
) -> None:
    context.pin.choose_for(UUID(int=7), "90210").result()
    visit(unguarded, TEAM, runner)
    visit(unguarded, KIOSK, runner)

    button_named(unguarded.main, "Open the kiosk").click()
    runner.run()

    assert unguarded.kiosk is not None
    assert unguarded.kiosk.phase is KioskPhase.FORM
