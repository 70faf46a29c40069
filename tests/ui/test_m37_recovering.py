"""M37: a morning on which nobody knows the words, and words for another lead, by real keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import button_named
from tests.ui.whole_pages import settle

from stojnica.services.openers import NewOpener, add_opener
from stojnica.services.openers_page import OpenersViewModel
from stojnica.services.recover_page import RecoverStep, RecoverViewModel
from stojnica.services.recovery import check_code, recover_by_code
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.slot_ways import with_recovery
from stojnica.storage.slots import Argon2Cost, load_slots, save_slots
from stojnica.ui.pages.openers_card import OpenersCard
from stojnica.ui.start.recover_window import RecoverWindow

CHEAP = Argon2Cost(8, 1, 1)
WORDS = "jutro voda hiša most reka"
CODE = "ABCD-EFGH-JKMN-PQ01"


def words_of(window: QWidget) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, window: QWidget, words: str) -> None:
    found = [one for one in window.findChildren(QAbstractButton) if one.isVisible() and one.text() == words]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


class Recovery:
    """Hold the window, and what it opened."""

    def __init__(self, qtbot: QtBot, home: StoreHome, runner: DeferredRunner) -> None:
        self.seconds = 100.0
        self.opened: list[OpenStore] = []
        self.model: RecoverViewModel[Any] = RecoverViewModel(
            runner,
            lambda code: check_code(home, code),
            lambda wish: recover_by_code(home, wish.code, wish.words, name=wish.name, cost=CHEAP),
            self.opened.append,
            lambda: self.seconds,
        )
        self.window = RecoverWindow(self.model)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    home = StoreHome(tmp_path / "home")
    opened = create_store(home, WORDS, cost=CHEAP)
    save_slots(home.slots, with_recovery(load_slots(home.slots), opened.key, "one", CODE, CHEAP))
    opened.close()
    return home


@pytest.fixture
def recovery(qtbot: QtBot, home: StoreHome, runner: DeferredRunner) -> Iterator[Recovery]:
    shown = Recovery(qtbot, home, runner)
    yield shown
    for opened in shown.opened:
        opened.close()


def test_m37_the_code_leads_to_new_words_and_an_open_store(
    qtbot: QtBot, recovery: Recovery, home: StoreHome, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.type("abcd efgh jkmn pqol")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert recovery.model.state.step is RecoverStep.WORDS
    words = recovery.model.state.words
    assert all(word in words_of(recovery.window) for word in words.split())

    keyboard.type("something else")
    keyboard.press(Qt.Key.Key_Return)
    assert "These aren't the words above." in words_of(recovery.window)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    keyboard.type(words.upper())
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.type("Maja")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    (opened,) = recovery.opened
    opened.close()
    unlock_store(home, words).close()
    unlock_store(home, WORDS).close()


def test_m37_wrong_codes_cost_growing_time_and_wipe_nothing(
    recovery: Recovery, home: StoreHome, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    before = {path.name: path.read_bytes() for path in home.folder.iterdir() if path.name != "stojnica.lock"}
    keyboard.type("ABCD-EFGH-JKMN-PQ02")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "This code doesn't open this laptop." in words_of(recovery.window)

    keyboard.press(Qt.Key.Key_Return)
    assert runner.waiting == 0
    assert "Try again in 1 second." in words_of(recovery.window)
    recovery.seconds += 1
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    recovery.seconds += 1
    keyboard.press(Qt.Key.Key_Return)

    assert "Try again in 1 second." in words_of(recovery.window)
    assert {name: (home.folder / name).read_bytes() for name in before} == before


def test_m37_the_window_says_who_else_can_help_and_leads_back(qtbot: QtBot, recovery: Recovery) -> None:
    assert "Another lead of the stand" in words_of(recovery.window)
    assert "bring the laptop there" in words_of(recovery.window)

    with qtbot.waitSignal(recovery.window.left):
        press(qtbot, recovery.window, "Back to the words")


@pytest.fixture
def card(
    qtbot: QtBot, home: StoreHome, runner: DeferredRunner
) -> Iterator[Callable[[], tuple[OpenersCard, OpenersViewModel, OpenStore]]]:
    opened = unlock_store(home, WORDS)

    def show() -> tuple[OpenersCard, OpenersViewModel, OpenStore]:
        model = OpenersViewModel(opened, runner)
        shown = OpenersCard(model)
        model.subscribe(shown.render_state)
        qtbot.addWidget(shown)
        model.refresh()
        runner.run()
        shown.show()
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        return shown, model, opened

    yield show
    opened.close()


def test_m37_whose_the_first_words_are_can_be_said_later(
    qtbot: QtBot,
    card: Callable[[], tuple[OpenersCard, OpenersViewModel, OpenStore]],
    keyboard: Keyboard,
    runner: DeferredRunner,
) -> None:
    # Given the words from the first start, which nobody named
    shown, model, _opened = card()
    assert "without a name" in words_of(shown)

    # When nothing is typed, and then a name
    press(qtbot, shown, "Say whose …")
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    keyboard.press(Qt.Key.Key_Return)
    asked = words_of(QApplication.activeWindow() or shown)
    keyboard.type("Maja")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    # Then the name is there, and since when stays
    assert "Type a name." in asked
    assert model.state.known is not None
    assert [(one.name, one.since) for one in model.state.known.people] == [("Maja", 0)]
    qtbot.waitUntil(lambda: "Maja" in words_of(shown))
    links = [one.text() for one in shown.findChildren(QAbstractButton) if one.isVisible()]
    assert "Say whose …" not in links


def test_m37_a_name_typed_wrongly_is_corrected_where_it_is_listed(
    qtbot: QtBot,
    card: Callable[[], tuple[OpenersCard, OpenersViewModel, OpenStore]],
    keyboard: Keyboard,
    runner: DeferredRunner,
    home: StoreHome,
) -> None:
    # Given two people, one of whom was typed wrongly
    shown, model, opened = card()
    majas = "čebula lestev oblak skodelica veter"
    add_opener(opened, NewOpener(WORDS, majas, "Mija"))
    model.refresh()
    runner.run()

    # When the name is corrected by keys, over what stands there
    qtbot.waitUntil(lambda: "Mija" in words_of(shown))
    settle()
    button_named(shown, "correct the name Mija").setFocus()
    keyboard.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    keyboard.type("Maja")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    runner.run()

    # Then it is the right one, the words open as before, and the keyboard is at that person
    assert model.state.known is not None
    assert [one.name for one in model.state.known.people] == ["", "Maja"]
    qtbot.waitUntil(lambda: "Maja" in words_of(shown))
    hand = shown.focusWidget()
    assert hand is not None
    assert hand.accessibleName() == "correct the name Maja"
    opened.close()
    unlock_store(home, majas).close()


def test_m37_words_for_another_lead_by_keys(
    qtbot: QtBot,
    card: Callable[[], tuple[OpenersCard, OpenersViewModel, OpenStore]],
    keyboard: Keyboard,
    runner: DeferredRunner,
    home: StoreHome,
) -> None:
    shown, model, opened = card()
    assert "Take out …" not in [one.text() for one in shown.findChildren(QAbstractButton)]

    press(qtbot, shown, "Add a person …")
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    keyboard.type("Maja")
    proposed = QApplication.focusWidget()
    assert proposed is not None
    dialog = proposed.window()
    majas = [line.text() for line in dialog.findChildren(QLineEdit) if len(line.text().split()) == 5]
    assert "Strong enough." in words_of(dialog)
    keyboard.press(Qt.Key.Key_Return)
    assert "Type the words with which you unlock." in words_of(dialog)
    for line in dialog.findChildren(QLineEdit):
        if line.echoMode() is QLineEdit.EchoMode.Password:
            line.setFocus()
    keyboard.type(WORDS)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    runner.run()

    assert "Maja can open this laptop now." in words_of(shown)
    assert model.state.known is not None
    assert [one.name for one in model.state.known.people] == ["", "Maja"]
    opened.close()
    unlock_store(home, majas[0]).close()
