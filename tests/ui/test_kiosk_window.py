"""The kiosk's window: led through by keys alone, left only with the PIN, and wiped of whoever was here."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QScrollArea,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import (
    button_named,
    everything_said,
    go_to_consent,
    go_to_person,
    line_named,
    only_contact,
    shown_words,
)

from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.stand_models import StandModels

SECOND_US = 1_000_000
FIRST_NAME, EMAIL, QUESTION = "Špelca", "spelca@example.org", "Do I need English?"


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
    assert not line_named(kiosk, "First name").isVisible(), "whoever comes along reads nothing of it"

    keyboard.press(Qt.Key.Key_Shift)
    assert "Are you still here?" not in shown_words(kiosk)
    assert QApplication.focusWidget() is line_named(kiosk, "First name")
    pass_time(59)
    assert line_named(kiosk, "First name").text() == FIRST_NAME


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
