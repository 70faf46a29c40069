"""The page Team, by keyboard and mouse: somebody is added in ten seconds and picked afterwards."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.services.pin import PIN as CHOSEN_PIN
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.dialogs import ConfirmDialog
from stojnica.ui.pages.new_pin_dialog import NewPinDialog
from stojnica.ui.stand_window import CONTACT, TEAM, TODAY, StandWindow


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> QWidget:
    stand.main.show_page(TEAM)
    runner.run()
    page = stand.main.page(TEAM)
    assert page is not None
    return page


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, page: QWidget, name: str) -> None:
    found = [b for b in page.findChildren(QAbstractButton) if b.isVisible() and b.accessibleName() == name]
    assert found, name
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def line_named(page: QWidget, name: str) -> QLineEdit:
    return next(line for line in page.findChildren(QLineEdit) if line.accessibleName() == name)


def type_into_dialog(keyboard: Keyboard, first: str, *others: str) -> None:
    keyboard.type(first)
    for text in others:
        keyboard.tab()
        keyboard.type(text)


def test_somebody_new_is_here_after_a_name_and_enter(
    stand: StandWindow, page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    line_named(page, "First name").setFocus()
    keyboard.type("Maja")
    keyboard.tab()
    keyboard.type("K")

    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert "Maja K." in words_of(page)
    assert "1 person is here" in words_of(page)
    assert "two or more people" in words_of(page)
    assert stand.models.status.state.operator == "entries: Maja K."
    assert stand.main.focusWidget() is line_named(page, "First name")


def test_who_goes_can_be_picked_again_and_choose_a_pin(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, qtbot: QtBot, context: StandContext
) -> None:
    line_named(page, "First name").setFocus()
    keyboard.type("Maja")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    press(qtbot, page, "goes: Maja")
    runner.run()
    press(qtbot, page, "is here: Maja")
    runner.run()
    press(qtbot, page, "own PIN: Maja")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), NewPinDialog))
    type_into_dialog(keyboard, PIN, "8080", "8080")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert context.pin.try_pin("8080").result().is_right
    assert "1 person is here" in words_of(page)


def test_the_keyboard_stays_at_the_person_whose_link_was_pressed(
    stand: StandWindow, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, qtbot: QtBot
) -> None:
    def hand() -> str:
        at = stand.main.focusWidget()
        return at.accessibleName() if at is not None else ""

    def press_by_key(name: str) -> None:
        def shown() -> list[QAbstractButton]:
            buttons = page.findChildren(QAbstractButton)
            return [one for one in buttons if one.isVisible() and one.accessibleName() == name]

        # Rows that are new are shown when the event loop turns.
        qtbot.waitUntil(lambda: bool(shown()))
        shown()[0].setFocus()
        keyboard.press(Qt.Key.Key_Space)
        runner.run()

    for name in ("Maja", "Žiga"):
        line_named(page, "First name").setFocus()
        keyboard.type(name)
        keyboard.press(Qt.Key.Key_Return)
        runner.run()

    press_by_key("goes: Maja")
    # She is in the other list now, where “goes” isn't: her first link has it.
    went = hand()
    press_by_key("remove: Maja")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ConfirmDialog))
    asked = QApplication.activeWindow()
    assert asked is not None
    press(qtbot, asked, "Take off the list")
    runner.run()
    # Nobody else is taken off by pressing once more.
    removed = hand()

    assert (went, removed) == ("own PIN: Maja", "First name")


def test_the_team_s_pin_is_changed_on_the_page_and_a_wrong_one_is_said_in_the_dialog(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, qtbot: QtBot, context: StandContext,
    clock: SetClock,
) -> None:  # fmt: skip
    press(qtbot, page, "Change the PIN of the team")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), NewPinDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, NewPinDialog)
    type_into_dialog(keyboard, "0000", "8080", "8080")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "This is no PIN of the team, and not the passphrase." in dialog.error_text()
    assert "Try again in 1 second." in dialog.error_text()

    clock.at_us += 1_000_000
    line = line_named(dialog, "A PIN that is right now, or the passphrase")
    line.setFocus()
    line.selectAll()
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert context.pin.try_pin("8080").result().is_right
    assert not context.pin.try_pin(PIN).result().is_right
    assert "The team has a new PIN." in words_of(page)


def test_where_there_is_no_pin_yet_the_passphrase_is_asked_for_and_nothing_else(
    stand: StandWindow, store: Store, runner: DeferredRunner, qtbot: QtBot
) -> None:
    def never_chosen(unit: UnitOfWork) -> None:
        remember(unit.connection, CHOSEN_PIN, None)
        unit.commit()

    store.write(never_chosen).result()
    stand.main.show_page(TEAM)
    runner.run()
    page = stand.main.page(TEAM)
    assert page is not None

    press(qtbot, page, "Set the PIN of the team")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), NewPinDialog))

    dialog = QApplication.activeWindow()
    assert isinstance(dialog, NewPinDialog)
    assert line_named(dialog, "The passphrase of this laptop").hasFocus()
    assert not any("right now" in line.accessibleName() for line in dialog.findChildren(QLineEdit))
    dialog.reject()


def test_shift_change_on_today_leads_to_the_handover(
    stand: StandWindow, runner: DeferredRunner, qtbot: QtBot, keyboard: Keyboard
) -> None:
    today = stand.main.page(TODAY)
    assert today is not None
    press(qtbot, today, "Shift change")
    runner.run()
    page = stand.main.page(TEAM)
    assert page is not None

    line_named(page, "What is still to be done?").setFocus()
    keyboard.type("Plačaj prostor")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    line_named(page, "What is running out?").setFocus()
    keyboard.type("Trak")
    keyboard.tab()
    runner.run()
    other = line_named(page, "People reached, Other computer")
    other.setFocus()
    keyboard.type("41")
    keyboard.tab()
    runner.run()
    press(qtbot, page, "Hand over")
    runner.run()

    assert "Plačaj prostor" in words_of(page)
    assert "Trak" in words_of(page)
    assert "Handed over at 14:32." in words_of(page)
    assert other.text() == ""


def test_a_box_is_ticked_with_the_space_bar_and_stays_ticked(
    page: QWidget, runner: DeferredRunner, qtbot: QtBot, keyboard: Keyboard
) -> None:
    press(qtbot, page, "Lists")
    runner.run()
    box = next(b for b in page.findChildren(ConsentRow) if b.isVisible())

    box.setFocus()
    keyboard.press(Qt.Key.Key_Space)
    runner.run()

    assert box.isChecked()
    assert "1/10" in words_of(page)


def test_a_stand_is_closed_with_two_clicks(
    stand: StandWindow, page: QWidget, runner: DeferredRunner, qtbot: QtBot, keyboard: Keyboard
) -> None:
    press(qtbot, page, "After the event")
    press(qtbot, page, "Close the stand …")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ConfirmDialog))
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "closed on 20 Sept 2024 at 14:32" in words_of(page)
    assert any(b.accessibleName() == "After the event (1)" for b in page.findChildren(QAbstractButton))

    stand.main.activateWindow()
    qtbot.waitUntil(stand.main.isActiveWindow)
    line_named(page, "Flyers taken along").setFocus()
    keyboard.type("400")
    keyboard.tab()
    keyboard.type("262")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert "138" in words_of(page)
    assert "Kept." in words_of(page)
    assert [line.is_closed for line in stand.models.events.state.events] == [True]


@pytest.mark.parametrize("name", ["Who is here", "Lists", "Handover", "After the event"])
def test_every_part_names_its_controls_and_fits_in_large_type(
    stand: StandWindow, page: QWidget, runner: DeferredRunner, qtbot: QtBot, name: str
) -> None:
    press(qtbot, page, name)
    runner.run()

    controls = [
        w for w in page.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert controls
    assert [w for w in controls if not w.accessibleName()] == []
    assert page.minimumSizeHint().width() <= 1366 - 104


def test_who_is_here_takes_the_keyboard_with_one_press_on_new_contact(
    stand: StandWindow, page: QWidget, runner: DeferredRunner, qtbot: QtBot, keyboard: Keyboard
) -> None:
    for name in ("Maja", "Tilen"):
        line_named(page, "First name").setFocus()
        keyboard.type(name)
        keyboard.press(Qt.Key.Key_Return)
        runner.run()
    stand.main.show_page(CONTACT)
    runner.run()
    contact = stand.main.page(CONTACT)
    assert contact is not None

    press(qtbot, contact, "Somebody else types …")
    press(qtbot, contact, "Tilen")
    runner.run()

    assert stand.models.contact.state.operator == "Tilen"
