"""Before a print: printer, copies, sides and paper with real keys; a test page; a long job stopped."""

from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.printing.render import page_count, page_image, page_size_mm
from stojnica.printing.ruler_page import CODE_TEXT
from stojnica.printing.sheets import LONG_EDGE, SHORT_EDGE
from stojnica.services.on_paper import MOST_COPIES, PrintablePages, PrintChoices, read_copies, read_sheets
from stojnica.services.tasks import DeferredRunner
from stojnica.ui import paper_out
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.pages.file_kind_dialog import FileKindDialog
from stojnica.ui.pages.print_dialog import PrintDialog, Wanted
from stojnica.ui.print_job import prepared_printer
from stojnica.ui.printer_desk import PrinterOffer
from stojnica.ui.stand_window import FLYERS, StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
A4, A6 = (210.0, 297.0), (105.0, 148.0)


class Office:
    """Two printers, one of which prints both sides."""

    def names(self) -> list[str]:
        return ["Canon", "Pisarna"]

    def default(self) -> str:
        return "Pisarna"

    def offer(self, name: str) -> PrinterOffer:
        if name == "Canon":
            return PrinterOffer((), (("A4", A4),), A4)
        return PrinterOffer((LONG_EDGE, SHORT_EDGE), (("A4", A4), ("A6", A6)), A4)


@pytest.fixture
def one_printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[PrintChoices]:
    """Have the office's printers, which write into a file; give what was chosen for each print."""
    asked: list[PrintChoices] = []

    class Some(QPrinterInfo):
        @staticmethod
        def availablePrinterNames() -> list[str]:
            return Office().names()

    def prepared(name: str, page_mm: tuple[float, float], choices: PrintChoices) -> QPrinter:
        asked.append(choices)
        printer = prepared_printer(name, page_mm, PrintChoices(copies=choices.copies, edge=choices.edge))
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{len(asked)}.pdf"))
        return printer

    monkeypatch.setattr(paper_out, "QPrinterInfo", Some)
    monkeypatch.setattr(paper_out, "QtPrinterDesk", Office)
    monkeypatch.setattr(paper_out, "prepared_printer", prepared)
    return asked


@pytest.fixture
def page(stand: StandWindow, runner: DeferredRunner) -> QWidget:
    stand.main.show_page(FLYERS)
    runner.run()
    page = stand.main.page(FLYERS)
    assert page is not None
    return page


@pytest.fixture
def dialog(qtbot: QtBot, page: QWidget, keyboard: Keyboard, one_printer: list[PrintChoices]) -> PrintDialog:
    keyboard.press(Qt.Key.Key_P, CONTROL)
    found = page.findChild(PrintDialog)
    assert isinstance(found, PrintDialog)
    qtbot.waitUntil(found.isVisible)
    return found


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def button(widget: QWidget, words: str) -> QAbstractButton:
    return next(item for item in widget.findChildren(QAbstractButton) if item.text() == words)


def test_copies_are_typed_and_enter_prints(
    qtbot: QtBot, dialog: PrintDialog, page: QWidget, keyboard: Keyboard, runner: DeferredRunner,
    one_printer: list[PrintChoices], tmp_path: Path,
) -> None:  # fmt: skip
    keyboard.type("50")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    qtbot.waitUntil(lambda: "Sent to the printer" in said(page))

    assert one_printer == [PrintChoices("Pisarna", 50, "", A6)]
    assert page_count((tmp_path / "1.pdf").read_bytes()) >= 1


def test_two_hundred_pieces_need_no_reckoning(
    qtbot: QtBot, stand: StandWindow, page: QWidget, keyboard: Keyboard, runner: DeferredRunner,
    one_printer: list[PrintChoices],
) -> None:  # fmt: skip
    stand.models.flyers.choose_up(4)
    runner.run()
    keyboard.press(Qt.Key.Key_P, CONTROL)
    dialog = page.findChild(PrintDialog)
    assert isinstance(dialog, PrintDialog)
    assert ("Pieces" in said(dialog), "1 sheet" in said(dialog)) == (True, True)

    keyboard.type("199")
    assert "50 sheets · 200 pieces when cut" in said(dialog)
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.type("200")
    assert "50 sheets" in said(dialog)
    assert "when cut" not in said(dialog)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert one_printer == [PrintChoices("Pisarna", 50, "", A4)]


