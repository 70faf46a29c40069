"""The kiosk's window: led through by keys alone, left only with the PIN, and wiped of whoever was here."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.stand_window import StandModels, StandWindow

SECOND_US = 1_000_000
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FIRST_NAME, EMAIL, QUESTION = "Špelca", "spelca@example.org", "Do I need English?"
SECRETS = (FIRST_NAME, EMAIL, QUESTION, "Skrivnost")


@pytest.fixture
def kiosk(qtbot: QtBot, models: StandModels, runner: DeferredRunner) -> Iterator[KioskWindow]:
    window = KioskWindow(models.kiosk)
    qtbot.addWidget(window)
    window.begin()
    runner.run()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.forget()


@pytest.fixture
def pass_time(
    kiosk: KioskWindow, models: StandModels, runner: DeferredRunner, clock: SetClock
) -> Callable[[int], None]:
    """Let seconds pass, as the window's own timer would tell."""

    def pass_it(seconds: int) -> None:
        clock.at_us += seconds * SECOND_US
        models.kiosk.tick()
        runner.run()

    return pass_it


def line_named(window: QWidget, words: str) -> QLineEdit:
    return next(line for line in window.findChildren(QLineEdit) if line.accessibleName().startswith(words))


def button_named(window: QWidget, words: str) -> QAbstractButton:
    named = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and words in (button.accessibleName(), button.text())
    ]
    assert len(named) == 1, (words, named)
    return named[0]


def go_to_person(keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return)


def type_person(keyboard: Keyboard) -> None:
    keyboard.type(FIRST_NAME)
    keyboard.tab(2)
    keyboard.type(EMAIL)
    keyboard.tab(2)
    for _band in range(2):
        keyboard.press(Qt.Key.Key_Right)
    keyboard.press(Qt.Key.Key_Space)


def go_to_consent(keyboard: Keyboard) -> None:
    go_to_person(keyboard)
    type_person(keyboard)
    keyboard.press(Qt.Key.Key_Return)


def only_contact(context: StandContext) -> Contact:
    def read(connection: Any) -> Contact | None:
        event = stand_now(connection).event
        assert event is not None
        branch_id = branch_of(connection)
        (line,) = newest_contacts(connection, branch_id, event.event_id, 9)
        return contact(connection, branch_id, line.subject_id)

    found = context.store.read(read).result()
    assert found is not None
    return found


def everything_said(window: QWidget) -> str:
    """Gather all that any widget of the window holds, shown or not, and what can be pasted."""
    words: list[str] = []
    for widget in (window, *window.findChildren(QWidget)):
        words += [
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.windowTitle(),
        ]
        if isinstance(widget, QLabel | QAbstractButton):
            words.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            words.append(widget.toPlainText())
        if isinstance(widget, QLineEdit):
            words += [widget.text(), widget.selectedText()]
    clipboard = QGuiApplication.clipboard()
    words.append(clipboard.text())
    if clipboard.supportsSelection():
        words.append(clipboard.text(QClipboard.Mode.Selection))
    return "\n".join(words)


def everything_undone(window: QWidget) -> str:
    """Gather what Ctrl+Z, pressed again and again, brings back in any editor."""
    words: list[str] = []
    for line in window.findChildren(QLineEdit):
        while line.isUndoAvailable():
            line.undo()
            words.append(line.text())
    return "\n".join(words)


