"""What is wrong with a flyer, in words, and whether it may be printed all the same."""

from dataclasses import dataclass

from stojnica.i18n import gettext as _

DOES_NOT_DECODE = "does_not_decode"
MISSING_CHARACTER = "missing_character"
PLACEHOLDER = "placeholder"
DOES_NOT_FIT = "does_not_fit"
LOW_CONTRAST = "low_contrast"
TOO_MANY_WORDS = "too_many_words"
BAD_LINK = "bad_link"
BAD_LOGO = "bad_logo"
BAD_COLOUR = "bad_colour"
EMPTY = "empty"
CHECK_WORDING = "check_wording"


@dataclass(frozen=True, slots=True)
class FlyerProblem:
    """Say one thing that is wrong: `kind` for programs, `message` for people, `field` for the place."""

    kind: str
    message: str
    field: str
    is_blocking: bool = True


def field_name(field: str) -> str:
    """Name a field of the flyer in the user's language."""
    names = {
        "organisation": _("organisation"),
        "monogram": _("monogram"),
        "title": _("title"),
        "promise": _("promise"),
        "heading": _("heading"),
        "body": _("text"),
        "call": _("call above the code"),
        "url": _("web address"),
        "address": _("address under the code"),
        "event_name": _("event"),
        "event_date": _("date of the event"),
        "kicker": _("line above the title"),
        "statement": _("statement of EU funding"),
        "disclaimer": _("disclaimer of EU funding"),
        "accent": _("accent colour"),
        "logo": _("logo"),
    }
    return names.get(field, field)