@pytest.mark.parametrize("typed", ["", "0", "501", "5x", "٣", "99999999999999999999"])
def test_a_number_that_is_none_is_said_at_its_field(
    dialog: PrintDialog, keyboard: Keyboard, one_printer: list[PrintChoices], typed: str
) -> None:
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.type(typed)
    keyboard.press(Qt.Key.Key_Return)

    assert read_copies(typed) is None
    assert "Between 1 and 500 copies can be printed at once." in said(dialog)
    assert dialog.isVisible()
    assert one_printer == []


def test_more_pieces_than_go_on_five_hundred_sheets_are_refused_in_pieces(
    stand: StandWindow, page: QWidget, keyboard: Keyboard, runner: DeferredRunner,
    one_printer: list[PrintChoices],
) -> None:  # fmt: skip
    stand.models.flyers.choose_up(4)
    runner.run()
    keyboard.press(Qt.Key.Key_P, CONTROL)
    dialog = page.findChild(PrintDialog)
    assert isinstance(dialog, PrintDialog)

    keyboard.type("2001")
    keyboard.press(Qt.Key.Key_Return)

    assert "Between 1 and 2,000 pieces can be printed at once." in said(dialog)
    assert one_printer == []


@given(pieces=st.sampled_from((1, 2, 3, 4, 8)), wanted=st.integers(0, 5_000))
def test_the_sheets_are_enough_and_none_is_too_many(pieces: int, wanted: int) -> None:
    sheets = read_sheets(str(wanted), pieces)

    if sheets is None:
        assert wanted == 0 or wanted > MOST_COPIES * pieces
    else:
        assert (sheets - 1) * pieces < wanted <= sheets * pieces


