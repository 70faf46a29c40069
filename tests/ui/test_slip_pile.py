"""A pile is typed in with a scanner and the keyboard alone; slips are printed from the same page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from stojnica.domain.slip_number import SlipNumber
from stojnica.records.contact_queries import contact, newest_contacts
from stojnica.services.slip_entry_page import UNKNOWN
from stojnica.services.slip_runs import RunWish, print_run
from stojnica.services.stand import StandContext, current_event_id
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import branch_of
from stojnica.ui.pages.slips_page import PRINT, SHEET, SlipsPage
from stojnica.ui.stand_window import CONTACT, SLIPS

if TYPE_CHECKING:
    from stojnica.ui.stand_window import StandWindow


@pytest.fixture
def pile(stand: "StandWindow", context: StandContext, runner: DeferredRunner, tmp_path: Path) -> SlipsPage:
    """Give the page of four printed slips, ready for the scanner."""
    event_id = context.store.read(current_event_id).result()
    assert event_id is not None
    print_run(context.store, RunWish(event_id, "sl", 4), tmp_path / "slips.pdf")
    stand.open_slips(event_id)
    runner.run()
    page = stand.main.page(SLIPS)
    assert isinstance(page, SlipsPage)
    return page


def scan(keyboard: Any, runner: DeferredRunner, number: int) -> None:
    """Type as a scanner does: the code in one go, and Enter."""
    keyboard.type(SlipNumber("A", number).payload.lower())
    keyboard.press(Qt.Key.Key_Return)
    runner.run()


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_a_scan_opens_the_form_and_saving_leads_to_the_next_number(
    pile: SlipsPage,
    stand: "StandWindow",
    context: StandContext,
    runner: DeferredRunner,
    keyboard: Any,
) -> None:
    assert "A-001–004: 0 typed in, missing 001–004" in said(pile)

    scan(keyboard, runner, 2)
    assert stand.main.shown_key == CONTACT
    assert stand.models.contact.state.title == "Slip A-002"
    keyboard.type("Ana")
    stand.models.contact.type("email", "ana@example.org")
    stand.models.contact.tick_box("newsletter", True)
    keyboard.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    runner.run()

    assert stand.main.shown_key == SLIPS
    assert "A-002 is typed in. The next one, please." in said(pile)
    assert "A-001–004: 1 typed in, missing 001, 003, 004" in said(pile)
    assert pile._desk._number.line.hasFocus()
    assert pile._desk._number.text() == ""

    def look(connection: Any) -> Any:
        branch_id, event_id = branch_of(connection), current_event_id(connection)
        assert event_id is not None
        (line,) = newest_contacts(connection, branch_id, event_id, 5)
        return contact(connection, branch_id, line.subject_id)

    kept = context.store.read(look).result()
    assert (kept.channel, kept.slip_number, kept.collected_on) == ("paper", "A-002", "2024-09-20")
    assert [item.purpose for item in kept.consents if item.is_granted and not item.is_unproven] == [
        "newsletter"
    ]


def test_the_wording_that_the_visitor_read_stands_over_the_boxes_and_nobody_reads_aloud(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    scan(keyboard, runner, 2)

    page = stand.main.page(CONTACT)
    assert page is not None
    words = said(page)
    assert "Consents as printed on the slip: Slovenščina, wording 1. Tick what is ticked there." in words
    assert "read them aloud" not in words
    boxes = stand.models.contact.state.consents
    assert boxes[0].title == "Odgovorite mi na vprašanje"
    assert all(box.text and box.note == "wording 1" for box in boxes)

    stand.models.contact.clear()
    runner.run()
    stand.main.show_page(CONTACT)
    assert "read them aloud" in said(page)


def test_boxes_whose_wording_nobody_knows_say_that_they_are_never_used(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    scan_other(keyboard, runner, 7)
    pile._desk._wording.chosen.emit(UNKNOWN)
    runner.run()

    assert "kept, and never used" in stand.models.contact.state.consents_lead


def test_a_slip_that_is_put_back_is_still_missing(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    scan(keyboard, runner, 3)
    stand.models.contact.type("first_name", "Bor")

    stand.models.contact.clear()
    runner.run()

    assert stand.main.shown_key == SLIPS
    assert stand.models.contact.slip is None
    assert "missing 001–004" in said(pile)
    assert pile._desk._number.line.hasFocus()


def test_somebody_elses_unfinished_form_is_never_thrown_away(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    stand.models.contact.type("first_name", "Cveta")

    scan(keyboard, runner, 1)

    assert stand.models.contact.state.form.first_name == "Cveta"
    assert stand.main.shown_key == SLIPS
    assert "isn't finished yet" in said(pile)


def test_a_slip_of_another_laptop_asks_for_its_wording_once_and_says_where_it_is_from(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    scan_other(keyboard, runner, 7)
    assert "B-007 was printed by laptop B and is not known here. Choose its wording." in said(pile)
    choices = pile._desk._wording
    assert choices.isVisible()
    assert "Deutsch · wording 1" in [choices.box.itemText(at)[:19] for at in range(choices.box.count())]
    assert "A-001–004: 0 typed in, missing 001–004" in said(pile)

    choices.chosen.emit("de:1")
    runner.run()
    form = stand.models.contact
    assert form.state.title == "Slip B-007"
    assert "Printed by laptop B, not known here." in form.state.subtitle
    assert form.state.consent_language == "de"
    fill_and_keep(stand, runner, keyboard, "Ana")

    assert "B-007 is typed in. The next one, please. Printed by laptop B, not known here." in said(pile)
    assert "A-001–004: 0 typed in, missing 001–004\nB-007: 1 typed in, printed by laptop B" in said(pile)
    assert choices.isVisible(), "the next slip may be in another language"
    scan_other(keyboard, runner, 9)
    assert form.state.title == "Slip B-009", "nobody is asked twice"


def test_a_slip_of_another_laptop_goes_in_once(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    scan_other(keyboard, runner, 7)
    pile._desk._wording.chosen.emit(UNKNOWN)
    runner.run()
    fill_and_keep(stand, runner, keyboard, "Ana")

    scan_other(keyboard, runner, 7)

    assert "B-007 is already typed in." in said(pile)
    assert stand.main.shown_key == SLIPS


def scan_other(keyboard: Any, runner: DeferredRunner, number: int) -> None:
    keyboard.type(SlipNumber("B", number).payload.lower())
    keyboard.press(Qt.Key.Key_Return)
    runner.run()


def fill_and_keep(stand: "StandWindow", runner: DeferredRunner, keyboard: Any, name: str) -> None:
    keyboard.type(name)
    stand.models.contact.type("email", "ana@example.org")
    stand.models.contact.tick_box("newsletter", True)
    keyboard.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    runner.run()


def test_a_misread_scan_stays_in_the_field_selected_for_the_next_one(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, keyboard: Any
) -> None:
    keyboard.type("y1")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "a letter from A to X" in said(pile)

    scan(keyboard, runner, 4)

    assert stand.models.contact.state.title == "Slip A-004"


def test_what_is_printed_is_seen_before_and_the_numbers_go_on(
    pile: SlipsPage, stand: "StandWindow", runner: DeferredRunner, tmp_path: Path
) -> None:
    pile.show_part(PRINT)
    assert "The next number is A-005." in said(pile)
    assert "Four on a sheet of A4" in said(pile)
    assert not pile._print_desk._preview._picture.isNull()

    stand.models.slip_print.type_count("6")
    stand.models.slip_print.save(tmp_path / "more.pdf")
    runner.run()

    assert (tmp_path / "more.pdf").read_bytes().startswith(b"%PDF")
    words = said(pile)
    assert "A-005–010 is in more.pdf, on 2 sheets." in words
    assert "A-001–010: 0 typed in" in words


@pytest.mark.parametrize("count", ["0", "", "many", "501", "²"])
def test_a_number_of_slips_that_cannot_be_is_said_at_its_field(
    pile: SlipsPage, stand: "StandWindow", count: str
) -> None:
    pile.show_part(PRINT)
    stand.models.slip_print.type_count(count)

    pile._print_desk.save_as()

    assert "Between 1 and 500 slips" in pile._print_desk._count.message()


def test_only_one_filled_button_is_shown_whatever_is_done(
    pile: SlipsPage, find_filled: Callable[[QWidget], int]
) -> None:
    for part in (PRINT, SHEET, "enter"):
        pile.show_part(part)
        assert find_filled(pile) == 1


@pytest.fixture
def find_filled() -> Callable[[QWidget], int]:
    """Give a count of the filled buttons in sight."""
    from stojnica.ui.controls.button import ActionButton, Kind

    def count(page: QWidget) -> int:
        return sum(
            button.isVisible() and button._kind is Kind.FILLED for button in page.findChildren(ActionButton)
        )

    return count
