"""Taking a contact out again, with a reason."""

from uuid import UUID

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.contact import ContactViewModel
from stojnica.ui.controls.field import ChoiceField, FieldMessage
from stojnica.ui.dialogs import AppDialog


class VoidDialog(AppDialog):
    """Collect the reason; the contact stays as a record and is in no list or number."""

    def __init__(self, parent: QWidget, model: ContactViewModel, subject_id: UUID) -> None:
        super().__init__(
            parent,
            title=_("Void this contact?"),
            intro=_("It leaves all lists and numbers. That it was here, and why it went, stays on record."),
            accept=_("Void the contact"),
            destructive=True,
        )
        self._model = model
        self._subject_id = subject_id
        self._reason = ChoiceField(_("Why"))
        reasons: list[tuple[object, str]] = [(None, ""), *model.void_reasons()]
        self._reason.set_choices(reasons)
        self.body.addWidget(self._reason)
        self.submitted.connect(self._on_submitted)

    def collect(self) -> object:
        """Give the reason, or None when none was chosen."""
        reason = self._reason.value()
        self._reason.set_message(None if reason else FieldMessage(_("Choose a reason."), "bad"))
        return reason

    def _on_submitted(self, reason: object) -> None:
        self._model.void(self._subject_id, str(reason))
        self.accept()
