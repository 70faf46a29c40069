"""The short link on the page Flyers: prepared, looked at, printed once it works; and what was printed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.test_flyers_page import PAPER_MM, pdf_printer

from stojnica.domain.short_link_answer import LinkAnswer
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.sync.short_links import FixedLook
from stojnica.ui.pages.flyers_page import FlyersPage
from stojnica.ui.paper_out import PaperOut
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import FLYERS, StandWindow

BASE = "https://zavod-voluntariat.si/l/"


@pytest.fixture
def look() -> FixedLook:
    return FixedLook()


@pytest.fixture
def models(
    make_models: Callable[[StandContext], StandModels], context: StandContext, look: FixedLook
) -> StandModels:
    """Give the view-models of the stand, with a web that answers as the test says."""
    flyers = FlyersViewModel(context.store, context.runner, "en", look=look)
    return replace(make_models(context), flyers=flyers)


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> FlyersPage:
    stand.main.show_page(FLYERS)
    runner.run()
    page = stand.main.page(FLYERS)
    assert isinstance(page, FlyersPage)
    return page


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, page: QWidget, words: str, runner: DeferredRunner) -> None:
    button = next(item for item in page.findChildren(QAbstractButton) if item.text() == words)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    runner.run()


def test_a_short_link_is_prepared_seen_to_work_and_then_printed(
    qtbot: QtBot, page: FlyersPage, stand: StandWindow, runner: DeferredRunner, look: FixedLook
) -> None:
    whole = stand.models.flyers.state.link
    press(qtbot, page, "Prepare a short link", runner)
    assert "not seen to work yet, so the whole link is printed" in words_of(page)

    look.answers[BASE + whole[-6:]] = LinkAnswer(302, whole)
    press(qtbot, page, "See whether the short link works", runner)

    assert "Seen to work on 20 Sept 2024 at 14:32." in words_of(page)
    assert stand.models.flyers.state.link == BASE + whole[-6:]


def test_without_internet_nothing_is_said_about_the_link_itself(
    qtbot: QtBot, page: FlyersPage, stand: StandWindow, runner: DeferredRunner
) -> None:
    whole = stand.models.flyers.state.link
    press(qtbot, page, "Prepare a short link", runner)

    press(qtbot, page, "See whether the short link works", runner)

    assert "There is no way to the short link's web server just now." in words_of(page)
    assert stand.models.flyers.state.link == whole


def test_what_the_printer_got_is_counted_with_its_copies(
    page: FlyersPage, stand: StandWindow, runner: DeferredRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    stand.models.flyers.choose_up(4)
    runner.run()
    printer = pdf_printer(tmp_path / "printed.pdf", PAPER_MM[4])
    printer.setCopyCount(50)
    out = page.findChild(PaperOut)
    assert isinstance(out, PaperOut)

    out.print_to(printer)
    runner.run()
    qtbot.waitUntil(lambda: stand.models.flyers.state.message is not None)
    runner.run()

    # A printer that writes a file knows no copies; each sheet has four pieces.
    assert f"{4 * printer.copyCount()} pieces printed on this laptop" in words_of(page)
