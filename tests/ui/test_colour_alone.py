"""In a theme of black and white alone each state still looks different from the others."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stojnica.ui.application import dress_application
from stojnica.ui.controls.banner import ResultBanner, RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.check_tile import CheckTile, ConsentRow
from stojnica.ui.controls.chips import Chip
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.controls.step_dots import StepDots
from stojnica.ui.frame import PageSpec, Rail
from stojnica.ui.theme import THEMES, Look, look

DARK = ("ink", "edge", "box", "accent", "rail", "bar", "good", "wait", "bad", "line", "rule", "code")
LIGHT = ("paper", "card", "sunk", "track", "marker", "rail_ink", "rail_ink_on")


def _black_or_white(token: str) -> str:
    is_light = token in LIGHT or token.startswith("on_") or token.endswith(("_soft", "_ground"))
    return "#FFFFFF" if is_light and token != "ink_soft" else "#000000"


@pytest.fixture
def black_and_white(qapp: QApplication) -> Iterator[None]:
    before = look()
    wanted = THEMES["light"]
    colours = {name: _black_or_white(name) for name, value in wanted._asdict().items() if "#" in str(value)}
    colours |= {"on_marker": "#000000", "rail_on": "#000000"}
    dress_application(qapp, Look(wanted._replace(**colours), 1.0))
    yield
    dress_application(qapp, before)


def _button(is_enabled: bool) -> QWidget:
    button = ActionButton("Save", Kind.FILLED)
    button.setEnabled(is_enabled)
    return button


def _ticked(kind: type[CheckTile | ConsentRow], is_ticked: bool, is_enabled: bool = True) -> QWidget:
    box = kind("Kiosk", "visitors sign up")
    box.setChecked(is_ticked)
    box.setEnabled(is_enabled)
    return box


def _chip(is_chosen: bool) -> QWidget:
    chip = Chip("camps", "Camps")
    chip.setChecked(is_chosen)
    return chip


def _choice(value: str) -> QWidget:
    choice = SegmentedChoice("Age", [Segment("a", "under 15"), Segment("b", "15–17"), Segment("c", "18–30")])
    choice.set_value(value)
    return choice


def _language(code: str) -> QWidget:
    row = LanguageRow([("sl", "Slovenščina"), ("en", "English")])
    row.set_language(code)
    return row


def _step(step: int) -> QWidget:
    dots = StepDots(4)
    dots.set_step(step)
    return dots


def _field(tone: str) -> QWidget:
    field = TextField("E-mail")
    field.set_message(FieldMessage("words", tone))
    return field


def _said(tone: str) -> QWidget:
    said = Said()
    said.say("words", tone)
    return said


def _notice(tone: str) -> QWidget:
    card = NoticeCard(tone)
    card.set_notice("Title", "Words")
    return card


def _banner(tone: str) -> QWidget:
    banner = ResultBanner()
    banner.set_result(tone, "Title", "Words")
    return banner


def _rail(key: str) -> QWidget:
    rail = Rail([PageSpec("one", "today", "One", QWidget), PageSpec("two", "flyer", "Two", QWidget)])
    rail.mark(key)
    return rail


TONES = ("good", "wait", "bad")
STATES: dict[str, list[Callable[[], QWidget]]] = {
    "button": [lambda: _button(True), lambda: _button(False)],
    "tile": [lambda: _ticked(CheckTile, True), lambda: _ticked(CheckTile, False)],
    "row": [
        lambda: _ticked(ConsentRow, True),
        lambda: _ticked(ConsentRow, False),
        lambda: _ticked(ConsentRow, False, False),
    ],
    "chip": [lambda: _chip(True), lambda: _chip(False)],
    "choice": [lambda: _choice("a"), lambda: _choice("b"), lambda: _choice("")],
    "language": [lambda: _language("sl"), lambda: _language("en")],
    "steps": [lambda: _step(0), lambda: _step(1), lambda: _step(3)],
    "field": [lambda: _field(""), lambda: _field("wait"), lambda: _field("bad")],
    "sentence": [lambda: _said(""), *(lambda tone=tone: _said(tone) for tone in TONES)],
    "notice": [lambda tone=tone: _notice(tone) for tone in TONES],
    "banner": [lambda tone=tone: _banner(tone) for tone in TONES],
    "sign": [lambda tone=tone: RoundSign(tone, 24) for tone in TONES],
    "rail": [lambda: _rail("one"), lambda: _rail("two")],
}


@pytest.mark.parametrize("what", sorted(STATES))
def test_no_state_is_a_colour_alone(qtbot: QtBot, black_and_white: None, what: str) -> None:
    pictures: list[QImage] = []
    for make in STATES[what]:
        widget = make()
        qtbot.addWidget(widget)
        widget.resize(420, max(widget.sizeHint().height(), 60))
        widget.show()
        pictures.append(widget.grab().toImage())

    alike = [
        (one, two) for one in range(len(pictures)) for two in range(one) if pictures[one] == pictures[two]
    ]
    assert alike == []
