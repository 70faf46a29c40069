"""Names are on the screen while a key is held, ten seconds at most; letting go takes them off at once."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.services.capture import KIOSK, save_signup
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.pages.names_link import NamesLink
from stojnica.ui.stand_window import CONTACT, TODAY, StandWindow

KEY, ALT = Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier
SECOND_US = 1_000_000
NAME = "Tjaša Žnidaršič"


@pytest.fixture
def tjasa(context: StandContext) -> None:
    """Have somebody signed up."""
    event = context.store.read(stand_now).result().event
    assert event is not None
    save_signup(
        context.store,
        SignUp("Tjaša", "Žnidaršič", email="tjasa@example.org", purposes=("answer",)),
        subject_id=new_id(),
        event_id=event.event_id,
        channel=KIOSK,
        evidence=ConsentEvidence("screen", "en", {}),
    ).result()


@pytest.fixture(params=[TODAY, CONTACT])
def page(
    qtbot: QtBot, request: pytest.FixtureRequest, tjasa: None, stand: StandWindow, runner: DeferredRunner
) -> QWidget:
    """Give each page that shows initials."""
    stand.main.show_page(request.param)
    runner.run()
    page = stand.main.page(request.param)
    assert page is not None
    page.model_of_names = stand.models.today if request.param == TODAY else stand.models.contact  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "T. Ž." in words_of(page))
    assert NAME not in words_of(page)
    return page


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def see_name(qtbot: QtBot, page: QWidget) -> None:
    qtbot.waitUntil(lambda: NAME in words_of(page))


def hold(stand: StandWindow, runner: DeferredRunner) -> None:
    QTest.keyPress(stand.main.windowHandle(), KEY, ALT)
    runner.run()


def let_go(stand: StandWindow, runner: DeferredRunner) -> None:
    QTest.keyRelease(stand.main.windowHandle(), KEY, ALT)
    runner.run()


def test_names_are_there_while_the_key_is_held_and_gone_when_it_comes_up(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    hold(stand, runner)
    see_name(qtbot, page)

    let_go(stand, runner)

    assert NAME not in words_of(page)
    qtbot.waitUntil(lambda: "T. Ž." in words_of(page))


def test_a_key_that_is_held_for_ever_shows_names_for_ten_seconds(
    qtbot: QtBot, page: Any, stand: StandWindow, runner: DeferredRunner, clock: SetClock
) -> None:
    hold(stand, runner)
    clock.at_us += 9 * SECOND_US
    page.model_of_names.tick()
    see_name(qtbot, page)

    clock.at_us += 2 * SECOND_US
    page.model_of_names.tick()
    runner.run()

    assert NAME not in words_of(page)
    let_go(stand, runner)
    hold(stand, runner)
    see_name(qtbot, page)
    let_go(stand, runner)


def test_names_that_arrive_after_the_key_came_up_are_not_shown(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    QTest.keyPress(stand.main.windowHandle(), KEY, ALT)
    QTest.keyRelease(stand.main.windowHandle(), KEY, ALT)

    runner.run()

    assert NAME not in words_of(page)


def test_names_go_when_another_window_takes_the_key(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    hold(stand, runner)

    QApplication.sendEvent(stand.main, QEvent(QEvent.Type.WindowDeactivate))
    runner.run()

    assert NAME not in words_of(page)
    let_go(stand, runner)


def test_the_key_may_be_held_while_a_field_has_the_focus_and_types_nothing(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    line = next((line for line in page.findChildren(QLineEdit) if line.isVisible()), None)
    if line is not None:
        line.setFocus()

    hold(stand, runner)

    see_name(qtbot, page)
    assert line is None or line.text() == ""
    let_go(stand, runner)


def test_names_that_came_with_the_pin_stay_when_the_key_is_pressed_too(
    qtbot: QtBot, page: Any, stand: StandWindow, runner: DeferredRunner
) -> None:
    page.model_of_names.show_names(PIN)
    runner.run()
    see_name(qtbot, page)

    hold(stand, runner)
    let_go(stand, runner)

    see_name(qtbot, page)
    link = next(item for item in page.findChildren(NamesLink) if item.isVisible())
    assert "hide names" in link._link.text()


def test_a_held_key_opens_no_sheet_about_a_person(
    qtbot: QtBot, tjasa: None, stand: StandWindow, runner: DeferredRunner, keyboard: Keyboard
) -> None:
    stand.main.show_page(CONTACT)
    runner.run()
    model = stand.models.contact
    model.correct(model.state.contacts[0].subject_id)
    runner.run()
    hold(stand, runner)
    assert model.state.are_names_shown

    model.show_about()
    runner.run()

    assert model.about.state.about is None
    let_go(stand, runner)
