"""Megabytes are pasted, keys are held down: the bound is said, nothing is lost, the next one is served."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import go_to_person, line_named, type_person
from tests.ui.test_counting_keys import counted
from tests.ui.test_stand_window import PAGES

import stojnica.ui
from stojnica.domain.clock import SetClock
from stojnica.domain.text_bound import left_out, whole_cut
from stojnica.i18n import speaking
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.controls.bounded_editor import BoundedLine, BoundedText
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import LabelledField, LongTextField, TextField
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import CONTACT, StandWindow

MEGABYTES = 5 * 1024 * 1024
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
SLOVENIA = "\U0001f1f8\U0001f1ee"
FLOODS = {
    "words": "Ana Novak " * (MEGABYTES // 10),
    "one word": "a" * MEGABYTES,
    "empty lines": "\n" * MEGABYTES,
    "families": FAMILY * (MEGABYTES // 25),
    "flags": SLOVENIA * (MEGABYTES // 8),
    "marks": "a" + "\u0301" * (MEGABYTES // 2),
    "Arabic": "\u0645\u062d\u0645\u062f " * (MEGABYTES // 9),
    "zeros": "\x00" * MEGABYTES,
}
AT_ONCE_S = 2.0
"""Before there was a bound, five megabytes of empty lines took 24 seconds; now it is 40 ms."""
HELD = 10_000
SECOND_US = 1_000_000
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=[TextField, LongTextField])
def field(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[TextField | LongTextField]:
    """Give a field on the screen that has the focus."""
    made: TextField | LongTextField = request.param("Remark")
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.editor.setFocus()
    yield made
    QGuiApplication.clipboard().clear()


def paste(widget: QWidget, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(widget, Qt.Key.Key_V, CONTROL)


def said_in(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def limit_of(field: LabelledField) -> int:
    editor = field.editor
    assert isinstance(editor, BoundedLine | BoundedText)
    return editor.limit


def hold(
    window: QWidget,
    key: Qt.Key,
    text: str = "",
    times: int = HELD,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Hold a key down: a press, the repeats that the system makes of it, and the release at last."""
    handle = window.windowHandle()
    assert handle is not None
    steps = [(QEvent.Type.KeyPress, False)]
    steps += [(QEvent.Type.KeyRelease, True), (QEvent.Type.KeyPress, True)] * (times - 1)
    for kind, is_repeat in (*steps, (QEvent.Type.KeyRelease, False)):
        QApplication.sendEvent(handle, QKeyEvent(kind, key, held, text, is_repeat))


@pytest.mark.parametrize("flood", FLOODS)
def test_five_megabytes_are_cut_at_once_and_the_bound_is_said(
    field: TextField | LongTextField, flood: str
) -> None:
    began = perf_counter()
    paste(field.editor, FLOODS[flood])
    QApplication.processEvents()

    assert perf_counter() - began < AT_ONCE_S
    assert limit_of(field) - 40 <= len(field.text()) <= limit_of(field)
    assert field.text() == FLOODS[flood][: len(field.text())]
    assert field.message() == left_out(limit_of(field))


@pytest.mark.parametrize(
    "whole", [FAMILY, ENGLAND, "\U0001f1f8\U0001f1ee", "e\u0323\u0302", "\U0001f44b\U0001f3fd"]
)
def test_the_bound_parts_no_letter_and_no_emoji(field: TextField | LongTextField, whole: str) -> None:
    room = limit_of(field) - len(whole) + 1

    paste(field.editor, "a" * room + whole)

    assert field.text() == "a" * room
    assert field.message() == left_out(limit_of(field))


def test_what_stood_in_a_field_before_a_flood_comes_back_with_undo(field: TextField | LongTextField) -> None:
    paste(field.editor, "Kdaj je tabor?")
    QTest.keyClick(field.editor, Qt.Key.Key_A, CONTROL)
    paste(field.editor, FLOODS["words"])

    QTest.keyClick(field.editor, Qt.Key.Key_Z, CONTROL)

    assert field.text() == "Kdaj je tabor?"
    assert field.message() == ""


