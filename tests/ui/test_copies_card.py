"""The second copy in Settings: made with a key, told at the place, and chosen by folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.ids import new_id
from stojnica.services.appearance import AppearanceViewModel
from stojnica.services.changes import Changes
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.copy_settings import change_copy_settings
from stojnica.services.pin import PinLock
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.settings import Settings
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.pages.copies_card import CopiesCard
from stojnica.ui.pages.copy_place_rows import PlaceGoneDialog
from stojnica.ui.pages.settings_page import SettingsPage

DAY_US = 24 * 3_600_000_000


@pytest.fixture
def opened(tmp_path: Path, clock: SetClock) -> Iterator[OpenStore]:
    """Give an open store with its key file."""
    item = create_store(StoreHome(tmp_path / "home"), "a b c d e", clock=clock, cost=Argon2Cost(8, 1, 1))
    yield item
    item.close()


@pytest.fixture
def model(opened: OpenStore, runner: DeferredRunner, clock: SetClock) -> CopiesViewModel:
    """Give the view-model."""
    context = StandContext(opened.store, runner, clock, Changes(), PinLock(opened.store))
    return CopiesViewModel(context, CopyKeeper(opened), lambda: None)


@pytest.fixture
def page(qtbot: QtBot, runner: DeferredRunner, model: CopiesViewModel) -> SettingsPage:
    """Show Settings."""
    shown = SettingsPage(AppearanceViewModel(runner, Settings(language="en"), lambda _kept: None), model)
    qtbot.addWidget(shown)
    shown.show()
    runner.run()
    return shown


def words_of(page: SettingsPage) -> str:
    """Give all that the card says."""
    card = page.findChild(CopiesCard)
    assert card is not None
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def save(opened: OpenStore) -> None:
    """Save a visitor."""

    def job(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, new_id(), {"first_name": "Ana", "language": "sl"}, channel="kiosk")
        unit.commit()

    opened.store.write(job).result()


def copies_beside(opened: OpenStore) -> list[str]:
    """Give the numbers of the copies beside the store."""
    return sorted(path.name[-9:-3] for path in (opened.home.folder / "copies").glob("*.db"))


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


def test_i02_nothing_moves_under_the_mouse_when_a_copy_fails(
    qtbot: QtBot, page: SettingsPage, model: CopiesViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.resize(1366, 1200)
    place = tmp_path / "stick"
    place.mkdir()
    model.choose_place(place)
    runner.run()
    shutil.rmtree(place)
    place.write_text("no folder any more")
    model.choose_minutes(5)
    runner.run()
    page.grab()
    names = ("Copy now", "Choose a stick or folder …", "5 min", "30 days")
    before = [button(page, name).mapTo(page, QPoint()) for name in names]

    qtbot.mouseClick(button(page, "Copy now"), Qt.MouseButton.LeftButton)
    runner.run()
    page.grab()

    assert model.state.message is not None
    assert model.state.message.tone != "good"
    assert model.state.message.text in words_of(page)
    assert [button(page, name).mapTo(page, QPoint()) for name in names] == before


def test_i02_how_often_is_chosen_with_a_key_told_in_words_and_true_at_once(
    qtbot: QtBot,
    page: SettingsPage,
    model: CopiesViewModel,
    runner: DeferredRunner,
    clock: SetClock,
    opened: OpenStore,
) -> None:
    # Given a copy that was just made, and the next one due in ten minutes
    clock.at_us += 61_000_000
    model.tick()
    runner.run()
    model.tick()
    runner.run()
    assert copies_beside(opened) == ["000001"]
    assert "every 10 min" in words_of(page)

    qtbot.keyClick(button(page, "5 min"), Qt.Key.Key_Space)
    assert "every 5 min" in words_of(page), "it is drawn as soon as it is chosen"
    runner.run()

    save(opened)
    clock.at_us += 5 * 60_000_000
    for _tick in range(3):
        model.tick()
        runner.run()
    assert copies_beside(opened) == ["000001", "000002"]


def test_i02_copies_that_are_too_old_by_a_new_choice_go_at_once_and_the_newest_stays(
    qtbot: QtBot,
    page: SettingsPage,
    model: CopiesViewModel,
    runner: DeferredRunner,
    clock: SetClock,
    opened: OpenStore,
) -> None:
    for _copy in range(3):
        model.copy_now()
        runner.run()
        clock.at_us += 5 * DAY_US
    assert copies_beside(opened) == ["000001", "000002", "000003"]
    assert "for more than 30 days" in words_of(page)

    button(page, "30 days").setFocus()
    qtbot.keyClick(button(page, "30 days"), Qt.Key.Key_Left)
    runner.run()
    assert copies_beside(opened) == ["000002", "000003"]
    assert "for more than 14 days" in words_of(page)
    qtbot.keyClick(button(page, "14 days"), Qt.Key.Key_Left)
    runner.run()

    assert copies_beside(opened) == ["000003"]
    assert "for more than 7 days" in words_of(page)
    assert model.state.here.startswith("1 copy")


def test_i02_a_rhythm_that_is_not_offered_is_told_in_words_and_left(
    page: SettingsPage, model: CopiesViewModel, runner: DeferredRunner, opened: OpenStore
) -> None:
    change_copy_settings(opened.store, minutes=20, days=3).result()

    model.refresh()
    runner.run()
    model.choose_minutes(1)
    model.choose_days(1)
    runner.run()

    assert "every 20 min" in words_of(page)
    assert "for more than 3 days" in words_of(page)


def test_i15_a_lost_stick_is_said_to_be_gone_and_it_is_told_what_follows(
    qtbot: QtBot,
    page: SettingsPage,
    model: CopiesViewModel,
    runner: DeferredRunner,
    tmp_path: Path,
) -> None:
    # Given copies on a stick that was lost, and another one since
    for name in ("lost", "new"):
        (tmp_path / name).mkdir()
        model.choose_place(tmp_path / name)
        runner.run()
    (tmp_path / "lost").rename(tmp_path / "elsewhere")
    assert str(tmp_path / "lost") in words_of(page)

    # When somebody says so with the keyboard
    link = button(page, "No longer exists …")
    assert str(tmp_path / "lost") in link.accessibleName()
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    dialog = page.findChild(PlaceGoneDialog)
    assert dialog is not None
    told = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "people who were erased may still be in them" in told
    assert "The office isn’t told that they are gone" in told
    dialog.submit()
    runner.run()

    # Then it is asked for no more
    assert model.state.others == ()
    assert str(tmp_path / "lost") not in words_of(page)
    assert page.window().focusWidget() is button(page, "Copy now")


def test_i15_a_stick_that_is_plugged_in_is_not_taken_for_gone(
    qtbot: QtBot, page: SettingsPage, model: CopiesViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        model.choose_place(tmp_path / name)
        runner.run()

    qtbot.keyClick(button(page, "No longer exists …"), Qt.Key.Key_Space)
    dialog = page.findChild(PlaceGoneDialog)
    assert dialog is not None
    dialog.submit()
    runner.run()

    assert "are there: the stick is connected" in dialog.error_text()
    assert len(model.state.others) == 1
    dialog.reject()
