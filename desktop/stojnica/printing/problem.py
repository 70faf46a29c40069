"""What is wrong with a flyer, in words, and whether it may be printed all the same."""

from dataclasses import dataclass

from stojnica.i18n import pgettext

DOES_NOT_DECODE = "does_not_decode"
HARD_TO_SCAN = "hard_to_scan"
MISSING_CHARACTER = "missing_character"
PLACEHOLDER = "placeholder"
DOES_NOT_FIT = "does_not_fit"
LOW_CONTRAST = "low_contrast"
TOO_MANY_WORDS = "too_many_words"
BAD_LINK = "bad_link"
BAD_LOGO = "bad_logo"
BAD_COLOUR = "bad_colour"
EMPTY = "empty"
CODE_TOO_SMALL = "code_too_small"
NO_PHOTO, BAD_PHOTO, COARSE_PHOTO = "no_photo", "bad_photo", "coarse_photo"
LEADS_TO_WEBSITE = "leads_to_website"
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
        "organisation": pgettext("flyer field", "organisation"),
        "monogram": pgettext("flyer field", "monogram"),
        "title": pgettext("flyer field", "title"),
        "promise": pgettext("flyer field", "promise"),
        "heading": pgettext("flyer field", "heading"),
        "body": pgettext("flyer field", "text"),
        "call": pgettext("flyer field", "call above the code"),
        "url": pgettext("flyer field", "web address"),
        "address": pgettext("flyer field", "address under the code"),
        "event_name": pgettext("flyer field", "event"),
        "event_date": pgettext("flyer field", "date of the event"),
        "event_about": pgettext("flyer field", "sentence about the event"),
        "kicker": pgettext("flyer field", "line at the top"),
        "statement": pgettext("flyer field", "statement of EU funding"),
        "disclaimer": pgettext("flyer field", "disclaimer of EU funding"),
        "blanks": pgettext("flyer field", "places to write on"),
        "accent": pgettext("flyer field", "accent colour"),
        "logo": pgettext("flyer field", "logo"),
        "photo": pgettext("flyer field", "photo"),
    }
    return names.get(field.removesuffix("_2"), field)
