"""Dialogs collect and check, store nothing, and say at the place what went wrong; bugs get one dialog."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from stojnica.crash_text import crash_details
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.i18n import speaking
from stojnica.ui.application import has_display
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.crash_reporter import CrashReporter
from stojnica.ui.dialogs import AppDialog, ConfirmDialog


class NameDialog(AppDialog):
    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, title="New event", accept="Add the event", intro="Give it a name.")
        self.name = TextField("Name")
        self.body.addWidget(self.name)

    def collect(self) -> object:
        if not self.name.text():
            self.name.set_message(FieldMessage("The event needs a name.", "bad"))
            return None
        return self.name.text()


def shown_buttons(dialog: AppDialog) -> dict[str, ActionButton]:
    return {button.text(): button for button in dialog.findChildren(ActionButton) if button.isVisible()}


@pytest.fixture
def dialog(qtbot: QtBot) -> NameDialog:
    dialog = NameDialog(None)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_what_is_not_right_yet_is_said_at_the_field(qtbot: QtBot, dialog: NameDialog) -> None:
    with qtbot.assertNotEmitted(dialog.submitted):
        dialog.submit()

    assert dialog.name.message() == "The event needs a name."
    assert dialog.isVisible()


def test_the_value_is_sent_and_the_dialog_waits_for_its_owner(qtbot: QtBot, dialog: NameDialog) -> None:
    dialog.name.set_text("Festival LUPA")

    with qtbot.waitSignal(dialog.submitted) as sent:
        qtbot.keyClick(dialog.name.line, Qt.Key.Key_Return)

    assert sent.args == ["Festival LUPA"]
    assert dialog.isVisible()
    assert not shown_buttons(dialog)["Add the event"].isEnabled()


def test_an_error_is_shown_in_place_and_the_user_can_try_again(qtbot: QtBot, dialog: NameDialog) -> None:
    dialog.name.set_text("Festival LUPA")
    dialog.submit()

    dialog.show_error(UserFacingError("The disk is full.", safe="Nothing was lost."))

    assert dialog.error_text() == "The disk is full. Nothing was lost."
    assert shown_buttons(dialog)["Add the event"].isEnabled()
    assert dialog.name.text() == "Festival LUPA"


def test_escape_leaves_without_sending(qtbot: QtBot, dialog: NameDialog) -> None:
    dialog.name.set_text("Festival LUPA")

    with qtbot.waitSignal(dialog.rejected), qtbot.assertNotEmitted(dialog.submitted):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_destructive_question_is_not_answered_by_enter(qtbot: QtBot) -> None:
    dialog = ConfirmDialog(None, title="Void this contact?", text="It stays in the log.", accept="Void")
    qtbot.addWidget(dialog)
    dialog.open()

    with qtbot.assertNotEmitted(dialog.submitted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.submitted):
        qtbot.mouseClick(shown_buttons(dialog)["Void"], Qt.MouseButton.LeftButton)

    assert not dialog.isVisible()


def test_crash_details_name_the_place_and_no_value() -> None:
    def save(name: str) -> None:
        raise ValueError(f"cannot save {name}")

    try:
        save("Žiga Novak")
    except ValueError as error:
        details = crash_details(error)

    assert "ValueError" in details
    assert "test_dialogs.py" in details
    assert "save" in details
    assert "Novak" not in details
    assert "/home" not in details


@pytest.fixture
def reporter(qtbot: QtBot, qapp: QApplication) -> Iterator[CrashReporter]:
    reporter = CrashReporter(qapp)
    yield reporter
    if reporter.dialog is not None:
        reporter.dialog.reject()


def test_a_bug_gets_one_dialog_however_often_it_happens(qtbot: QtBot, reporter: CrashReporter) -> None:
    for _again in range(3):
        reporter.report(ZeroDivisionError())
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    dialog = reporter.dialog
    assert dialog is not None

    shown_buttons(dialog)["Copy details"].click()

    assert "ZeroDivisionError" in QApplication.clipboard().text()
    details = dialog.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit)
    assert details.isReadOnly()
    shown_buttons(dialog)["Go on"].click()
    assert reporter.dialog is None


def test_a_stop_that_was_asked_for_is_no_bug(qtbot: QtBot, reporter: CrashReporter) -> None:
    reporter.report(CancelledError())
    qtbot.wait(20)

    assert reporter.dialog is None


def test_details_of_errors_that_caused_each_other_come_to_an_end() -> None:
    one, other = ValueError("Novak"), KeyError("Novak")
    one.__cause__, other.__cause__ = other, one

    details = crash_details(one)

    assert details.splitlines()[2:] == ["ValueError", "KeyError"]


def test_qts_own_buttons_speak_through_our_catalogues(qtbot: QtBot) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Discard | QDialogButtonBox.StandardButton.Yes)
    qtbot.addWidget(buttons)

    assert buttons.button(QDialogButtonBox.StandardButton.Yes).text() == "Yes"
    assert QCoreApplication.translate("QLineEdit", "Select All") == "Select all"
    assert QCoreApplication.translate("QPrintDialog", "Output &file:") == "Into the file:"
    assert QCoreApplication.translate("QShortcut", "Delete") == "Delete"
    with speaking("sl"):
        assert QCoreApplication.translate("QPlatformTheme", "unknown to us") == "unknown to us"


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_only_linux_can_be_without_a_display(
    environment: dict[str, str], system: str, expected: bool
) -> None:
    assert has_display(environment, system) is expected
