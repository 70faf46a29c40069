"""The window makes a page on its first visit, keeps the keys of the whole window, and shows where one is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from stojnica.services.view_model import ViewModel
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page
from stojnica.ui.controls.scroll_place import ScrollPlace
from stojnica.ui.desktop_room import fits
from stojnica.ui.frame import MainWindow, PageSpec


class Numbered(ViewModel[int]):
    def show(self, number: int) -> None:
        self._set(number)


class NumberPage(Page):
    def __init__(self, model: Numbered) -> None:
        super().__init__("Number")
        self.label = Label()
        self.line = QLineEdit()
        self.add(self.label)
        self.add(self.line)
        self.follow(model, self._render)

    def _render(self, number: int) -> None:
        self.label.setText(str(number))


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, made: list[str]) -> MainWindow:
    model = Numbered(7)

    def maker(key: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(key)
            return NumberPage(model)

        return make

    specs = [
        PageSpec("today", "today", "Today", maker("today")),
        PageSpec("contact", "contact", "New contact", maker("contact")),
        PageSpec("settings", "settings", "Settings", maker("settings"), at_foot=True),
        PageSpec("events", "events", "", maker("events")),
    ]
    window = MainWindow(specs)
    window.model = model  # type: ignore[attr-defined]
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_a_page_is_made_on_its_first_visit_alone(window: MainWindow, made: list[str]) -> None:
    window.show_page("today")
    window.show_page("contact")
    window.show_page("today")

    assert made == ["today", "contact"]
    assert window.shown_key == "today"


def test_the_rail_leads_to_a_page_by_click_and_by_key(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("today")
    places = {button.text(): button for button in window.rail.findChildren(QRadioButton)}
    assert list(places) == ["Today", "New contact", "Settings"]

    with qtbot.waitSignal(window.page_shown) as shown:
        qtbot.mouseClick(places["New contact"], Qt.MouseButton.LeftButton)
    assert shown.args == ["contact"]

    places["Settings"].setFocus()
    qtbot.keyClick(places["Settings"], Qt.Key.Key_Return)
    assert window.shown_key == "settings"
    assert places["Settings"].isChecked()


def test_a_page_out_of_the_rail_can_be_shown_too(window: MainWindow) -> None:
    window.show_page("events")

    assert window.shown_key == "events"
    assert not any(button.isChecked() for button in window.rail.findChildren(QRadioButton))


def test_a_key_of_the_window_works_while_somebody_types(qtbot: QtBot, window: MainWindow) -> None:
    counted: list[bool] = []
    window.add_shortcut("Alt+1", lambda: counted.append(True))
    window.show_page("contact")
    page = window.page("contact")
    assert isinstance(page, NumberPage)
    window.activateWindow()
    page.line.setFocus()
    qtbot.waitUntil(page.line.hasFocus)

    qtbot.keyClick(page.line, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)

    assert counted == [True]
    assert page.line.text() == ""


def test_a_dropped_page_hears_nothing_and_is_made_anew(
    qtbot: QtBot, window: MainWindow, made: list[str]
) -> None:
    window.show_page("today")
    page = window.page("today")
    assert page is not None
    model: Numbered = window.model  # type: ignore[attr-defined]

    window.drop_page("today")
    qtbot.waitUntil(lambda: not isValid(page))
    model.show(8)
    window.show_page("today")

    anew = window.page("today")
    assert isinstance(anew, NumberPage)
    assert (made, anew.label.text()) == (["today", "today"], "8")


def test_leaving_is_announced_before_anything_is_gone(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()


def test_the_practice_banner_appears_with_its_words(window: MainWindow) -> None:
    assert not window.banner.isVisible()

    window.banner.set_words("**Practice** · PIN 2468")

    assert window.banner.isVisible()
    assert window.banner.accessibleName() == "Practice · PIN 2468"
    window.banner.set_words("")
    assert not window.banner.isVisible()


def test_every_place_of_the_rail_is_in_sight_on_a_laptop_with_panels_and_a_title_bar(qtbot: QtBot) -> None:
    specs = [PageSpec(f"page-{n}", "today", "Nov kontakt", QWidget, at_foot=n == 8) for n in range(9)]
    window = MainWindow(specs)
    qtbot.addWidget(window)

    window.banner.set_words("Practice")
    window.show_page("page-0")
    window.resize(1366, 768 - 40 - 31)
    window.show()

    place = window.rail.parentWidget()
    assert place is not None
    for button in window.rail.findChildren(QRadioButton):
        assert place.rect().contains(QRect(button.mapTo(place, QPoint(0, 0)), button.size()))


@pytest.mark.parametrize(
    ("room", "has_room"),
    [
        (QSize(1920, 1040), True),
        (QSize(1366, 808), True),
        (QSize(1366, 728), False),
        (QSize(1280, 984), False),
    ],
)
def test_a_window_that_would_not_fit_between_the_panels_fills_the_desktop(
    room: QSize, has_room: bool
) -> None:
    assert fits(QSize(1366, 768), room) is has_room


def test_a_page_scrolls_to_where_tab_leads_but_not_away_from_a_button_that_is_at_work(qtbot: QtBot) -> None:
    page = Page("Long")
    press, far = QPushButton("Add"), QLineEdit()
    page.add(press)
    page.body.addSpacing(1500)
    page.add(far)
    window = MainWindow([PageSpec("long", "today", "", lambda: page)])
    qtbot.addWidget(window)
    window.show_page("long")
    with qtbot.waitExposed(window):
        window.show()
    area = window.findChildren(ScrollPlace)[0]
    press.setFocus()

    press.setEnabled(False)
    assert QApplication.focusWidget() is far
    assert area.verticalScrollBar().value() == 0

    press.setEnabled(True)
    press.setFocus()
    qtbot.keyClick(press, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is far
    assert area.verticalScrollBar().value() > 0
