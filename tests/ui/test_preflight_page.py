"""The page before leaving: reached from the events, planned by ticking, tried with a scanner."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.services.tasks import DeferredRunner
from stojnica.ui.pages.preflight_page import PreflightPage
from stojnica.ui.stand_window import EVENTS, PREFLIGHT, StandWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner, qtbot: QtBot) -> PreflightPage:
    stand.main.show_page(EVENTS)
    runner.run()
    events = stand.main.page(EVENTS)
    assert events is not None
    press(events.findChildren(QAbstractButton), "Check before leaving", qtbot)
    runner.run()
    page = stand.main.page(PREFLIGHT)
    assert isinstance(page, PreflightPage)
    qtbot.waitUntil(lambda: len(words(page)) > 10)
    return page


def press(buttons: list[QAbstractButton], name: str, qtbot: QtBot) -> None:
    (button,) = [button for button in buttons if button.accessibleName() == name and button.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words(page: PreflightPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_the_lines_of_this_event_are_there_and_what_it_does_not_use_is_not(
    page: PreflightPage, stand: StandWindow
) -> None:
    shown = words(page)

    assert stand.main.shown_key == PREFLIGHT
    assert any(text.startswith("Event: Festival LUPA") for text in shown)
    assert "There is no printer." not in shown


def test_ticking_the_printer_checks_it_at_once_and_the_plan_stays(
    page: PreflightPage, stand: StandWindow, runner: DeferredRunner, qtbot: QtBot
) -> None:
    (box,) = [box for box in page.findChildren(QCheckBox) if box.accessibleName() == "Printer"]

    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    runner.run()

    qtbot.waitUntil(lambda: "There is no printer." in words(page))
    assert box.isChecked()
    stand.models.preflight.refresh()
    runner.run()
    assert stand.models.preflight.state.plan.printer


def test_a_scanner_that_types_wrong_characters_is_told_at_its_field(
    page: PreflightPage, stand: StandWindow, runner: DeferredRunner, keyboard: Keyboard, qtbot: QtBot
) -> None:
    stand.models.preflight.plan("scanner", True)
    runner.run()
    page.take_focus()

    keyboard.type("httpsČ--yavod")
    keyboard.press(Qt.Key.Key_Return)

    wrong = "The scanner types other characters than are printed."
    qtbot.waitUntil(lambda: any(text.startswith(wrong) for text in words(page)))
    keyboard.type("https://zavod-voluntariat.si/")
    qtbot.waitUntil(lambda: "The scanner types as it should." in " ".join(words(page)))
    assert stand.models.preflight.state.scanned == "https://zavod-voluntariat.si/"


def test_check_again_by_its_key_and_back_to_the_events(
    page: PreflightPage, stand: StandWindow, runner: DeferredRunner, keyboard: Keyboard, qtbot: QtBot
) -> None:
    keyboard.press(Qt.Key.Key_R, CTRL)
    assert stand.models.preflight.state.is_checking
    runner.run()
    assert not stand.models.preflight.state.is_checking

    press(page.findChildren(QAbstractButton), "Back to the events", qtbot)

    assert stand.main.shown_key == EVENTS


def test_a_part_that_nobody_knows_is_refused(stand: StandWindow) -> None:
    with pytest.raises(KeyError):
        stand.models.preflight.plan("rocket", True)
