"""Lines that go on by themselves on the typed page: fewer keys, and whatever is meant otherwise stays."""

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from tests.ui.conftest import Keyboard

from stojnica.resources import resource
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.good_forms import keep_good_forms
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.stand_window import CONTACT, StandWindow

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def asks_country(store: Store) -> None:
    """Ask for the country too, as an office's own form may."""
    form: dict[str, Any] = json.loads(resource("forms", "person.json").read_text("utf-8"))
    title = dict.fromkeys(("sl", "en", "de", "it", "hr", "hu"), "Country of residence")
    asked = {"id": "country", "kind": "country", "title": title, "places": ["staff"]}
    form["pages"][-1]["questions"].append(asked)
    form["version"] += 1

    def keep(unit: UnitOfWork) -> None:
        keep_good_forms(unit.connection, [form])
        unit.commit()

    store.write(keep).result()


@pytest.fixture
def page(asks_country: None, stand: StandWindow, keyboard: Keyboard, runner: DeferredRunner) -> QWidget:
    keyboard.press(Qt.Key.Key_N, CONTROL)
    runner.run()
    page = stand.main.page(CONTACT)
    assert page is not None
    return page


def line_named(page: QWidget, words: str) -> QLineEdit:
    return next(line for line in page.findChildren(QLineEdit) if line.accessibleName().startswith(words))


def test_a_post_code_brings_its_town_and_tab_goes_on(
    page: QWidget, keyboard: Keyboard, stand: StandWindow
) -> None:
    line = line_named(page, "Post code and town")
    line.setFocus()
    keyboard.type("1000")
    assert (line.text(), line.selectedText()) == ("1000 Ljubljana", " Ljubljana")
    keyboard.tab()

    assert QApplication.focusWidget() is line_named(page, "How did you hear of us?")
    assert stand.models.contact.state.form.town == "1000 Ljubljana"


def test_another_town_is_typed_over_the_one_that_came_by_itself(
    page: QWidget, keyboard: Keyboard, stand: StandWindow
) -> None:
    line = line_named(page, "Post code and town")
    line.setFocus()
    keyboard.type("1000 Podutik")
    keyboard.tab()

    assert line.text() == stand.models.contact.state.form.town == "1000 Podutik"


def test_whoever_deletes_what_came_by_itself_is_rid_of_it(
    page: QWidget, keyboard: Keyboard, stand: StandWindow
) -> None:
    line = line_named(page, "Post code and town")
    line.setFocus()
    keyboard.type("ljubl")
    assert line.text() == "ljubljana"
    keyboard.press(Qt.Key.Key_Backspace)
    assert line.text() == stand.models.contact.state.form.town == "ljubl"
    keyboard.press(Qt.Key.Key_Backspace)

    assert line.text() == "ljub"
    assert not line.hasSelectedText()


def test_a_town_gets_its_marks_when_the_line_is_left(page: QWidget, keyboard: Keyboard) -> None:
    line = line_named(page, "Post code and town")
    line.setFocus()
    keyboard.type("crno")
    keyboard.tab()

    assert line.text() == "Črnomelj"


def test_a_country_is_typed_by_its_first_letters_and_kept_by_its_code(
    page: QWidget, keyboard: Keyboard, stand: StandWindow
) -> None:
    keyboard.press(Qt.Key.Key_M, ALT)
    line = line_named(page, "Country of residence")
    line.setFocus()
    keyboard.type("cote")
    assert line.text() == "Côte d’Ivoire"
    keyboard.tab()
    assert stand.models.contact.state.form.answer("country") == "CI"

    line.setFocus()
    line.selectAll()
    keyboard.type("Narnia")
    keyboard.tab()

    problem = stand.models.contact.state.problem_at("country")
    assert problem is not None
    assert line.text() == "Narnia", "nothing that was typed is lost"
