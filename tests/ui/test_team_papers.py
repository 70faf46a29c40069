"""The papers of an event, by mouse and keyboard: looked at, and saved."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.printing.render import page_count
from stojnica.services.estimate import EstimateForm
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.pages.estimate_dialog import EstimateDialog
from stojnica.ui.pages.team_page import AFTER, PAPERS, TeamPage
from stojnica.ui.stand_window import TEAM, StandWindow


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> TeamPage:
    stand.main.show_page(TEAM)
    runner.run()
    page = stand.main.page(TEAM)
    assert isinstance(page, TeamPage)
    return page


def button(page: QWidget, name: str) -> QAbstractButton:
    return next(
        item
        for item in page.findChildren(QAbstractButton)
        if item.isVisible() and item.accessibleName() == name
    )


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def choose_file(page: QWidget, file: Path) -> None:
    dialog = page.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.close()


def test_a_list_to_sign_is_chosen_by_key_and_saved(
    page: TeamPage, runner: DeferredRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    page.show_part(PAPERS)
    runner.run()
    chosen = button(page, "Event sheet")
    chosen.setFocus()

    qtbot.keyClick(chosen, Qt.Key.Key_Right)
    runner.run()
    qtbot.mouseClick(button(page, "200"), Qt.MouseButton.LeftButton)
    runner.run()
    sheets = said(page)
    qtbot.mouseClick(button(page, "Save as PDF …"), Qt.MouseButton.LeftButton)
    choose_file(page, tmp_path / "list.pdf")
    runner.run()

    assert "sheets of A4" in sheets
    assert page_count((tmp_path / "list.pdf").read_bytes()) >= 8
    assert "Saved as list.pdf." in said(page)


def test_the_event_sheet_is_one_button_at_the_end_of_the_day(
    page: TeamPage, runner: DeferredRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    page.show_part(AFTER)
    runner.run()

    qtbot.mouseClick(button(page, "Slovenščina"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(page, "Save as PDF …"), Qt.MouseButton.LeftButton)
    choose_file(page, tmp_path / "sheet.pdf")
    runner.run()

    assert page_count((tmp_path / "sheet.pdf").read_bytes()) == 1
    assert "Saved as sheet.pdf." in said(page)


def test_a_preview_is_made_only_while_its_part_is_in_sight(
    stand: StandWindow, page: TeamPage, runner: DeferredRunner
) -> None:
    before = stand.models.team.papers.state.pages

    page.show_part(PAPERS)
    runner.run()

    assert before == ()
    assert stand.models.team.papers.state.pages


def test_every_page_of_a_long_list_is_turned_to_by_button_and_by_key(
    page: TeamPage, runner: DeferredRunner, qtbot: QtBot, stand: StandWindow
) -> None:
    page.show_part(PAPERS)
    stand.models.team.papers.choose("attendance")
    stand.models.team.papers.choose_rows(40)
    runner.run()
    first = said(page)

    qtbot.mouseClick(button(page, "Next page"), Qt.MouseButton.LeftButton)
    unseen = stand.models.team.papers.state.pages[1].png
    runner.run()
    second = said(page)
    on_is_off = not button(page, "Next page").isEnabled()
    qtbot.keyClick(button(page, "Previous page"), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)

    assert "page 1 of 2" in first
    assert "page 2 of 2" in second
    assert unseen == b""
    assert stand.models.team.papers.state.pages[1].png
    assert on_is_off
    assert "page 1 of 2" in said(page)


def test_a_page_that_is_turned_to_shows_the_list_of_now(
    page: TeamPage, runner: DeferredRunner, qtbot: QtBot, stand: StandWindow
) -> None:
    papers = stand.models.team.papers
    page.show_part(PAPERS)
    papers.choose("attendance")
    papers.choose_rows(40)
    runner.run()
    qtbot.mouseClick(button(page, "Next page"), Qt.MouseButton.LeftButton)
    runner.run()
    before = papers.state.pages[1].png

    papers.choose_rows(100)
    runner.run()
    runner.run()

    assert before
    assert papers.state.pages[1].png not in (b"", before)


def test_a_page_that_is_made_larger_is_rendered_sharper(
    page: TeamPage, runner: DeferredRunner, qtbot: QtBot, stand: StandWindow
) -> None:
    page.show_part(PAPERS)
    runner.run()
    before = stand.models.team.papers.state.pages[0].png

    for _press in range(8):
        qtbot.mouseClick(button(page, "Larger"), Qt.MouseButton.LeftButton)
    runner.run()

    assert len(stand.models.team.papers.state.pages[0].png) > len(before) * 1.5


def test_a_paper_of_one_page_offers_nothing_to_turn_to(page: TeamPage, runner: DeferredRunner) -> None:
    page.show_part(PAPERS)
    runner.run()

    assert "page 1 of" not in said(page)


def test_closing_the_stand_offers_the_event_sheet_with_one_press(
    stand: StandWindow, page: TeamPage, runner: DeferredRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    page.show_part(AFTER)
    stand.models.team.closing.close()
    runner.run()
    offers_print = button(page, "Print the event sheet …").isEnabled()

    qtbot.mouseClick(button(page, "Save as PDF …"), Qt.MouseButton.LeftButton)
    choose_file(page, tmp_path / "sheet.pdf")
    runner.run()

    assert offers_print
    assert b"%PDF" in (tmp_path / "sheet.pdf").read_bytes()


def test_the_teams_estimate_asks_how_it_came_to_be(
    stand: StandWindow, page: TeamPage, runner: DeferredRunner, qtbot: QtBot, keyboard: Keyboard
) -> None:
    page.show_part(AFTER)
    stand.models.team.closing.close()
    runner.run()
    qtbot.mouseClick(button(page, "The team's estimate of women and men …"), Qt.MouseButton.LeftButton)
    dialog = page.window().findChild(EstimateDialog)
    assert dialog is not None

    keyboard.type("120")
    keyboard.press(Qt.Key.Key_Return)
    asked = said(dialog)
    for _field in range(3):
        keyboard.tab()
    keyboard.type("20 minutes")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert "Say in a few words how you came to it." in asked
    assert stand.models.team.closing.state.estimate == EstimateForm("120", "", "", "20 minutes")
