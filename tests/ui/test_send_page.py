"""Send to the office: what waits, how far it is, the proof, and in plain words why not."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.whole_pages import settle
from tests.unit.conftest import office_document

from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.services.capture import save_signup
from stojnica.services.changes import Change
from stojnica.services.enrolment import Enrolled
from stojnica.services.send import FAILED, IDLE, SENT, SendViewModel
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials
from stojnica.sync.engine import SyncEngine
from stojnica.sync.faults import refused, unreachable
from stojnica.sync.memory import MemoryCentre, MemoryTransport
from stojnica.ui.controls.banner import ResultBanner
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.paragraphs import Paragraphs
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.pages.send_page import SendPage
from stojnica.ui.qt_runner import QtRunner
from stojnica.ui.stand_window import OFFICE, StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sign_up(context: StandContext) -> Callable[[], None]:
    def save() -> None:
        event = context.store.read(stand_now).result().event
        assert event is not None
        save_signup(
            context.store,
            SignUp("Ana", email="ana@example.org", purposes=("answer",)),
            subject_id=new_id(),
            event_id=event.event_id,
            channel="kiosk",
            evidence=ConsentEvidence("screen", "en", {}),
        ).result()
        context.changes.tell(Change.CONTACTS)

    return save


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> Callable[[], QWidget]:
    def show() -> QWidget:
        stand.main.show_page(OFFICE)
        runner.run()
        page = stand.main.page(OFFICE)
        assert page is not None
        return page

    return show


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def banner_of(page: QWidget) -> ResultBanner:
    banner = page.findChild(ResultBanner)
    assert isinstance(banner, ResultBanner)
    return banner


def button(page: QWidget, words: str) -> QAbstractButton:
    return next(item for item in page.findChildren(ActionButton) if item.text() == words)


def test_what_was_sent_is_proven_in_people_and_with_a_code(
    page: Callable[[], QWidget],
    sign_up: Callable[[], None],
    enrol: Callable[[], None],
    keyboard: Keyboard,
    runner: DeferredRunner,
    stand: StandWindow,
) -> None:
    enrol()
    sign_up()
    sign_up()
    shown = page()
    assert banner_of(shown).accessibleName() == "2 contacts are not at the office yet"
    assert "2 contacts are not at the office yet" in stand.main.status.accessibleName()

    keyboard.press(Qt.Key.Key_Return, CONTROL)
    assert not button(shown, "Send now").isEnabled()
    runner.run()

    assert banner_of(shown).accessibleName() == "All 2 contacts are at the office"
    assert "Sent to the office" in words_of(shown)
    assert stand.models.send.state.code
    assert button(shown, "Send again").isEnabled()
    assert "All contacts are at the office" in stand.main.status.accessibleName()


def test_the_page_says_what_keeps_a_contact_here_and_when_it_leaves(
    page: Callable[[], QWidget],
    sign_up: Callable[[], None],
    enrol: Callable[[], None],
    keyboard: Keyboard,
    runner: DeferredRunner,
    context: StandContext,
    centre: MemoryCentre,
) -> None:
    # Given an office that lets contacts stay for thirty days, and one that nobody has sent
    def decide(unit: UnitOfWork) -> None:
        keep_document(unit, office_document() | {"retention": {"contacts_days": 30}})
        unit.commit()

    context.store.write(decide).result()
    enrol()
    sign_up()
    shown = page()
    assert "1 contact stays until the office has confirmed it." in words_of(shown)

    # When it is sent, backed up, and asked about once more
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()
    assert "1 contact stays until the office has it in a backup." in words_of(shown)
    centre.cover_all()
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    # Then the day is named
    assert "1 contact leaves this laptop on " in words_of(shown)
    assert "(it stays at the office)" in words_of(shown)


def failing(context: StandContext, runner: DeferredRunner, error: Exception) -> SendViewModel:
    def connect(_credentials: Credentials) -> MemoryTransport:
        raise error

    return SendViewModel(context.store, SyncEngine(context.store, connect, attempts=1), runner, context.clock)


def test_without_a_way_to_the_office_the_page_says_what_to_do(
    qtbot: QtBot,
    context: StandContext,
    runner: DeferredRunner,
    enrol: Callable[[], None],
    sign_up: Callable[[], None],
) -> None:
    enrol()
    sign_up()
    model = failing(context, runner, unreachable("no route"))
    page = SendPage(model)
    qtbot.addWidget(page)
    page.show()
    model.refresh()
    runner.run()

    model.send()
    runner.run()
    qtbot.waitUntil(lambda: "1. Check whether any web page opens in the browser." in words_of(page))

    assert model.state.phase == FAILED
    said = banner_of(page).accessibleDescription()
    assert said.startswith("The office can't be reached from here. Nothing is lost")
    assert button(page, "Try again").isEnabled()
    qtbot.mouseClick(button(page, "Copy details"), Qt.MouseButton.LeftButton)
    assert "unreachable" in QGuiApplication.clipboard().text()
    assert "Ana" not in QGuiApplication.clipboard().text()


def test_the_button_that_was_pressed_has_the_keyboard_again_whatever_came_of_it(
    qtbot: QtBot,
    page: Callable[[], QWidget],
    sign_up: Callable[[], None],
    enrol: Callable[[], None],
    keyboard: Keyboard,
    runner: DeferredRunner,
    stand: StandWindow,
    centre: MemoryCentre,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given an office that can't be reached at first
    enrol()
    sign_up()
    shown = page()
    reachable = centre.connect

    def no_way(_credentials: Credentials) -> MemoryTransport:
        raise unreachable("no route")

    monkeypatch.setattr(stand.models.send, "_engine", SyncEngine(stand.models.context.store, no_way))
    button(shown, "Send now").setFocus()

    keyboard.press(Qt.Key.Key_Space)
    runner.run()
    again = button(shown, "Try again")
    assert again.hasFocus()
    monkeypatch.setattr(stand.models.send, "_engine", SyncEngine(stand.models.context.store, reachable))
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert button(shown, "Send again").hasFocus()

    button(shown, "Test connection").setFocus()
    keyboard.press(Qt.Key.Key_Space)
    runner.run()
    assert button(shown, "Test connection").hasFocus()


def test_a_laptop_that_is_shut_out_is_told_whom_to_ask(
    qtbot: QtBot, context: StandContext, runner: DeferredRunner, enrol: Callable[[], None]
) -> None:
    enrol()
    model = failing(context, runner, refused("login"))
    page = SendPage(model)
    qtbot.addWidget(page)
    page.show()

    model.send()
    runner.run()

    qtbot.waitUntil(lambda: "Ask the office for a new enrolment file." in words_of(page))
    assert button(page, "Open the enrolment file …").isVisible()


def test_without_an_office_nothing_can_be_pressed_and_the_reason_stands_there(
    page: Callable[[], QWidget], sign_up: Callable[[], None]
) -> None:
    sign_up()
    shown = page()

    assert not button(shown, "Send now").isEnabled()
    assert not button(shown, "Test connection").isEnabled()
    assert "This laptop doesn't know its office yet." in words_of(shown)
    assert banner_of(shown).accessibleName() == "1 contact is not at the office yet"


def test_the_connection_is_tried_and_nothing_is_sent(
    qtbot: QtBot,
    page: Callable[[], QWidget],
    sign_up: Callable[[], None],
    enrol: Callable[[], None],
    runner: DeferredRunner,
    centre: MemoryCentre,
) -> None:
    enrol()
    sign_up()
    shown = page()

    qtbot.mouseClick(button(shown, "Test connection"), Qt.MouseButton.LeftButton)
    runner.run()

    assert "The office answers. Nothing was sent yet." in words_of(shown)
    assert not centre.contents.facts


def test_long_sending_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot,
    context: StandContext,
    enrol: Callable[[], None],
    sign_up: Callable[[], None],
    centre: MemoryCentre,
) -> None:
    enrol()
    sign_up()
    go_on = threading.Event()

    def slow(credentials: Credentials) -> MemoryTransport:
        go_on.wait(10)
        return centre.connect(credentials)

    runner = QtRunner()
    engine = SyncEngine(context.store, slow, attempts=1)
    model = SendViewModel(context.store, engine, runner, context.clock)
    page = SendPage(model)
    qtbot.addWidget(page)
    page.show()
    panel = page.findChild(ProgressPanel)
    assert isinstance(panel, ProgressPanel)
    model.refresh()
    qtbot.waitUntil(lambda: model.state.is_enrolled)

    model.send()
    assert not panel.isVisible(), "work that is over at once shows no bar"
    qtbot.waitUntil(panel.isVisible)
    assert "Looking for the office …" in words_of(panel)
    qtbot.mouseClick(button(panel, "Cancel"), Qt.MouseButton.LeftButton)
    go_on.set()
    qtbot.waitUntil(lambda: not model.state.is_busy)

    assert model.state.phase == IDLE
    assert not panel.isVisible()
    assert "Stopped. What was confirmed stays confirmed; the rest waits here." in words_of(page)
    model.send()
    qtbot.waitUntil(lambda: model.state.phase == SENT and model.state.records_waiting == 0)
    runner.close()


def test_a_laptop_that_began_alone_is_enrolled_on_the_page(
    qtbot: QtBot,
    context: StandContext,
    runner: DeferredRunner,
    enrol: Callable[[], None],
    sign_up: Callable[[], None],
    keyboard: Keyboard,
    tmp_path: Path,
) -> None:
    def take_in(data: bytes, code: str) -> Enrolled:
        if (data, code) != (b"sealed", "RIGHT"):
            raise UserFacingError("The code is not right.", code="wrong_code")
        enrol()
        return Enrolled("A", has_briefing=False)

    sign_up()
    (tmp_path / "laptop-a.stojnica").write_bytes(b"sealed")
    engine = SyncEngine(context.store, MemoryCentre().connect, attempts=1)
    model = SendViewModel(context.store, engine, runner, context.clock, enrol=take_in)
    page = SendPage(model)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    model.refresh()
    runner.run()
    qtbot.waitUntil(lambda: "Do you have a file from the office?" in words_of(page))

    model.open_enrolment(tmp_path / "no such file")
    qtbot.waitUntil(lambda: "The enrolment file can't be read." in words_of(page))
    model.open_enrolment(tmp_path / "laptop-a.stojnica")
    code = next(line for line in page.findChildren(QLineEdit) if line.accessibleName().startswith("One-time"))
    qtbot.waitUntil(code.isVisible)
    code.setFocus()
    for typed, said in (("WRONG", "The code is not right."), ("RIGHT", "This laptop is now “A”.")):
        code.selectAll()
        keyboard.type(typed)
        keyboard.press(Qt.Key.Key_Return)
        runner.run()
        qtbot.waitUntil(partial(_says, page, said))

    assert button(page, "Send now").isEnabled()
    assert not code.isVisible()
    assert banner_of(page).accessibleName() == "1 contact is not at the office yet"


def _says(page: QWidget, words: str) -> bool:
    return words in words_of(page)


@pytest.mark.parametrize("scale", [1.0, 2.0], indirect=True)
def test_sentences_about_what_leaves_stand_apart_and_lines_of_one_together(
    qtbot: QtBot, scale: float
) -> None:
    long = "Names of the team stay here for 180 days once the office has confirmed them, and then they go."
    shown = Paragraphs()
    qtbot.addWidget(shown)
    shown.resize(300, 600)
    shown.set_texts([long, "24 more leave by 19 Oct.", long])
    shown.show()
    settle()

    first, second, third = (label for label in shown.findChildren(QLabel) if label.isVisible())

    leading = first.fontMetrics().leading()
    for above, below in ((first, second), (second, third)):
        assert below.geometry().top() - above.geometry().bottom() - 1 >= 12 > leading
    shown.set_texts(["24 more leave by 19 Oct."])
    assert [label.text() for label in shown.findChildren(QLabel) if label.isVisible()] == [
        "24 more leave by 19 Oct."
    ]
