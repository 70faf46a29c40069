"""The list of events: name, when and where, which one is chosen, and what can be done with each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.events_page import EventLine
from stojnica.ui.controls.banner import RoundSign
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.controls.tinted_rows import TintedRow, TintedRows
from stojnica.ui.theme.look import look

_SIGN_PX = 24
_WORDS_PX = 180


class _EventRow(TintedRow):
    """One event; the chosen one is tinted and says so."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, line: EventLine) -> None:
        super().__init__(line.name, line.event_id, is_tinted=line.is_chosen)
        self._line = line
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(14)
        row.addWidget(RoundSign("good", _SIGN_PX, said=_("chosen")) if line.is_chosen else _Gap())
        # Where the list is narrow or text is large, links go below instead of squeezing what they are about.
        beside = SideBySide(gap=14, gap_stacked=6)
        words = QWidget()
        words.setLayout(self.words(_second_line(line)))
        words.setMinimumWidth(look().px(_WORDS_PX))
        beside.add(words)
        beside.add(self._links(), 0)
        row.addLayout(beside, 1)
        self.say(line.name, _("chosen") if line.is_chosen else "", _second_line(line))

    def _links(self) -> QHBoxLayout:
        links = QHBoxLayout()
        links.setSpacing(14)
        if self._line.is_chosen:
            links.addWidget(Label(_("chosen"), "soft"))
        else:
            links.addWidget(self.action(_("choose"), self._on_choose))
        links.addWidget(self.action(_("look") if self._line.is_from_office else _("edit"), self._on_open))
        links.addStretch()
        return links

    def _on_choose(self) -> None:
        self.chosen.emit(self._line.event_id)

    def _on_open(self) -> None:
        self.opened.emit(self._line.event_id)


class _Gap(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(look().px(_SIGN_PX))


class EventRows(TintedRows[EventLine]):
    """List events. `chosen` and `opened` carry an event's id."""

    chosen = Signal(object)
    opened = Signal(object)
    passed_on = ("chosen", "opened")

    def __init__(self) -> None:
        super().__init__(_EventRow)


def _second_line(line: EventLine) -> str:
    goal = _("goal {number}").format(number=line.goal) if line.goal else ""
    office = _("from the office") if line.is_from_office else ""
    closed = _("closed") if line.is_closed else ""
    return " · ".join(part for part in (line.when, line.place, goal, office, closed) if part)
