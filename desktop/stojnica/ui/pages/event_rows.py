"""The list of events: name, when and where, which one is chosen, and what can be done with each."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.events_page import EventLine
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_RADIUS

_SIGN_PX = 24


class _EventRow(QWidget):
    """One event; the chosen one is tinted and says so."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, line: EventLine) -> None:
        super().__init__()
        self._line = line
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(line.name, "strong", wrap=True))
        words.addWidget(Label(_second_line(line), "soft", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(14)
        row.addWidget(RoundSign("good", _SIGN_PX, said=_("chosen")) if line.is_chosen else _Gap())
        row.addLayout(words, 1)
        if line.is_chosen:
            row.addWidget(Label(_("chosen"), "soft"))
        else:
            row.addWidget(self._link(_("choose"), self._on_choose))
        row.addWidget(self._link(_("look") if line.is_from_office else _("edit"), self._on_open))
        said = (line.name, _("chosen") if line.is_chosen else "", _second_line(line))
        speak_as(self, Spoken.LINE)
        self.setAccessibleName(", ".join(part for part in said if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._line.is_chosen:
            inside = QRectF(self.rect()).adjusted(2, 2, -2, -3)
            draw_box(painter, inside, fill="accent_soft", radius=CARD_RADIUS - 3)
        painter.setPen(look().colour("rule"))
        painter.drawLine(18, self.height() - 1, self.width() - 18, self.height() - 1)

    def _link(self, text: str, pressed: object) -> ActionButton:
        button = ActionButton(text, Kind.LINK, light=True)
        button.setAccessibleName(f"{text}: {self._line.name}")
        button.clicked.connect(pressed)
        return button

    def _on_choose(self) -> None:
        self.chosen.emit(self._line.event_id)

    def _on_open(self) -> None:
        self.opened.emit(self._line.event_id)


class _Gap(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(look().px(_SIGN_PX))


class EventRows(QWidget):
    """List events. `chosen` and `opened` carry an event's id."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[EventLine, ...] = ()
        self._rows: list[_EventRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_events(self, lines: Sequence[EventLine]) -> None:
        """Show other events; the same ones again change nothing, so that the focus stays."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_EventRow(line) for line in self._lines]
        for row in self._rows:
            self._column.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)
            row.chosen.connect(self.chosen)
            row.opened.connect(self.opened)


def _second_line(line: EventLine) -> str:
    goal = _("goal {number}").format(number=line.goal) if line.goal else ""
    office = _("from the office") if line.is_from_office else ""
    closed = _("closed") if line.is_closed else ""
    return " · ".join(part for part in (line.when, line.place, goal, office, closed) if part)
