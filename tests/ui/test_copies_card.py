"""The second copy in Settings: made with a key, told at the place, and chosen by folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from stojnica.domain.clock import SystemClock
from stojnica.services.appearance import AppearanceViewModel
from stojnica.services.changes import Changes
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.pin import PinLock
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.settings import Settings
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.ui.pages.copies_card import CopiesCard
from stojnica.ui.pages.settings_page import SettingsPage


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    """Give an open store with its key file."""
    item = create_store(StoreHome(tmp_path / "home"), "a b c d e", cost=Argon2Cost(8, 1, 1))
    yield item
    item.close()


@pytest.fixture
def model(opened: OpenStore, runner: DeferredRunner) -> CopiesViewModel:
    """Give the view-model."""
    context = StandContext(opened.store, runner, SystemClock(), Changes(), PinLock(opened.store))
    return CopiesViewModel(context, CopyKeeper(opened), lambda: None)


@pytest.fixture
def page(qtbot: QtBot, runner: DeferredRunner, model: CopiesViewModel) -> SettingsPage:
    """Show Settings."""
    shown = SettingsPage(AppearanceViewModel(runner, Settings(language="en"), lambda _kept: None), model)
    qtbot.addWidget(shown)
    shown.show()
    runner.run()
    return shown


def button(page: SettingsPage, words: str) -> QAbstractButton:
    """Find a button by what is read on it."""
    card = page.findChild(CopiesCard)
    assert card is not None
    return next(item for item in card.findChildren(QAbstractButton) if item.text() == words)


def test_i02_a_copy_is_made_with_a_key_and_told_at_the_place(
    qtbot: QtBot, page: SettingsPage, model: CopiesViewModel, runner: DeferredRunner, opened: OpenStore
) -> None:
    assert model.state.here == "no copy yet"

    qtbot.keyClick(button(page, "Copy now"), Qt.Key.Key_Space)
    assert not button(page, "Copy now").isEnabled()
    runner.run()

    assert button(page, "Copy now").isEnabled()
    assert model.state.message is not None
    assert model.state.here.startswith("1 copy, made just now")
    assert len(list((opened.home.folder / "copies").glob("*.db"))) == 1


def test_i02_a_chosen_folder_gets_copies_until_it_is_let_go(
    qtbot: QtBot,
    page: SettingsPage,
    model: CopiesViewModel,
    runner: DeferredRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a dialog for folders that takes nobody's focus
    monkeypatch.setattr(QFileDialog, "open", lambda _dialog: None)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert not button(page, "Only this laptop").isVisible()

    qtbot.keyClick(button(page, "Choose a stick or folder …"), Qt.Key.Key_Space)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(stick))
    dialog.done(0)
    runner.run()

    assert model.state.place == str(stick / "Stojnica")
    assert len(list((stick / "Stojnica").glob("*.db"))) == 1
    qtbot.keyClick(button(page, "Only this laptop"), Qt.Key.Key_Space)
    runner.run()
    assert model.state.place == ""
