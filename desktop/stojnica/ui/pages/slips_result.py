"""What came of an import: numbers, and the rows that somebody has to look at; no name is in it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stojnica.domain.slip_report import ImportReport, RowReport
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.slip_summary import counted, notes, row_line, where
from stojnica.services.written_time import written_number
from stojnica.ui.controls.banner import ResultBanner
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.theme.sizes import GAP

MOST_ROWS = 40


class SlipsResult(QWidget):
    """Show a report: a banner, the rows that need attention, those with a warning, and notes."""

    def __init__(self) -> None:
        super().__init__()
        self._report: ImportReport | None = None
        self._banner = ResultBanner()
        self._attention = _RowsCard("wait")
        self._warned = _RowsCard("")
        self._notes = Card(_("To know"))
        self._notes_text = self._notes.add_text("")
        self._copy = ActionButton(_("Copy the list"), small=True, icon="copy")
        self._copy.clicked.connect(self._on_copy)
        self._attention.body.insertWidget(0, self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        side = QVBoxLayout()
        side.setSpacing(GAP)
        side.addWidget(self._notes)
        side.addWidget(self._warned)
        side.addStretch(1)
        both = SideBySide(gap=GAP)
        both.add(self._attention, 1)
        both.add(side, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP)
        outer.addWidget(self._banner)
        outer.addLayout(both)
        outer.addStretch(1)

    def set_report(self, report: ImportReport) -> None:
        """Show a report."""
        if report is self._report:
            return
        self._report = report
        tone = "wait" if report.attention else "good"
        self._banner.set_result(tone, _headline(report), counted(report))
        self._attention.set_rows(_attention_title(len(report.attention)), report.attention)
        self._warned.set_rows(_warned_title(len(report.warned)), report.warned)
        said = notes(report)
        self._notes_text.setText("\n".join(said))
        self._notes.setVisible(bool(said))
        self._copy.set_text(_("Copy the list"))

    def _on_copy(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText("\n".join(map(row_line, self._report.attention)))
            self._copy.set_text(_("Copied"))


class _RowsCard(Card):
    def __init__(self, sign: str) -> None:
        super().__init__(" ")
        self._sign = sign
        self._rows = ListRows()
        self._more = self.add_text("", "soft")
        self.body.insertWidget(0, self._rows)
        self.body.addStretch(1)

    def set_rows(self, title: str, rows: Sequence[RowReport]) -> None:
        self.setVisible(bool(rows))
        self.set_title(title)
        self._rows.set_rows(
            [ListRow(" ".join(row.reasons), lead=where(row), sign=self._sign) for row in rows[:MOST_ROWS]]
        )
        more = len(rows) - MOST_ROWS
        text = ngettext("and {count} more row", "and {count} more rows", max(more, 0))
        self._more.setText(text.format(count=written_number(more)))
        self._more.setVisible(more > 0)


def _headline(report: ImportReport) -> str:
    count = report.taken + len(report.warned)
    if not report.rows:
        return _("There is nobody in this sheet")
    if not count:
        return _("Nobody new was taken in")
    text = ngettext("{count} contact was taken in", "{count} contacts were taken in", count)
    return text.format(count=written_number(count))


def _attention_title(count: int) -> str:
    text = ngettext(
        "{count} row needs attention; nothing of it was kept",
        "{count} rows need attention; nothing of them was kept",
        count,
    )
    return text.format(count=written_number(count))


def _warned_title(count: int) -> str:
    text = ngettext("{count} was taken with a warning", "{count} were taken with a warning", count)
    return text.format(count=written_number(count))
