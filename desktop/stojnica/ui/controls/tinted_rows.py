"""Rows of a list with links in each: one may be tinted, and the same lines again change nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.kept_focus import KeyedRow, link_place, put_back
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_RADIUS

L = TypeVar("L")


class TintedRow(KeyedRow):
    """One row above a thin line; a tinted one is what the others are compared with.

    `name` is whom or what its links are about, and `key` the same for good; the line begins at `inset`,
    where the words do.
    """

    def __init__(self, name: str, key: object, *, is_tinted: bool, inset: int = 18) -> None:
        super().__init__(key)
        self._inset = inset
        self._name = name
        self._is_tinted = is_tinted

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_tinted:
            inside = QRectF(self.rect()).adjusted(2, 2, -2, -3)
            draw_box(painter, inside, fill="accent_soft", radius=CARD_RADIUS - 3)
        painter.setPen(look().colour("rule"))
        painter.drawLine(self._inset, self.height() - 1, self.width() - self._inset, self.height() - 1)

    def say(self, *parts: str) -> None:
        """Name the row for who can't see it; empty parts are left out."""
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(", ".join(part for part in parts if part))

    def words(self, second: str) -> QVBoxLayout:
        """Give the name in strong letters above a softer line."""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._name, "strong", wrap=True))
        words.addWidget(Label(second, "soft", wrap=True))
        return words

    def action(
        self, text: str, pressed: Callable[[], None], *, is_link: bool = True, spoken: str = ""
    ) -> ActionButton:
        """Give a link or a small button that says what it does to whom, or what `spoken` says."""
        button = ActionButton(text, Kind.LINK, light=True) if is_link else ActionButton(text, small=True)
        button.setAccessibleName(spoken or f"{text}: {self._name}")
        button.clicked.connect(pressed)
        return button


class TintedRows(QWidget, Generic[L]):
    """List rows. Signals named in `passed_on` exist in row and list alike, and go from one to the other.

    `rest` gets the keyboard when the row it was in is gone; without one that is the next row.
    """

    passed_on: tuple[str, ...] = ()

    def __init__(self, make: Callable[[L], TintedRow], rest: QWidget | None = None) -> None:
        super().__init__()
        self._rest = rest
        self._make = make
        self._lines: tuple[L, ...] = ()
        self._rows: list[TintedRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def rows(self) -> tuple[TintedRow, ...]:
        """Give the rows that are shown, from the first one on."""
        return tuple(self._rows)

    def set_lines(self, lines: Sequence[L]) -> None:
        """Show other lines; the keyboard stays at whom or what it was."""
        show_lines([(self, lines)], self._rest)

    def replace_lines(self, lines: Sequence[L]) -> list[TintedRow]:
        """Make rows for other lines, and give those of before, which still show; the same lines give none."""
        if tuple(lines) == self._lines:
            return []
        self._lines, before = tuple(lines), self._rows
        self._rows = [self._make(line) for line in self._lines]
        for row in self._rows:
            self._column.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)
            for name in self.passed_on:
                signal: Any = getattr(row, name)
                signal.connect(getattr(self, name))
        return before

    def take_off(self, row: TintedRow) -> None:
        """Take off a row of before."""
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


def show_lines(
    shown: Sequence[tuple[TintedRows[L], Sequence[L]]],
    rest: QWidget | None = None,
    arrange: Callable[[], None] | None = None,
) -> None:
    """Show other lines in lists among which a row may move: the keyboard goes along with it.

    `rest` gets the keyboard when its row is in none of them any more; `arrange` shows lists that have rows
    now, as what is out of sight keeps no focus.
    """
    place = link_place([row for rows, _lines in shown for row in rows.rows()])
    before = [(rows, row) for rows, lines in shown for row in rows.replace_lines(lines)]
    if arrange is not None:
        arrange()
    if before:
        put_back(place, [row for rows, _lines in shown for row in rows.rows()], rest)
    for rows, row in before:
        rows.take_off(row)
