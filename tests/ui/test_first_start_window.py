"""The first start: from the language to an open stand, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
from pyrage import passphrase
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QRadioButton,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.start_windows import CHEAP, everything_said, press, words_of

from stojnica.bootstrap.stand import Stand, create_stand
from stojnica.central.enrolment import Enrolment, ServerHost, seal
from stojnica.central.keys import load_public_keys
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.services.first_start import FirstStartViewModel, Step
from stojnica.services.shown_organisation import shown_organisation
from stojnica.services.tasks import DeferredRunner
from stojnica.settings import load_settings
from stojnica.sync.credentials import credentials_of
from stojnica.ui.controls.step_dots import StepDots
from stojnica.ui.start.first_start_window import FirstStartWindow

CODE = "ABCD-EFGH-JKMN-PQRS"


FAR_OFF_US = 4_000_000_000_000_000


class FirstStart:
    """Hold the window of a first start, and the stand that it leads to."""

    def __init__(self, qtbot: QtBot, folder: Path, runner: DeferredRunner) -> None:
        self.folder = folder
        self.runner = runner
        self.stands: list[Stand] = []
        self.finished: list[Any] = []
        self.model = FirstStartViewModel(runner, self._create, self.finished.append, current_language())
        self.window = FirstStartWindow(self.model)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def _create(self, passphrase: str, language: str) -> Stand:
        self.stands.append(create_stand(self.folder, passphrase, language=language, cost=CHEAP))
        return self.stands[-1]

    def go_to(self, step: Step, keyboard: Keyboard) -> None:
        """Walk to a page as somebody does who makes no mistake."""
        for step_on in (self.begin, self.note_the_words, self.repeat_the_words, self.choose_a_pin):
            if self.model.state.step is step:
                return
            step_on(keyboard)
        assert self.model.state.step is step

    def begin(self, keyboard: Keyboard) -> None:
        keyboard.press(Qt.Key.Key_Return)

    def note_the_words(self, keyboard: Keyboard) -> None:
        keyboard.press(Qt.Key.Key_Return)

    def repeat_the_words(self, keyboard: Keyboard) -> None:
        keyboard.type(self.model.state.passphrase.upper())
        keyboard.press(Qt.Key.Key_Return)

    def choose_a_pin(self, keyboard: Keyboard, pin: str = "2468", repeated: str = "2468") -> None:
        keyboard.type(pin)
        keyboard.press(Qt.Key.Key_Return)
        keyboard.type(repeated)
        keyboard.press(Qt.Key.Key_Return)
        self.runner.run()


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path, runner: DeferredRunner) -> Iterator[FirstStart]:
    start = FirstStart(qtbot, tmp_path / "home", runner)
    yield start
    for stand in start.stands:
        stand.close()


def test_the_first_start_leads_by_keys_from_the_language_to_an_open_stand(
    qtbot: QtBot, first: FirstStart, keyboard: Keyboard
) -> None:
    assert "Welcome to the stand" in words_of(first.window)
    keyboard.press(Qt.Key.Key_Backtab)
    assert isinstance(QApplication.focusWidget(), QRadioButton)
    keyboard.press(Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: current_language() == "sl")
    assert _("Welcome to the stand") in words_of(first.window)

    first.go_to(Step.OFFICE, keyboard)
    assert first.folder.joinpath("slots.json").exists()
    field = next(line for line in first.window.findChildren(QLineEdit) if line.isVisible())
    field.setFocus()
    keyboard.type("Zavod Čmrlj")
    keyboard.press(Qt.Key.Key_Return)
    first.runner.run()

    (stand,) = first.finished
    document = stand.store.read(shown_organisation).result().document
    assert document.organisation.name == "Zavod Čmrlj"
    assert load_settings(first.folder).language == "sl"
    assert len(document.wordings) > 0


def test_the_words_are_shown_numbered_and_later_nowhere(
    qtbot: QtBot, first: FirstStart, keyboard: Keyboard
) -> None:
    first.go_to(Step.PASSPHRASE, keyboard)
    words = first.model.state.passphrase
    qtbot.waitUntil(lambda: all(word in words_of(first.window) for word in words.split()))
    press(qtbot, first.window, "Other words")
    other = first.model.state.passphrase
    assert other != words
    qtbot.waitUntil(lambda: all(word in words_of(first.window) for word in other.split()))

    press(qtbot, first.window, "They are on paper")
    first.go_to(Step.OFFICE, keyboard)

    qtbot.waitUntil(lambda: other.split()[0] not in everything_said(first.window).split())
    assert not first.model.state.passphrase


def test_wrong_words_go_no_further_and_the_way_back_shows_the_same_ones(
    qtbot: QtBot, first: FirstStart, keyboard: Keyboard
) -> None:
    first.go_to(Step.REPEAT, keyboard)
    words = first.model.state.passphrase
    keyboard.type("something else")
    keyboard.press(Qt.Key.Key_Return)

    assert first.model.state.step is Step.REPEAT
    assert "These aren't the same words." in words_of(first.window)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert not first.folder.exists()

    press(qtbot, first.window, "Back")
    assert first.model.state.passphrase == words


@pytest.mark.parametrize(
    ("pin", "repeated", "said"),
    [("12", "12", "A PIN is 4 to 8 digits."), ("2468", "2469", "The two PINs differ.")],
)
def test_a_pin_that_does_not_fit_makes_no_store(
    first: FirstStart, keyboard: Keyboard, pin: str, repeated: str, said: str
) -> None:
    first.go_to(Step.PIN, keyboard)
    first.choose_a_pin(keyboard, pin, repeated)

    assert first.model.state.step is Step.PIN
    assert said in words_of(first.window)
    assert not first.folder.exists()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    first.choose_a_pin(keyboard)
    assert first.model.state.step is Step.OFFICE


def test_without_a_name_the_try_does_not_begin(qtbot: QtBot, first: FirstStart, keyboard: Keyboard) -> None:
    first.go_to(Step.OFFICE, keyboard)
    press(qtbot, first.window, "Try without")

    assert "The name of the organisation is missing." in words_of(first.window)
    assert not first.finished


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Zavod\x07", "can't be read"),
        ("Zavod\u202e", "direction of reading"),
        ("\u200b", "name of the organisation"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_and_another_one_is_not_put_in_its_place(
    first: FirstStart, keyboard: Keyboard, runner: DeferredRunner, name: str, said: str
) -> None:
    first.go_to(Step.OFFICE, keyboard)

    first.model.try_without(name)
    runner.run()

    assert said in words_of(first.window)
    assert not first.finished
    first.model.try_without("Zavod O'Brien")
    runner.run()
    assert first.finished


def test_the_dots_tell_how_far_it_is(first: FirstStart, keyboard: Keyboard) -> None:
    def told() -> list[str]:
        return [dots.accessibleName() for dots in first.window.findChildren(StepDots) if dots.isVisible()]

    first.go_to(Step.REPEAT, keyboard)

    assert told() == ["Step 3 of 5"]


class QuickAge:
    """Stand in for age, whose passphrases take seconds by design."""

    header = b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 16\n"

    def encrypt(self, body: bytes, code: str) -> bytes:
        return self.header + code.encode() + body

    def decrypt(self, data: bytes, code: str) -> bytes:
        start = self.header + code.encode()
        if not data.startswith(start):
            raise pyrage.DecryptError("Decryption failed")
        return data.removeprefix(start)


@pytest.fixture
def enrolment_file(organisation_keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("encrypt", "decrypt"):
        monkeypatch.setattr(passphrase, name, getattr(QuickAge(), name))
    keys = load_public_keys(organisation_keys)
    enrolment = Enrolment(
        branch_id=UUID(int=1),
        device_id=UUID(int=2),
        server_id=UUID(int=3),
        name="Prenosnik A",
        hosts=(ServerHost("127.0.0.1", 5432),),
        database="hub",
        role="stojnica_l_0123456789abcdef",
        password="secret",
        tls_mode="none",
        ca_pem="",
        signing_key=keys.signing_key,
        recipients=keys.recipients,
        secret=bytes(range(32)),
        created_at=1_000,
        valid_until=FAR_OFF_US,
    )
    path = tmp_path / "laptop-a.stojnica"
    path.write_bytes(seal(enrolment, CODE).data)
    return path


def test_the_file_from_the_office_is_opened_with_its_code(
    qtbot: QtBot, first: FirstStart, keyboard: Keyboard, enrolment_file: Path
) -> None:
    first.go_to(Step.OFFICE, keyboard)
    press(qtbot, first.window, "Open the enrolment file …")
    dialog = first.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(enrolment_file))
    dialog.close()
    first.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is first.window)
    code = QApplication.focusWidget()
    assert isinstance(code, QLineEdit)

    keyboard.type("ABCD-EFGH-JKMN-PQRT")
    keyboard.press(Qt.Key.Key_Return)
    first.runner.run()
    assert first.model.state.message is not None
    assert first.model.state.message.text in words_of(first.window)
    assert QApplication.focusWidget() is code
    assert not first.finished

    code.selectAll()
    keyboard.type(CODE.lower())
    keyboard.press(Qt.Key.Key_Return)
    first.runner.run()
    (stand,) = first.finished
    credentials = stand.store.read(credentials_of).result()
    assert credentials.name == "Prenosnik A"
