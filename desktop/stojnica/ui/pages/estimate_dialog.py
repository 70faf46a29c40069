"""The team's estimate of who was reached, for the funder's sheet."""

from PySide6.QtWidgets import QWidget

from stojnica.domain.handover import LINE_LIMIT
from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext
from stojnica.services.estimate import EstimateForm, read_estimate
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.page import row
from stojnica.ui.dialogs import AppDialog


class EstimateDialog(AppDialog):
    """Collect three numbers and how they came to be."""

    def __init__(self, parent: QWidget, form: EstimateForm) -> None:
        super().__init__(
            parent,
            title=_("The team's estimate"),
            intro=_(
                "How many of the people reached were whom, as far as you could see."
                " It stands on the event sheet beside what visitors answered."
            ),
            accept=_("Keep it"),
        )
        self._fields = {
            "female": TextField(pgettext("gender", "female"), max_length=NUMBER_ROOM),
            "male": TextField(pgettext("gender", "male"), max_length=NUMBER_ROOM),
            "other": TextField(pgettext("gender", "other"), max_length=NUMBER_ROOM),
            "method": TextField(_("How you came to it"), max_length=LINE_LIMIT),
        }
        for name, field in self._fields.items():
            field.set_text(getattr(form, name))
        numbers = [field for name, field in self._fields.items() if name != "method"]
        self.body.addLayout(row(*numbers, gap=12, stretch=(1, 1, 1)))
        self.body.addWidget(self._fields["method"])
        self._fields["female"].line.setFocus()
        self.submitted.connect(self.accept)

    def collect(self) -> object:
        """Give the form, or None when a field isn't right."""
        form = EstimateForm(**{name: field.text() for name, field in self._fields.items()})
        _estimate, problems = read_estimate(form)
        said = {problem.field: problem.message for problem in problems}
        for name, field in self._fields.items():
            field.set_message(FieldMessage(said[name], "bad") if name in said else None)
        return None if problems else form
