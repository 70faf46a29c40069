"""What breaks a rule of the EU is said on the page, and is overruled there with PIN, name and reason."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from stojnica.printing.template import Funding, Template
from stojnica.printing.template_file import load_template
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.tasks import DeferredRunner
from stojnica.ui.pages.overrule_dialog import OverruleDialog
from stojnica.ui.stand_window import FLYERS, StandWindow

WHY = "The flyers are printed already."


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, stand: StandWindow, runner: DeferredRunner) -> QWidget:
    """Give the page with a template of the office's own, whose flag is 9 mm high."""

    def template(_wish: FlyerWish) -> Template:
        shipped = load_template("promise", "A6")
        boxes = (replace(box, emblem_mm=9.0) if isinstance(box, Funding) else box for box in shipped.funded)
        return replace(shipped, funded=tuple(boxes))

    monkeypatch.setattr(FlyerWish, "template", template)
    stand.main.show_page(FLYERS)
    runner.run()
    page = stand.main.page(FLYERS)
    assert page is not None
    return page


def words_of(part: QWidget) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def button(part: QWidget, words: str) -> QAbstractButton:
    return next(item for item in part.findChildren(QAbstractButton) if item.text() == words)


def opened(qtbot: QtBot, page: QWidget) -> OverruleDialog:
    qtbot.mouseClick(button(page, "Print all the same …"), Qt.MouseButton.LeftButton)
    [dialog] = page.findChildren(OverruleDialog)
    return dialog


def fill(qtbot: QtBot, dialog: OverruleDialog, why: str, name: str, pin: str) -> None:
    qtbot.keyClicks(dialog.findChildren(QPlainTextEdit)[0], why)
    lines = [line for line in dialog.findChildren(QLineEdit) if line.isVisible()]
    for line, text in zip(lines, (name, pin), strict=True):
        line.clear()
        qtbot.keyClicks(line, text)
    qtbot.mouseClick(button(dialog, "Overrule this rule"), Qt.MouseButton.LeftButton)


def test_a_broken_rule_is_overruled_with_pin_name_and_reason_and_told(
    qtbot: QtBot, page: QWidget, runner: DeferredRunner
) -> None:
    assert "9 mm high; at least 10 mm" in words_of(page)
    assert not button(page, "Print …").isEnabled()

    dialog = opened(qtbot, page)
    fill(qtbot, dialog, WHY, "Maja", "2468")
    runner.run()

    assert button(page, "Print …").isEnabled()
    assert f"height of the flag: {WHY} (Maja, 20 Sept 2024 14:32)" in words_of(page)

    qtbot.mouseClick(button(page, "Let the rules hold again"), Qt.MouseButton.LeftButton)
    runner.run()
    assert not button(page, "Print …").isEnabled()


def test_without_a_reason_or_with_a_wrong_pin_it_says_so_and_stays(
    qtbot: QtBot, page: QWidget, runner: DeferredRunner
) -> None:
    dialog = opened(qtbot, page)

    fill(qtbot, dialog, "ok", "", "")
    assert "Say in a sentence why" in words_of(dialog)
    assert "Say who decides this." in words_of(dialog)
    assert "Type the PIN." in words_of(dialog)

    fill(qtbot, dialog, ": " + WHY, "Maja", "1111")
    runner.run()
    assert "This PIN is not right." in dialog.error_text()
    assert dialog.isVisible()
    assert not button(page, "Print …").isEnabled()
