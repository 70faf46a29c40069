"""New contact: in with the keyboard alone, said at the place, corrected, voided, and never lost."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PIN, Keyboard
from tests.ui.contact_visits import button, contacts, dialog_of, first_box, line_named, press, words_of

from stojnica.domain.clock import SetClock
from stojnica.services.stand import CURRENT_EVENT, StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.faults import disk_full
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.stand_window import CONTACT, EVENTS, StandWindow

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Typist = Callable[..., None]


@pytest.fixture
def page(stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner) -> QWidget:
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    return page


@pytest.fixture
def save(page: QWidget, keyboard: Keyboard, runner: DeferredRunner) -> Typist:
    """Type a contact and save it, from the empty form on."""

    def type_and_save(name: str = "Tjaša", email: str = "tjasa@example.org", phone: str = "") -> None:
        keyboard.type(name)
        keyboard.tab(2)
        keyboard.type(email)
        keyboard.tab()
        keyboard.type(phone)
        keyboard.press(Qt.Key.Key_D, ALT)
        first_box(page).setFocus()
        keyboard.press(Qt.Key.Key_Space)
        keyboard.press(Qt.Key.Key_Return, CONTROL)
        runner.run()

    return type_and_save


def test_a_contact_is_typed_and_saved_with_the_keyboard_alone(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, context: StandContext
) -> None:
    assert QApplication.focusWidget() is line_named(page, "First name")
    for text in ("Tjaša", "Žnidaršič", "tjasa@example.org", "031 345 095"):
        keyboard.type(text)
        keyboard.tab()
    keyboard.press(Qt.Key.Key_D, ALT)
    keyboard.tab()
    for text in ("1000 Ljubljana", "lea", "Do I need English?"):
        keyboard.type(text)
        keyboard.tab()
    keyboard.tab(2)
    assert QApplication.focusWidget() is first_box(page), "past the fold and the links of the other languages"
    keyboard.press(Qt.Key.Key_Space)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    (saved,) = contacts(context)
    assert (saved.first_name, saved.last_name, saved.phone) == ("Tjaša", "Žnidaršič", "+38631345095")
    assert saved.heard == "leaflet"
    assert (saved.age_band, saved.post_code, saved.town) == ("18-30", "1000", "Ljubljana")
    assert saved.question == "Do I need English?"
    assert (saved.form, saved.form_version, saved.audience) == ("person", 1, "person")
    assert [item.purpose for item in saved.consents if item.is_granted] == ["answer"]
    assert QApplication.focusWidget() is line_named(page, "First name")
    assert not any(line.text() for line in page.findChildren(QLineEdit))
    assert not first_box(page).isChecked()
    assert "Saved: T. Ž." in words_of(page)


def test_the_languages_to_read_in_are_one_stop_of_tab_with_arrows_among_them(
    page: QWidget, keyboard: Keyboard
) -> None:
    links = [button for button in page.findChildren(QAbstractButton) if button.property("language")]
    assert [button.property("language") for button in links] == ["sl", "de", "it", "hr", "hu"]

    links[0].setFocus()
    for _step in range(3):
        keyboard.press(Qt.Key.Key_Right)
    keyboard.press(Qt.Key.Key_Space)

    assert "Šaljite mi novosti" in words_of(page)
    read_in = [button.property("language") for button in page.findChildren(QAbstractButton)]
    assert "hr" not in [code for code in read_in if code]


def test_a_wrong_address_is_said_at_its_field_and_gets_the_focus(
    page: QWidget, keyboard: Keyboard, save: Typist, context: StandContext
) -> None:
    save(email="tjasa at home")

    line = line_named(page, "E-mail")
    assert contacts(context) == []
    assert QApplication.focusWidget() is line
    assert line.accessibleDescription() in words_of(page)
    assert line.property("tone") == "bad"
    keyboard.type("x")
    assert not line.accessibleDescription(), "what is being put right is not complained about"


def test_a_slip_of_the_pen_is_hinted_at_and_put_right_by_one_key(page: QWidget, keyboard: Keyboard) -> None:
    keyboard.tab(2)
    keyboard.type("tjasa@gmial.com")
    keyboard.tab()
    line = line_named(page, "E-mail")
    assert line.property("tone") == "wait"

    link = button(page, "Correct it")
    assert link is not None
    link.setFocus()
    keyboard.press(Qt.Key.Key_Return)

    assert line.text() == "tjasa@gmail.com"
    assert not line.accessibleDescription()


def test_maybe_the_same_person_is_a_question_and_never_in_the_way(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    save: Typist,
    context: StandContext,
) -> None:
    save(name="Ana", phone="031 345 095")
    save(name="Oto", email="oto@example.org", phone="+386 31 345 095")
    assert [item.first_name for item in contacts(context)] == ["Oto", "Ana"]

    keyboard.type("Ana")
    keyboard.tab(3)
    keyboard.type("031345095")
    keyboard.tab()
    runner.run()
    assert "Maybe the same person" in words_of(page)
    press(qtbot, page, "Somebody else")
    assert "Maybe the same person" not in words_of(page)
    assert line_named(page, "First name").text() == "Ana"

    line_named(page, "Phone").setFocus()
    keyboard.press(Qt.Key.Key_Backspace)
    keyboard.type("5")
    keyboard.tab()
    runner.run()
    press(qtbot, page, "The same")
    assert not line_named(page, "First name").text()


def test_the_last_contacts_show_initials_and_names_only_with_the_pin_for_ten_seconds(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    save: Typist,
    clock: SetClock,
    stand: StandWindow,
) -> None:
    save(name="Tjaša")
    assert "T." in words_of(page)
    assert "Tjaša" not in words_of(page)

    press(qtbot, page, "show names")
    keyboard.type("1111")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    assert "Tjaša" not in words_of(page)
    assert "This PIN is not right." in words_of(page)

    clock.at_us += 2_000_000
    press(qtbot, page, "show names")
    keyboard.type(PIN)
    keyboard.press(Qt.Key.Key_Return)
    runner.run()
    qtbot.waitUntil(lambda: "Tjaša" in words_of(page))
    clock.at_us += 10_000_000
    stand.models.contact.tick()
    assert "Tjaša" not in words_of(page)


def test_a_contact_is_corrected_and_its_form_given_back(
    qtbot: QtBot,
    page: QWidget,
    keyboard: Keyboard,
    runner: DeferredRunner,
    save: Typist,
    context: StandContext,
) -> None:
    save(name="Tjasa")
    press(qtbot, page, "correct")
    runner.run()
    assert "Correct a contact" in words_of(page)
    line = line_named(page, "First name")
    assert line.text() == "Tjasa"

    line.setFocus()
    line.selectAll()
    keyboard.type("Tjaša")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()

    assert [item.first_name for item in contacts(context)] == ["Tjaša"]
    assert "Corrected: T." in words_of(page)
    assert "New contact" in words_of(page)


def test_a_contact_is_voided_with_a_reason_and_leaves_the_list(
    qtbot: QtBot, page: QWidget, runner: DeferredRunner, save: Typist, context: StandContext
) -> None:
    save()
    press(qtbot, page, "correct")
    runner.run()
    press(qtbot, page, "Void this contact …")
    dialog = dialog_of(page)
    press(qtbot, dialog, "Void the contact")
    assert "Choose a reason." in words_of(dialog)
    assert len(contacts(context)) == 1

    reason = dialog.findChild(QComboBox)
    assert isinstance(reason, QComboBox)
    reason.setCurrentIndex(reason.findText("entered twice"))
    press(qtbot, dialog, "Void the contact")
    runner.run()

    assert contacts(context) == []
    assert "The contact was voided." in words_of(page)


def test_who_wants_to_be_erased_is_not_voided_by_mistake(
    qtbot: QtBot, page: QWidget, runner: DeferredRunner, save: Typist, keyboard: Keyboard
) -> None:
    save()
    press(qtbot, page, "correct")
    runner.run()
    press(qtbot, page, "Void this contact …")
    dialog = dialog_of(page)
    qtbot.waitUntil(dialog.isActiveWindow)
    reason = dialog.findChild(QComboBox)
    assert isinstance(reason, QComboBox)

    keyboard.press(Qt.Key.Key_End)
    assert reason.currentText() == "the person wants it so"
    assert "name and address stay on record" in words_of(dialog)
    assert "“Erase everything …”" in words_of(dialog)

    keyboard.press(Qt.Key.Key_Home)
    keyboard.press(Qt.Key.Key_Down)
    assert reason.currentText() == "entered twice"
    assert "stay on record." not in words_of(dialog)


def test_all_consents_are_taken_back_when_no_box_is_left(
    qtbot: QtBot, page: QWidget, runner: DeferredRunner, save: Typist, context: StandContext
) -> None:
    save()
    press(qtbot, page, "correct")
    runner.run()
    first_box(page).click()
    press(qtbot, page, "Take all consents back")
    runner.run()

    (known,) = contacts(context)
    assert not any(item.is_granted for item in known.consents)


def test_the_form_stays_filled_when_saving_fails(
    page: QWidget, keyboard: Keyboard, runner: DeferredRunner, save: Typist, context: StandContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    failed: Future[Any] = Future()
    failed.set_exception(disk_full())
    with monkeypatch.context() as patch:
        patch.setattr(context.store, "write", lambda *_arguments: failed)
        save(name="Tjaša")
    assert line_named(page, "First name").text() == "Tjaša"
    assert first_box(page).isChecked()
    assert failed.exception().what in words_of(page)  # type: ignore[union-attr]

    keyboard.press(Qt.Key.Key_Return, CONTROL)
    runner.run()
    assert [item.first_name for item in contacts(context)] == ["Tjaša"]


def test_consents_are_read_aloud_in_the_persons_language(
    qtbot: QtBot, page: QWidget, save: Typist, context: StandContext
) -> None:
    press(qtbot, page, "Slovenščina")
    assert first_box(page).accessibleName() == "Odgovorite mi na vprašanje"
    line_named(page, "First name").setFocus()

    save()

    (saved,) = contacts(context)
    assert saved.language == "sl"
    assert first_box(page).accessibleName() == "Answer my question"


def test_how_somebody_knows_us_is_kept_as_the_choice_that_it_names(
    page: QWidget, keyboard: Keyboard, save: Typist, context: StandContext
) -> None:
    line = line_named(page, "How did you hear of us?")
    line.setFocus()
    keyboard.type("LEAFLET")
    line_named(page, "First name").setFocus()

    save()

    assert [item.heard for item in contacts(context)] == ["leaflet"]


def test_who_types_is_asked_once_and_kept_with_the_entry(
    qtbot: QtBot, page: QWidget, keyboard: Keyboard, runner: DeferredRunner
) -> None:
    press(qtbot, page, "Who is typing? …")
    keyboard.type("Maja")
    keyboard.press(Qt.Key.Key_Return)
    runner.run()

    assert "entry: Maja · Festival LUPA" in words_of(page)
    assert button(page, "Somebody else types …") is not None


def test_under_the_age_of_consent_a_guardian_is_asked_for(page: QWidget, keyboard: Keyboard) -> None:
    assert not line_named(page, "Guardian").isVisible()

    keyboard.press(Qt.Key.Key_A, ALT)
    assert line_named(page, "Guardian").isVisible()
    keyboard.press(Qt.Key.Key_S, ALT)
    assert not line_named(page, "Guardian").isVisible()


def test_without_an_event_the_page_says_what_to_do_first(
    qtbot: QtBot, stand: StandWindow, context: StandContext, runner: DeferredRunner, keyboard: Keyboard
) -> None:
    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, CURRENT_EVENT)
        unit.commit()

    context.store.write(drop).result()
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    assert "Which event is it today?" in words_of(page)

    press(qtbot, page, "Choose an event")

    assert stand.main.shown_key == EVENTS


def test_a_program_that_ends_asks_the_store_about_the_field_with_the_cursor_while_it_is_open(
    qtbot: QtBot, page: QWidget, stand: StandWindow, keyboard: Keyboard, context: StandContext
) -> None:
    keyboard.tab(2)
    keyboard.type("tjasa@example.org")

    with qtbot.captureExceptions() as raised:
        stand.close()
        context.store.close()
        stand.main.close()

    assert raised == []
