"""Reasons that are given about a row of a sheet: whole sentences, without anything of the person."""

from collections.abc import Mapping
from dataclasses import dataclass

from stojnica.domain.text import Hint, Problem
from stojnica.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Reason:
    """Say one thing about a row; neither holds anything of the person."""

    code: str
    message: str


def same_person(found: Mapping[str, int]) -> str:
    """Say where the same e-mail address or phone number is; rows by field, row 0 is an earlier contact."""
    row = min(found.values())
    if len(found) > 1:
        if row:
            message = _("The same e-mail address and phone number are in row {row}; perhaps the same person.")
            return message.format(row=row)
        return _(
            "The same e-mail address and phone number are in this event already; perhaps the same person."
        )
    if "phone" in found:
        if row:
            return _("The same phone number is in row {row}; perhaps the same person.").format(row=row)
        return _("The same phone number is in this event already; perhaps the same person.")
    if row:
        return _("The same e-mail address is in row {row}; perhaps the same person.").format(row=row)
    return _("The same e-mail address is in this event already; perhaps the same person.")


def problem_reason(problem: Problem) -> Reason:
    """Say for a report why a row's form can't be taken."""
    messages = {
        "purpose": _("No box is ticked, so nothing of it was kept."),
        "contact": _("There is neither an e-mail address nor a phone number."),
        "missing": _("The first name is missing."),
    }
    labelled = _("{field}: {message}").format(field=field_label(problem.field), message=problem.message)
    return Reason(problem.code, messages.get(problem.code, labelled))


def hint_reason(hint: Hint) -> Reason:
    """Say a hint for a report, where a number of a person has no place."""
    messages = {
        "phone_trunk_zero": _(
            "There was a 0 too many after the country code of the phone number; it was left out."
        ),
        "needs_email": _("A ticked box needs an e-mail address; until there is one, it can't be used."),
        "needs_phone": _("A ticked box needs a phone number; until there is one, it can't be used."),
    }
    labelled = _("{field}: {message}").format(field=field_label(hint.field), message=hint.message)
    return Reason(hint.code, messages.get(hint.code, labelled))


def field_label(name: str) -> str:
    """Give the words for a field in a sentence about it."""
    labels = {
        "first_name": _("First name"),
        "last_name": _("Surname"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "town": _("Post code and town"),
        "heard": _("How they know us"),
        "status": _("Status"),
        "guardian": _("Guardian"),
        "remark": _("Remark"),
        "question": _("Question"),
    }
    return labels.get(name, name)
