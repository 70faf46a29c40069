"""Choosing a PIN of one's own; it stays on this laptop."""

from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.dialogs import AppDialog


class MemberPinDialog(AppDialog):
    """Collect a PIN twice; the page closes it, or says here why it can't be one."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(
            parent,
            title=_("PIN of {name}").format(name=name),
            intro=_("4 to 8 digits. It leaves the kiosk and shows names, as the team's PIN does."),
            accept=_("Keep it"),
        )
        self._pin = TextField(_("PIN"), max_length=MAX_DIGITS)
        self._again = TextField(_("The same once more"), max_length=MAX_DIGITS)
        for field in (self._pin, self._again):
            field.line.setEchoMode(QLineEdit.EchoMode.Password)
            self.body.addWidget(field)
        self.concern(self._pin.editor)
        self._pin.line.setFocus()

    def collect(self) -> object:
        """Give the PIN, or None when the two differ or nothing was typed."""
        self._pin.set_message(None)
        self._again.set_message(None)
        if not self._pin.text():
            self._pin.set_message(FieldMessage(_("Type the PIN."), "bad"))
            return None
        if self._pin.text() != self._again.text():
            self._again.set_message(FieldMessage(_("This is not the same PIN."), "bad"))
            return None
        return self._pin.text()
