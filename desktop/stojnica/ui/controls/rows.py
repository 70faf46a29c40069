"""Short lists on a card: when, who, how, and what can be done about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.domain.text_bound import isolated, shortened
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.kept_focus import KeyedRow, link_place, put_back
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_SHOWN_LETTERS = 120
"""So that one row leaves room for the others; a screen reader reads all of it."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line: `lead` at the left in soft type, `text`, `trail` at the right in soft type.

    `sign` (good, wait, bad) puts a round sign in front. `action` names a link at the right that sends `key`;
    `action_name` is what a screen reader says for it, such as "correct the contact of 14.29", and
    `spoken_lead` what it says for `lead`, which alone may be a number to it.
    """

    text: str
    lead: str = ""
    trail: str = ""
    key: object = None
    sign: str = ""
    action: str = ""
    action_name: str = ""
    spoken_lead: str = ""


class _RowWidget(KeyedRow):
    activated = Signal(object)

    def __init__(self, row: ListRow, lead_width: int) -> None:
        # Without a key the words are what tells a row from the others.
        super().__init__((row.lead, row.text) if row.key is None else row.key)
        self._key = row.key
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 10, 0, 11)
        line.setSpacing(14)
        if row.sign:
            line.addWidget(RoundSign(row.sign, 24))
        if row.lead:
            lead = Label(row.lead, "soft")
            lead.setMinimumWidth(lead_width)
            lead.setAccessibleName(row.spoken_lead or row.lead)
            line.addWidget(lead)
        line.addWidget(Label(isolated(shortened(row.text, _SHOWN_LETTERS)), wrap=True), 1)
        if row.trail:
            trail = Label(row.trail, "soft")
            trail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(trail)
        if row.action:
            action = ActionButton(row.action, Kind.LINK, light=True)
            action.setAccessibleName(row.action_name or _spoken_action(row))
            action.clicked.connect(self._on_action)
            line.addWidget(action)
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(
            ", ".join(part for part in (row.spoken_lead or row.lead, row.text, row.trail) if part)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look().colour("rule"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _on_action(self) -> None:
        self.activated.emit(self._key)


class ListRows(QWidget):
    """A list of at most a dozen lines. `activated` carries the key of the row whose link was pressed."""

    activated = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        speak_as(self, Spoken.LIST)
        self._rows: tuple[ListRow, ...] = ()
        self._widgets: list[_RowWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_rows(self, rows: Sequence[ListRow]) -> None:
        """Show other lines; the keyboard stays at whom or what it was."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        place, before = link_place(self._widgets), self._widgets
        leads = [self.fontMetrics().horizontalAdvance(row.lead) for row in self._rows]
        self._widgets = [_RowWidget(row, max(leads, default=0) + 6) for row in _told_apart(self._rows)]
        for position, widget in enumerate(self._widgets):
            self._column.insertWidget(position, widget)
            widget.activated.connect(self.activated)
        put_back(place, self._widgets)
        for widget in before:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()


def _spoken_action(row: ListRow) -> str:
    return f"{row.action}: {row.spoken_lead or row.lead} {row.text}"


def _told_apart(rows: Sequence[ListRow]) -> list[ListRow]:
    """Number the links of rows that look alike: on the screen they differ by their place alone."""
    names = Counter(row.action_name or _spoken_action(row) for row in rows if row.action)
    seen: Counter[str] = Counter()
    result = []
    for row in rows:
        name = row.action_name or _spoken_action(row)
        if names[name] > 1:
            seen[name] += 1
            row = replace(row, action_name=f"{name}, {seen[name]}")
        result.append(row)
    return result
