"""The flyer as it will be, looked at closely: zoom, both sides, and what is wrong said at its place."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.i18n import use_language
from stojnica.services import flyers
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.controls.marked_paper import MarkedPaper
from stojnica.ui.controls.page_viewer import PageViewer
from stojnica.ui.stand_window import FLYERS, StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner, qtbot: QtBot) -> QWidget:
    stand.main.resize(1366, 768)
    stand.main.show_page(FLYERS)
    runner.run()
    page = stand.main.page(FLYERS)
    assert page is not None
    return page


@pytest.fixture
def viewer(page: QWidget) -> PageViewer:
    found = page.findChild(PageViewer)
    assert isinstance(found, PageViewer)
    return found


@pytest.fixture
def model(stand: StandWindow) -> FlyersViewModel:
    return stand.models.flyers


def paper(viewer: PageViewer) -> MarkedPaper:
    found = viewer.findChild(MarkedPaper)
    assert isinstance(found, MarkedPaper)
    return found


def button(widget: QWidget, words: str) -> QAbstractButton:
    return next(item for item in widget.findChildren(QAbstractButton) if item.text() == words)


def spoil(model: FlyersViewModel, **words: str) -> None:
    """Have the office's words be other ones."""
    document = model._scene.document
    flyer = document.flyers[0]
    texts = {key: replace(value, **words) for key, value in flyer.texts.items()}
    spoiled = replace(flyer, texts=texts)
    model._scene = replace(model._scene, document=replace(document, flyers=(spoiled,)))
    model.choose_up(model.state.up)


def test_the_whole_page_is_in_sight_at_first(viewer: PageViewer) -> None:
    sheet, desk = paper(viewer), viewer._area.viewport()

    assert sheet.width() <= desk.width()
    assert sheet.height() <= desk.height()
    assert sheet.height() / sheet.width() == pytest.approx(148 / 105, abs=0.02)


def test_keys_make_it_larger_smaller_and_whole_again(
    viewer: PageViewer, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    whole = paper(viewer).height()

    keyboard.press(Qt.Key.Key_Plus, CONTROL)
    keyboard.press(Qt.Key.Key_Plus, CONTROL)
    larger = viewer.percent
    keyboard.press(Qt.Key.Key_Minus, CONTROL)
    assert viewer.percent < larger
    assert paper(viewer).height() > whole
    keyboard.press(Qt.Key.Key_0, CONTROL)
    runner.run()

    assert paper(viewer).height() == whole


def test_the_wheel_zooms_with_control_and_scrolls_without(viewer: PageViewer) -> None:
    before = viewer.percent
    for modifier in (NONE, CONTROL):
        turn(viewer, modifier)
        assert (viewer.percent > before) == (modifier == CONTROL)


def turn(viewer: PageViewer, modifier: Qt.KeyboardModifier) -> None:
    middle = QPointF(40, 40)
    event = QWheelEvent(
        middle, paper(viewer).mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(paper(viewer), event)


def test_what_is_larger_is_rendered_sharper_off_the_window(
    qtbot: QtBot, viewer: PageViewer, model: FlyersViewModel, runner: DeferredRunner
) -> None:
    (before,) = model.state.pages

    for _step in range(5):
        viewer.zoom(1)
    assert model.state.pages == (before,)
    runner.run()

    (after,) = model.state.pages
    assert len(after.png) > len(before.png)
    assert after.places == before.places


def test_an_enlarged_page_is_moved_with_arrows_and_with_the_mouse(
    qtbot: QtBot, viewer: PageViewer, runner: DeferredRunner
) -> None:
    for _step in range(5):
        viewer.zoom(1)
    runner.run()
    sheet, bar = paper(viewer), viewer._area.verticalScrollBar()
    bar.setValue(0)
    sheet.setFocus()

    QTest.keyClick(sheet, Qt.Key.Key_Down)
    by_key = bar.value()
    assert by_key > 0
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, NONE, QPoint(200, 300))
    QTest.mouseMove(sheet, QPoint(200, 250))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, NONE, QPoint(200, 250))

    assert bar.value() > by_key