def test_a_letter_in_the_middle_of_a_full_field_pushes_nothing_out(field: TextField | LongTextField) -> None:
    full = "a" * (limit_of(field) - 1) + "z"
    paste(field.editor, full)
    assert field.message() == ""
    for held in (Qt.KeyboardModifier.NoModifier, CONTROL):
        QTest.keyClick(field.editor, Qt.Key.Key_Home, held)

    QTest.keyClick(field.editor, Qt.Key.Key_B)

    assert field.text() == full
    assert field.message() == left_out(limit_of(field))
    QTest.keyClick(field.editor, Qt.Key.Key_Delete)
    QTest.keyClick(field.editor, Qt.Key.Key_B)
    assert field.text() == "b" + full[1:]
    assert field.message() == ""


def test_a_full_field_of_emoji_is_shown_whole_when_it_comes_from_the_store(
    field: TextField | LongTextField,
) -> None:
    kept = "\U0001f600" * limit_of(field)

    field.set_text(kept)

    assert field.text() == kept


def test_a_place_to_cut_is_never_far_from_the_bound() -> None:
    assert whole_cut("a" + "\u0301" * 500, 200) == 200
    assert whole_cut("", 7) == 0
    assert whole_cut("Ana", 7) == 3


def test_every_field_of_every_page_takes_a_flood_and_says_its_bound(
    stand: StandWindow, runner: DeferredRunner
) -> None:
    seen = 0
    for key in PAGES:
        stand.main.show_page(key)
        runner.run()
        page = stand.main.page(key)
        assert page is not None
        for editor in page.findChildren(QWidget):
            if not isinstance(editor, QLineEdit | QPlainTextEdit) or not editor.isEnabled():
                continue
            if editor.objectName() == "qt_spinbox_lineedit" or editor.isReadOnly():
                continue
            assert isinstance(editor, BoundedLine | BoundedText), (key, editor.accessibleName())
            if not editor.isVisible():
                continue
            began = perf_counter()
            paste(editor, FLOODS["words"])
            runner.run()
            assert perf_counter() - began < AT_ONCE_S, (key, editor.accessibleName())
            assert left_out(editor.limit) in said_in(page), (key, editor.accessibleName())
            seen += 1
    assert seen >= 10
    QGuiApplication.clipboard().clear()


def test_a_visitor_who_pastes_a_flood_hears_of_it_in_their_language_and_signs_up(
    kiosk: KioskWindow, keyboard: Keyboard, models: StandModels, runner: DeferredRunner
) -> None:
    go_to_person(keyboard)
    models.kiosk.speak("hu")
    name = kiosk.focusWidget()
    assert isinstance(name, QLineEdit)
    paste(name, FLOODS["words"])

    with speaking("hu"):
        assert left_out(200) in said_in(kiosk)
    assert left_out(200) not in said_in(kiosk)
    models.kiosk.speak("en")
    assert left_out(200) in said_in(kiosk)

    keyboard.press(Qt.Key.Key_A, CONTROL)
    assert kiosk.focusWidget() is name
    type_person(keyboard)
    assert left_out(200) not in said_in(kiosk)
    keyboard.press(Qt.Key.Key_Return)
    assert kiosk.phase is KioskPhase.CONSENT


