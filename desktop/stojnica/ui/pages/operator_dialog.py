"""Asking who is typing: the first name is kept with each entry, so that questions find somebody."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.field import TextField
from stojnica.ui.dialogs import AppDialog

NAME_LIMIT = 60


class OperatorDialog(AppDialog):
    """Collect a first name and close; empty for nobody."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(
            parent,
            title=_("Who is typing?"),
            intro=_("A first name is enough. It is kept with what is typed from now on."),
            accept=_("That's me"),
        )
        self._name = TextField(_("First name"), max_length=NAME_LIMIT)
        self._name.set_text(name)
        self._name.line.selectAll()
        self.body.addWidget(self._name)
        self._name.line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give the name."""
        return self._name.text().strip()
