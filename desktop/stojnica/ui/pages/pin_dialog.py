"""Asking a volunteer for the PIN before names are on the screen."""

from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.dialogs import AppDialog


class PinDialog(AppDialog):
    """Collect a PIN and close; whether it is right is found out and said by the page.

    It is for showing names, unless `title` and `intro` say what else.
    """

    def __init__(self, parent: QWidget, title: str = "", intro: str = "") -> None:
        super().__init__(
            parent,
            title=title or _("Show names"),
            intro=intro or _("They go again after ten seconds. Nobody else should see the screen."),
            accept=_("Show"),
        )
        self._pin = TextField(_("PIN of the team"), max_length=MAX_DIGITS)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self._pin)
        self._pin.line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give the PIN, or None when nothing was typed."""
        if not self._pin.text():
            self._pin.set_message(FieldMessage(_("Type the PIN."), "bad"))
            return None
        return self._pin.text()
