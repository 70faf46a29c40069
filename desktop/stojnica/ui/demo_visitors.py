"""Visitors for practice: made-up people who press and type in the real kiosk window."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from stojnica.services.kiosk_state import KioskPhase
from stojnica.ui.controls.check_tile import CheckTile
from stojnica.ui.controls.segmented import SegmentedChoice
from stojnica.ui.kiosk.pages import KioskPage
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.patience import wait_until
from stojnica.ui.stand_window import StandWindow

PATIENCE_S = 15
FIRST_NAMES = ("Žiga", "Ana", "Čarna", "Luka", "Špela", "Jaš", "Zoja", "Đorđe", "Maja", "Tilen", "Eva", "Nik")
ADDRESS = "{name}.{number}@example.org"


@dataclass(frozen=True, slots=True)
class DemoVisitor:
    """Hold one made-up visitor."""

    first_name: str
    email: str
    tiles: tuple[int, ...]
    boxes: tuple[int, ...]
    band: int


def demo_visitors(number: int, seed: int) -> list[DemoVisitor]:
    """Make visitors up; the same ones each time for one seed."""
    dice = random.Random(seed)
    visitors: list[DemoVisitor] = []
    for place in range(number):
        name = FIRST_NAMES[(place + seed) % len(FIRST_NAMES)]
        visitors.append(
            DemoVisitor(
                first_name=name,
                email=ADDRESS.format(name=_plain(name), number=seed * 100 + place + 1),
                tiles=tuple(sorted(dice.sample(range(6), dice.randint(1, 3)))),
                boxes=(0,) if dice.random() < 0.4 else (0, 1),
                band=dice.choice((1, 2, 2, 2, 3)),
            )
        )
    return visitors


def receive_visitors(
    stand: StandWindow, number: int, *, pin: str, seed: int = 1, heard: Callable[[int], None] | None = None
) -> int:
    """Let visitors sign up one after the other; leaves the kiosk with the PIN, gives how many were saved.

    `heard` is told after each visitor how many there were.

    Raises:
        TimeoutError: a page didn't come; nothing is left half done.
    """
    if number == 0:
        return 0
    kiosk = stand.open_kiosk()
    guest = _Guest(kiosk, pin)
    for place, visitor in enumerate(demo_visitors(number, seed), start=1):
        guest.sign_up(visitor)
        if heard is not None:
            heard(place)
    guest.leave()
    return number


class _Guest:
    def __init__(self, kiosk: KioskWindow, pin: str) -> None:
        self._kiosk = kiosk
        self._pin = pin

    def sign_up(self, visitor: DemoVisitor) -> None:
        self._wait_for(KioskPhase.FORM, 1)
        self._press_tiles(visitor.tiles)
        self._press_main()
        self._wait_for(KioskPhase.FORM, 2)
        lines = self._page.findChildren(QLineEdit)
        self._type(lines[0], visitor.first_name)
        self._type(lines[2], visitor.email)
        bands = self._page.findChild(SegmentedChoice)
        if not isinstance(bands, SegmentedChoice):
            raise TimeoutError("bands")
        buttons = bands.findChildren(QAbstractButton)
        self._press(buttons[min(visitor.band, len(buttons) - 1)])
        self._press_main()
        self._wait_for(KioskPhase.CONSENT)
        self._press_tiles(visitor.boxes)
        self._press_main()
        self._wait_for(KioskPhase.THANKS)
        self._press_main()

    def leave(self) -> None:
        self._wait_for(KioskPhase.FORM, 1)
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(self._kiosk.windowHandle(), Qt.Key.Key_K, keys)
        self._wait(self._kiosk.pin.isVisible)
        self._give_pin()
        self._wait(lambda: not self._kiosk.isVisible())

    def _give_pin(self) -> None:
        line = self._kiosk.pin.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.clear()
        self._type(line, self._pin)
        QTest.keyClick(line, Qt.Key.Key_Return)

    @property
    def _page(self) -> KioskPage:
        page = self._kiosk.current_page
        assert isinstance(page, KioskPage)
        return page

    def _press_tiles(self, places: tuple[int, ...]) -> None:
        tiles = self._page.findChildren(CheckTile)
        for place in places:
            if place < len(tiles):
                self._press(tiles[place])

    def _press_main(self) -> None:
        self._press(self._page.main_button)

    def _press(self, widget: QWidget) -> None:
        QTest.mouseClick(
            widget,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            QPoint(24, widget.height() // 2),
        )

    def _type(self, line: QLineEdit, text: str) -> None:
        line.setFocus()
        for character in text:
            # WORKAROUND for QTest.keyClicks, which ends the interpreter on anything but ASCII.
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, line, Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier
            )

    def _wait_for(self, phase: KioskPhase, step: int = 0) -> None:
        def is_there() -> bool:
            return self._kiosk.phase is phase and step in (0, self._kiosk.step)

        self._wait(lambda: is_there() or self._is_blank())
        if self._is_blank():
            # Another program came to the front: the team gives its PIN, and the visitor goes on.
            self._give_pin()
            self._wait(lambda: is_there() and not self._is_blank())

    def _is_blank(self) -> bool:
        return self._kiosk.pin.isVisible()

    @staticmethod
    def _wait(is_so: Callable[[], bool]) -> None:
        if not wait_until(is_so, PATIENCE_S):
            raise TimeoutError("kiosk")


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("čšžđć", "cszdc"))
