"""What the columns of a sheet are, chosen by hand where the headings don't say it."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.slips_page import SlipsState
from stojnica.ui.controls.field import ChoiceField
from stojnica.ui.controls.flow import EvenLayout
from stojnica.ui.dialogs import AppDialog


class ColumnsDialog(AppDialog):
    """Offer a field for each heading; gives those that were changed, field by heading."""

    def __init__(self, parent: QWidget, state: SlipsState) -> None:
        super().__init__(
            parent,
            title=_("What the columns are"),
            intro=_(
                "Needed are a first name, an e-mail or a phone, and what people ticked."
                " What is left out is not read."
            ),
            accept=_("Use these columns"),
        )
        self.setMinimumWidth(860)
        self._shown: dict[str, str] = {}
        self._fields: dict[str, ChoiceField] = {}
        self._place = QWidget()
        self._grid = EvenLayout(self._place, columns=2)
        offered = {choice.id for choice in state.fields}
        choices: list[tuple[object, str]] = [(choice.id, choice.label) for choice in state.fields]
        for column in state.columns:
            # Of two columns with the same heading the first one counts.
            if column.heading in self._fields:
                continue
            field = ChoiceField(column.heading, reserve=False)
            other: list[tuple[object, str]] = (
                [] if column.field in offered else [(column.field, column.field)]
            )
            field.set_choices([*choices, *other])
            field.set_value(column.field)
            self._shown[column.heading] = column.field
            self._fields[column.heading] = field
            self._grid.addWidget(field)
        self.body.addWidget(self._place)

    def collect(self) -> object:
        """Give the columns that were changed."""
        return {
            heading: str(field.value())
            for heading, field in self._fields.items()
            if field.value() != self._shown[heading]
        }
