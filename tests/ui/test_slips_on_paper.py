"""Slips from the page to a printer: numbers count when the printer takes them, and its trouble is said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.printing.render import page_count, page_image, page_size_mm
from stojnica.services.printer_watch import PrinterWatch
from stojnica.services.printers import NO_PAPER, FixedPrinters, Printers, PrinterState
from stojnica.services.slip_tally import run_counts
from stojnica.services.stand import StandContext, current_event_id
from stojnica.services.tasks import DeferredRunner
from stojnica.ui import paper_out
from stojnica.ui.pages.slips_page import PRINT, SlipsPage
from stojnica.ui.print_job import prepared_printer
from stojnica.ui.stand_window import SLIPS, StandWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
A4 = (210.0, 297.0)


@pytest.fixture
def page(stand: StandWindow, context: StandContext, runner: DeferredRunner) -> SlipsPage:
    """Give the page on which six slips are about to be printed."""
    event_id = context.store.read(current_event_id).result()
    assert event_id is not None
    stand.open_slips(event_id)
    runner.run()
    page = stand.main.page(SLIPS)
    assert isinstance(page, SlipsPage)
    page.show_part(PRINT)
    stand.models.slip_print.type_count("6")
    return page


@pytest.fixture
def spans(context: StandContext) -> Callable[[], list[str]]:
    """Give the runs that somebody waits for."""

    def read() -> list[str]:
        event_id = context.store.read(current_event_id).result()
        assert event_id is not None
        return [count.span for count in context.store.read(lambda c: run_counts(c, event_id)).result()]

    return read


def into_file(path: Path) -> QPrinter:
    printer = prepared_printer("Slips", A4)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def codes_on(pdf: bytes, page: int) -> set[str]:
    return {found.text[:4] for found in zxingcpp.read_barcodes(page_image(pdf, page, 300))}


def test_slips_are_printed_at_their_true_size_and_their_numbers_are_given_out(
    qtbot: QtBot, page: SlipsPage, stand: StandWindow, runner: DeferredRunner,
    spans: Callable[[], list[str]], tmp_path: Path,
) -> None:  # fmt: skip
    file = tmp_path / "printed.pdf"
    printer = into_file(file)
    printer.setCopyCount(3)

    page._print_desk._paper.print_to(printer)
    runner.run()
    assert not page._print.isEnabled(), "nobody presses twice"
    qtbot.waitUntil(lambda: not stand.models.slip_print.state.is_printing)
    runner.run()

    pdf = file.read_bytes()
    assert (page_count(pdf), printer.copyCount()) == (2, 1), "no number is there twice"
    assert page_size_mm(pdf) == pytest.approx(A4, abs=0.5)
    assert codes_on(pdf, 0) | codes_on(pdf, 1) == {f"A00{count}" for count in range(1, 7)}
    assert spans() == ["A-001–006"]
    assert "A-001–006 was sent to the printer" in said(page)


def test_a_printer_that_takes_nothing_leaves_nobody_waiting_for_slips(
    qtbot: QtBot, page: SlipsPage, stand: StandWindow, runner: DeferredRunner,
    spans: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class DeadPrinter(QPrinter):
        def newPage(self) -> bool:
            return False

    printer = DeadPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "half.pdf"))

    page._print_desk._paper.print_to(printer)
    runner.run()
    qtbot.waitUntil(lambda: not stand.models.slip_print.state.is_printing)
    runner.run()

    assert spans() == []
    assert "There is no printer that takes this page." in said(page)
    assert "The next number is A-007." in said(page), "a number is never there twice"
    assert page._print.isEnabled()


def test_without_a_printer_no_number_is_given_out_and_the_pdf_is_offered(
    page: SlipsPage, keyboard: Keyboard, runner: DeferredRunner, spans: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class NoPrinters(QPrinterInfo):
        @staticmethod
        def availablePrinterNames() -> list[str]:
            return []

    monkeypatch.setattr(paper_out, "QPrinterInfo", NoPrinters)

    keyboard.press(Qt.Key.Key_P, CONTROL)
    runner.run()

    assert spans() == []
    assert "save the PDF and print it elsewhere" in said(page)
    keyboard.press(Qt.Key.Key_S, CONTROL)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.close()


def test_a_printer_without_paper_is_said_in_words_after_it_took_the_pages(
    page: SlipsPage, stand: StandWindow, context: StandContext, runner: DeferredRunner
) -> None:
    model = stand.models.slip_print
    empty = Printers((PrinterState("Canon", is_ready=False, trouble=NO_PAPER),))
    model._context = replace(context, printers=FixedPrinters(empty))

    model.printed("Canon")
    assert "Sent to the printer Canon." in said(page)
    runner.run()

    words = said(page)
    assert "The printer Canon has the pages, and doesn't print: there is no paper in it." in words
    assert "Don't print them again." in words


def test_a_printer_is_looked_after_until_it_is_in_trouble_and_not_for_ever(runner: DeferredRunner) -> None:
    waits: list[float] = []
    told: list[str] = []

    class Slow:
        def printers(self) -> Printers:
            return Printers((PrinterState("Canon", is_ready=len(waits) < 4, trouble="jam"),))

    PrinterWatch(runner, Slow(), waits.append).watch("Canon", lambda message: told.append(message.what))
    runner.run()
    assert told == ["The printer Canon has the pages, and doesn't print: the paper is stuck."]
    assert len(waits) == 4

    fine = FixedPrinters(Printers((PrinterState("Canon", is_ready=True),)))
    PrinterWatch(runner, fine, waits.append).watch("Canon", lambda message: told.append(message.what))
    PrinterWatch(runner, FixedPrinters(None), waits.append).watch("Canon", lambda _message: told.append(""))
    runner.run()

    assert len(told) == 1
    assert sum(waits) < 15
