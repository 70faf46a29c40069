"""Asking a volunteer for the PIN."""

from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.dialogs import AppDialog


class PinDialog(AppDialog):
    """Collect a PIN; whether it is right is found out elsewhere."""

    def __init__(self, parent: QWidget, title: str, intro: str) -> None:
        super().__init__(parent, title=title, intro=intro, accept=_("Show"))
        self._pin = TextField(_("PIN of the team"), max_length=8)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self._pin)
        self._pin.line.setFocus()

    def collect(self) -> object:
        """Give the PIN, or None when nothing was typed."""
        if not self._pin.text():
            self._pin.set_message(FieldMessage(_("Type the PIN.")))
            return None
        return self._pin.text()
