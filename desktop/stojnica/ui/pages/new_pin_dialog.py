"""Choosing a PIN, the team's or one's own; it stays on this laptop."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS
from stojnica.services.pin_change import LONGEST_PROOF, PinWish
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.in_sight import bring_news_into_sight
from stojnica.ui.dialogs import AppDialog


@dataclass(frozen=True, slots=True)
class PinAsk:
    """Say whose PIN is asked for, the team's or a member's, and whether the laptop has none yet.

    `for_kiosk` says that the kiosk opens once it is kept.
    """

    name: str = ""
    member_id: UUID | None = None
    is_first: bool = False
    for_kiosk: bool = False

    def title(self) -> str:
        """Name what is asked for."""
        if self.for_kiosk:
            return _("First a PIN for the team")
        return _("PIN of {name}").format(name=self.name) if self.member_id else _("PIN of the team")

    def intro(self) -> str:
        """Say what it is good for."""
        if self.for_kiosk:
            return _(
                "Only a PIN leads out of the kiosk, and this laptop has none yet. "
                "4 to 8 digits; tell it to the whole team."
            )
        if self.member_id:
            return _("4 to 8 digits. It leaves the kiosk and shows names, as the team's PIN does.")
        return _("4 to 8 digits. It leaves the kiosk and shows names. Tell it to the whole team.")

    def accept(self) -> str:
        """Say what the button does."""
        return _("Keep it and open the kiosk") if self.for_kiosk else _("Keep it")


class NewPinDialog(AppDialog):
    """Collect what proves that it may be changed, and the PIN twice; the page closes it, or says why not.

    While there is no PIN yet, only the passphrase proves anything.
    """

    def __init__(self, parent: QWidget, ask: PinAsk | None = None) -> None:
        ask = ask or PinAsk()
        super().__init__(parent, title=ask.title(), intro=ask.intro(), accept=ask.accept())
        self._ask = ask
        self._proof = TextField(
            _("The passphrase of this laptop") if ask.is_first else _("A PIN that is right now"),
            note="" if ask.is_first else _("or the passphrase"),
            max_length=LONGEST_PROOF,
        )
        self._pin = TextField(_("New PIN"), max_length=MAX_DIGITS)
        self._again = TextField(_("The same once more"), max_length=MAX_DIGITS)
        self._fields = (self._proof, self._pin, self._again)
        for field in self._fields:
            field.line.setEchoMode(QLineEdit.EchoMode.Password)
            self.body.addWidget(field)
        self.concern(self._proof.editor)
        self._proof.line.setFocus()

    def collect(self) -> object:
        """Give the wish, or None when something is missing or the two differ."""
        for field in self._fields:
            field.set_message(None)
        if not self._proof.text():
            self._stay_at(self._proof, self._what_proves())
        elif not self._pin.text():
            self._stay_at(self._pin, _("Type the new PIN."))
        elif self._pin.text() != self._again.text():
            self._stay_at(self._again, _("This is not the same PIN."))
        else:
            return PinWish(self._proof.text(), self._pin.text(), self._ask.member_id)
        return None

    def _what_proves(self) -> str:
        if self._ask.is_first:
            return _("Type the words that unlock this laptop.")
        return _("Type a PIN that is right now, or the passphrase.")

    def _stay_at(self, field: TextField, problem: str) -> None:
        """Say what is missing where it is missing; with large type that place may be out of sight."""
        field.set_message(FieldMessage(problem, "bad"))
        field.line.selectAll()
        field.line.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_news_into_sight(field)
