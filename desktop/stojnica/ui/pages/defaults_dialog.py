"""What holds for everybody at an event: typed once for a whole class."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.contact_defaults import EventDefaults
from stojnica.ui.controls.field import TextField
from stojnica.ui.dialogs import AppDialog


class DefaultsDialog(AppDialog):
    """Collect town and school; new forms of this event begin with them. Gives a pair of texts."""

    def __init__(self, parent: QWidget, defaults: EventDefaults) -> None:
        super().__init__(
            parent,
            title=_("The same for everybody here"),
            intro=_(
                "For a school class: each new contact of this event begins with this. Empty takes it away."
            ),
            accept=_("Use it from now on"),
        )
        self._town = TextField(_("Post code and town"), reserve=False)
        self._organisation = TextField(_("School or organisation"), reserve=False)
        self._town.set_text(defaults.town)
        self._organisation.set_text(defaults.organisation)
        for field in (self._town, self._organisation):
            self.body.addWidget(field)
        self._town.line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give town and school."""
        return self._town.text().strip(), self._organisation.text().strip()
