"""A group visit by keyboard alone, from the stand to the cards that the pupils take home."""

from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard

from stojnica.printing.about_sheet import PAGE_MM
from stojnica.printing.render import page_count, page_image
from stojnica.records.contact_queries import number_of_contacts
from stojnica.records.group_visits import VisitTotals, visit_totals
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import branch_of
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.pages.take_home_dialog import TakeHomeDialog
from stojnica.ui.print_job import prepared_printer
from stojnica.ui.stand_window import CONTACT, GROUP, TODAY, StandWindow

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner) -> QWidget:
    """Go to the page by keys: Ctrl+N, then Alt+G."""
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    keyboard.press(Qt.Key.Key_G, ALT)
    runner.run()
    page = stand.main.page(GROUP)
    assert page is not None
    assert stand.main.shown_key == GROUP
    return page


def totals(context: StandContext) -> VisitTotals:
    def read(connection: Any) -> VisitTotals:
        now = stand_now(connection)
        assert now.event is not None
        return visit_totals(connection, now.branch_id, now.event.event_id)

    return context.store.read(read).result()


def number_kept(context: StandContext) -> int:
    return context.store.read(lambda c: number_of_contacts(c, branch_of(c))).result()


def words_of(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, page: QWidget, words: str) -> None:
    def button() -> QAbstractButton | None:
        buttons = page.findChildren(QAbstractButton)
        return next((item for item in buttons if item.isVisible() and item.text() == words), None)

    qtbot.waitUntil(lambda: button() is not None)
    found = button()
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def focused_name() -> str:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus.accessibleName()


def dialog() -> AppDialog:
    window = QApplication.activeModalWidget()
    assert isinstance(window, AppDialog)
    return window


def test_a_class_and_its_teacher_are_taken_in_without_the_mouse(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.type("OŠ Bežigrad")
    keyboard.tab()
    keyboard.type("24")
    keyboard.press(Qt.Key.Key_A, ALT)
    while not focused_name().startswith("First name"):
        keyboard.tab()
    keyboard.type("Mojca")
    keyboard.tab(2)
    keyboard.type("mojca@example.org")
    while focused_name() != "Answer my question":
        keyboard.tab()
    keyboard.press(Qt.Key.Key_Space)

    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    assert (totals(context), number_kept(context)) == (VisitTotals(1, 24), 1)
    said = words_of(page)
    assert "Saved: OŠ Bežigrad, 24 pupils. The teacher is a contact (M.)." in said
    assert "Mojca" not in said
    assert focused_name() == "School or group"
    assert not any(line.text() for line in page.findChildren(QLineEdit))


def test_a_mistake_is_said_at_the_place_and_the_focus_is_there(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.type("OŠ Bežigrad")

    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    assert "A whole number from 1 to 1000 is needed." in words_of(page)
    assert focused_name() == "Number of pupils"
    assert totals(context) == VisitTotals(0, 0)


def test_a_name_without_a_tick_is_asked_about_once(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.type("OŠ Bežigrad")
    keyboard.tab()
    keyboard.type("24")
    while not focused_name().startswith("First name"):
        keyboard.tab()
    keyboard.type("Mojca")

    keyboard.press(Qt.Key.Key_Return, CONTROL)
    asked = words_of(page)
    press(qtbot, page, "Save without the contact")
    runner.run()

    assert "the teacher's name and contact will not be kept" in asked
    assert (totals(context), number_kept(context)) == (VisitTotals(1, 24), 0)


def test_a_visit_is_corrected_and_voided_with_a_reason(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.type("OŠ Bežigrad")
    keyboard.tab()
    keyboard.type("24")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    press(qtbot, page, "correct")
    runner.run()
    keyboard.tab()
    keyboard.press(Qt.Key.Key_A, CONTROL)
    keyboard.type("27")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()
    corrected = totals(context)
    press(qtbot, page, "correct")
    runner.run()
    press(qtbot, page, "Void this visit …")
    dialog().submit()
    still = totals(context)
    keyboard.press(Qt.Key.Key_Down)
    dialog().submit()
    runner.run()

    assert (corrected, still, totals(context)) == (VisitTotals(1, 27), VisitTotals(1, 27), VisitTotals(0, 0))
    assert "No group yet." in words_of(page)


def test_the_way_back_leads_to_the_contacts(qtbot: QtBot, page: QWidget, stand: StandWindow) -> None:
    press(qtbot, page, "Back to contacts")

    assert stand.main.shown_key == CONTACT


def test_cards_for_the_class_are_saved_and_each_code_can_be_scanned(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, tmp_path: Path
) -> None:
    keyboard.type("OŠ Bežigrad")
    keyboard.tab()
    keyboard.type("11")
    keyboard.press(Qt.Key.Key_K, ALT)
    runner.run()
    sheet = dialog()
    said = words_of(sheet)
    keyboard.press(Qt.Key.Key_S, CONTROL)
    [chooser] = sheet.findChildren(QFileDialog)

    chooser.fileSelected.emit(str(tmp_path / "cards.pdf"))
    runner.run()

    assert "2 sheets of A4" in said
    pdf = (tmp_path / "cards.pdf").read_bytes()
    found = [len(zxingcpp.read_barcodes(page_image(pdf, sheet, 150))) for sheet in range(page_count(pdf))]
    assert found == [8, 3]
    assert "Saved as cards.pdf." in words_of(sheet)
    chooser.close()
    sheet.reject()


def test_cards_go_to_a_printer_as_one_job(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    tmp_path: Path,
) -> None:
    printer = prepared_printer("cards", PAGE_MM)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    keyboard.type("OŠ Bežigrad")
    keyboard.tab()
    keyboard.type("9")
    keyboard.press(Qt.Key.Key_K, ALT)
    runner.run()
    sheet = dialog()
    assert isinstance(sheet, TakeHomeDialog)

    sheet._paper.print_to(printer)
    runner.run()
    qtbot.waitUntil(lambda: "Sent to the printer" in words_of(sheet))

    pdf = (tmp_path / "printed.pdf").read_bytes()
    found = [len(zxingcpp.read_barcodes(page_image(pdf, leaf, 150))) for leaf in range(page_count(pdf))]
    assert found == [8, 1]
    sheet.reject()


def test_without_a_printer_the_dialog_says_so_and_stays(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    keyboard.press(Qt.Key.Key_K, ALT)
    runner.run()

    dialog().submit()

    assert "There is no printer that takes this page." in words_of(dialog())
    dialog().reject()


def test_a_child_without_a_guardian_gets_a_card_at_the_typing_page(
    stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    typing = stand.main.page(CONTACT)
    assert typing is not None
    keyboard.press(Qt.Key.Key_A, ALT)
    state = words_of(typing)

    keyboard.press(Qt.Key.Key_K, ALT)
    runner.run()

    assert "Nobody here? Nothing is saved, and a card goes home:" in state
    assert stand.models.contact.cards.state.can_print
    assert stand.models.contact.cards.state.count == "1"
    assert number_kept(context) == 0
    dialog().reject()


def test_a_tick_is_never_there_before_the_teacher_says_so(page: QWidget) -> None:
    consents = [row for row in page.findChildren(ConsentRow) if "people reached" not in row.accessibleName()]

    assert consents
    assert not any(row.isChecked() for row in consents)


def test_the_page_is_beside_the_counters_too(
    qtbot: QtBot, stand: StandWindow, runner: DeferredRunner
) -> None:
    today = stand.main.page(TODAY)
    assert today is not None

    press(qtbot, today, "Group visit …")
    runner.run()

    assert stand.main.shown_key == GROUP
