"""The people of a team: who, since when, how long, and what can be said about each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.team_page import MemberLine
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.tinted_rows import TintedRow, TintedRows


class _MemberRow(TintedRow):
    """One person; whoever is at the keyboard is tinted and says so."""

    came = Signal(object)
    went = Signal(object)
    keyboard_taken = Signal(object)
    pin_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self, line: MemberLine) -> None:
        super().__init__(line.name, line.member_id, is_tinted=line.is_at_keyboard)
        self._line = line
        self._links = QWidget()
        self._flow = FlowLayout(self._links, gap_x=18, gap_y=3)
        self._flow.set_right_aligned(True)
        self._add_links()
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 11, 18, 12)
        row.setSpacing(14)
        row.addLayout(self.words(line.detail), 5)
        row.addWidget(self._links, 4)
        self.say(line.name, _("at the keyboard") if line.is_at_keyboard else "", line.detail)

    def _add_links(self) -> None:
        if self._line.is_at_keyboard:
            self._flow.addWidget(Label(_("at the keyboard"), "soft"))
        elif self._line.is_here:
            self._flow.addWidget(self.action(_("to the keyboard"), self._on_keyboard))
        pin = _("change PIN") if self._line.has_pin else _("own PIN")
        self._flow.addWidget(self.action(pin, self._on_pin))
        if self._line.is_here:
            self._flow.addWidget(self.action(_("goes"), self._on_go))
        else:
            self._flow.addWidget(self.action(_("remove"), self._on_remove))
            self._flow.addWidget(self.action(_("is here"), self._on_come, is_link=False))

    def _on_come(self) -> None:
        self.came.emit(self._line.member_id)

    def _on_go(self) -> None:
        self.went.emit(self._line.member_id)

    def _on_keyboard(self) -> None:
        self.keyboard_taken.emit(self._line.member_id)

    def _on_pin(self) -> None:
        self.pin_wanted.emit(self._line.member_id)

    def _on_remove(self) -> None:
        self.removed.emit(self._line.member_id)


class MemberRows(TintedRows[MemberLine]):
    """List people. Each signal carries the id of the person whose link was pressed."""

    came = Signal(object)
    went = Signal(object)
    keyboard_taken = Signal(object)
    pin_wanted = Signal(object)
    removed = Signal(object)
    passed_on = ("came", "went", "keyboard_taken", "pin_wanted", "removed")

    def __init__(self) -> None:
        super().__init__(_MemberRow)