def test_a_flyer_with_a_back_is_printed_on_both_sides_at_the_edge_where_its_backs_belong(
    qtbot: QtBot, stand: StandWindow, page: QWidget, keyboard: Keyboard, runner: DeferredRunner,
    one_printer: list[PrintChoices], tmp_path: Path,
) -> None:  # fmt: skip
    model = stand.models.flyers
    model.choose_up(4)
    model.choose_back("sl")
    runner.run()
    assert model.state.edge == LONG_EDGE
    keyboard.press(Qt.Key.Key_P, CONTROL)
    dialog = page.findChild(PrintDialog)
    assert isinstance(dialog, PrintDialog)
    chosen = button(dialog, "Both, long edge")
    assert isinstance(chosen, QRadioButton)
    assert chosen.isChecked()

    qtbot.mouseClick(button(dialog, "Both, short edge"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(dialog, "Print"), Qt.MouseButton.LeftButton)
    runner.run()
    qtbot.waitUntil(lambda: "Sent to the printer" in said(page))

    assert one_printer[0].edge == SHORT_EDGE
    pdf = (tmp_path / "1.pdf").read_bytes()
    assert page_count(pdf) == 2
    # Turned at the short edge, the backs stand on their heads.
    turned = [code.orientation for code in zxingcpp.read_barcodes(page_image(pdf, 1, 200))]
    assert len(turned) == 4
    assert all(abs(angle) > 170 for angle in turned)


def test_another_printer_offers_what_it_can(dialog: PrintDialog, keyboard: Keyboard) -> None:
    assert "Sides" in said(dialog)

    box = dialog._printer.box
    box.setFocus()
    keyboard.press(Qt.Key.Key_Up)

    assert dialog._printer.value() == "Canon"
    assert "Sides" not in said(dialog)
    assert "Paper" not in said(dialog)


def test_the_test_page_comes_out_and_the_question_stays(
    qtbot: QtBot, dialog: PrintDialog, page: QWidget, runner: DeferredRunner, tmp_path: Path,
) -> None:  # fmt: skip
    qtbot.mouseClick(button(dialog, "Print a test page"), Qt.MouseButton.LeftButton)
    assert not button(dialog, "Print").isEnabled()
    runner.run()
    qtbot.waitUntil(lambda: "The test page is at the printer" in said(dialog))

    (code,) = zxingcpp.read_barcodes(page_image((tmp_path / "1.pdf").read_bytes(), 0, 200))
    assert code.text == CODE_TEXT
    assert dialog.isVisible()
    assert button(dialog, "Print").isEnabled()
    assert "Sent to the printer" not in said(page)


def test_a_test_page_is_no_print_even_when_the_question_was_closed_before(
    qtbot: QtBot, dialog: PrintDialog, stand: StandWindow, page: QWidget, runner: DeferredRunner,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    told: list[str] = []
    monkeypatch.setattr(stand.models.flyers, "printed", told.append)
    qtbot.mouseClick(button(dialog, "Print a test page"), Qt.MouseButton.LeftButton)
    dialog.reject()

    runner.run()
    qtbot.waitUntil(lambda: stand_paper(page)._pages is None)

    assert (tmp_path / "1.pdf").exists()
    assert told == []
    assert "Sent to the printer" not in said(page)


def stand_paper(page: QWidget) -> paper_out.PaperOut:
    found = page.findChild(paper_out.PaperOut)
    assert isinstance(found, paper_out.PaperOut)
    return found


def test_numbered_pages_are_printed_once_and_on_one_side(qtbot: QtBot, page: QWidget) -> None:
    dialog = PrintDialog(page, Wanted(A4, is_numbered=True), Office())
    dialog.open()

    assert "Copies" not in said(dialog)
    assert "Sides" not in said(dialog)
    assert dialog.collect() == PrintChoices("Pisarna", 1, "", A4)
    dialog.close()


def test_a_long_job_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, stand: StandWindow, page: QWidget, runner: DeferredRunner,
    one_printer: list[PrintChoices], monkeypatch: pytest.MonkeyPatch, keyboard: Keyboard,
) -> None:  # fmt: skip
    model = stand.models.flyers
    render = model.render_for_printer

    def many(ready: Callable[[PrintablePages], None]) -> None:
        render(lambda pages: ready(PrintablePages(pages.pictures_png * 400, pages.size_mm)))

    monkeypatch.setattr(model, "render_for_printer", many)
    keyboard.press(Qt.Key.Key_P, CONTROL)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    panel = page.findChild(ProgressPanel)
    assert isinstance(panel, ProgressPanel)
    qtbot.waitUntil(panel.isVisible, timeout=20_000)
    assert "of 400" in said(panel)

    qtbot.mouseClick(button(panel, "Cancel"), Qt.MouseButton.LeftButton)

    assert "Printing was stopped. Nothing was printed, and nothing is lost." in said(page)
    assert not panel.isVisible()


def test_a_file_for_a_print_shop_is_saved_where_it_was_asked_for(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, tmp_path: Path
) -> None:
    keyboard.press(Qt.Key.Key_E, CONTROL)
    kinds = page.findChild(FileKindDialog)
    assert isinstance(kinds, FileKindDialog)
    assert "3 mm of bleed" in said(kinds)
    keyboard.press(Qt.Key.Key_Return)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith("-print-shop.pdf")
    dialog.fileSelected.emit(str(tmp_path / "shop.pdf"))
    dialog.close()
    runner.run()

    assert page_size_mm((tmp_path / "shop.pdf").read_bytes()) == pytest.approx((111, 154), abs=0.1)
    assert "Saved as shop.pdf." in said(page)


def test_a_plain_pdf_is_saved_after_a_file_for_others_was_given_up(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, tmp_path: Path
) -> None:
    keyboard.press(Qt.Key.Key_E, CONTROL)
    kinds = page.findChild(FileKindDialog)
    assert isinstance(kinds, FileKindDialog)
    qtbot.mouseClick(button(kinds, "Social media"), Qt.MouseButton.LeftButton)
    assert "1080 × 1350" in said(kinds)
    qtbot.mouseClick(button(kinds, "Save …"), Qt.MouseButton.LeftButton)
    given_up = page.findChild(QFileDialog)
    assert isinstance(given_up, QFileDialog)
    assert given_up.defaultSuffix() == "png"
    given_up.close()
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None)

    qtbot.mouseClick(button(page, "Save as PDF …"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "plain.pdf"))
    dialog.close()
    runner.run()

    assert page_size_mm((tmp_path / "plain.pdf").read_bytes()) == pytest.approx((105, 148), abs=0.1)
