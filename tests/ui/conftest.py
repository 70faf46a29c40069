"""Fixtures for the screens: Qt draws offscreen, in the light theme, in English; the stand below is real."""

import os

# On a real display with STOJNICA_TEST_PLATFORM=xcb, for instance under xvfb-run.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("STOJNICA_TEST_PLATFORM", "offscreen")

import gc
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import current_language, use_language
from stojnica.services.changes import Changes
from stojnica.services.events import add_event
from stojnica.services.pin import PinCost, PinLock
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.settings import Settings
from stojnica.storage.store import Store, join_branch
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import keep_credentials
from stojnica.sync.engine import SyncEngine
from stojnica.sync.memory import MemoryCentre
from stojnica.ui.application import create_application, dress_application
from stojnica.ui.qt_runner import QtRunner
from stojnica.ui.theme import Look, look

if TYPE_CHECKING:
    from stojnica.ui.kiosk.window import KioskWindow
    from stojnica.ui.stand_models import StandModels
    from stojnica.ui.stand_window import StandWindow

FRIDAY = date(2024, 9, 20)
FRIDAY_AT_14_32 = 1_726_835_520_000_000
PIN = "2468"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Overlook what the offscreen platform says about every window that has a least size."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return create_application(["stojnica"], Look(), catch_bugs=False)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = current_language()
    use_language("en")
    yield
    use_language(before)


@pytest.fixture(autouse=True, scope="module")
def _garbage_on_this_thread() -> Iterator[None]:
    """Collect closed windows here: a store's thread must not take one apart."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def scale(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    """Draw all texts larger, by what the test names as its parameter."""
    before = look()
    dress_application(qapp, Look(before.theme, request.param))
    yield request.param
    dress_application(qapp, before)


@pytest.fixture
def type_text() -> Callable[[QWidget, str], None]:
    """Give a way to type any letters, which `qtbot.keyClicks` cannot."""

    def type_into(widget: QWidget, text: str) -> None:
        for letter in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                widget,
                Qt.Key.Key_unknown,
                letter,
                Qt.KeyboardModifier.NoModifier,
            )

    return type_into


class Keyboard:
    """Press keys as a person does: the window gets them, and leads them to whatever has the focus."""

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press and release a key in the window in front."""
        together = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            together |= modifier
        QTest.keyClick(self._window().windowHandle(), key, together)

    def type(self, text: str) -> None:
        """Type any letters into whatever has the focus."""
        for letter in text:
            widget = self._window().focusWidget()
            assert widget is not None, "nothing has the focus"
            key = Qt.Key.Key_unknown
            QTest.sendKeyEvent(QTest.KeyAction.Click, widget, key, letter, Qt.KeyboardModifier.NoModifier)

    @staticmethod
    def _window() -> QWidget:
        window = QApplication.activeModalWidget() or QApplication.activeWindow()
        assert window is not None, "no window has the focus"
        return window

    def tab(self, times: int = 1) -> None:
        """Go on to the next control."""
        for _time in range(times):
            self.press(Qt.Key.Key_Tab)