def test_the_back_is_shown_when_there_is_one(
    qtbot: QtBot, viewer: PageViewer, model: FlyersViewModel, runner: DeferredRunner
) -> None:
    assert not viewer._turner.isVisible()
    model.choose_back("sl")
    runner.run()
    front = paper(viewer)._page

    qtbot.mouseClick(button(viewer, "Back"), Qt.MouseButton.LeftButton)

    assert paper(viewer)._page == model.state.pages[1] != front
    model.choose_back("")
    runner.run()
    assert paper(viewer)._page == model.state.pages[0]


@pytest.mark.parametrize("language", ["sl", "en"])
def test_with_a_back_all_that_turns_and_zooms_stays_on_one_line_on_a_small_screen(
    qtbot: QtBot, page: QWidget, model: FlyersViewModel, runner: DeferredRunner, language: str
) -> None:
    # Given the room that the page leaves it at 1366 pixels
    room = page.findChildren(PageViewer)[0].width()
    model.choose_back(model.state.backs[0])
    runner.run()
    use_language(language)
    viewer = PageViewer("")
    qtbot.addWidget(viewer)

    viewer.resize(room, 600)
    viewer.set_pages(model.state.pages)
    viewer.show()

    controls = [one for one in viewer.findChildren(QAbstractButton) if one.isVisible()]
    heights = [one.mapTo(viewer, one.rect().center()).y() for one in controls]
    assert len(controls) == 6
    assert max(heights) - min(heights) <= 2
    keys = [one.accessibleDescription() for one in controls]
    assert sum(bool(key) for key in keys) == 3, "a key that isn't shown is said all the same"


def test_what_is_wrong_is_framed_and_said_at_its_place(
    viewer: PageViewer, model: FlyersViewModel, runner: DeferredRunner
) -> None:
    spoil(model, title="{ime}", body="beseda " * 80)
    runner.run()

    places = model.state.pages[0].places
    title = next(place for place in places if "{ime}" in place.words)
    body = next(place for place in places if "doesn't fit" in place.words)
    # The title stands in the head of the flyer, the text below it at the left.
    assert title.area.top + title.area.height < 61
    assert body.area.top > 61
    assert body.area.left < 15
    assert title.is_blocking
    assert "{ime} was not filled in" in paper(viewer).accessibleDescription()


@pytest.mark.parametrize("up", [1, 4])
def test_the_frame_of_a_problem_is_painted_in_the_colour_of_trouble(
    viewer: PageViewer, model: FlyersViewModel, runner: DeferredRunner, up: int
) -> None:
    model.choose_up(up)
    spoil(model, title="{ime}")
    runner.run()
    place = next(item for item in model.state.pages[0].places if "{ime}" in item.words)
    sheet = paper(viewer)
    scale = sheet.width() / model.state.pages[0].size_mm[0]

    picture = sheet.grab().toImage()

    edge = picture.pixelColor(int(place.area.left * scale) + 1, round((place.area.top + 4) * scale))
    assert (edge.red(), edge.green(), edge.blue()) == (0xB3, 0x26, 0x1E)


def test_a_row_of_quick_choices_makes_the_last_one_alone(
    model: FlyersViewModel, page: QWidget, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make: Callable[..., object] = flyers.draw_flyer_of

    def counted(scene: object, wish: object, code: str) -> object:
        made.append(getattr(wish, "language", ""))
        return make(scene, wish, code)

    monkeypatch.setattr(flyers, "draw_flyer_of", counted)
    for language in ("sl", "de", "it", "hr", "hu"):
        model.choose_language(language)
    runner.run()

    assert made == ["hu"]
    assert model.state.language == "hu"


def test_nothing_is_shown_larger_than_memory_allows(
    viewer: PageViewer, model: FlyersViewModel, runner: DeferredRunner
) -> None:
    model.choose_up(4)
    runner.run()

    model.look_closer(0, 100_000.0)
    model.look_closer(7, 300.0)
    runner.run()

    assert len(model.state.pages[0].png) < 8_000_000
    assert model.state.message is None