def test_a_visitor_signs_up_with_the_keyboard_alone(
    kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    assert isinstance(QApplication.focusWidget(), CheckTile)
    go_to_consent(keyboard)
    assert kiosk.phase is KioskPhase.CONSENT

    keyboard.press(Qt.Key.Key_Space)
    keyboard.tab(3)
    keyboard.type(QUESTION)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert kiosk.phase is KioskPhase.THANKS
    found = only_contact(context)
    assert (found.first_name, found.email, found.age_band) == (FIRST_NAME, EMAIL, "18-30")
    assert (found.question, len(found.interests), found.channel) == (QUESTION, 1, "kiosk")
    assert [item.purpose for item in found.consents if item.is_granted] == ["answer"]

    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert kiosk.step == 1
    assert isinstance(QApplication.focusWidget(), CheckTile)


def test_enter_never_ticks_a_consent_and_says_what_is_missing(kiosk: KioskWindow, keyboard: Keyboard) -> None:
    go_to_consent(keyboard)
    boxes = kiosk.pages[KioskPhase.CONSENT].findChildren(CheckTile)

    keyboard.press(Qt.Key.Key_Return)

    assert kiosk.phase is KioskPhase.CONSENT
    assert not any(box.isChecked() for box in boxes)
    assert "at least one" in everything_said(kiosk)
    assert QApplication.focusWidget() is boxes[0]


def test_a_phone_that_a_box_needs_is_typed_where_the_box_is(
    kiosk: KioskWindow, keyboard: Keyboard, context: StandContext, runner: DeferredRunner
) -> None:
    go_to_consent(keyboard)
    assert EMAIL in [label.accessibleName() for label in kiosk.findChildren(QLabel) if label.isVisible()]
    keyboard.tab(2)
    keyboard.press(Qt.Key.Key_Space)

    keyboard.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is line_named(kiosk.pages[KioskPhase.CONSENT], "Phone")
    keyboard.type("031 345 095")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert kiosk.phase is KioskPhase.THANKS
    assert only_contact(context).phone == "+38631345095"
    assert EMAIL not in everything_said(kiosk)


def test_a_held_enter_key_leads_through_one_page_alone(kiosk: KioskWindow, keyboard: Keyboard) -> None:
    go_to_person(keyboard)
    handle = kiosk.windowHandle()
    QTest.sendKeyEvent(QTest.KeyAction.Press, handle, Qt.Key.Key_Return, "\r", Qt.KeyboardModifier.NoModifier)

    assert kiosk.step == 2, "the first press says what is missing"
    assert QApplication.focusWidget() is line_named(kiosk, "First name")


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


def test_another_language_keeps_what_was_answered(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard
) -> None:
    go_to_person(keyboard)
    keyboard.type(FIRST_NAME)

    qtbot.mouseClick(button_named(kiosk, "Slovenščina"), Qt.MouseButton.LeftButton)

    assert "Kdo si?" in everything_said(kiosk)
    assert line_named(kiosk, "Ime").text() == FIRST_NAME
    assert [box.isChecked() for box in kiosk.findChildren(CheckTile)].count(True) == 1


def test_after_a_minute_somebody_is_asked_for_and_any_key_is_an_answer(
    kiosk: KioskWindow, keyboard: Keyboard, pass_time: Callable[[int], None]
) -> None:
    go_to_person(keyboard)
    keyboard.type(FIRST_NAME)
    pass_time(59)
    assert "Are you still here?" not in shown_words(kiosk)

    pass_time(1)
    assert "Are you still here?" in shown_words(kiosk)
    assert "Otherwise the form is emptied in 30 seconds." in shown_words(kiosk)

    keyboard.press(Qt.Key.Key_Shift)
    assert "Are you still here?" not in shown_words(kiosk)
    assert QApplication.focusWidget() is line_named(kiosk, "First name")
    pass_time(59)
    assert line_named(kiosk, "First name").text() == FIRST_NAME


def shown_words(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def test_a_wrong_address_is_said_at_its_field_and_a_hint_is_taken(
    qtbot: QtBot, kiosk: KioskWindow, keyboard: Keyboard
) -> None:
    go_to_person(keyboard)
    keyboard.type(FIRST_NAME)
    keyboard.tab(2)
    keyboard.type("spelca@gmial.com")
    keyboard.tab()
    qtbot.mouseClick(button_named(kiosk, "Correct it"), Qt.MouseButton.LeftButton)
    assert line_named(kiosk, "E-mail").text() == "spelca@gmail.com"

    line = line_named(kiosk, "E-mail")
    line.setFocus()
    line.selectAll()
    keyboard.type("nobody")
    keyboard.press(Qt.Key.Key_Return)
    assert line.accessibleDescription()
    assert QApplication.focusWidget() is line


def test_a_second_tap_of_a_trembling_finger_is_not_heard(qtbot: QtBot, kiosk: KioskWindow) -> None:
    forward = kiosk.pages["form:interests"].main_button
    spot = forward.mapTo(kiosk, QPoint(12, 12))

    QTest.mouseDClick(kiosk.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    assert kiosk.step == 2
    assert not line_named(kiosk, "First name").accessibleDescription()


def test_the_form_stays_when_it_could_not_be_saved(
    kiosk: KioskWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    context: StandContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed: Future[Any] = Future()
    failed.set_exception(disk_full())
    go_to_consent(keyboard)
    keyboard.press(Qt.Key.Key_Space)

    with monkeypatch.context() as patch:
        patch.setattr(context.store, "write", lambda *_arguments: failed)
        keyboard.press(Qt.Key.Key_Return)
        runner.run()
    assert kiosk.phase is KioskPhase.CONSENT
    assert any("could not be saved" in words for words in shown_words(kiosk))

    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert kiosk.phase is KioskPhase.THANKS
    assert only_contact(context).first_name == FIRST_NAME


def test_the_whole_notice_can_be_read_and_scrolled_by_keys(
    kiosk: KioskWindow, keyboard: Keyboard, models: StandModels
) -> None:
    go_to_consent(keyboard)
    models.kiosk.open_notice()
    assert models.kiosk.state.notice_full in shown_words(kiosk)
    area = next(area for area in kiosk.findChildren(QScrollArea) if area.accessibleName() == "Full notice")

    area.setFocus()
    before = area.verticalScrollBar().value()
    keyboard.press(Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > before

    keyboard.tab()
    keyboard.press(Qt.Key.Key_Return)
    assert not models.kiosk.state.is_notice_open


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