def test_nothing_of_a_flood_is_said_to_the_next_visitor(
    kiosk: KioskWindow, keyboard: Keyboard, models: StandModels, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_person(keyboard)
    name = kiosk.focusWidget()
    assert isinstance(name, QLineEdit)
    paste(name, FLOODS["families"])
    assert left_out(200) in said_in(kiosk)

    clock.at_us += 91 * SECOND_US
    models.kiosk.tick()
    runner.run()

    assert kiosk.step == 1
    assert not any(left_out(200) in label.text() for label in kiosk.findChildren(QLabel))
    assert QGuiApplication.clipboard().text() == ""
    go_to_person(keyboard)
    assert line_named(kiosk, "First name").text() == ""


def test_enter_that_is_held_down_goes_on_by_one_page(
    kiosk: KioskWindow, keyboard: Keyboard, models: StandModels
) -> None:
    keyboard.press(Qt.Key.Key_Space)

    hold(kiosk, Qt.Key.Key_Return, "\r")

    assert kiosk.step == 2
    type_person(keyboard)
    hold(kiosk, Qt.Key.Key_Return, "\r")
    assert kiosk.phase is KioskPhase.CONSENT


@pytest.mark.parametrize("name", ["Escape", "F1", "F5", "F11", "Menu"])
def test_keys_of_no_use_that_are_held_down_change_nothing(
    kiosk: KioskWindow, keyboard: Keyboard, name: str
) -> None:
    go_to_person(keyboard)
    keyboard.type("Ana")

    hold(kiosk, Qt.Key[f"Key_{name}"])

    assert (kiosk.step, line_named(kiosk, "First name").text()) == (2, "Ana")
    assert kiosk.isVisible()


def test_space_that_is_held_down_chooses_once(kiosk: KioskWindow, models: StandModels) -> None:
    hold(kiosk, Qt.Key.Key_Space, " ")

    (question,) = models.kiosk.state.questions
    assert sum(option.is_chosen for option in question.options) == 1


def test_a_bag_on_the_keyboard_is_no_visitor(
    kiosk: KioskWindow, keyboard: Keyboard, models: StandModels, runner: DeferredRunner, clock: SetClock
) -> None:
    go_to_person(keyboard)

    hold(kiosk, Qt.Key.Key_A, "a")
    assert line_named(kiosk, "First name").text() == "a" * 200
    clock.at_us += 91 * SECOND_US
    repeated = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", True)
    QApplication.sendEvent(kiosk.windowHandle(), repeated)
    models.kiosk.tick()
    runner.run()

    assert kiosk.step == 1


def test_a_pin_that_is_too_long_is_told(
    kiosk: KioskWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.press(Qt.Key.Key_K, CONTROL, Qt.KeyboardModifier.ShiftModifier)
    runner.run()

    hold(kiosk, Qt.Key.Key_2, "2")
    assert left_out(8) in said_in(kiosk)

    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert left_out(8) not in said_in(kiosk)


class _Pressed:
    def __init__(self) -> None:
        self.times = 0

    def note(self, *_told: object) -> None:
        self.times += 1


def test_enter_that_is_held_down_presses_a_button_once(qtbot: QtBot) -> None:
    pressed, button = _Pressed(), ActionButton("Save")
    qtbot.addWidget(button)
    button.clicked.connect(pressed.note)
    button.show()
    button.activateWindow()
    qtbot.waitUntil(button.isActiveWindow)
    button.setFocus()

    hold(button, Qt.Key.Key_Return, "\r")
    hold(button, Qt.Key.Key_Space, " ")

    assert pressed.times == 2


def test_enter_that_is_held_down_in_a_field_is_pressed_once(qtbot: QtBot) -> None:
    pressed, dialog = _Pressed(), AppDialog(None, title="PIN", accept="OK")
    field = TextField("PIN")
    dialog.body.addWidget(field)
    field.line.returnPressed.connect(pressed.note)
    dialog.submitted.connect(pressed.note)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    field.line.setFocus()

    hold(dialog, Qt.Key.Key_Return, "\r")

    assert pressed.times == 2  # The field tells it, and the dialog's own button.


def test_a_count_that_is_held_down_counts_once_and_presses_after_it_count(
    stand: StandWindow, runner: DeferredRunner, context: StandContext
) -> None:
    together = CONTROL | Qt.KeyboardModifier.AltModifier

    for _press in range(2):
        hold(stand.main, Qt.Key.Key_1, times=HELD // 2, held=together)
    runner.run()

    assert counted(context, "reached") == 2


def test_the_key_that_saves_works_once_while_it_is_held(stand: StandWindow) -> None:
    stand.main.show_page(CONTACT)

    repeating = [
        shortcut.key().toString()
        for shortcut in stand.main.findChildren(QShortcut)
        if shortcut.autoRepeat() and shortcut.key().toString() not in ("Ctrl+F",)
    ]

    assert repeating == []


def test_a_secret_field_says_its_bound_too_and_keeps_its_beginning(qtbot: QtBot) -> None:
    field = TextField("Passphrase", max_length=400)
    field.line.setEchoMode(QLineEdit.EchoMode.Password)
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    field.line.setFocus()

    paste(field.line, FLOODS["words"])
    QGuiApplication.clipboard().clear()

    assert field.text() == FLOODS["words"][:400]
    assert field.message() == left_out(400)


def test_nobody_makes_an_editor_without_a_bound() -> None:
    made = {
        path.name
        for path in Path(stojnica.ui.__file__).parent.rglob("*.py")
        if re.search(r"\b(QLineEdit|QPlainTextEdit|QTextEdit)\(", path.read_text("utf-8"))
    }

    # The report of a crash is only read.
    assert made == {"crash_dialog.py"}
