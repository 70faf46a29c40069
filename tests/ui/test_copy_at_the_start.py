"""A dead laptop's copy at the first start: from a folder or one file, by its words or the office's key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.start_windows import CHEAP, WORDS, button, everything_said, words_of
from tests.ui.whole_pages import cut

from stojnica.bootstrap.stand import Stand, unlock_stand
from stojnica.central.keys import IDENTITY_FILES, PROTECTED_FILE, PublicKeys, make_keys
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.i18n import use_language
from stojnica.services.copies import CopyKeeper
from stojnica.services.first_start import FirstStartViewModel, Step
from stojnica.services.protecting import Protection, make_protected_keys
from stojnica.services.restore import CopyWish, restore_copy, restored_text
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import load_slots, save_slots, with_organisation
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.start.first_start_window import FirstStartWindow

MAJAS = "čebula lestev oblak skodelica veter"
BY_KEY = "Nobody has the words? With the office’s key"


@pytest.fixture
def keys(tmp_path: Path) -> PublicKeys:
    """Make the office's keys, protected by Maja's words; the other identity is away, for the safe."""
    return make_protected_keys(tmp_path / "keys", Protection(MAJAS, tmp_path / "safe"), CHEAP)


@pytest.fixture
def copy(tmp_path: Path, keys: PublicKeys) -> Path:
    """Make the only copy of a laptop with one contact, which belongs to the office."""
    opened = create_store(StoreHome(tmp_path / "dead"), WORDS, cost=CHEAP)

    def save(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, new_id(), {"first_name": "Ana", "language": "sl"}, channel="kiosk")
        unit.commit()

    opened.store.write(save).result()
    save_slots(
        opened.home.slots, with_organisation(load_slots(opened.home.slots), opened.key, keys.recipients)
    )
    (made,) = CopyKeeper(OpenStore(opened.home, opened.store, opened.key, opened.lock)).copy().made
    opened.close()
    return made.path


class AtTheStart:
    """Hold the window on the page for a copy, and choose files as a person does in their dialog."""

    def __init__(self, qtbot: QtBot, runner: DeferredRunner, folder: Path) -> None:
        self._qtbot = qtbot
        self.runner = runner
        self.folder = folder
        self.finished: list[Any] = []
        self.model = FirstStartViewModel(
            runner, self._create, self.finished.append, "en", restore=self._restore
        )
        self.window = FirstStartWindow(self.model)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.press("Open a copy of another laptop")

    def _create(self, _words: str, _language: str) -> Stand:
        raise AssertionError("no new store is wanted")

    def _restore(self, wish: CopyWish, language: str) -> tuple[Stand, str]:
        restored = restore_copy(wish, self.folder, cost=CHEAP)
        return unlock_stand(self.folder, wish.words, cost=CHEAP), restored_text(restored)

    def press(self, words: str) -> None:
        found = button(self.window, words)
        assert found is not None, words_of(self.window)
        found.setFocus()
        self._qtbot.keyClick(found, Qt.Key.Key_Space)

    def choose(self, words: str, path: Path) -> None:
        """Press a button and choose in the dialog that it opens."""
        self.press(words)
        dialog = self.window.findChildren(QFileDialog)[-1]
        mode = QFileDialog.FileMode.Directory if path.is_dir() else QFileDialog.FileMode.ExistingFile
        assert dialog.fileMode() is mode
        dialog.fileSelected.emit(str(path))
        dialog.done(0)

    def line(self) -> QLineEdit:
        (found,) = [one for one in self.window.findChildren(QLineEdit) if one.isVisible()]
        return found

    def enter(self, keyboard: Keyboard, text: str) -> None:
        keyboard.type(text)
        keyboard.press(Qt.Key.Key_Return)
        self.runner.run()


@pytest.fixture
def start(
    qtbot: QtBot, runner: DeferredRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AtTheStart]:
    # A dialog for files that takes nobody's focus
    monkeypatch.setattr(QFileDialog, "open", lambda _dialog: None)
    made = AtTheStart(qtbot, runner, tmp_path / "home")
    yield made
    if isinstance(made.model.stand, Stand):
        made.model.stand.close()


def test_i09_one_file_is_enough_and_its_own_words_open_it(
    start: AtTheStart, copy: Path, keyboard: Keyboard
) -> None:
    assert button(start.window, BY_KEY) is None, "one way at first"
    start.choose("A single file …", copy)
    assert button(start.window, copy.name) is not None

    start.enter(keyboard, "other words than these are")
    assert "These words don't open the copy." in words_of(start.window)
    # What was typed is still there, hidden from who looks on, and can be seen, mended or typed over.
    assert start.line().text() == start.line().selectedText() == "other words than these are"
    assert start.line().echoMode() is QLineEdit.EchoMode.Password
    start.press("Show what I type")
    assert start.line().echoMode() is QLineEdit.EchoMode.Normal
    start.press("Hide what I type")
    start.line().setFocus()
    start.line().selectAll()
    start.enter(keyboard, WORDS)

    assert "The copy is open, with 1 contact." in words_of(start.window)
    start.press("To the stand")
    assert start.finished == [start.model.stand]


def test_i09_when_nobody_has_the_words_the_key_of_the_safe_opens_it_and_new_words_are_on_paper(
    qtbot: QtBot, start: AtTheStart, copy: Path, keyboard: Keyboard, tmp_path: Path
) -> None:
    start.choose("Choose the stick or folder …", copy.parent)
    start.press(BY_KEY)
    start.choose("Choose the key file …", tmp_path / "safe" / IDENTITY_FILES[1])
    start.press("Try the key")
    start.runner.run()
    assert start.model.state.step is Step.COPY_WORDS
    words = start.model.state.passphrase
    assert all(word in everything_said(start.window) for word in words.split())

    start.enter(keyboard, "these are not the words")
    assert not start.folder.joinpath("stojnica.db").exists()
    start.line().selectAll()
    start.enter(keyboard, words)

    assert "The copy is open, with 1 contact." in words_of(start.window)
    # They are on paper alone now.
    qtbot.waitUntil(lambda: words not in everything_said(start.window))
    start.press("To the stand")
    (stand,) = start.finished
    stand.close()
    for opening in (words, WORDS):
        unlock_stand(start.folder, opening, cost=CHEAP).close()


def test_i09_a_protected_key_asks_for_the_words_of_a_coordinator(
    start: AtTheStart, copy: Path, keyboard: Keyboard, tmp_path: Path
) -> None:
    start.choose("Choose the stick or folder …", copy.parent)
    start.press(BY_KEY)
    start.choose("Choose the key file …", tmp_path / "keys" / PROTECTED_FILE)

    start.enter(keyboard, WORDS)
    assert "These words don't open the keys of the office." in words_of(start.window)
    start.line().setFocus()
    start.enter(keyboard, MAJAS)

    assert start.model.state.step is Step.COPY_WORDS
    start.press("Back")
    assert start.model.state.step is Step.COPY
    assert start.model.state.passphrase == ""


def test_i09_a_key_of_others_and_a_file_without_one_are_told_before_any_words_are_written_down(
    start: AtTheStart, copy: Path, keyboard: Keyboard, tmp_path: Path
) -> None:
    make_keys(tmp_path / "others")
    (tmp_path / "list.txt").write_text("bread, milk", encoding="utf-8")
    start.choose("Choose the stick or folder …", copy.parent)
    start.press(BY_KEY)

    for file, told in (
        (tmp_path / "others" / IDENTITY_FILES[0], "This key of the organisation doesn’t open this copy."),
        (tmp_path / "list.txt", "There is no key of the organisation in list.txt."),
    ):
        start.choose(start.model.state.key_name or "Choose the key file …", file)
        start.press("Try the key")
        start.runner.run()
        assert told in words_of(start.window)
        assert start.model.state.step is Step.COPY

    start.press("With the words of the other laptop")
    start.enter(keyboard, WORDS)
    assert "The copy is open, with 1 contact." in words_of(start.window)


@pytest.mark.parametrize("scale", [2.0], indirect=True)
@pytest.mark.usefixtures("scale")
def test_the_words_for_the_paper_are_whole_at_twice_the_size(
    qtbot: QtBot, start: AtTheStart, copy: Path, tmp_path: Path
) -> None:
    use_language("sl")
    start.window.resize(1366, 768)
    start.model.choose_copy(copy)
    start.model.open_by_key(True)
    start.model.choose_key(tmp_path / "safe" / IDENTITY_FILES[1])
    start.model.try_key("")
    start.runner.run()

    later = FirstStartWindow(start.model)
    qtbot.addWidget(later)
    later.showNormal()
    later.resize(1366, 768)

    for window in (start.window, later):
        qtbot.waitUntil(lambda window=window: cut(window) == [])  # type: ignore[misc]
