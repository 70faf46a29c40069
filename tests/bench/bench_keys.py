"""Keys and targets that a visitor and a volunteer need, and the seconds that follow by the keystroke model.

Keystroke-Level Model: Card, Moran and Newell, Communications of the ACM 23 (1980) 7, and "The Psychology of
Human-Computer Interaction" (1983), chapter 8. A shift key is a keystroke of its own; a tap is P and BB; H is
the hand's way between keyboard and screen. The model knows people who make no mistake and know what stands
there: what is read aloud, and reading a wording for the first time, are not in it.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import child_window
from ratio import Note, Ratio, time_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit, QWidget

    from stojnica.ui.kiosk.window import KioskWindow
    from stojnica.ui.stand_window import StandWindow

K_S, P_S, BB_S, H_S, M_S = 0.28, 1.1, 0.2, 0.4, 1.35
"""K is that of an average typist who isn't a secretary, 40 words a minute."""
PRACTISED_S = 0.20
"""K of somebody who types much, 55 words a minute."""
VISITOR_S, VOLUNTEER_S = 40.0, 10.0
FIRST_NAME, LAST_NAME, EMAIL = "Ana", "Novak", "ana.novak@gmail.com"
WITH_ALTGR = "@"
"""On a Slovene keyboard it is AltGr+V."""
PATIENCE_S = 15


@dataclass
class Hand:
    """Send keys and taps to the real windows, and count what was sent; only `think` has to be told."""

    keys: int = 0
    taps: int = 0
    moves: int = 0
    thoughts: int = 0
    _is_on_keys: bool = True

    def think(self, times: int = 1) -> None:
        """Make up one's mind: take a page in, decide on a choice."""
        self.thoughts += times

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        self._go_to(is_on_keys=True)
        for letter in text:
            self.keys += 1 + (letter.isupper() or letter in WITH_ALTGR)
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                QApplication.focusWidget(),
                Qt.Key.Key_unknown,
                letter,
                Qt.KeyboardModifier.NoModifier,
            )

    def press(self, key: Any, *modifiers: Any) -> None:
        """Press a key, with the keys that are held meanwhile."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        self._go_to(is_on_keys=True)
        self.keys += 1 + len(modifiers)
        together = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            together |= modifier
        QTest.keyClick(QApplication.activeWindow().windowHandle(), key, together)

    def tab_to(self, is_there: "Callable[[QWidget], bool]") -> None:
        """Press Tab until the focus is where it should be."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication

        for _step in range(60):
            if is_there(QApplication.focusWidget()):
                return
            self.press(Qt.Key.Key_Tab)
        raise TimeoutError("the focus never came there")

    def tap(self, widget: "QWidget") -> None:
        """Tap something on the screen."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        self._go_to(is_on_keys=False)
        self.taps += 1
        spot = QPoint(24, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def told(self, name: str) -> dict[str, Any]:
        """Give what was counted."""
        return {
            "name": name,
            "keys": self.keys,
            "taps": self.taps,
            "moves": self.moves,
            "thoughts": self.thoughts,
        }

    def _go_to(self, *, is_on_keys: bool) -> None:
        self.moves += is_on_keys is not self._is_on_keys
        self._is_on_keys = is_on_keys


class Visitor:
    """Sign up at the kiosk: two interests, first name, address, age, one box."""

    def __init__(self, kiosk: "KioskWindow") -> None:
        self.kiosk = kiosk
        self.hand = Hand()

    def by_touch(self) -> Hand:
        """Tap what is to choose, and type on the keyboard."""
        from PySide6.QtWidgets import QAbstractButton

        from stojnica.ui.controls.check_tile import CheckTile
        from stojnica.ui.controls.segmented import SegmentedChoice

        hand = self.hand
        self._page_is(1)
        for tile in self._all(CheckTile)[:2]:
            hand.think()
            hand.tap(tile)
        hand.tap(self.page.main_button)
        self._page_is(2)
        hand.think()
        hand.type(FIRST_NAME)
        hand.tap(self._line("email"))
        hand.type(EMAIL)
        hand.think()
        hand.tap(self._all(SegmentedChoice)[0].findChildren(QAbstractButton)[2])
        hand.tap(self.page.main_button)
        self._page_is(3)
        hand.think()
        hand.tap(self._all(CheckTile)[1])
        hand.tap(self.page.main_button)
        self._thanks()
        return hand

    def by_keyboard(self) -> Hand:
        """Use the keyboard alone."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QRadioButton

        from stojnica.ui.controls.check_tile import CheckTile

        hand = self.hand
        self._page_is(1)
        for tile in self._all(CheckTile)[:2]:
            hand.think()
            hand.tab_to(lambda widget, tile=tile: widget is tile)
            hand.press(Qt.Key.Key_Space)
        hand.press(Qt.Key.Key_Return)
        self._page_is(2)
        hand.think()
        hand.type(FIRST_NAME)
        hand.tab_to(lambda widget: widget is self._line("email"))
        hand.type(EMAIL)
        hand.think()
        hand.tab_to(lambda widget: isinstance(widget, QRadioButton))
        for _step in range(2):
            hand.press(Qt.Key.Key_Right)
        hand.press(Qt.Key.Key_Space)
        hand.press(Qt.Key.Key_Return)
        self._page_is(3)
        hand.think()
        hand.tab_to(lambda widget: widget is self._all(CheckTile)[1])
        hand.press(Qt.Key.Key_Space)
        hand.press(Qt.Key.Key_Return)
        self._thanks()
        return hand

    @property
    def page(self) -> Any:
        return self.kiosk.current_page

    def _all(self, kind: Any) -> list[Any]:
        return [item for item in self.page.findChildren(kind) if item.isVisible()]

    def _line(self, place: str) -> Any:
        from PySide6.QtWidgets import QLineEdit

        names = ("first_name", "last_name", "email", "phone")
        return self._all(QLineEdit)[names.index(place)]

    def _page_is(self, step: int) -> None:
        _wait(lambda: self.kiosk.step == step)

    def _thanks(self) -> None:
        from stojnica.services.kiosk_state import KioskPhase

        _wait(lambda: self.kiosk.phase is KioskPhase.THANKS)


