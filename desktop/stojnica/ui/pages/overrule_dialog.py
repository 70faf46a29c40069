"""Overruling a rule of EU funding: which one, why, who, and the PIN of the team."""

from PySide6.QtWidgets import QLineEdit, QWidget

from stojnica.domain.funding_overrule import REASON_LIMIT, checked_reason
from stojnica.i18n import gettext as _
from stojnica.services.funding_overrule import FundingCase, OverruleDesk, OverruleState, OverruleWish
from stojnica.services.pin import MAX_DIGITS
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LongTextField, TextField
from stojnica.ui.controls.labels import Label
from stojnica.ui.dialogs import AppDialog

NAME_LIMIT = 60


class OverruleDialog(AppDialog):
    """Collect a decision; it stays open until that is on record, or says why it isn't."""

    def __init__(self, parent: QWidget, desk: OverruleDesk, case: FundingCase) -> None:
        super().__init__(
            parent,
            title=_("Print all the same?"),
            intro=_(
                "The funder may refuse to pay for what breaks its rules. "
                "Who decided it and why is kept for the office."
            ),
            accept=_("Overrule this rule"),
            destructive=True,
        )
        self._desk = desk
        self._case = case
        self._done = desk.state.done
        self._rule = ChoiceField(_("Rule of the EU"))
        self._rule.set_choices([(rule.id, rule.name) for rule in case.rules])
        self._rule.set_value(case.rules[0].id)
        self._measured = Label("", "mid", wrap=True)
        self._measured.setContentsMargins(0, 0, 0, 12)
        self._reason = LongTextField(_("Why"), max_length=REASON_LIMIT)
        self._name = TextField(_("Who decides this"), max_length=NAME_LIMIT)
        self._pin = TextField(_("PIN of the team"), max_length=MAX_DIGITS)
        self._pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        for part in (self._rule, self._measured, self._reason, self._name, self._pin):
            self.body.addWidget(part)
        self.concern(self._pin.editor)
        self._show_measured(case.rules[0].id)
        self._rule.chosen.connect(self._show_measured)
        self.submitted.connect(self._on_submitted)
        desk.begin()
        self.destroyed.connect(desk.subscribe(self._render))
        self._reason.editor.setFocus()

    def collect(self) -> object:
        """Give the decision, or None when something is missing; it is said there."""
        _reason, problem = checked_reason(self._reason.text())
        name, pin = self._name.text().strip(), self._pin.text()
        self._reason.set_message(FieldMessage(problem, "bad") if problem else None)
        self._name.set_message(None if name else FieldMessage(_("Say who decides this."), "bad"))
        self._pin.set_message(None if pin else FieldMessage(_("Type the PIN."), "bad"))
        if problem or not name or not pin:
            return None
        return OverruleWish(str(self._rule.value()), self._reason.text(), name, pin)

    def _on_submitted(self, wish: object) -> None:
        if isinstance(wish, OverruleWish):
            self._desk.decide(self._case, wish)

    def _render(self, state: OverruleState) -> None:
        if state.done > self._done:
            self.accept()
        elif state.error is not None and not state.is_working:
            self.show_error(state.error)

    def _show_measured(self, rule_id: object) -> None:
        found = (rule.measured for rule in self._case.rules if rule.id == rule_id)
        self._measured.setText(next(found, ""))
