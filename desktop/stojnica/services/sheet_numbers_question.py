"""Whose numbers a sheet has: asked of a person, as a slip linked to the wrong row is never typed in."""

from collections.abc import Sequence

from stojnica.domain.errors import UserFacingError
from stojnica.domain.sheet_numbers import BareNumbers
from stojnica.domain.slip_run import SlipRun
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.signup_choices import Choice
from stojnica.services.written_time import written_number

OWN = "-"
"""What is answered when the sheet counts its own rows."""


def numbers_question(found: BareNumbers) -> str:
    """Ask about numbers without a letter, with one of them as it stands in the sheet and on paper."""
    text = ngettext(
        "In {count} row the number has no letter, like “{example}”. Is it the slip {on_paper}?",
        "In {count} rows the number has no letter, like “{example}”. Is that the slip {on_paper}?",
        found.count,
    )
    return text.format(count=written_number(found.count), example=found.example, on_paper=found.on_paper)


def number_choices(found: BareNumbers, runs: Sequence[SlipRun]) -> tuple[Choice, ...]:
    """Give what they can be: the slips of each letter, or numbers of the sheet's own."""
    choices = []
    for letter in found.letters:
        spans = ", ".join(run.span for run in runs if run.letter == letter)
        choices.append(Choice(letter, _("of the printed slips {spans}").format(spans=spans)))
    return (*choices, Choice(OWN, _("the sheet's own, of no slip")))


def check_letter(found: BareNumbers, written: str) -> str:
    """Read an answer: the letter, or `OWN`.

    Raises:
        UserFacingError: no slips of that letter were printed for the event, or nothing was answered.
    """
    letter = written.strip().upper()
    if letter in (*found.letters, OWN):
        return letter
    raise UserFacingError(
        numbers_question(found),
        safe=_("Nothing was taken in, and the file is as it was."),
        next_step=_(
            "Say --letter {letter} if they are numbers of slips, or --letter - if the sheet counts its own"
            " rows."
        ).format(letter=" / ".join(found.letters)),
        code="slip_letter",
    )
