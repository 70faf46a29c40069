"""What tests do on the page New contact: find a field, press, and look at what was kept."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.stand import StandContext, stand_now
from stojnica.storage.unit import branch_of
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.dialogs import AppDialog


def first_box(page: QWidget) -> ConsentRow:
    return next(box for box in page.findChildren(ConsentRow) if box.isVisible())


def line_named(page: QWidget, words: str) -> QLineEdit:
    return next(line for line in page.findChildren(QLineEdit) if line.accessibleName().startswith(words))


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def button(page: QWidget, words: str) -> QAbstractButton | None:
    buttons = page.findChildren(QAbstractButton)
    return next((item for item in buttons if item.isVisible() and item.text() == words), None)


def press(qtbot: QtBot, page: QWidget, words: str) -> None:
    qtbot.waitUntil(lambda: button(page, words) is not None)
    found = button(page, words)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def dialog_of(page: QWidget) -> AppDialog:
    window = QApplication.activeModalWidget()
    assert isinstance(window, AppDialog)
    return window


def contacts(context: StandContext) -> list[Contact]:
    """Give the contacts of the event, the newest first."""

    def read(connection: Any) -> list[Contact]:
        event = stand_now(connection).event
        assert event is not None
        branch_id = branch_of(connection)
        lines = newest_contacts(connection, branch_id, event.event_id, 9)
        found = [contact(connection, branch_id, line.subject_id) for line in lines]
        return [item for item in found if item is not None]

    return context.store.read(read).result()
