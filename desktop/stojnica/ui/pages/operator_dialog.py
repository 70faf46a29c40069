"""Asking who is typing: the first name is kept with each entry, so that questions find somebody."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.field import TextField
from stojnica.ui.controls.flow import FlowLayout
from stojnica.ui.dialogs import AppDialog

NAME_LIMIT = 60


class OperatorDialog(AppDialog):
    """Collect a first name and close; empty for nobody. Whoever is `here` takes one press."""

    def __init__(self, parent: QWidget, name: str, here: Sequence[str] = ()) -> None:
        super().__init__(
            parent,
            title=_("Who is typing?"),
            intro=_("A first name is enough. It is kept with what is typed from now on."),
            accept=_("That's me"),
        )
        self._name = TextField(_("First name"), max_length=NAME_LIMIT)
        self._name.set_text(name)
        self._name.line.selectAll()
        if here:
            self.body.addWidget(self._offer(here))
        self.body.addWidget(self._name)
        self._name.line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give the name."""
        return self._name.text().strip()

    def _offer(self, here: Sequence[str]) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row, gap_x=6, gap_y=6)
        for name in here:
            button = ActionButton(name, small=True)
            button.setProperty("name", name)
            button.clicked.connect(self._on_name)
            flow.addWidget(button)
        return row

    def _on_name(self) -> None:
        button = self.sender()
        if isinstance(button, ActionButton):
            self._name.set_text(str(button.property("name")))
            self.submit()
