"""Long words and large type are not cut: the pseudo-language, and text at 200 %."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stojnica.ui.application import dress_application
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.field import LabelledField, TextField
from stojnica.ui.controls.flow import EvenLayout, FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.tally_card import TallyCard
from stojnica.ui.frame import MainWindow, PageSpec
from stojnica.ui.theme import Look, look


def stretched(text: str) -> str:
    """Make a text about 40 % longer, with marks above the letters, as a wordy language would."""
    marks = str.maketrans("aeiouszc", "áéíóúšžč")
    return f"[{text.translate(marks)}{'~' * max(len(text) * 2 // 5, 2)}]"


@pytest.fixture(params=[1.0, 2.0])
def scaled(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    before = look()
    dress_application(qapp, Look(before.theme, request.param))
    yield request.param
    dress_application(qapp, before)


def stretched_page() -> Page:
    page = Page(stretched("New contact"), stretched("Friday, 20 September 2024 · Ljubljana · 10:00–18:00"))
    page.header.add_actions(
        ActionButton(stretched("Pause")),
        ActionButton(stretched("Save and go on"), Kind.FILLED, key="Ctrl+Return"),
    )
    tallies = QWidget()
    cells = EvenLayout(tallies)
    for number, title in enumerate(("Reached people", "Conversations", "Flyers handed out"), 1):
        card = TallyCard(stretched(title), key=f"Alt+{number}")
        card.set_number("1.482")
        cells.addWidget(card)
    page.add(tallies)
    ages = [
        Segment(n, stretched(text), f"Alt+{n}")
        for n, text in enumerate(("under 15", "15–17", "18–30", "31 and more"))
    ]
    form = Card(stretched("Who are you?"))
    form.add(TextField(stretched("First name"), note=stretched("optional")))
    form.add(LabelledField(stretched("Age"), SegmentedChoice("Age", ages), reserve=False))
    side = Card(stretched("Maybe the same person"))
    answers = QWidget()
    flow = FlowLayout(answers)
    for text in ("Same", "Another one", "I do not know"):
        flow.addWidget(ActionButton(stretched(text), small=True))
    side.add_text(stretched("The same phone number was written down today at 11.40."))
    side.add(answers)
    side.add(
        CheckTile(
            stretched("Answer my question"), stretched("Write to me once about what I am interested in.")
        )
    )
    page.add_row(form, side, stretch=(2, 1))
    page.add_stretch()
    return page


def inside(widget: QWidget, page: QWidget) -> bool:
    place = QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size())
    return page.rect().contains(place)


def needed_width(button: ActionButton) -> int:
    return button.sizeHint().width()


def test_nothing_is_cut_in_the_pseudo_language(qtbot: QtBot, scaled: float) -> None:
    window = MainWindow([PageSpec("page", "today", stretched("Today"), stretched_page)])
    qtbot.addWidget(window)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    window.show_page("page")
    page = window.page("page")
    assert page is not None
    qtbot.waitUntil(lambda: page.width() > 600)
    QApplication.sendPostedEvents()

    assert page.width() <= window.width(), "the page must not scroll sideways"
    for button in page.findChildren(ActionButton):
        if button.isVisible():
            assert button.width() >= needed_width(button), button.text()
            assert inside(button, page), button.text()
    for card in page.findChildren(TallyCard):
        assert card.width() >= card.minimumSizeHint().width()
    for label in page.findChildren(Label):
        if label.isVisible() and label.text():
            needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            assert label.height() >= needed - 1, label.text()
            longest = max(QFontMetrics(label.font()).horizontalAdvance(word) for word in label.text().split())
            assert label.width() >= min(longest, label.minimumSizeHint().width()) - 1, label.text()
    _nothing_overlaps(page)


def _nothing_overlaps(page: QWidget) -> None:
    pressed = [*page.findChildren(ActionButton), *page.findChildren(TallyCard), *page.findChildren(CheckTile)]
    places = [
        (widget, QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size()))
        for widget in pressed
        if widget.isVisible()
    ]
    for index, (one, place) in enumerate(places):
        for other, other_place in places[index + 1 :]:
            assert not place.intersects(other_place), (one.accessibleName(), other.accessibleName())
