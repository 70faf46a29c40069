"""Each control can be worked with the keyboard alone, says what it is, and sends what the user did."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QTextLayout
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Stage

from stojnica.i18n import speaking
from stojnica.services.tasks import Progress
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.date_time_field import DateTimeField
from stojnica.ui.controls.empty_state import EmptyState
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LongTextField, TextField
from stojnica.ui.controls.goal_bar import GoalBar
from stojnica.ui.controls.half_hour_chart import HalfHour, HalfHourChart
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.painting import key_text
from stojnica.ui.controls.progress_panel import APPEARS_AFTER_MS, ProgressPanel
from stojnica.ui.controls.status_line import StatusLine, StatusSegment
from stojnica.ui.controls.tally_card import TallyCard
from stojnica.ui.theme import look

TypeText = Callable[[QWidget, str], None]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_button_is_pressed_by_space_and_enter(qtbot: QtBot, stage: Stage, kind: Kind, key: Qt.Key) -> None:
    button = ActionButton("Save", kind)
    stage(button)
    button.setFocus()

    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_the_key_on_the_cap_presses_the_button(qtbot: QtBot, stage: Stage) -> None:
    button = ActionButton("New contact", Kind.FILLED, key="Ctrl+N")
    window = stage(button)

    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert (button.accessibleName(), button.accessibleDescription()) == ("New contact", "shortcut Ctrl N")


def test_a_new_text_keeps_the_key_of_the_button(qtbot: QtBot, stage: Stage) -> None:
    button = ActionButton("Save", key="Ctrl+S")
    window = stage(button)

    button.set_text("Save & go on")

    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    ("key", "cap"),
    [("Ctrl+N", "Ctrl N"), ("Alt+1", "Alt 1"), ("Ctrl++", "Ctrl +"), ("Ctrl+Return", "Ctrl ↩")],
)
def test_key_caps_show_keys_as_they_are_printed(qtbot: QtBot, key: str, cap: str) -> None:
    assert key_text(key) == cap


def test_the_focus_ring_is_three_pixels_of_accent_around_the_field(qtbot: QtBot, stage: Stage) -> None:
    field = TextField("First name")
    window = stage(field)
    field.line.setFocus()
    qtbot.waitUntil(field.line.hasFocus)

    shot = window.grab().toImage()

    corner = field.line.mapTo(window, QPoint(0, field.line.height() // 2))
    ring = [QColor(shot.pixel(corner.x() - step, corner.y())).name() for step in (1, 2, 3)]
    assert ring == [look().colour("accent").name()] * 3
    assert QColor(shot.pixel(corner.x() - 5, corner.y())).name() == look().colour("paper").name()


def test_a_tally_card_counts_by_click_and_by_key_and_never_by_a_key_held_down(
    qtbot: QtBot, stage: Stage
) -> None:
    card = TallyCard("Reached people", key="Alt+1")
    card.set_number("214")
    stage(card)
    counted: list[bool] = []
    card.clicked.connect(lambda: counted.append(True))
    card.setFocus()

    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.keyClick(card, Qt.Key.Key_Return)
    qtbot.keyClick(card, Qt.Key.Key_Space)

    assert len(counted) == 3
    assert card.accessibleName() == "Reached people: 214. Press to count one more."


def test_a_field_takes_our_letters_and_announces_edits_alone(
    qtbot: QtBot, stage: Stage, type_text: TypeText
) -> None:
    field = TextField("First name", note="optional", max_length=6)
    stage(field)
    heard: list[str] = []
    field.changed.connect(heard.append)

    field.set_text("by program")
    field.set_text("")
    type_text(field.line, "Žiga")

    assert heard == ["Ž", "Ži", "Žig", "Žiga"]
    assert field.line.accessibleName() == "First name, optional"


def test_a_message_is_told_at_the_place_and_its_link_can_be_pressed(qtbot: QtBot, stage: Stage) -> None:
    field = TextField("E-mail")
    stage(field)
    height = field.height()

    field.set_message(FieldMessage("Maybe gmail.com?", "wait", "Correct"))
    link = next(button for button in field.findChildren(ActionButton) if button.isVisible())
    link.setFocus()
    with qtbot.waitSignal(field.message_action):
        qtbot.keyClick(link, Qt.Key.Key_Return)

    assert field.line.accessibleDescription() == "Maybe gmail.com?"
    assert field.height() == height, "a message must not move what is below"

    field.set_message(None)
    assert (field.message(), field.line.accessibleDescription()) == ("", "")


def test_long_text_stops_at_its_limit_and_tab_leaves_it(
    qtbot: QtBot, stage: Stage, type_text: TypeText
) -> None:
    field, after = LongTextField("Question", max_length=5), TextField("Next")
    stage(field, after)
    field.editor.setFocus()

    type_text(field.editor, "čšžđćabc")
    qtbot.keyClick(field.editor, Qt.Key.Key_Tab)

    assert field.text() == "čšžđć"
    qtbot.waitUntil(after.line.hasFocus)


def test_a_choice_carries_its_value_and_keeps_it_when_the_words_change(qtbot: QtBot, stage: Stage) -> None:
    field = ChoiceField("How did you hear of us?")
    field.set_choices([("flyer", "letak"), ("friend", "prijatelj")])
    stage(field)
    heard: list[object] = []
    field.chosen.connect(heard.append)
    field.box.setFocus()

    assert field.value() is None
    qtbot.keyClick(field.box, Qt.Key.Key_Down)
    field.set_choices([("friend", "a friend"), ("flyer", "a flyer")])

    assert heard == ["flyer"]
    assert (field.value(), field.box.currentText()) == ("flyer", "a flyer")


def test_a_day_and_an_hour_come_out_as_they_went_in(qtbot: QtBot, stage: Stage) -> None:
    with speaking("sl"):
        field = DateTimeField("Začetek")
    stage(field)
    heard: list[object] = []
    field.changed.connect(heard.append)

    field.set_value(datetime(2024, 9, 20, 10, 5))  # noqa: DTZ001 - a wall clock has no zone
    line = field.editor.findChild(QLineEdit)
    assert (line.text(), heard) == ("20. 9. 2024  10.05", [])
    assert line.width() > line.fontMetrics().horizontalAdvance(line.text())
    field.editor.setFocus()
    qtbot.keyClick(field.editor, Qt.Key.Key_Up)

    assert heard == [field.value()]
    assert field.value().isoformat() == "2024-09-21T10:05:00"


def test_the_answer_to_a_notice_is_sent(qtbot: QtBot, stage: Stage) -> None:
    notice = NoticeCard()
    notice.set_notice(
        "Maybe the same person", "**Same** phone at 11.40.", [("same", "Same"), ("other", "Other")]
    )
    stage(notice)

    with qtbot.waitSignal(notice.answered) as answered:
        qtbot.mouseClick(notice.findChildren(ActionButton)[1], Qt.MouseButton.LeftButton)

    assert answered.args == ["other"]


def test_short_work_shows_no_progress_and_long_work_can_be_cancelled(qtbot: QtBot, stage: Stage) -> None:
    panel = ProgressPanel(lambda: Progress("sending", 128, 1412), str.title)
    stage(panel)

    panel.set_running(True)
    assert not panel.isVisible()
    qtbot.waitUntil(panel.isVisible, timeout=APPEARS_AFTER_MS + 3000)
    texts = {label.text() for label in panel.findChildren(Label)}
    assert {"Sending", "128 of 1,412"} <= texts
    with qtbot.waitSignal(panel.stopped):
        qtbot.keyClick(panel.findChild(ActionButton), Qt.Key.Key_Return)
    panel.set_running(False)

    assert not panel.isVisible()


def test_no_line_of_a_label_begins_with_the_dot_between_two_parts(qtbot: QtBot) -> None:
    label = Label("petek, 20. september 2024 · Prešernov trg, Ljubljana · cilj 169", wrap=True)
    qtbot.addWidget(label)

    beginnings = set()
    for width in range(60, 400, 3):
        label.resize(width, 300)
        beginnings |= {line[0] for line in lines_of(label)}

    assert "·" not in beginnings
    assert label.text() == "petek, 20. september 2024 · Prešernov trg, Ljubljana · cilj 169"


def test_no_line_of_an_event_or_a_wording_ends_with_a_slovene_word_of_one_letter(qtbot: QtBot) -> None:
    with speaking("sl"):
        label = Label("Festival v Žalcu z gosti iz Italije in o miru", wrap=True)
    with speaking("en"):
        english = Label("Festival v Žalcu", wrap=True)
    qtbot.addWidget(label)

    endings = set()
    for width in range(60, 400, 3):
        label.resize(width, 300)
        endings |= {line.split()[-1] for line in lines_of(label)}

    assert not endings & {"v", "z", "o"}
    assert english.shown_text() == "Festival v Žalcu"


def lines_of(label: Label) -> list[str]:
    """Give the lines as Qt breaks them at the label's width."""
    layout = QTextLayout(label.shown_text(), label.font())
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(label.width())
        begin = line.textStart()
        lines.append(label.shown_text()[begin : begin + line.textLength()].strip(" "))
    layout.endLayout()
    return lines