class Volunteer:
    """Type a contact that somebody dictates: first name, address, age, one box; a surname if it is given."""

    def __init__(self, window: "StandWindow") -> None:
        self.window = window
        self.hand = Hand()

    def type(self, last_name: str = "") -> Hand:
        """Begin where the form before ended, and stop where the next one begins."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QLineEdit

        from stojnica.ui.stand_window import CONTACT

        hand, page = self.hand, self.window.main.page(CONTACT)
        assert page is not None
        first, last, email = [item for item in page.findChildren(QLineEdit) if item.isVisible()][:3]
        hand.tab_to(lambda widget: widget is first)
        hand.type(FIRST_NAME)
        if last_name:
            hand.tab_to(lambda widget: widget is last)
            hand.type(last_name)
        hand.tab_to(lambda widget: widget is email)
        self._type_address(email)
        hand.think()
        hand.press(Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
        hand.think()
        hand.press(Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
        hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        _wait(lambda: first.text() == "" and first.hasFocus())
        return hand

    def _type_address(self, line: "QLineEdit") -> None:
        """Type it as far as the field doesn't go on by itself."""
        for letter in EMAIL:
            if line.text() == EMAIL:
                return
            self.hand.type(letter)


def _wait(is_so: Callable[[], bool]) -> None:
    from stojnica.ui.patience import wait_until

    if not wait_until(is_so, PATIENCE_S):
        raise TimeoutError("a page never came")


def main(folder: Path) -> None:
    """Be the process with the windows: play each of them, and tell what was counted."""
    from PySide6.QtCore import Qt

    from stojnica.ui.patience import let_pass

    program = child_window.open_program(folder / "home")
    window = program.window
    assert window is not None
    _wait(window.main.isActiveWindow)
    Hand().press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    let_pass(1)
    child_window.tell(Volunteer(window).type().told("volunteer"))
    child_window.tell(Volunteer(window).type(LAST_NAME).told("volunteer, surname too"))
    kiosk = window.open_kiosk()
    for name, way in (("touch and keyboard", Visitor.by_touch), ("keyboard alone", Visitor.by_keyboard)):
        visitor = Visitor(kiosk)
        child_window.tell(way(visitor).told(name))
        Hand().tap(visitor.page.main_button)
    kiosk.end()
    program.close()


def seconds_of(told: dict[str, Any], key_s: float = K_S) -> float:
    """Add up the operators."""
    return float(
        told["keys"] * key_s + told["taps"] * (P_S + BB_S) + told["moves"] * H_S + told["thoughts"] * M_S
    )


def run() -> list[Ratio | Note]:
    """Give the seconds of each against its aim, and what they are made of."""
    names = {
        "touch and keyboard": ("a visitor, touch and keyboard : 40 s", VISITOR_S),
        "keyboard alone": ("a visitor, keyboard alone : 40 s", VISITOR_S),
        "volunteer": ("a volunteer types a contact : 10 s", VOLUNTEER_S),
        "volunteer, surname too": ("the same with a surname : 10 s", VOLUNTEER_S),
    }
    found: list[Ratio | Note] = []
    for told in child_window.told_by(__file__):
        name, aim_s = names[told["name"]]
        found.append(time_of(name, seconds_of(told), aim_s, 1.0))
        text = "{keys} keys, {taps} targets, {moves} ways of the hand, {thoughts} decisions"
        practised = f"; with K {PRACTISED_S} s: {seconds_of(told, PRACTISED_S):.2f} s"
        found.append(Note(text.format(**told) + practised))
    operators = f"K {K_S} s, P {P_S} s, BB {BB_S} s, H {H_S} s, M {M_S} s"
    return [*found, Note(f"by the keystroke model (Card, Moran, Newell 1983): {operators}")]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
