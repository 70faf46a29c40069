"""Today: one key counts, in any page; goals and contacts are in sight, names are not."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import FRIDAY, PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import CONVERSATION, FLYER, REACHED, ReachTotals
from stojnica.records.reach_queries import reach_of
from stojnica.services.capture import save_signup
from stojnica.services.changes import Change
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import CURRENT_EVENT, StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.controls.goal_bar import GoalBar
from stojnica.ui.controls.half_hour_chart import HalfHourChart
from stojnica.ui.controls.tally_card import TallyCard
from stojnica.ui.stand_window import CONTACT, EVENTS, FLYERS, KIOSK, OFFICE, TODAY, StandWindow

CTRL_ALT = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
KEYS = {REACHED: Qt.Key.Key_1, CONVERSATION: Qt.Key.Key_2, FLYER: Qt.Key.Key_3}
MINUTE_US = 60_000_000


def totals(context: StandContext) -> ReachTotals:
    def read(connection: Any) -> ReachTotals:
        now = stand_now(connection)
        assert now.event is not None
        return reach_of(connection, now.branch_id, [now.event.event_id])

    return context.store.read(read).result()


def today(stand: StandWindow) -> QWidget:
    page = stand.main.page(TODAY)
    assert page is not None
    return page


def numbers(stand: StandWindow) -> list[str]:
    return [card.number for card in today(stand).findChildren(TallyCard)]


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, page: QWidget, words: str) -> None:
    def found() -> QAbstractButton | None:
        buttons = page.findChildren(QAbstractButton)
        return next((item for item in buttons if item.isVisible() and item.text() == words), None)

    qtbot.waitUntil(lambda: found() is not None)
    button = found()
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def sign_up(context: StandContext, first_name: str, last_name: str) -> None:
    event = context.store.read(stand_now).result().event
    assert event is not None
    save_signup(
        context.store,
        SignUp(first_name, last_name, email="t@example.org", purposes=("answer",)),
        subject_id=new_id(),
        event_id=event.event_id,
        channel="kiosk",
        evidence=ConsentEvidence("screen", "en", {}),
    ).result()


@pytest.mark.parametrize("page", [TODAY, CONTACT, KIOSK, FLYERS, EVENTS, OFFICE])
def test_the_keys_count_in_every_page(
    stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext, page: str
) -> None:
    stand.main.show_page(page)
    runner.run()

    for times, key in enumerate(KEYS.values(), start=1):
        for _time in range(times):
            keyboard.press(key, *CTRL_ALT)
    runner.run()

    assert totals(context) == ReachTotals(reached=3, conversations=2, flyers=3, contacts=0)
    assert numbers(stand) == ["3", "2", "3", "0"]


def test_somebody_who_types_counts_without_a_letter_in_the_field(
    stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    stand.main.show_page(CONTACT)
    runner.run()
    keyboard.type("Tja")
    keyboard.press(Qt.Key.Key_3, *CTRL_ALT)
    keyboard.type("ša")
    runner.run()

    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "Tjaša"
    assert totals(context).flyers == 1


def test_a_card_counts_and_the_last_count_is_undone(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner, context: StandContext
) -> None:
    card = today(stand).findChildren(TallyCard)[2]
    for _time in range(2):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    runner.run()
    assert card.number == "2"

    press(qtbot, today(stand), "Undo the last count")
    runner.run()

    assert (card.number, totals(context).flyers) == ("1", 1)
    assert "Undone: Flyers handed out, −1, counted at 14:32." in words_of(today(stand))


def test_several_at_once_are_counted_over_their_time(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    press(qtbot, today(stand), "Enter several at once (class, break, clicker) …")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    keyboard.type("many")
    keyboard.press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    amount = next(line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "How many")
    assert amount.property("tone") == "bad"
    assert totals(context).reached == 0

    amount.selectAll()
    keyboard.type("24")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert totals(context).reached == 24
    assert "24 people were added." in words_of(today(stand))


def test_chart_and_goals_tell_how_today_compares(
    stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.press(Qt.Key.Key_1, *CTRL_ALT)
    runner.run()

    chart = today(stand).findChild(HalfHourChart)
    assert isinstance(chart, HalfHourChart)
    assert chart.accessibleName() == "People reached per half hour"
    goals = [bar.accessibleName() for bar in today(stand).findChildren(GoalBar)]
    assert goals[0] == "This event: 1 (goal 169)"
    assert goals[1].endswith("1 (goal 2,200)")


def test_contacts_have_initials_and_names_go_after_ten_seconds(
    qtbot: QtBot,
    stand: StandWindow,
    keyboard: Keyboard,
    runner: DeferredRunner,
    context: StandContext,
    clock: SetClock,
) -> None:
    sign_up(context, "Špela", "Žnidaršič")
    stand.models.today.refresh()
    runner.run()
    page = today(stand)
    qtbot.waitUntil(lambda: "Š. Ž." in words_of(page))
    assert "Špela" not in words_of(page)

    press(qtbot, page, "show names")
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    qtbot.waitUntil(lambda: "Špela" in words_of(page))

    clock.at_us += 10_000_000
    stand.models.today.tick()
    assert "Špela" not in words_of(page)
    qtbot.waitUntil(lambda: not any("Špela" in item.accessibleName() for item in page.findChildren(QWidget)))


def test_a_pin_that_was_typed_stays_nowhere(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    sign_up(context, "Oto", "")
    stand.models.today.refresh()
    runner.run()
    press(qtbot, today(stand), "show names")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None

    with qtbot.waitSignal(dialog.destroyed):
        keyboard.type("1111")
        keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert "This PIN is not right." in words_of(today(stand))
    assert not [line for line in stand.main.findChildren(QLineEdit) if line.text()]


def test_without_an_event_there_is_one_thing_to_do(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner, context: StandContext
) -> None:
    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, CURRENT_EVENT)
        unit.commit()

    context.store.write(drop).result()
    stand.models.today.refresh()
    runner.run()
    page = today(stand)
    assert "Which event is it today?" in words_of(page)
    assert not [card for card in page.findChildren(TallyCard) if card.isVisible()]

    press(qtbot, page, "Choose an event")

    assert stand.main.shown_key == EVENTS


def test_an_own_counter_has_a_card_a_key_and_half_hours(
    qtbot: QtBot, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    page = today(stand)
    card = page.findChildren(TallyCard)[3]
    assert card.accessibleName() == "Quiz players: 0. Press to count one more."

    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    keyboard.press(Qt.Key.Key_4, *CTRL_ALT)
    runner.run()
    assert numbers(stand) == ["2", "2", "0", "2"]

    for shown in ("Conversations", "Flyers handed out", "Quiz players"):
        press(qtbot, page, f"show: {shown}")
    chart = page.findChild(HalfHourChart)
    assert isinstance(chart, HalfHourChart)
    assert chart.accessibleName() == "Quiz players per half hour"
    assert chart.accessibleDescription().endswith(": 2")


def test_counters_that_the_office_changes_are_drawn_anew(
    stand: StandWindow, context: StandContext, runner: DeferredRunner
) -> None:
    own = [
        {"id": name, "title": {"en": name.title()}, "counts_as": ""} for name in ("badges", "photos", "quiz")
    ]

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample_document(FRIDAY) | {"counters": own})
        unit.commit()

    context.store.write(keep).result()
    context.changes.tell(Change.ORGANISATION)
    runner.run()

    shown = [card for card in today(stand).findChildren(TallyCard) if card.isVisible()]
    assert [card.accessibleName().partition(":")[0] for card in shown[3:]] == ["Badges", "Photos", "Quiz"]
    assert len({card.height() for card in shown}) == 1
