"""A screenshot has the size that was asked for, and everything in its place."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from stojnica.ui.controls.card import Card
from stojnica.ui.controls.page import Page
from stojnica.ui.frame import MainWindow, PageSpec
from stojnica.ui.theme import look
from stojnica.ui.window_picture import save_window_picture


def page_with_card() -> Page:
    page = Page("Today")
    page.add(Card("41 contacts today"))
    return page


def test_a_screenshot_is_drawn_at_the_size_of_the_design(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow([PageSpec("today", "today", "Today", page_with_card)])
    qtbot.addWidget(window)
    window.show_page("today")
    window.show()

    picture = QImage(str(save_window_picture(window, tmp_path / "today.png")))

    assert picture.size() == QSize(1366, 768)
    assert QColor(picture.pixel(50, 600)).name() == look().colour("rail").name()
    assert QColor(picture.pixel(2, 20)).name() == look().colour("marker").name()
    assert QColor(picture.pixel(1360, 300)).name() == look().colour("paper").name()


def test_a_picture_that_cannot_be_written_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    card = Card("Today")
    qtbot.addWidget(card)

    with pytest.raises(OSError, match=r"today\.png"):
        save_window_picture(card, tmp_path / "no such folder" / "today.png", None)
