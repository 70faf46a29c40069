"""How it looks is chosen on a page, is in force at once, and is kept on this laptop."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.services.appearance import AppearanceViewModel
from stojnica.services.message import Tone
from stojnica.services.tasks import DeferredRunner
from stojnica.settings import Settings
from stojnica.ui.application import dress_application
from stojnica.ui.pages.settings_page import SettingsPage
from stojnica.ui.theme.look import look


@pytest.fixture
def kept() -> list[Settings]:
    return []


@pytest.fixture
def page(
    qtbot: QtBot, qapp: QApplication, runner: DeferredRunner, kept: list[Settings]
) -> Iterator[SettingsPage]:
    before = look()
    shown = SettingsPage(AppearanceViewModel(runner, Settings(language="en"), kept.append))
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    yield shown
    dress_application(qapp, before)


def choice(page: SettingsPage, words: str) -> QRadioButton:
    return next(button for button in page.findChildren(QRadioButton) if button.text() == words)


def test_the_theme_for_full_sun_is_in_force_at_once_and_kept(
    page: SettingsPage, runner: DeferredRunner, kept: list[Settings]
) -> None:
    choice(page, "for full sun").click()
    runner.run()

    assert look().theme.name == "high_contrast"
    assert kept == [Settings(language="en", theme="high_contrast")]


def test_text_grows_to_twice_its_size_with_the_keyboard_alone(
    page: SettingsPage, keyboard: Keyboard, runner: DeferredRunner, kept: list[Settings]
) -> None:
    page.take_focus()
    keyboard.tab()
    for _step in range(3):
        keyboard.press(Qt.Key.Key_Right)
    runner.run()

    assert look().scale == 2.0
    assert kept[-1].text_percent == 200


def test_another_language_waits_for_the_next_start_and_says_so(
    page: SettingsPage, runner: DeferredRunner, kept: list[Settings]
) -> None:
    choice(page, "Slovenščina").click()
    runner.run()

    assert kept[-1].language == "sl"
    assert "started again" in page._said.text()


def test_a_full_disk_is_told_and_the_choice_stays(runner: DeferredRunner) -> None:
    def full(_settings: Settings) -> None:
        raise OSError(28, "No space left on device")

    model = AppearanceViewModel(runner, Settings(), full)

    model.choose_theme("dark")
    runner.run()

    assert model.state.message is not None
    assert model.state.message.tone is Tone.BAD
    assert model.state.settings.theme == "dark"


def test_what_is_not_offered_changes_nothing(runner: DeferredRunner, kept: list[Settings]) -> None:
    model = AppearanceViewModel(runner, Settings(), kept.append)

    model.choose_theme("pink")
    model.choose_text(1_000)
    model.choose_language("xx")
    runner.run()

    assert kept == []
