"""M35: erasing somebody from the sheet "what we have about you", and a yes to a large order of the office."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN

from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.records.contact_queries import is_known
from stojnica.services.capture import save_signup
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.status import look_at_status, status_of
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.erase_orders import WAITING, allowed_orders
from stojnica.storage.memory import remember
from stojnica.storage.outbox import Unconfirmed
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.ui.dialogs import ConfirmDialog
from stojnica.ui.pages.about_dialog import AboutDialog
from stojnica.ui.stand_window import CONTACT, OFFICE, StandWindow


@pytest.fixture
def person(context: StandContext) -> UUID:
    """Save somebody."""
    event = context.store.read(stand_now).result().event
    assert event is not None
    subject_id = new_id()
    save_signup(
        context.store,
        SignUp("Tjaša", email="tjasa@example.org", purposes=("answer",)),
        subject_id=subject_id,
        event_id=event.event_id,
        channel="kiosk",
        evidence=ConsentEvidence("screen", "en", {}),
    ).result()
    return subject_id


def button(page: QWidget, words: str) -> QAbstractButton:
    return next(
        item for item in page.findChildren(QAbstractButton) if item.isVisible() and item.text() == words
    )


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def sheet(stand: StandWindow, runner: DeferredRunner, person: UUID) -> AboutDialog:
    """Open the sheet about somebody who is being corrected."""
    stand.main.show_page(CONTACT)
    runner.run()
    stand.models.contact.correct(person)
    runner.run()
    stand.models.contact.show_about(PIN)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    return next(iter(page.findChildren(AboutDialog)))


def test_m35_erase_everything_asks_once_and_closes_the_sheet(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner, sheet: AboutDialog, person: UUID
) -> None:
    qtbot.mouseClick(button(sheet, "Erase everything …"), Qt.MouseButton.LeftButton)
    asked = next(iter(sheet.findChildren(ConfirmDialog)))
    still_here = stand.models.context.store.read(lambda c: is_known(c, branch_of(c), person)).result()
    qtbot.mouseClick(button(asked, "Erase everything"), Qt.MouseButton.LeftButton)
    runner.run()

    page = stand.main.page(CONTACT)
    assert page is not None
    assert still_here
    assert not stand.models.context.store.read(lambda c: is_known(c, branch_of(c), person)).result()
    qtbot.waitUntil(lambda: not page.findChildren(AboutDialog) or not sheet.isVisible())
    assert "The office erases it with the next sending." in words_of(page)
    assert stand.models.contact.state.correcting is None


def test_m35_who_thinks_again_erases_nothing(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner, sheet: AboutDialog, person: UUID
) -> None:
    qtbot.mouseClick(button(sheet, "Erase everything …"), Qt.MouseButton.LeftButton)
    asked = next(iter(sheet.findChildren(ConfirmDialog)))
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    runner.run()

    assert stand.models.context.store.read(lambda c: is_known(c, branch_of(c), person)).result()
    assert sheet.isVisible()

    # And a window that is closed with the sheet in it reads nothing any more
    stand.main.close()
    sheet.reject()
    runner.run()
    assert stand.models.contact.state.correcting == person


@pytest.fixture
def order(context: StandContext, person: UUID) -> UUID:
    """Let an order wait that takes a lot."""
    order_id = uuid4()

    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, WAITING, {str(order_id): [3, 11, 22, [str(person)]]})
        unit.connection.commit()

    context.store.write(keep).result()
    return order_id


def test_m35_a_large_order_is_agreed_to_on_the_page_where_one_sends(
    qtbot: QtBot,
    stand: StandWindow,
    enrol: Callable[[], None],
    runner: DeferredRunner,
    order: UUID,
    context: StandContext,
) -> None:
    enrol()
    stand.main.show_page(OFFICE)
    runner.run()
    page = stand.main.page(OFFICE)
    assert page is not None
    before = words_of(page)
    reason = "1 contact stays only until somebody agrees to erase it, as the office asks."

    qtbot.mouseClick(button(page, "Agree to erase"), Qt.MouseButton.LeftButton)
    asked = next(iter(stand.main.findChildren(ConfirmDialog)))
    qtbot.mouseClick(button(asked, "Erase with the next sending"), Qt.MouseButton.LeftButton)
    runner.run()

    assert "Order 3 takes 11 contacts with all their records off this laptop" in before
    assert reason in before
    qtbot.waitUntil(lambda: "Order 3: agreed." in words_of(page))
    qtbot.waitUntil(lambda: "1 contact is erased with the next sending" in words_of(page))
    assert reason not in words_of(page)
    assert stand.main.focusWidget() is button(page, "Send now"), "what is to be done next"
    assert context.store.read(allowed_orders).result() == {order}


def test_m35_what_the_office_asks_is_in_sight_on_every_page(context: StandContext, order: UUID) -> None:
    look = context.store.read(look_at_status).result()
    nothing_waits = replace(look.delivery, waiting=Unconfirmed(0, 0, 0))

    status = status_of(nothing_waits, look.now, is_asked=look.is_asked)

    assert (status.tone, status.delivery) == ("wait", "The office asks for a large erasure")
