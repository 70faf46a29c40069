"""Taking a contact or a group visit out again, with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.contact import ContactViewModel
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.ui.controls.check_tile import ConsentRow
from stojnica.ui.controls.field import ChoiceField, FieldMessage
from stojnica.ui.dialogs import AppDialog

Reasons = tuple[tuple[str, str], ...]
OnVoid = Callable[[str, bool], None]
Hint = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    accept: str
    companion: str = ""
    companion_detail: str = ""


class VoidDialog(AppDialog):
    """Collect the reason, and where somebody goes with it whether they do; what it was stays on record."""

    def __init__(
        self, parent: QWidget, words: _Words, reasons: Reasons, on_void: OnVoid, hint: Hint | None = None
    ) -> None:
        super().__init__(
            parent,
            title=words.title,
            intro=_("It leaves all lists and numbers. That it was here, and why it went, stays on record."),
            accept=words.accept,
            destructive=True,
        )
        self._on_void = on_void
        self._hint = hint
        self._reason = ChoiceField(_("Why"))
        self._reason.set_choices([(None, ""), *reasons])
        self._companion = ConsentRow(words.companion, words.companion_detail)
        self._has_companion = bool(words.companion)
        self._companion.setVisible(self._has_companion)
        self.body.addWidget(self._reason)
        self.body.addWidget(self._companion)
        self._reason.box.setFocus()
        self._reason.chosen.connect(self._on_chosen)
        self.submitted.connect(self._on_submitted)

    def collect(self) -> object:
        """Give the reason, or None when none was chosen."""
        reason = self._reason.value()
        self._reason.set_message(None if reason else FieldMessage(_("Choose a reason."), "bad"))
        return reason

    def _on_chosen(self, reason: object) -> None:
        hint = self._hint(str(reason)) if self._hint is not None and reason else ""
        self._reason.set_message(FieldMessage(hint, "wait") if hint else None)

    def _on_submitted(self, reason: object) -> None:
        self._on_void(str(reason), self._has_companion and self._companion.isChecked())
        self.accept()


def void_contact_dialog(parent: QWidget, model: ContactViewModel, subject_id: UUID) -> VoidDialog:
    """Ask why a contact goes."""
    words = _Words(_("Void this contact?"), _("Void the contact"))
    return VoidDialog(
        parent,
        words,
        model.void_reasons(),
        lambda reason, _together: model.void(subject_id, reason),
        model.void_hint,
    )


def void_visit_dialog(parent: QWidget, model: GroupVisitViewModel, subject_id: UUID) -> VoidDialog:
    """Ask why a group visit goes, and whether the teacher's contact goes too."""
    title, accept = _("Void this visit?"), _("Void the visit")
    words = _Words(title, accept)
    if model.state.has_teacher:
        teacher = _("Void the teacher's contact, too")
        words = _Words(
            title,
            accept,
            teacher,
            _("Without this tick the contact stays in the list, with what was agreed to."),
        )
    return VoidDialog(
        parent,
        words,
        model.void_reasons(),
        lambda reason, together: model.void(subject_id, reason, with_teacher=together),
    )
