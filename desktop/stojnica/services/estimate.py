"""The team's estimate of who was reached: what is typed into the dialog, and what is wrong with it."""

from dataclasses import dataclass

from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import LINE_LIMIT, NO_ESTIMATE, Estimate
from stojnica.domain.text import Problem, clean_text
from stojnica.i18n import gettext as _
from stojnica.services.handover import read_number

PEOPLE = ("female", "male", "other")


@dataclass(frozen=True, slots=True)
class EstimateForm:
    """Hold what stands in the fields; all of it empty takes the estimate back."""

    female: str = ""
    male: str = ""
    other: str = ""
    method: str = ""


EMPTY_FORM = EstimateForm()


def estimate_form(estimate: Estimate) -> EstimateForm:
    """Show an estimate as it would be typed."""
    female, male, other = (
        "" if number is None else str(number) for number in (estimate.female, estimate.male, estimate.other)
    )
    return EstimateForm(female, male, other, estimate.method)


def read_estimate(form: EstimateForm) -> tuple[Estimate, tuple[Problem, ...]]:
    """Give the estimate, or what is wrong with it at which field.

    A number without a word about how it came to be is worth nothing to a funder.
    """
    problems: list[Problem] = []
    numbers: dict[str, int | None] = {}
    for name in PEOPLE:
        typed = getattr(form, name)
        try:
            numbers[name] = read_number(typed, name) if typed.strip() else None
        except UserFacingError as error:
            problems.append(Problem(name, error.code, error.what))
    method = clean_text(form.method, LINE_LIMIT)
    if method.problem is not None:
        problems.append(Problem("method", method.problem.code, method.problem.message))
    elif not method.value and any(number is not None for number in numbers.values()):
        problems.append(Problem("method", "missing", _("Say in a few words how you came to it.")))
    if problems:
        return NO_ESTIMATE, tuple(problems)
    return Estimate(numbers["female"], numbers["male"], numbers["other"], method.value or ""), ()
