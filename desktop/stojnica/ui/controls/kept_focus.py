"""Where the keyboard is in a list whose rows are made anew, and the same place afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


class KeyedRow(QWidget):
    """A row with links in it; `key` is the same for whom or what it is about, however it looks."""

    def __init__(self, key: object) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """Hold the link that had the keyboard: in which row, of whom, and what it says."""

    row: int
    key: object
    text: str


def link_place(rows: Sequence[KeyedRow]) -> LinkPlace | None:
    """Give where in these rows the keyboard is, also while a dialog of their window is open."""
    for at, row in enumerate(rows):
        for button in row.findChildren(QAbstractButton):
            if button.window().focusWidget() is button:
                return LinkPlace(at, row.key, button.text())
    return None


def put_back(place: LinkPlace | None, rows: Sequence[KeyedRow], rest: QWidget | None = None) -> None:
    """Put the keyboard at the same link of the same row, at its first one where that link is gone.

    Without the row it goes to `rest`, or else to the row that is in its place: to the first link, so that
    Enter, pressed twice, does to nobody else what was done to the one who is gone.
    """
    if place is None:
        return
    same = next((row for row in rows if row.key == place.key), None)
    if same is None and rest is not None:
        rest.setFocus(Qt.FocusReason.OtherFocusReason)
        return
    linked = [row for row in rows if row.findChildren(QAbstractButton)]
    row = same or (linked[min(place.row, len(linked) - 1)] if linked else None)
    links = row.findChildren(QAbstractButton) if row is not None else []
    if row is None or not links:
        return
    link = next((one for one in links if same is not None and one.text() == place.text), links[0])
    # Its layout would show it a moment later, and what is out of sight keeps no focus.
    row.show()
    link.setFocus(Qt.FocusReason.OtherFocusReason)
