"""Taking consent back for somebody who isn't looked for: an address or a number is enough."""

from PySide6.QtWidgets import QWidget

from stojnica.domain.contact import EMAIL_LIMIT
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.withdrawing import keys_from_either
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.dialogs import AppDialog


class TakeBackDialog(AppDialog):
    """Collect an address or a number, and close; it doesn't say whether anybody has signed up with it."""

    def __init__(self, parent: QWidget, home_country: str) -> None:
        super().__init__(
            parent,
            title=_("Take consent back"),
            intro=_(
                "Everything that was agreed to with this address or number is taken back from now on: here, "
                "at the office, and for what other laptops haven’t sent yet. The contact itself stays."
            ),
            # "Cancel" and "take back" are one word in Slovene.
            accept=_("Take all consents back"),
            reject=_("Close"),
            destructive=True,
        )
        self._home_country = home_country
        self._key = TextField(_("E-mail address or phone number"), max_length=EMAIL_LIMIT)
        self.body.addWidget(self._key)
        self._key.line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give whose consent it is, or None when it is neither an address nor a number."""
        try:
            return keys_from_either(self._key.text(), self._home_country)
        except UserFacingError as error:
            self._key.set_message(FieldMessage(error.what, "bad"))
            return None
