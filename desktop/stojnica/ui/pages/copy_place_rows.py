"""One row for each stick or folder with earlier copies, and the word of a person that it exists no more."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.copies_gone import PlaceLine, what_follows
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.tinted_rows import TintedRow, TintedRows
from stojnica.ui.dialogs import AppDialog


class _PlaceRow(TintedRow):
    gone = Signal(object)

    def __init__(self, line: PlaceLine) -> None:
        super().__init__(line.name, (line.folder, line.folder_id), is_tinted=False, inset=0)
        self._line = line
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 9, 0, 10)
        row.setSpacing(14)
        row.addLayout(self.words(line.told), 1)
        row.addWidget(self.action(_("No longer exists …"), self._on_gone))
        self.say(line.name, line.told)

    def _on_gone(self) -> None:
        self.gone.emit(self._line)


class CopyPlaceRows(TintedRows[PlaceLine]):
    """List the places. `gone` carries the line whose link was pressed."""

    gone = Signal(object)
    passed_on = ("gone",)

    def __init__(self, rest: QWidget) -> None:
        super().__init__(_PlaceRow, rest)


class PlaceGoneDialog(AppDialog):
    """Say what follows before a stick or folder is taken for gone."""

    def __init__(self, parent: QWidget, line: PlaceLine) -> None:
        super().__init__(
            parent,
            title=_("Does this stick or folder no longer exist?"),
            intro=_("{name}: {told}.").format(name=line.name, told=line.told),
            accept=_("It no longer exists"),
            destructive=True,
        )
        for text in what_follows():
            self.body.addWidget(Label(text, "", wrap=True))
