"""With large type a page scrolls: what is missing comes into sight, so that no press seems to do nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import Keyboard
from tests.ui.kiosk_visits import button_named, go_to_consent, go_to_person, line_named

from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import forget
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.pages.new_pin_dialog import NewPinDialog
from stojnica.ui.stand_models import StandModels


@pytest.fixture
def low(kiosk: KioskWindow) -> KioskWindow:
    """Give a kiosk with room for a third of each page, as 200 % on a small screen leave."""
    kiosk.showNormal()
    kiosk.resize(1100, 430)
    return kiosk


def is_in_sight(window: QWidget, words: str) -> bool:
    """Tell whether the whole line that begins so can be read."""
    lines = [
        label for label in window.findChildren(QLabel) if label.isVisible() and label.text().startswith(words)
    ]
    assert len(lines) == 1, words
    return lines[0].visibleRegion().boundingRect().height() == lines[0].height()


def test_a_missing_age_is_seen(low: KioskWindow, keyboard: Keyboard, qtbot: QtBot) -> None:
    go_to_person(keyboard)
    keyboard.type("Ana")
    keyboard.tab(2)
    keyboard.type("ana@example.org")

    keyboard.press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: is_in_sight(low, "The age group is needed"))


def test_a_missing_consent_is_seen(low: KioskWindow, keyboard: Keyboard, qtbot: QtBot) -> None:
    go_to_consent(keyboard)

    keyboard.press(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: is_in_sight(low, "At least one box"))


def test_a_missing_number_is_seen(low: KioskWindow, keyboard: Keyboard, qtbot: QtBot) -> None:
    go_to_consent(keyboard)
    boxes = low.pages[KioskPhase.CONSENT].findChildren(CheckTile)
    boxes[2].click()

    qtbot.mouseClick(_main_button(low), Qt.MouseButton.LeftButton)

    number = line_named(low.pages[KioskPhase.CONSENT], "Phone")
    qtbot.waitUntil(lambda: number.visibleRegion().boundingRect().height() == number.height())
    assert number.hasFocus()


def test_two_pins_that_differ_are_said_where_they_can_be_read(qtbot: QtBot) -> None:
    # Given a dialog that is lower than its fields
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewPinDialog(parent)
    dialog.setMaximumHeight(330)
    dialog.show()
    first, second, again = (line_named(dialog, name) for name in ("A PIN", "New PIN", "The same"))
    for line, digits in ((first, "4711"), (second, "4826"), (again, "4286")):
        line.setText(digits)

    # When it is kept
    dialog.submit()

    # Then the hand is where it is to be typed again, and the reason beside it
    qtbot.waitUntil(lambda: is_in_sight(dialog, "This is not the same PIN"))
    assert dialog.focusWidget() is again
    assert again.selectedText() == again.text()


def test_the_way_back_from_a_closed_kiosk_is_under_the_hand(
    qtbot: QtBot,
    models: StandModels,
    runner: DeferredRunner,
    context: StandContext,
) -> None:
    # Given a laptop on which no PIN was chosen
    def drop(unit: UnitOfWork) -> None:
        forget(unit.connection, "pin")
        unit.commit()

    context.store.write(drop).result()
    window = KioskWindow(models.kiosk)
    qtbot.addWidget(window)

    # When its kiosk is opened
    window.begin()
    runner.run()

    qtbot.waitUntil(window.isActiveWindow)

    # Then the button that leads back has the focus, and it is said where a PIN is chosen
    back: QAbstractButton = button_named(window, "Back to the stand")
    assert back.hasFocus()
    assert any("page Team" in label.text() for label in window.findChildren(QLabel))
    window.forget()


def _main_button(window: KioskWindow) -> QAbstractButton:
    return button_named(window, "Save")
