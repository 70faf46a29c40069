"""New contact by keyboard: own questions, the guardian, foreign keyboards, finding, and the sheet."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard

from stojnica.domain.clock import SetClock
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_rows import ContactRow
from stojnica.services.contact_search import ContactSearchState
from stojnica.services.contact_state import ContactState
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.chips import Chip
from stojnica.ui.dialogs import AppDialog
from stojnica.ui.pages.contact_list import ContactList
from stojnica.ui.pages.contact_page import ContactPage
from stojnica.ui.stand_window import CONTACT, StandWindow

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner) -> QWidget:
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    return page


@pytest.fixture
def saved(context: StandContext) -> Callable[[], list[Contact]]:
    """Give the contacts of the event, the newest first."""

    def read(connection: Any) -> list[Contact]:
        now = stand_now(connection)
        assert now.event is not None
        lines = newest_contacts(connection, now.branch_id, now.event.event_id, 9)
        found = [contact(connection, now.branch_id, line.subject_id) for line in lines]
        return [item for item in found if item is not None]

    return lambda: context.store.read(read).result()


def line_named(page: QWidget, words: str) -> QLineEdit:
    lines = [line for line in page.findChildren(QLineEdit) if line.isVisible()]
    return next(line for line in lines if line.accessibleName().startswith(words))


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


def tick(page: QWidget, words: str, keyboard: Keyboard) -> None:
    row = next(row for row in page.findChildren(ConsentRow) if row.accessibleName() == words)
    row.setFocus()
    keyboard.press(Qt.Key.Key_Space)


def dialog() -> AppDialog:
    window = QApplication.activeModalWidget()
    assert isinstance(window, AppDialog)
    return window


def test_a_child_is_taken_in_only_when_the_guardian_has_ticked(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, saved: Callable[[], list[Contact]]
) -> None:
    keyboard.type("Nejc")
    keyboard.tab(2)
    keyboard.type("mojca@example.org")
    keyboard.press(Qt.Key.Key_A, ALT)
    tick(page, "Answer my question", keyboard)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    guardian = line_named(page, "Guardian")
    assert QApplication.focusWidget() is guardian
    keyboard.type("Mojca Novak")
    keyboard.tab()
    keyboard.type("mother")
    keyboard.tab()
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    assert saved() == []
    assert "The guardian has to tick this box" in words_of(page)

    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    (known,) = saved()
    assert (known.guardian, known.guardian_relation) == ("Mojca Novak", "mother")
    assert not any(row.isChecked() for row in page.findChildren(ConsentRow))


def test_tab_goes_as_the_eye_does_also_through_the_fold(page: QWidget, keyboard: Keyboard) -> None:
    line_named(page, "Question or remark").setFocus()
    keyboard.press(Qt.Key.Key_M, ALT)
    keyboard.tab(2)

    names: list[str] = []
    for _step in range(4):
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.accessibleName())
        keyboard.tab()

    chips = [chip for chip in page.findChildren(Chip) if chip.isVisible()]
    assert names == [chip.accessibleName() for chip in chips[:4]]


def test_a_key_chooses_an_interest_while_a_name_is_being_typed(page: QWidget, keyboard: Keyboard) -> None:
    keyboard.type("Tja")
    keyboard.press(Qt.Key.Key_1, ALT, SHIFT)
    keyboard.type("ša")

    chip = next(chip for chip in page.findChildren(Chip) if chip.value == "camps")
    assert chip.isChecked()
    assert chip.isVisible()
    assert line_named(page, "First name").text() == "Tjaša"


def test_a_key_ticks_a_box_while_an_address_is_typed(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, saved: Callable[[], list[Contact]]
) -> None:
    keyboard.type("Tjaša")
    keyboard.tab(2)
    keyboard.type("tjasa@example")
    keyboard.press(Qt.Key.Key_D, ALT)
    keyboard.press(Qt.Key.Key_W, ALT)
    keyboard.type(".org")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    (known,) = saved()
    assert known.email == "tjasa@example.org"
    assert [item.purpose for item in known.consents if item.is_granted] == ["newsletter"]


def test_an_address_goes_on_with_a_likely_domain_until_another_key_is_pressed(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    email = line_named(page, "E-mail")
    email.setFocus()
    keyboard.type("ana@s")
    assert (email.text(), email.selectedText()) == ("ana@siol.net", "iol.net")

    keyboard.type("ava")
    assert email.text() == "ana@sava"
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.press(Qt.Key.Key_Backspace)
    assert email.text() == "ana@s", "what was taken away doesn't come back"
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.type("g")
    keyboard.tab()

    page_model = page._model  # type: ignore[attr-defined]
    assert isinstance(page_model, ContactViewModel)
    assert email.text() == page_model.state.form.email == "ana@gmail.com"


def test_nothing_comes_back_that_is_taken_off_the_address_of_a_known_contact(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    keyboard.type("Ana")
    keyboard.tab(2)
    keyboard.type("ana@gmail.com")
    keyboard.press(Qt.Key.Key_D, ALT)
    keyboard.press(Qt.Key.Key_W, ALT)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()
    press(qtbot, page, "correct")
    runner.run()
    email = line_named(page, "E-mail")
    email.setFocus()
    keyboard.press(Qt.Key.Key_End)

    keyboard.press(Qt.Key.Key_Backspace)

    assert email.text() == "ana@gmail.co"


def test_an_organisation_is_typed_in_its_own_form(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    saved: Callable[[], list[Contact]],
) -> None:
    keyboard.type("Bor")
    press(qtbot, page, "Organisation")
    assert QApplication.focusWidget() is line_named(page, "Organisation")
    assert line_named(page, "First name").text() == "Bor"
    keyboard.type("Gimnazija Bežigrad")
    line_named(page, "E-mail").setFocus()
    keyboard.type("bor@example.org")
    tick(page, "Answer my question", keyboard)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    (known,) = saved()
    assert (known.audience, known.organisation, known.age_band) == ("organisation", "Gimnazija Bežigrad", "")
    assert line_named(page, "First name") is QApplication.focusWidget()
    assert "Age" in words_of(page), "the next one is a visitor"


def test_letters_of_a_foreign_keyboard_go_where_somebody_types(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard
) -> None:
    buttons = {
        item.text(): item for item in page.findChildren(QAbstractButton) if item.text() in tuple("čćđšž")
    }
    assert not buttons["š"].isVisible()
    keyboard.type("Tja")

    keyboard.press(Qt.Key.Key_C, ALT)
    buttons["š"].setFocus()
    keyboard.press(Qt.Key.Key_Space)
    keyboard.type("a")

    line = line_named(page, "First name")
    assert QApplication.focusWidget() is line
    assert line.text() == "Tjaša"
    page_model = page._model  # type: ignore[attr-defined]
    assert isinstance(page_model, ContactViewModel)
    assert page_model.state.form.first_name == "Tjaša"
    keyboard.press(Qt.Key.Key_C, ALT)
    assert not buttons["š"].isVisible()


def fill_and_save(page: QWidget, keyboard: Keyboard, runner: DeferredRunner, name: str) -> None:
    keyboard.type(name)
    keyboard.tab(2)
    keyboard.type(f"{name[:3].lower()}@example.org".replace("č", "c"))
    keyboard.press(Qt.Key.Key_D, ALT)
    tick(page, "Answer my question", keyboard)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()


def test_a_contact_is_found_by_a_key_and_a_name_without_its_marks(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    for name in ("Čarna", "Bor"):
        fill_and_save(page, keyboard, runner, name)

    keyboard.press(Qt.Key.Key_F, CONTROL)
    keyboard.type("carn")
    runner.run()
    qtbot.waitUntil(lambda: "Č." in words_of(page))
    found = words_of(page).partition("Found")[2]
    assert "Č." in found
    assert "B." not in found

    keyboard.type("xyz")
    runner.run()
    assert "Nobody on this laptop." in words_of(page)
    keyboard.press(Qt.Key.Key_Escape)
    runner.run()
    assert "Last contacts" in words_of(page)


def test_what_holds_for_a_class_is_typed_once(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    press(qtbot, page, "The same for everybody …")
    qtbot.waitUntil(dialog().isActiveWindow)
    keyboard.type("4000 Kranj")
    keyboard.tab()
    keyboard.type("Gimnazija Kranj")
    press(qtbot, dialog(), "Use it from now on")
    runner.run()
    assert "For everybody here: 4000 Kranj · Gimnazija Kranj" in words_of(page)
    assert line_named(page, "Post code and town").text() == "4000 Kranj"

    press(qtbot, page, "remove")
    runner.run()

    assert "For everybody here" not in words_of(page)
    assert not line_named(page, "Post code and town").text()


def test_after_a_crash_the_volunteer_goes_on_where_the_hand_was(
    qtbot: QtBot,
    stand: StandWindow,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    clock: SetClock,
    context: StandContext,
) -> None:
    keyboard.press(Qt.Key.Key_D, ALT)
    line_named(page, "First name").setFocus()
    keyboard.type("Tjaša")
    clock.at_us += 1_000_000
    stand.models.contact.tick()
    runner.run()

    again = ContactPage(ContactViewModel(context))
    qtbot.addWidget(again)
    again.show()
    again._model.refresh()
    runner.run()
    assert "A contact was not finished" in words_of(again)
    assert "Tjaša" not in words_of(again)
    press(qtbot, again, "Continue")

    assert line_named(again, "First name").text() == "Tjaša"
    assert "A contact was not finished" not in words_of(again)


def test_who_asks_sees_all_that_is_kept_and_takes_a_consent_back(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    saved: Callable[[], list[Contact]],
) -> None:
    fill_and_save(page, keyboard, runner, "Tjaša")
    press(qtbot, page, "correct")
    runner.run()
    press(qtbot, page, "What we have about them …")
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    sheet = dialog()
    assert sheet.windowTitle() == "What we have about you"
    assert "tja@example.org" in words_of(sheet)

    press(qtbot, sheet, "take back")
    runner.run()
    assert "Taken back." in words_of(sheet)
    assert not any(item.is_granted for item in saved()[0].consents)
    press(qtbot, sheet, "Close")
    runner.run()

    first = next(row for row in page.findChildren(ConsentRow) if row.accessibleName() == "Answer my question")
    assert not first.isChecked(), "the form behind shows what holds now"


def test_what_is_asked_beside_the_form_pushes_no_contact_below_the_window(qtbot: QtBot) -> None:
    # Given as many contacts as the list shows
    rows = tuple(ContactRow(UUID(int=number), "14:32", "T. Ž.", "manual") for number in range(6))
    shown = ContactList()
    qtbot.addWidget(shown)
    shown.show()

    def lines() -> int:
        buttons = shown.findChildren(QAbstractButton)
        return len([one for one in buttons if one.isVisible() and one.text() == "correct"])

    shown.render_state(ContactState(contacts=rows))
    qtbot.waitUntil(lambda: lines() == 6)

    shown.render_state(ContactState(contacts=rows, unfinished="T. Ž., typed at 14:30, was not saved."))
    qtbot.waitUntil(lambda: lines() == 4)

    # Whoever was looked for is all there.
    shown.render_found(ContactSearchState(text="T", rows=rows))
    qtbot.waitUntil(lambda: lines() == 6)
