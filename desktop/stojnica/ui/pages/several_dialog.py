"""Several people at once: a class, a break, a hand counter."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.several_people import SeveralForm
from stojnica.services.today import TodayViewModel
from stojnica.ui.controls.bounded_editor import NUMBER_ROOM
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField, TextField
from stojnica.ui.controls.page import row
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.dialogs import AppDialog

_IN_A_ROW = 3
_WIDER = 630


class SeveralDialog(AppDialog):
    """Collect a number, a span of time and a reason, and count them."""

    def __init__(self, parent: QWidget, model: TodayViewModel) -> None:
        super().__init__(
            parent,
            title=_("Several at once"),
            intro=_("They are spread over the half hours of the time you give."),
            accept=_("Count them"),
        )
        self._model = model
        form = model.several()
        self._counter = SegmentedChoice(
            _("Counter"),
            [Segment(counter.id, counter.title) for counter in model.counters],
        )
        self._counter.set_value(form.counter)
        if len(model.counters) > _IN_A_ROW:
            self.setMinimumWidth(_WIDER)
        self._fields = {
            "amount": TextField(_("How many"), max_length=NUMBER_ROOM),
            "since": TextField(_("From"), max_length=NUMBER_ROOM),
            "until": TextField(_("To"), max_length=NUMBER_ROOM),
        }
        self._fields["since"].set_text(form.since)
        self._fields["until"].set_text(form.until)
        self._reason = ChoiceField(_("Why several"))
        reasons: list[tuple[object, str]] = list(model.reasons())
        self._reason.set_choices(reasons)
        self._reason.set_value(form.reason)
        self.concern(self._fields["amount"].editor)
        self._build_body()
        self.submitted.connect(self._on_submitted)

    def _build_body(self) -> None:
        self.body.addWidget(LabelledField(_("Counter"), self._counter, reserve=False))
        self.body.addSpacing(6)
        self.body.addLayout(row(*self._fields.values(), gap=12, stretch=(2, 1, 1)))
        self.body.addWidget(self._reason)
        self._fields["amount"].line.setFocus()

    def collect(self) -> object:
        """Give the form, or None when a field isn't right."""
        form = SeveralForm(
            counter=str(self._counter.value()),
            amount=self._fields["amount"].text().strip(),
            since=self._fields["since"].text().strip(),
            until=self._fields["until"].text().strip(),
            reason=str(self._reason.value() or "other"),
        )
        problems = {problem.field: problem.message for problem in self._model.check_several(form)}
        for name, field in self._fields.items():
            field.set_message(FieldMessage(problems[name], "bad") if name in problems else None)
        elsewhere = [message for name, message in problems.items() if name not in self._fields]
        if elsewhere:
            self._say(elsewhere[0])
        return None if problems else form

    def _on_submitted(self, form: object) -> None:
        assert isinstance(form, SeveralForm)
        self._model.count_many(form)
        self.accept()
