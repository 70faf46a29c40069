"""Short lists on a card: when, who, how, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.domain.text_bound import isolated, shortened
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.labels import Label
from stojnica.ui.theme.look import look

_SHOWN_LETTERS = 120
"""So that one row leaves room for the others; a screen reader reads all of it."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line: `lead` at the left in soft type, `text`, `trail` at the right in soft type.

    `sign` (good, wait, bad) puts a round sign in front. `action` names a link at the right that sends `key`;
    `action_name` is what a screen reader says for it, such as "correct the contact of 14.29".
    """

    text: str
    lead: str = ""
    trail: str = ""
    key: object = None
    sign: str = ""
    action: str = ""
    action_name: str = ""


class _RowWidget(QWidget):
    activated = Signal(object)

    def __init__(self, row: ListRow, lead_width: int) -> None:
        super().__init__()
        self._key = row.key
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 10, 0, 11)
        line.setSpacing(14)
        if row.sign:
            line.addWidget(RoundSign(row.sign, 24))
        if row.lead:
            lead = Label(row.lead, "soft")
            lead.setMinimumWidth(lead_width)
            line.addWidget(lead)
        line.addWidget(Label(isolated(shortened(row.text, _SHOWN_LETTERS)), wrap=True), 1)
        if row.trail:
            trail = Label(row.trail, "soft")
            trail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(trail)
        if row.action:
            action = ActionButton(row.action, Kind.LINK, light=True)
            action.setAccessibleName(row.action_name or f"{row.action}: {row.lead} {row.text}")
            action.clicked.connect(self._on_action)
            line.addWidget(action)
        self.setAccessibleName(" · ".join(part for part in (row.lead, row.text, row.trail) if part))

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
        self._rows: tuple[ListRow, ...] = ()
        self._widgets: list[_RowWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_rows(self, rows: Sequence[ListRow]) -> None:
        """Show other lines; the same ones again change nothing, so that the focus stays."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        for widget in self._widgets:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        leads = [self.fontMetrics().horizontalAdvance(row.lead) for row in self._rows]
        self._widgets = [_RowWidget(row, max(leads, default=0) + 6) for row in self._rows]
        for position, widget in enumerate(self._widgets):
            self._column.insertWidget(position, widget)
            widget.activated.connect(self.activated)
