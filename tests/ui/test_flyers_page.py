"""Flyers: the paper as it will be, saved as a real file, printed so that the code can be scanned."""

from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.domain.errors import UserFacingError
from stojnica.printing.render import page_image, page_size_mm
from stojnica.services.on_paper import PrintablePages
from stojnica.services.stand import CURRENT_EVENT, StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork
from stojnica.ui import paper_out
from stojnica.ui.print_job import prepared_printer, print_pages
from stojnica.ui.stand_window import FLYERS, StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
PAPER_MM = {1: (105.0, 148.0), 4: (210.0, 297.0)}


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> QWidget:
    stand.main.show_page(FLYERS)
    runner.run()
    page = stand.main.page(FLYERS)
    assert page is not None
    return page


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def button(page: QWidget, words: str) -> QAbstractButton:
    return next(item for item in page.findChildren(QAbstractButton) if item.text() == words)


def choose(page: QWidget, name: str, words: str) -> None:
    """Choose in a box as a person does."""
    box = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == name)
    place = box.findText(words)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def codes_in(pdf: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(page_image(pdf, 0, 300))]


def pdf_printer(path: Path, page_mm: tuple[float, float]) -> QPrinter:
    printer = prepared_printer("Flyer", page_mm)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_another_flyer_is_seen_before_its_code_is_scanned_and_printed_only_after(
    page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    before = stand.models.flyers.state.pages
    stand.models.flyers.choose_size("A5")

    while not stand.models.flyers.state.is_drawn:
        runner.run_one()

    shown = stand.models.flyers.state
    assert shown.is_working
    assert shown.pages != before
    assert not button(page, "Print …").isEnabled()
    runner.run()
    assert stand.models.flyers.state.is_printable
    assert button(page, "Print …").isEnabled()


def sheet_of(stand: StandWindow, runner: DeferredRunner) -> PrintablePages:
    sheets: list[PrintablePages] = []
    stand.models.flyers.render_for_printer(sheets.append)
    runner.run()
    return sheets[0]


def test_the_page_shows_the_flyer_and_where_its_code_leads(page: QWidget, stand: StandWindow) -> None:
    state = stand.models.flyers.state

    assert state.is_printable
    assert state.pages[0].png.startswith(b"\x89PNG")
    assert "Festival LUPA" in words_of(page)
    assert state.link in words_of(page).replace("\u200b", "")
    [shown] = [label.text() for label in page.findChildren(QLabel) if "\u200b" in label.text()]
    assert max(map(len, shown.split("\u200b"))) <= 20, "with large type a line is cut"
    assert isinstance(page.findChild(QComboBox), QComboBox)


def test_another_language_and_another_sheet_make_it_anew(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    before = stand.models.flyers.state
    choose(page, "Language", "Slovenščina")
    assert not button(page, "Print …").isEnabled()
    runner.run()
    choice = button(page, "4 on A4, to cut")
    assert isinstance(choice, QRadioButton)
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    assert not button(page, "Print …").isEnabled()
    runner.run()

    state = stand.models.flyers.state
    assert (state.language, state.up) == ("sl", 4)
    assert state.pages != before.pages
    assert button(page, "Print …").isEnabled()


def test_the_same_words_come_on_larger_paper_with_sheets_of_its_own(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner, tmp_path: Path
) -> None:
    size = button(page, "A5")
    assert isinstance(size, QRadioButton)
    qtbot.mouseClick(size, Qt.MouseButton.LeftButton)
    runner.run()
    state = stand.models.flyers.state
    assert (state.size, state.up, state.paper_mm) == ("A5", 1, (148, 210))
    assert [words for _count, words in state.paper.sheets] == ["1 on A5", "2 on A4, to cut"]

    qtbot.mouseClick(button(page, "2 on A4, to cut"), Qt.MouseButton.LeftButton)
    runner.run()
    sheet = sheet_of(stand, runner)
    state = stand.models.flyers.state

    assert state.suggested_name.endswith("A5-2-A4.pdf")
    assert sheet.size_mm == pytest.approx((297, 210), abs=0.1)
    printer = pdf_printer(tmp_path / "printed.pdf", state.paper_mm)
    list(print_pages(printer, sheet))
    pdf = (tmp_path / "printed.pdf").read_bytes()
    assert page_size_mm(pdf) == pytest.approx((297, 210), abs=0.5)
    assert codes_in(pdf) == [state.link] * 2


def test_the_flyer_is_saved_as_a_real_file(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, tmp_path: Path
) -> None:
    keyboard.press(Qt.Key.Key_S, CONTROL)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.defaultSuffix() == "pdf"
    dialog.fileSelected.emit(str(tmp_path / "flyer.pdf"))
    dialog.close()
    runner.run()

    pdf = (tmp_path / "flyer.pdf").read_bytes()
    assert len(codes_in(pdf)) == 1
    assert "Saved as flyer.pdf." in words_of(page)


def test_a_folder_that_takes_no_file_is_said_on_the_page(
    page: QWidget, stand: StandWindow, runner: DeferredRunner, tmp_path: Path
) -> None:
    stand.models.flyers.save(tmp_path / "missing" / "flyer.pdf")
    runner.run()

    assert "The flyer can't be written to flyer.pdf." in words_of(page)


@pytest.mark.parametrize("up", [1, 4])
def test_what_a_printer_gets_can_be_scanned_at_its_true_size(
    page: QWidget, stand: StandWindow, runner: DeferredRunner, tmp_path: Path, up: int
) -> None:
    stand.models.flyers.choose_up(up)
    runner.run()
    sheet = sheet_of(stand, runner)

    printer = pdf_printer(tmp_path / "printed.pdf", PAPER_MM[up])
    assert list(print_pages(printer, sheet)) == [1]

    pdf = (tmp_path / "printed.pdf").read_bytes()
    assert codes_in(pdf) == [stand.models.flyers.state.link] * up
    assert page_size_mm(pdf) == pytest.approx(PAPER_MM[up], abs=0.5)


def test_a_page_on_smaller_paper_is_made_smaller_and_never_cut(
    page: QWidget, stand: StandWindow, runner: DeferredRunner, tmp_path: Path
) -> None:
    stand.models.flyers.choose_up(4)
    runner.run()
    sheet = sheet_of(stand, runner)

    list(print_pages(pdf_printer(tmp_path / "a5.pdf", (148.0, 210.0)), sheet))

    assert len(codes_in((tmp_path / "a5.pdf").read_bytes())) == 4


def test_without_a_printer_the_page_says_so_and_offers_the_pdf(
    page: QWidget, keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPrinters(QPrinterInfo):
        @staticmethod
        def availablePrinterNames() -> list[str]:
            return []

    monkeypatch.setattr(paper_out, "QPrinterInfo", NoPrinters)

    keyboard.press(Qt.Key.Key_P, CONTROL)

    assert "There is no printer that takes this page." in words_of(page)
    assert "save the PDF and print it elsewhere" in words_of(page)


@pytest.mark.usefixtures("qapp")
def test_a_printer_that_takes_nothing_is_said_in_words(tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "missing" / "printed.pdf", PAPER_MM[1])

    with pytest.raises(UserFacingError, match="no printer") as raised:
        list(print_pages(printer, PrintablePages((b"no picture",), PAPER_MM[1])))
    assert raised.value.code == "no_printer"


def test_a_person_chooses_what_the_code_leads_to_and_sees_it_at_once(
    page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    before = stand.models.flyers.state.pages[0].png

    choose(page, "The code leads to", "Wi-Fi at the stand")
    assert not button(page, "Print …").isEnabled()
    runner.run()

    assert stand.models.flyers.state.pages[0].png != before
    assert "Wi-Fi “example-stojnica”" in words_of(page)
    assert "example-geslo" not in words_of(page)
    assert button(page, "Print …").isEnabled()


def test_all_of_the_page_is_in_sight_on_a_small_laptop(
    page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    stand.main.resize(1366, 768)
    choose(page, "Language", "Slovenščina")
    runner.run()
    assert stand.models.flyers.state.hints
    stand.models.flyers.prepare_short_link()
    runner.run()

    seen = page.parentWidget()
    assert seen is not None
    assert page.height() <= seen.height()


def test_without_an_event_the_page_says_what_is_missing(
    stand: StandWindow, context: StandContext, runner: DeferredRunner
) -> None:
    def drop(unit: UnitOfWork) -> Any:
        forget(unit.connection, CURRENT_EVENT)
        unit.commit()

    context.store.write(drop).result()
    stand.main.show_page(FLYERS)
    runner.run()

    page = stand.main.page(FLYERS)
    assert page is not None
    assert "No event chosen" in words_of(page)
    assert not button(page, "Print …").isVisible()


def test_a_sign_needs_no_flyer_and_a_poster_does(
    qtbot: QtBot, page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    which, kind = (
        next(box for box in page.findChildren(QComboBox) if box.accessibleName() == name)
        for name in ("Flyer", "What it becomes")
    )
    for words, needs_flyer in (("Poster", True), ("Table sign: leave us your contact", False)):
        place = kind.findText(words)
        assert place >= 0
        kind.setCurrentIndex(place)
        kind.activated.emit(place)
        runner.run()

        assert which.isVisible() is needs_flyer
        assert button(page, "Print …").isEnabled()

    state = stand.models.flyers.state
    assert state.size == "A5"
    assert state.suggested_name.startswith("lupa-sign-")
    assert state.link.startswith("https://example.org/obrazec?utm_source=lupa")


def test_a_flyer_in_two_languages_asks_for_the_other_one(
    page: QWidget, stand: StandWindow, runner: DeferredRunner
) -> None:
    kind, beside = (
        next(box for box in page.findChildren(QComboBox) if box.accessibleName() == name)
        for name in ("What it becomes", "Beside it")
    )
    assert not beside.isVisible()
    place = kind.findText("Flyer in two languages")
    kind.setCurrentIndex(place)
    kind.activated.emit(place)
    runner.run()

    assert beside.isVisible()
    first = stand.models.flyers.state.pages[0].png
    place = beside.findText("Magyar")
    beside.setCurrentIndex(place)
    beside.activated.emit(place)
    runner.run()

    state = stand.models.flyers.state
    assert state.second == "hu"
    assert "-hu-A5.pdf" in state.suggested_name
    assert state.pages[0].png != first
    assert button(page, "Print …").isEnabled()
