"""The page of answers by keyboard: type, walk, read, note; and nothing is cut at 200 %."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from stojnica.services.tasks import DeferredRunner
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label
from stojnica.ui.pages.answers_page import AnswersPage
from stojnica.ui.stand_window import ANSWERS

if TYPE_CHECKING:
    from tests.ui.conftest import Keyboard

    from stojnica.ui.stand_window import StandWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(stand: "StandWindow", runner: DeferredRunner) -> AnswersPage:
    stand.main.show_page(ANSWERS)
    runner.run()
    page = stand.main.page(ANSWERS)
    assert isinstance(page, AnswersPage)
    return page


def words(page: AnswersPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_typing_alone_finds_and_the_arrows_walk(
    page: AnswersPage, keyboard: "Keyboard", stand: "StandWindow"
) -> None:
    keyboard.type("KOLIKO")
    first = stand.models.answers.state.shown

    keyboard.press(Qt.Key.Key_Down)

    second = stand.models.answers.state.shown
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert second.answer in words(page)


def test_ctrl_enter_notes_the_question_and_the_field_is_free_for_the_next(
    page: AnswersPage, keyboard: "Keyboard", stand: "StandWindow", runner: DeferredRunner, qtbot: QtBot
) -> None:
    keyboard.type("Lahko vzamem psa?")
    keyboard.press(Qt.Key.Key_Return, CTRL)
    runner.run()

    keyboard.type("vizum")

    qtbot.waitUntil(lambda: "Lahko vzamem psa?" in words(page))
    assert stand.models.answers.state.query == "vizum"
    keyboard.press(Qt.Key.Key_Return)
    assert len(stand.models.answers.state.missed) == 1, "Enter alone notes nothing"


def test_a_noted_question_is_taken_back_with_its_link(
    page: AnswersPage, keyboard: "Keyboard", qtbot: QtBot, runner: DeferredRunner
) -> None:
    keyboard.type("Wrong?")
    keyboard.press(Qt.Key.Key_Return, CTRL)
    runner.run()
    qtbot.waitUntil(lambda: "Wrong?" in words(page))
    (link,) = [
        button
        for button in page.findChildren(ActionButton)
        if button.isVisible() and button.accessibleName().startswith("take back")
    ]

    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    runner.run()

    assert "Wrong?" not in words(page)


def test_a_language_of_the_row_turns_question_and_answer(
    page: AnswersPage, qtbot: QtBot, keyboard: "Keyboard"
) -> None:
    keyboard.type("visa")
    (german,) = [button for button in page.findChildren(QAbstractButton) if button.text() == "Deutsch"]

    qtbot.mouseClick(german, Qt.MouseButton.LeftButton)

    assert "Brauche ich ein Visum?" in words(page)


def test_what_is_not_found_says_what_to_do(page: AnswersPage, keyboard: "Keyboard") -> None:
    keyboard.type("qqqq")

    shown = words(page)
    assert "Nothing was found for these words." in shown
    assert any("Ctrl+Enter" in text for text in shown)


def test_each_control_has_a_name_and_no_word_is_cut(page: AnswersPage, keyboard: "Keyboard") -> None:
    keyboard.type("insured")

    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text()
    for label in page.findChildren(Label):
        if label.isVisible() and label.text() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()) - 1, label.text()
