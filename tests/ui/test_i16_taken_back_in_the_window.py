"""I16: a volunteer takes consent back with the keyboard, by address or number, and looks for nobody."""

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from stojnica.records.contact_withdrawals import CONTACT_WITHDRAWAL
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.pages.take_back_dialog import TakeBackDialog
from stojnica.ui.stand_window import CONTACT, StandWindow


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def known(context: StandContext) -> list[tuple[str, str]]:
    query = sa.select(CONTACT_WITHDRAWAL.c.email_key, CONTACT_WITHDRAWAL.c.phone)
    rows = context.store.read(lambda connection: connection.execute(query).all()).result()
    return [tuple(row) for row in rows]


@pytest.fixture
def dialog(stand: StandWindow, runner: DeferredRunner, qtbot: QtBot) -> TakeBackDialog:
    stand.main.show_page(CONTACT)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    button = next(item for item in page.findChildren(QAbstractButton) if item.text() == "Take consent back …")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (found,) = page.findChildren(TakeBackDialog)
    return found


def test_i16_an_address_is_typed_and_it_holds(
    dialog: TakeBackDialog, stand: StandWindow, context: StandContext, runner: DeferredRunner, qtbot: QtBot
) -> None:
    page = stand.main.page(CONTACT)
    assert page is not None

    qtbot.keyClicks(dialog.focusWidget(), "Zana@Example.org")
    dialog.submit()
    runner.run()

    assert known(context) == [("zana@example.org", "")]
    assert not dialog.isVisible()
    assert "It holds for everybody who signed up with it" in words_of(page)
    assert "zana" not in words_of(page).lower()


def test_what_is_neither_is_said_at_the_field_and_nothing_is_kept(
    dialog: TakeBackDialog, context: StandContext, runner: DeferredRunner, qtbot: QtBot
) -> None:
    qtbot.keyClicks(dialog.focusWidget(), "zana@")
    dialog.submit()
    runner.run()

    assert dialog.isVisible()
    assert "neither an e-mail address nor a phone number" in words_of(dialog)
    assert known(context) == []