def test_what_a_visitor_typed_is_never_read_as_markup(qtbot: QtBot) -> None:
    label = Label("<b>Ana</b>")
    qtbot.addWidget(label)

    assert label.textFormat() == Qt.TextFormat.PlainText
    label.set_marked("**5** contacts of <i>Ana</i>")
    assert "<i>" not in label.text()
    assert ">5</b>" in label.text()


def test_charts_and_bars_say_their_numbers(qtbot: QtBot) -> None:
    chart, goal, status, empty = (
        HalfHourChart("By half-hour"),
        GoalBar(),
        StatusLine(),
        EmptyState("flyer", "a", "b", "c"),
    )
    for widget in (chart, goal, status, empty):
        qtbot.addWidget(widget)

    chart.set_bars(
        [HalfHour("10.00", 9, "10"), HalfHour("10.30", 0), HalfHour("11.00", 26, "11", is_now=True)]
    )
    goal.set_goal("Whole project", "1,482", "(goal 2,200)", 673)
    clock = StatusSegment("14.32", spoken="it is 14.32")
    status.set_segments([StatusSegment("**5** contacts wait", "wait")], [clock])

    assert chart.accessibleDescription() == "10.00: 9, 11.00: 26"
    assert goal.accessibleName() == "Whole project: 1,482 (goal 2,200)"
    assert status.accessibleName() == "5 contacts wait, it is 14.32"
    with qtbot.waitSignal(empty.pressed):
        empty.findChild(ActionButton).click()
