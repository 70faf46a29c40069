"""The windows as a whole: the kiosk in each language, no stray window, made-up visitors, pictures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard
from tests.ui.spoken_pages import faults
from tests.ui.whole_pages import cut, overlapping, settle

from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.outbox import held
from stojnica.storage.unit import branch_of
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import LabelledField
from stojnica.ui.demo_visitors import receive_visitors
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.screenshots import take_pictures
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import (
    ANSWERS,
    CONTACT,
    EVENTS,
    FLYERS,
    GROUP,
    KIOSK,
    OFFICE,
    PREFLIGHT,
    SETTINGS,
    TEAM,
    TODAY,
    StandWindow,
)

PAGES = (TODAY, CONTACT, GROUP, KIOSK, ANSWERS, FLYERS, EVENTS, PREFLIGHT, TEAM, OFFICE, SETTINGS)
CONTROL = Qt.KeyboardModifier.ControlModifier


def shown(window: QWidget, *kinds: type[QWidget]) -> list[QWidget]:
    return [widget for kind in kinds for widget in window.findChildren(kind) if widget.isVisible()]


def walk_the_kiosk(model: KioskViewModel, runner: DeferredRunner) -> Iterator[str]:
    """Lead through everything that the kiosk can show."""
    yield "interests"
    model.next()
    model.next()
    yield "person, with all that is missing"
    model.type("first_name", "Ana")
    model.type("email", "ana@gmial.com")
    model.leave("email")
    ages = model.state.question("age_band")
    assert ages is not None
    model.choose("age_band", ages.options[2].id)
    yield "person, with a hint"
    model.next()
    model.submit()
    model.tick_box("answer", True)
    yield "consent"
    for name, enter, leave in (
        ("notice", model.open_notice, model.close_notice),
        ("pin", model.ask_to_leave, model.cancel_pin),
    ):
        enter()
        yield name
        leave()
    model.submit()
    runner.run()
    yield "thanks"
    model.lose_focus()
    yield "blank"


def in_a_field(widget: QWidget) -> bool:
    return isinstance(widget.parentWidget(), LabelledField)


@pytest.mark.parametrize(
    ("language", "scale"),
    [("en", 1.0), ("hu", 2.0), ("de", 2.0), ("it", 1.0), ("hr", 2.0)],
    indirect=["scale"],
)
def test_the_kiosk_can_be_read_touched_and_heard_in_each_language(
    qtbot: QtBot, scale: float, language: str, models: StandModels, runner: DeferredRunner
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()
    kiosk.showNormal()
    kiosk.resize(1366, 768)
    models.kiosk.speak(language)

    for place in walk_the_kiosk(models.kiosk, runner):
        settle()
        assert models.kiosk.state.language == language or place == "blank"
        assert (faults(kiosk), cut(kiosk), overlapping(kiosk)) == ([], [], []), place
        # The link below a field only repeats what can be typed.
        small = [
            widget.accessibleName()
            for widget in shown(kiosk, QAbstractButton, QLineEdit)
            if widget.height() < 48 and not (isinstance(widget, ActionButton) and in_a_field(widget))
        ]
        assert small == [], place
    kiosk.forget()


def test_at_first_sight_no_ring_is_drawn_and_tab_brings_it(
    stand: StandWindow, keyboard: Keyboard, qapp: QApplication
) -> None:
    def rings() -> list[QWidget]:
        return [item for item in stand.main.findChildren(QWidget) if type(item).__name__ == "_Ring"]

    assert not [ring for ring in rings() if ring.isVisible()]

    keyboard.tab()

    assert [ring for ring in rings() if ring.isVisible()]
    assert isinstance(qapp.focusWidget(), ActionButton)


class _Watch(QObject):
    """Note each window that comes up."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def test_no_part_of_a_page_is_a_window_of_its_own_for_a_moment(
    qtbot: QtBot, qapp: QApplication, models: StandModels, runner: DeferredRunner
) -> None:
    watch = _Watch()
    qapp.installEventFilter(watch)
    window = StandWindow(models, "**Practice**", lambda: None)
    qtbot.addWidget(window.main)
    for key in PAGES:
        window.show(key)
        runner.run()
        settle()
    kiosk = window.open_kiosk()
    qtbot.addWidget(kiosk)
    runner.run()
    for _place in walk_the_kiosk(models.kiosk, runner):
        settle()
    qapp.removeEventFilter(watch)

    assert set(watch.windows) == {"MainWindow", "KioskWindow"}
    window.close()


def test_the_window_that_is_closed_says_so_once(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner
) -> None:
    left: list[bool] = []
    window = StandWindow(models, "", lambda: left.append(True))
    qtbot.addWidget(window.main)
    window.show()
    runner.run()

    window.main.close()

    assert left == [True]


def test_the_team_leads_into_the_kiosk_and_out_of_it(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner, keyboard: Keyboard
) -> None:
    stand.main.show_page(KIOSK)
    settle()
    open_it = next(item for item in stand.main.findChildren(ActionButton) if item.text() == "Open the kiosk")
    qtbot.mouseClick(open_it, Qt.MouseButton.LeftButton)
    runner.run()
    kiosk = stand.kiosk
    assert kiosk is not None
    qtbot.waitUntil(kiosk.isActiveWindow)
    assert (kiosk.isFullScreen(), stand.main.isVisible()) == (True, False)

    keyboard.press(Qt.Key.Key_K, CONTROL, Qt.KeyboardModifier.ShiftModifier)
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert (kiosk.isVisible(), stand.main.isVisible()) == (False, True)
    assert stand.main.shown_key == TODAY


def test_made_up_visitors_go_through_the_real_kiosk(
    qtbot: QtBot, live: StandContext, models: StandModels
) -> None:
    models = replace(models, context=live, kiosk=KioskViewModel(live))
    window = StandWindow(models, "", lambda: None)
    qtbot.addWidget(window.main)

    assert receive_visitors(window, 3, pin=PIN, seed=5) == 3

    assert live.store.read(lambda c: held(c, branch_of(c))).result().contacts == 3
    assert window.kiosk is not None
    assert not window.kiosk.isVisible()
    assert window.models.kiosk.state.phase is KioskPhase.CLOSED
    window.close()


def test_a_picture_of_each_screen_is_taken_and_changes_nothing(
    qtbot: QtBot, live: StandContext, make_models: Callable[[StandContext], StandModels], tmp_path: Path
) -> None:
    before = live.store.read(lambda c: held(c, branch_of(c))).result()

    number = take_pictures(lambda: make_models(live), tmp_path, lambda: "**Practice**", ["sl"])

    names = {path.stem for path in tmp_path.glob("*.png")}
    assert len(names) == number
    wanted = (
        *("unlock", "first-start-pin", "page-today", "page-contact-filled", "office-sent", "office-failed"),
        *("page-slips-enter", "page-slips-print"),
        *("kiosk-1-interests", "kiosk-3-consent", "kiosk-thanks", "kiosk-pin", "kiosk-still-here"),
    )
    assert {f"{name}-sl" for name in wanted} <= names
    assert QImage(str(tmp_path / "page-today-sl.png")).size().toTuple() == (1366, 768)
    assert live.store.read(lambda c: held(c, branch_of(c))).result() == before
