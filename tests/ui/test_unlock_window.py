"""Unlocking: the words open the stand, and nothing heavy is loaded before."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.start_windows import CHEAP, WORDS, button, press, words_of

from stojnica.bootstrap.stand import Stand, create_stand, unlock_stand
from stojnica.services.tasks import DeferredRunner
from stojnica.services.unlock import UnlockViewModel
from stojnica.ui.start.unlock_window import UnlockWindow


@pytest.fixture
def unlock(
    qtbot: QtBot, tmp_path: Path, runner: DeferredRunner
) -> Iterator[Callable[[], tuple[UnlockWindow, list[Stand]]]]:
    opened: list[Stand] = []

    def show() -> tuple[UnlockWindow, list[Stand]]:
        create_stand(tmp_path / "home", WORDS, cost=CHEAP).close()
        model = UnlockViewModel(runner, lambda words: unlock_stand(tmp_path / "home", words), opened.append)
        window = UnlockWindow(model, "**Practice** · passphrase")
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window, opened

    yield show
    for stand in opened:
        stand.close()


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(
    unlock: Callable[[], tuple[UnlockWindow, list[Stand]]], keyboard: Keyboard, runner: DeferredRunner
) -> None:
    window, opened = unlock()
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.echoMode() is QLineEdit.EchoMode.Password

    keyboard.type("jutro voda hiša most")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "That is not the passphrase of this laptop." in words_of(window)
    assert "Everything that was saved is still here, locked." in words_of(window)
    assert line.selectedText()
    assert QApplication.focusWidget() is line

    keyboard.type(WORDS.upper())
    keyboard.press(Qt.Key.Key_Return)
    assert button(window, "Unlocking …") is not None
    runner.run()
    assert len(opened) == 1


def test_m37_while_the_keyring_is_asked_words_can_be_typed_and_count(
    unlock: Callable[[], tuple[UnlockWindow, list[Stand]]], keyboard: Keyboard, runner: DeferredRunner
) -> None:
    # Given a keyring that takes its time
    window, opened = unlock()
    asked: list[str] = []
    window._model.try_without_words(lambda: asked.append("key"), lambda _key: asked.append("opened"))

    # When somebody types, and it answers in the middle of a word
    keyboard.type("jutro vo")
    runner.run()

    # Then no window comes that would take the rest of the word for its keys
    assert asked == ["key"]
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert not line.isReadOnly()
    keyboard.type(WORDS.removeprefix("jutro vo"))
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert len(opened) == 1


def test_what_is_typed_can_be_looked_at(
    qtbot: QtBot, unlock: Callable[[], tuple[UnlockWindow, list[Stand]]], keyboard: Keyboard
) -> None:
    window, _opened = unlock()
    keyboard.type("jutro")
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)

    press(qtbot, window, "Show what I type")
    assert line.displayText() == "jutro"
    press(qtbot, window, "Hide what I type")
    assert line.displayText() != "jutro"


def test_nothing_is_tried_before_anything_is_typed(
    unlock: Callable[[], tuple[UnlockWindow, list[Stand]]], keyboard: Keyboard, runner: DeferredRunner
) -> None:
    unlock()
    keyboard.press(Qt.Key.Key_Return)

    assert runner.waiting == 0


UNTIL_UNLOCK = """
import sys
from stojnica.bootstrap.window import WindowProgram
from stojnica.__main__ import main

def look(program):
    program.application.processEvents()
    assert "UnlockWindow" in [type(window).__name__ for window in program.application.topLevelWidgets()]
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
    return 0

WindowProgram.run = look
sys.exit(main(["--home", sys.argv[1]]))
"""


HEAVY = (
    *("sqlalchemy", "alembic", "psycopg", "sqlcipher3", "cryptography", "pyrage", "babel", "reportlab"),
    *("PIL", "qrcode", "zxingcpp", "pypdfium2", "phonenumbers", "email_validator", "dataclasses"),
)


def test_before_unlocking_nothing_is_loaded_but_qt(tmp_path: Path) -> None:
    create_stand(tmp_path / "home", WORDS, cost=CHEAP).close()

    ended = subprocess.run(
        [sys.executable, "-c", UNTIL_UNLOCK, str(tmp_path / "home")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    loaded = ended.stdout.split()
    assert "PySide6" in loaded, ended.stderr
    assert [name for name in HEAVY if name in loaded] == []
