"""Turning the pages of a paper in a viewer: two sides by their names, many pages one by one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext
from stojnica.services.written_time import written_number
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.segmented import Segment, SegmentedChoice


class SideTurner(SegmentedChoice):
    """Turn between front and back."""

    def __init__(self) -> None:
        super().__init__(_("Side"), [])

    def set_count(self, count: int) -> None:
        """Offer so many sides."""
        words = (pgettext("side of the paper", "Front"), pgettext("side of the paper", "Back"))
        self.set_segments([Segment(side, words[side]) for side in range(count)])


class PageTurner(QWidget):
    """Turn one page on or back; `chosen` carries its number, from 0."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._count = self._page = 0
        self._back = ActionButton("‹", small=True, key="Ctrl+PgUp")
        self._on = ActionButton("›", small=True, key="Ctrl+PgDown")
        self._where = Label("", "soft")
        self._back.setAccessibleName(_("Previous page"))
        self._on.setAccessibleName(_("Next page"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._back, self._where, self._on):
            row.addWidget(widget)
        self._back.clicked.connect(self._turn_back)
        self._on.clicked.connect(self._turn_on)

    def set_count(self, count: int) -> None:
        """Say how many pages there are."""
        self._count = count

    def set_value(self, page: int) -> None:
        """Show which page is in sight."""
        self._page = page
        text = _("page {page} of {pages}")
        self._where.setText(text.format(page=written_number(page + 1), pages=written_number(self._count)))
        self._back.setEnabled(page > 0)
        self._on.setEnabled(page < self._count - 1)

    def _turn_back(self) -> None:
        self._turn(-1)

    def _turn_on(self) -> None:
        self._turn(1)

    def _turn(self, way: int) -> None:
        page = self._page + way
        if 0 <= page < self._count:
            self.set_value(page)
            self.chosen.emit(page)
