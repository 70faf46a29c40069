"""One row for each person whose words open this laptop: who, since when, and what can be done about it."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.openers import Opener
from stojnica.services.openers_page import correction_name, name_text, naming_name, removal_name, since_text
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.controls.tinted_rows import TintedRow, TintedRows


@dataclass(frozen=True, slots=True)
class OpenerLine:
    """Hold one person; `can_go` unless theirs are the last words."""

    one: Opener
    can_go: bool


class _OpenerRow(TintedRow):
    named = Signal(object)
    removed = Signal(object)

    def __init__(self, line: OpenerLine) -> None:
        one = line.one
        super().__init__(name_text(one), one.slot_id, is_tinted=False, inset=0)
        self._one = one
        links = QWidget()
        flow = FlowLayout(links, gap_x=18, gap_y=3)
        flow.set_right_aligned(True)
        words = _("Correct …") if one.name else _("Say whose …")
        spoken = correction_name(one) if one.name else naming_name(one)
        flow.addWidget(self.action(words, self._on_naming, spoken=spoken))
        if line.can_go:
            spoken = removal_name(one)
            flow.addWidget(self.action(_("Take out …"), self._on_removing, spoken=spoken))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 9, 0, 10)
        row.setSpacing(14)
        row.addLayout(self.words(since_text(one)), 5)
        row.addWidget(links, 4)
        self.say(name_text(one), since_text(one))

    def _on_naming(self) -> None:
        self.named.emit(self._one)

    def _on_removing(self) -> None:
        self.removed.emit(self._one)


class OpenerRows(TintedRows[OpenerLine]):
    """List the people. `named` and `removed` carry the opener whose link was pressed."""

    named = Signal(object)
    removed = Signal(object)
    passed_on = ("named", "removed")

    def __init__(self, rest: QWidget) -> None:
        super().__init__(_OpenerRow, rest)
