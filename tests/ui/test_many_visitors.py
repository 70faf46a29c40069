"""One visitor after the other through the kiosk's real window: each leaves one right record."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN

from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.stay_awake import NotedStayAwake
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.demo_visitors import DemoVisitor, demo_visitors, receive_visitors
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import StandWindow

SEED = 4
A_LINK = 4


@pytest.fixture
def window(qtbot: QtBot, models: StandModels, runner: DeferredRunner) -> Iterator[StandWindow]:
    """Give the stand's window, whose answers come by themselves."""
    answers = QTimer(interval=1)
    answers.timeout.connect(runner.run)
    answers.start()
    stand = StandWindow(models, "", lambda: None)
    qtbot.addWidget(stand.main)
    stand.show()
    yield stand
    answers.stop()
    stand.close()


def contacts_of(context: StandContext, limit: int) -> list[Contact]:
    """Give what is in the store, the first one first."""

    def read(connection: Any) -> list[Contact]:
        now = stand_now(connection)
        assert now.event is not None
        lines = newest_contacts(connection, now.branch_id, now.event.event_id, limit)
        found = [contact(connection, now.branch_id, line.subject_id) for line in reversed(lines)]
        return [one for one in found if one is not None]

    return context.store.read(read).result()


def is_right(found: Contact, visitor: DemoVisitor) -> bool:
    """Tell whether a record is this visitor's, whole, and nobody else's."""
    granted = [item for item in found.consents if item.is_granted]
    return (
        (found.first_name, found.email, found.last_name, found.phone)
        == (visitor.first_name, visitor.email, "", "")
        and (found.channel, found.form, found.form_version) == ("kiosk", "person", 1)
        and (len(found.interests), len(granted)) == (len(visitor.tiles), len(visitor.boxes))
        and len(found.consents) == 3
        and bool(found.age_band)
    )


@pytest.mark.parametrize("number", [12, pytest.param(200, marks=[pytest.mark.nightly])])
def test_each_visitor_in_a_row_leaves_one_right_record(
    window: StandWindow, context: StandContext, qtbot: QtBot, number: int
) -> None:
    received = receive_visitors(window, number, pin=PIN, seed=SEED)

    if window.kiosk is not None:
        qtbot.addWidget(window.kiosk)
    assert received == number
    found = contacts_of(context, number + 50)
    expected = demo_visitors(number, SEED)
    assert len(found) == number
    assert [one for one, visitor in zip(found, expected, strict=True) if not is_right(one, visitor)] == []


def test_visitors_leave_no_widgets_behind(window: StandWindow, qtbot: QtBot) -> None:
    after_each: list[int] = []

    def count(_visitor: int) -> None:
        assert window.kiosk is not None
        after_each.append(len(window.kiosk.findChildren(QWidget)))

    receive_visitors(window, 24, pin=PIN, heard=count)

    assert window.kiosk is not None
    qtbot.addWidget(window.kiosk)
    # Visitors differ by the links they are shown, and by nothing that stays.
    assert max(after_each[12:]) <= max(after_each[:12]) + A_LINK


def test_the_laptop_stays_awake_while_the_kiosk_is_open(window: StandWindow, qtbot: QtBot) -> None:
    awake = window.models.awake
    assert isinstance(awake, NotedStayAwake)

    receive_visitors(window, 1, pin=PIN)

    assert window.kiosk is not None
    qtbot.addWidget(window.kiosk)
    assert not awake.is_awake
    window.open_kiosk()
    assert awake.is_awake
