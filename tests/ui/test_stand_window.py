"""The windows as a whole: names for a screen reader, nothing cut at 200 %, no stray window, pictures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.outbox import held
from stojnica.storage.unit import branch_of
from stojnica.ui.application import dress_application
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.demo_visitors import receive_visitors
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.qt_runner import QtRunner
from stojnica.ui.screenshots import take_pictures
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
    StandModels,
    StandWindow,
)
from stojnica.ui.theme import Look, look

PAGES = (TODAY, CONTACT, GROUP, KIOSK, ANSWERS, FLYERS, EVENTS, PREFLIGHT, TEAM, OFFICE, SETTINGS)
CONTROL = Qt.KeyboardModifier.ControlModifier
PRESSED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)


@pytest.fixture(params=[1.0, 2.0])
def scale(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    before = look()
    dress_application(qapp, Look(before.theme, request.param))
    yield request.param
    dress_application(qapp, before)


def shown(window: QWidget, *kinds: type[QWidget]) -> list[QWidget]:
    return [widget for kind in kinds for widget in window.findChildren(kind) if widget.isVisible()]


def unnamed(window: QWidget) -> list[QWidget]:
    own = [widget for widget in shown(window, *PRESSED) if not _is_inside_of_another(widget)]
    return [
        widget
        for widget in own
        if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]


def _is_inside_of_another(widget: QWidget) -> bool:
    """Tell whether Qt made it as a part of one of its own controls."""
    return isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox) or widget.objectName().startswith(
        "qt_"
    )


def cut(window: QWidget) -> list[str]:
    """Name what is not whole: text in too small a place, or a page that scrolls sideways."""
    found = [
        f"scrolls sideways: {area.widget()}"
        for area in shown(window, QScrollArea)
        if isinstance(area, QScrollArea) and area.horizontalScrollBar().maximum() > 0
    ]
    for button in shown(window, ActionButton):
        if button.width() < button.sizeHint().width() or button.height() < button.sizeHint().height():
            found.append(f"button: {button.accessibleName()}")
    for label in shown(window, QLabel):
        if not isinstance(label, QLabel) or not label.text():
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if label.height() < needed - 1:
            found.append(f"label: {label.text()}")
        if not label.wordWrap() and label.width() < label.sizeHint().width() - 1:
            found.append(f"label: {label.text()}")
    return found


def settle() -> None:
    for _round in range(4):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def test_everything_that_can_be_pressed_has_a_name(stand: StandWindow, runner: DeferredRunner) -> None:
    for key in PAGES:
        stand.main.show_page(key)
        runner.run()
        settle()
        assert unnamed(stand.main) == [], key


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


def test_everything_in_the_kiosk_has_a_name_and_room_for_a_finger(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()
    kiosk.showNormal()
    kiosk.resize(1366, 768)

    for place in walk_the_kiosk(models.kiosk, runner):
        settle()
        assert unnamed(kiosk) == [], place
        small = [
            widget.accessibleName()
            for widget in shown(kiosk, QAbstractButton, QLineEdit)
            if widget.height() < 48 and widget.accessibleName() != "Correct it"
        ]
        assert small == [], place
        assert cut(kiosk) == [], place
    kiosk.forget()


def test_nothing_is_cut_in_the_kiosk_at_any_size_of_text(
    qtbot: QtBot, scale: float, models: StandModels, runner: DeferredRunner
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()
    kiosk.showNormal()
    kiosk.resize(1366, 768)

    for place in walk_the_kiosk(models.kiosk, runner):
        settle()
        assert cut(kiosk) == [], (scale, place)
    kiosk.forget()


def test_nothing_is_cut_on_any_page_at_any_size_of_text(
    qtbot: QtBot, scale: float, models: StandModels, runner: DeferredRunner, enrol: Callable[[], None]
) -> None:
    enrol()
    window = StandWindow(models, "**Practice** · passphrase: jutro voda", lambda: None)
    qtbot.addWidget(window.main)
    for key in PAGES:
        window.show(key)
        window.main.resize(1366, 768)
        runner.run()
        settle()
        assert cut(window.main) == [], (scale, key)
    models.send.send()
    runner.run()
    settle()
    assert cut(window.main) == [], scale
    window.close()


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


@pytest.fixture
def live(context: StandContext) -> Iterator[StandContext]:
    """Give the context with the runner of the real program."""
    runner = QtRunner()
    yield replace(context, runner=runner)
    runner.close()


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
