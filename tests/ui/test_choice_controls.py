"""Choosing by mouse, keyboard and finger: segments, boxes, languages and rows."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Stage

from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.check_tile import CheckTile, ConsentRow
from stojnica.ui.controls.field import ChoiceField, FieldMessage
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.segmented import Segment, SegmentedChoice


def test_segments_are_chosen_by_arrow_by_enter_and_by_their_key(qtbot: QtBot, stage: Stage) -> None:
    ages = [
        Segment("young", "15–17", "Alt+S"),
        Segment("adult", "18–30", "Alt+D"),
        Segment("old", "31+", "Alt+F"),
    ]
    choice = SegmentedChoice("Age", ages)
    window = stage(choice)
    heard: list[object] = []
    choice.chosen.connect(heard.append)

    assert choice.value() is None
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    choice.setFocus()
    focused = window.focusWidget()
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Right)

    assert heard == ["adult", "young", "adult"]
    choice.set_value(None)
    assert choice.value() is None
    assert heard[-1] == "adult", "choosing by program is not announced"


def test_tab_leads_to_what_is_chosen_else_to_the_first_wherever_somebody_was_before(
    qtbot: QtBot, stage: Stage
) -> None:
    choice = SegmentedChoice("Age", [Segment("a", "15–17"), Segment("b", "18–30"), Segment("c", "31+")])
    window = stage(QLineEdit(), choice)
    buttons = choice.findChildren(QAbstractButton)
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)

    choice.set_value("c")
    window.findChildren(QLineEdit)[0].setFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is buttons[2]

    choice.set_value(None)
    window.findChildren(QLineEdit)[0].setFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is buttons[0]


def test_new_segments_take_over_keys_and_choice(qtbot: QtBot, stage: Stage) -> None:
    choice = SegmentedChoice("Age", [Segment("a", "15–17", "Alt+S"), Segment("b", "18–30", "Alt+D")])
    window = stage(choice)
    choice.set_value("b")

    choice.set_segments([Segment("b", "18 do 30", "Alt+S"), Segment("c", "31 in več", "Alt+D")])
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert choice.value() == "b"
    with qtbot.waitSignal(choice.chosen) as chosen:
        qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)

    assert chosen.args == ["c"]


@pytest.mark.parametrize("make", [CheckTile, ConsentRow])
def test_a_box_is_ticked_by_space_and_anywhere_on_it_but_never_by_enter(
    qtbot: QtBot, stage: Stage, make: Callable[[str, str], CheckTile | ConsentRow]
) -> None:
    box = make("Send me news", "About once a month, by e-mail. I can leave whenever I want.")
    stage(box)
    box.setFocus()

    states = []
    qtbot.keyClick(box, Qt.Key.Key_Space)
    states.append(box.isChecked())
    qtbot.keyClick(box, Qt.Key.Key_Return)
    states.append(box.isChecked())
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 3, box.height() // 2))
    states.append(box.isChecked())

    assert states == [True, True, False]
    interface = QAccessible.queryAccessibleInterface(box)
    assert interface.role() == QAccessible.Role.CheckBox
    assert interface.text(QAccessible.Text.Name) == "Send me news"


def test_a_tile_of_the_kiosk_is_large_enough_for_a_finger_and_never_ticked_in_advance(
    qtbot: QtBot, stage: Stage
) -> None:
    tile = CheckTile("Camps")
    languages = LanguageRow([("sl", "Slovenščina"), ("en", "English")])
    stage(tile, languages)

    assert tile.height() >= 48
    assert all(button.height() >= 48 for button in languages.findChildren(QWidget))
    tile.set_words("Tabori", "dva tedna")
    assert not tile.isChecked()


def test_a_language_is_chosen_by_its_code(qtbot: QtBot, stage: Stage) -> None:
    row = LanguageRow([("sl", "Slovenščina"), ("en", "English")])
    row.set_language("sl")
    stage(row)
    buttons = row.findChildren(QWidget)

    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)

    assert chosen.args == ["en"]


def test_the_keyboard_stays_at_a_contact_when_others_join_the_list(qtbot: QtBot) -> None:
    rows = ListRows()
    qtbot.addWidget(rows)
    rows.set_rows([ListRow("M. K.", lead="14.29", key=1, action="correct")])
    rows.show()
    button_of(rows, "14.29").setFocus()

    rows.set_rows(
        [
            ListRow("Ž. N.", lead="14.31", key=2, action="correct"),
            ListRow("M. K. L.", lead="14.29", key=1, action="correct"),
        ]
    )

    assert rows.window().focusWidget() is button_of(rows, "14.29")


def button_of(rows: ListRows, lead: str) -> QAbstractButton:
    return next(
        b for b in rows.findChildren(QAbstractButton) if b.isVisibleTo(rows) and lead in b.accessibleName()
    )


def test_the_link_of_a_row_sends_its_key(qtbot: QtBot, stage: Stage) -> None:
    rows = ListRows()
    rows.set_rows(
        [ListRow("Š. Ž.", lead="14.29", key=("a", 1), action="correct"), ListRow("A. F.", trail="web")]
    )
    stage(rows)
    links = rows.findChildren(ActionButton)
    assert [button.accessibleName() for button in links] == ["correct: 14.29 Š. Ž."]
    links[0].setFocus()

    with qtbot.waitSignal(rows.activated) as sent:
        qtbot.keyClick(links[0], Qt.Key.Key_Return)

    assert sent.args == [("a", 1)]


def test_the_same_rows_again_keep_the_focus(qtbot: QtBot, stage: Stage) -> None:
    rows = ListRows()
    shown = [ListRow("Š. Ž.", lead="14.29", key=1, action="correct")]
    rows.set_rows(shown)
    window = stage(rows)
    rows.findChildren(ActionButton)[0].setFocus()
    focused = window.focusWidget()

    rows.set_rows(list(shown))

    assert window.focusWidget() is focused


def test_a_text_too_long_for_its_drop_down_ends_with_dots_and_is_said_whole(stage: Stage) -> None:
    field = ChoiceField("Flyer")
    field.set_choices([("long", "Poletje, ki nekaj spremeni, vsako leto"), ("short", "Letak")])
    field.set_value("long")
    other = QLineEdit()
    stage(other, field)
    other.setFocus()
    box = field.box
    box.setFixedWidth(200)
    seen = box.grab().toImage()

    def looks_like(text: str) -> bool:
        box.setItemText(0, text)
        return bool(box.grab().toImage() == seen)

    assert not looks_like("Letak")
    assert any(looks_like("Poletje, ki nekaj spremeni"[:end].rstrip() + "…") for end in range(3, 20))
    box.setItemText(0, "Poletje, ki nekaj spremeni, vsako leto")
    assert looks_like(box.currentText())
    assert box.currentText() == "Poletje, ki nekaj spremeni, vsako leto"


@pytest.mark.parametrize("tone", ["", "bad"])
def test_a_choice_that_nobody_made_says_what_to_do_with_an_error_too(stage: Stage, tone: str) -> None:
    field = ChoiceField("Wording")
    field.set_choices([("1", "version 1")])
    field.set_value(None)
    stage(field)
    field.set_message(FieldMessage("Choose the wording.", tone))
    empty = field.box.grab().toImage()

    field.box.setPlaceholderText("choose …")
    asked = field.box.grab().toImage()
    field.set_value("1")
    chosen = field.box.grab().toImage()
    field.box.setPlaceholderText("")

    assert asked != empty
    assert field.box.grab().toImage() == chosen