@pytest.fixture
def keyboard() -> Keyboard:
    """Give a keyboard."""
    return Keyboard()


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands at 14.32 of the day on which the sample's first event takes place."""
    return SetClock(FRIDAY_AT_14_32, offset=120)


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Make a store once: with the sample organisation, a PIN, and an event that is on."""
    path, key = tmp_path_factory.mktemp("stand") / "stojnica.db", secrets.token_bytes(32)
    store = Store(path, key, SetClock(FRIDAY_AT_14_32, offset=120))
    store.prepare()

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample_document(FRIDAY))
        unit.commit()

    store.write(keep).result()
    _pin(store).choose(PIN).result()
    event = Event(
        event_id=new_id(),
        name="Festival LUPA",
        code="lupa",
        place="Breg",
        city="Ljubljana",
        starts="2024-09-20T10:00",
        ends="2024-09-20T18:00",
        goal_reached=169,
        project=str(sample_document(FRIDAY)["projects"][0]["id"]),
    )
    add_event(store, event).result()
    store.close()
    return path, key


def _pin(store: Store) -> PinLock:
    return PinLock(store, PinCost(n=2, r=1, p=1))


@pytest.fixture
def store(_made_once: tuple[Path, bytes], tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    """Give an open store with the sample organisation, the PIN 2468, and Festival LUPA."""
    path, key = _made_once
    store = Store(Path(shutil.copy(path, tmp_path)), key, clock)
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def runner() -> DeferredRunner:
    """Give a runner that works when the test says so."""
    return DeferredRunner()


@pytest.fixture
def context(store: Store, runner: DeferredRunner, clock: SetClock) -> StandContext:
    """Give what the view-models of the stand are built from."""
    return StandContext(store, runner, clock, Changes(), _pin(store))


@pytest.fixture
def live(context: StandContext) -> Iterator[StandContext]:
    """Give the context with the runner of the real program."""
    runner = QtRunner()
    yield replace(context, runner=runner)
    runner.close()


@pytest.fixture
def centre() -> MemoryCentre:
    """Give an office in memory."""
    return MemoryCentre()


@pytest.fixture
def enrol(store: Store, centre: MemoryCentre) -> Callable[[], None]:
    """Give a call that enrols the stand at the office."""

    def take_in() -> None:
        credentials = centre.enrol("A")

        def keep(unit: UnitOfWork) -> None:
            keep_credentials(unit.connection, credentials)
            join_branch(unit.connection, credentials.branch_id)
            unit.commit()

        store.write(keep).result()

    return take_in


def _settings_now() -> Settings:
    """Give settings that keep the look as it is: the page puts in force what they say."""
    now = look()
    return Settings(language="en", theme=now.theme.name, text_percent=round(now.scale * 100))


@pytest.fixture
def make_models(centre: MemoryCentre) -> "Callable[[StandContext], StandModels]":
    """Give a call that makes the view-models of the stand, wired as the program does it."""
    from stojnica.services.answers_page import AnswersViewModel
    from stojnica.services.appearance import AppearanceViewModel
    from stojnica.services.copies import CopyKeeper
    from stojnica.services.copies_page import CopiesViewModel
    from stojnica.services.events_page import EventsViewModel
    from stojnica.services.flyers import FlyersViewModel
    from stojnica.services.group_visit_page import GroupVisitViewModel
    from stojnica.services.kiosk import KioskViewModel
    from stojnica.services.preflight import Machine
    from stojnica.services.preflight_page import PreflightViewModel
    from stojnica.services.printers import FixedPrinters, Printers
    from stojnica.services.send import SendViewModel
    from stojnica.services.slip_contact import ContactWithSlips
    from stojnica.services.slip_entry_page import SlipEntryViewModel
    from stojnica.services.slip_print_page import SlipPrintViewModel
    from stojnica.services.slips_page import SlipsViewModel
    from stojnica.services.start_of_kiosk import KioskStartViewModel
    from stojnica.services.status import StatusViewModel
    from stojnica.services.stick import StickViewModel
    from stojnica.services.team_models import team_models
    from stojnica.services.today import TodayViewModel
    from stojnica.storage.home import OpenStore, StoreHome
    from stojnica.ui.stand_models import StandModels

    def make(context: StandContext) -> StandModels:
        engine = SyncEngine(context.store, centre.connect, attempts=1)
        slip_entry = SlipEntryViewModel(context)
        # No copy is made here: what is noted is shown, and choices are kept.
        home = StoreHome(context.store.path.parent)
        keeper = CopyKeeper(OpenStore(home, context.store, bytes(32), home.lock()))
        send = SendViewModel(context.store, engine, context.runner, context.clock)
        return StandModels(
            context=context,
            today=TodayViewModel(context),
            contact=ContactWithSlips(context, slip_entry),
            kiosk=KioskViewModel(context),
            kiosk_start=KioskStartViewModel(context),
            appearance=AppearanceViewModel(context.runner, _settings_now(), lambda _settings: None),
            events=EventsViewModel(context),
            slips=SlipsViewModel(context),
            slip_entry=slip_entry,
            slip_print=SlipPrintViewModel(context),
            flyers=FlyersViewModel(context.store, context.runner, "en"),
            send=send,
            status=StatusViewModel(context, keeps_copies=True),
            answers=AnswersViewModel(context),
            preflight=PreflightViewModel(
                context, Machine(context.store.path.parent, FixedPrinters(Printers()), lambda: None)
            ),
            team=team_models(context),
            group=GroupVisitViewModel(context),
            copies=CopiesViewModel(context, keeper, lambda: None),
            stick=StickViewModel(context.store, context.runner, context.changes, send.receipt_taken_in),
        )

    return make


@pytest.fixture
def models(context: StandContext, make_models: "Callable[[StandContext], StandModels]") -> "StandModels":
    """Give the view-models of the stand."""
    return make_models(context)


@pytest.fixture
def stand(qtbot: QtBot, models: "StandModels", runner: DeferredRunner) -> Iterator["StandWindow"]:
    """Give the main window on *Today*, loaded and active."""
    from stojnica.ui.stand_window import StandWindow

    window = StandWindow(models, "", lambda: None)
    qtbot.addWidget(window.main)
    window.show()
    window.main.activateWindow()
    runner.run()
    qtbot.waitUntil(window.main.isActiveWindow)
    yield window
    window.close()


@pytest.fixture
def kiosk(qtbot: QtBot, models: "StandModels", runner: DeferredRunner) -> Iterator["KioskWindow"]:
    """Give the kiosk on its first page, full screen and active."""
    from stojnica.ui.kiosk.window import KioskWindow

    window = KioskWindow(models.kiosk)
    qtbot.addWidget(window)
    window.begin()
    runner.run()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.forget()
    QApplication.clipboard().clear()


@pytest.fixture
def pass_time(
    kiosk: "KioskWindow", models: "StandModels", runner: DeferredRunner, clock: SetClock
) -> Callable[[int], None]:
    """Let seconds pass, as the window's own timer would tell."""

    def pass_it(seconds: int) -> None:
        clock.at_us += seconds * 1_000_000
        models.kiosk.tick()
        runner.run()

    return pass_it


Stage = Callable[..., QWidget]


@pytest.fixture
def stage(qtbot: QtBot) -> Callable[..., QWidget]:
    """Put controls into a shown window with margins, so that keys and focus are real."""
    kept: list[QWidget] = []

    def show(*controls: QWidget) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(40, 40, 40, 40)
        for control in controls:
            column.addWidget(control)
        qtbot.addWidget(window)
        kept.append(window)
        window.resize(900, 600)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return show
