"""Choosing a PIN, the team's or one's own; it stays on this laptop."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS
from stojnica.services.pin_change import LONGEST_PROOF, PinWish
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.in_sight import bring_news_into_sight
from stojnica.ui.dialogs import AppDialog


class NewPinDialog(AppDialog):
    """Collect what proves that it may be changed, and the PIN twice; the page closes it, or says why not.

    `is_first` says that there is no PIN yet, so that only the passphrase proves anything.
    """

    def __init__(
        self, parent: QWidget, name: str = "", member_id: UUID | None = None, *, is_first: bool = False
    ) -> None:
        super().__init__(
            parent,
            title=_("PIN of {name}").format(name=name) if member_id else _("PIN of the team"),
            intro=_("4 to 8 digits. It leaves the kiosk and shows names, as the team's PIN does.")
            if member_id
            else _("4 to 8 digits. It leaves the kiosk and shows names. Tell it to the whole team."),
            accept=_("Keep it"),
        )
        self._member_id = member_id
        self._is_first = is_first
        self._proof = TextField(
            _("The passphrase of this laptop") if is_first else _("A PIN that is right now"),
            note="" if is_first else _("or the passphrase"),
            max_length=LONGEST_PROOF,
        )
        self._pin = TextField(_("New PIN"), max_length=MAX_DIGITS)
        self._again = TextField(_("The same once more"), max_length=MAX_DIGITS)
        for field in (self._proof, self._pin, self._again):
            field.line.setEchoMode(QLineEdit.EchoMode.Password)
            self.body.addWidget(field)
        self.concern(self._proof.editor)
        self._proof.line.setFocus()

    def collect(self) -> object:
        """Give the wish, or None when something is missing or the two differ."""
        for field in (self._proof, self._pin, self._again):
            field.set_message(None)
        if not self._proof.text():
            self._stay_at(self._proof, self._what_proves())
        elif not self._pin.text():
            self._stay_at(self._pin, _("Type the new PIN."))
        elif self._pin.text() != self._again.text():
            self._stay_at(self._again, _("This is not the same PIN."))
        else:
            return PinWish(self._proof.text(), self._pin.text(), self._member_id)
        return None

    def _what_proves(self) -> str:
        if self._is_first:
            return _("Type the words that unlock this laptop.")
        return _("Type a PIN that is right now, or the passphrase.")

    def _stay_at(self, field: TextField, problem: str) -> None:
        """Say what is missing where it is missing; with large type that place may be out of sight."""
        field.set_message(FieldMessage(problem, "bad"))
        field.line.selectAll()
        field.line.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_news_into_sight(field)
