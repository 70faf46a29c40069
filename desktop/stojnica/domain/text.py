"""Text that a person typed: tidied without changing a letter, or refused with a reason."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from stojnica.domain.text_bound import is_mark
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

NAME_LIMIT = 200
QUESTION_LIMIT = 2_000

T = TypeVar("T")

# UAX #9 and UTR #36: these reorder what is read, so that a name can pretend to be another.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Nothing is seen of these, and copying from a web page brings them along: leaving them out changes no letter.
_UNSEEN = dict.fromkeys(
    (
        *map(ord, "\ufeff\u200b\u2060\u00ad\u180e\ufff9\ufffa\ufffb\U000e0001"),
        *range(0x2061, 0x2065),
        *range(0x206A, 0x2070),
    )
)
# These are letters to Unicode, and yet nothing is seen of them; whole names have been made of them.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
MARKS_LIMIT = 10
"""Marks on one letter: Vietnamese has two, Hebrew with all its signs four; more lie over the lines around."""
# Control characters but the tab and the line's end (Cc), halves of characters (Cs), and those that are none.
_NO_CHARACTERS = "".join(chr(plane << 16 | code) for plane in range(17) for code in (0xFFFE, 0xFFFF))
_REFUSED = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}{''.join(sorted(BIDI_CONTROLS))}]"
)
_FIRST_MARK = "\u0300"
_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_MANY_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Say why a field can't be taken; `message` is a whole sentence, translated when it was made."""

    field: str
    code: str
    message: str

    def at(self, field: str) -> "Problem":
        """Give the same problem at another field."""
        return replace(self, field=field)


@dataclass(frozen=True, slots=True)
class Hint:
    """Say what may be wrong with a field that is taken all the same; `proposal` could be meant instead."""

    field: str
    code: str
    message: str
    proposal: str = ""

    def at(self, field: str) -> "Hint":
        """Give the same hint at another field."""
        return replace(self, field=field)


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """Hold a checked value, or the problem with it; never both."""

    value: T | None = None
    problem: Problem | None = None
    hint: Hint | None = None


def clean_text(value: str, limit: int, *, multiline: bool = False) -> Checked[str]:
    """Tidy a text: NFC, no spaces around it, one space between words; letters and capitals stay as they are.

    With `multiline` line ends stay (as "\\n", at most one empty line between), else they count as spaces.
    `limit` is in characters, after tidying. The value is "" when nothing was typed.
    """
    if len(value) > 4 * limit + 10_000:
        return Checked(problem=too_long(limit))  # normalising megabytes would only cost time
    text = unicodedata.normalize("NFC", value.translate(_UNSEEN))
    text = _LINE_ENDS.sub("\n", text)
    if _REFUSED.search(text) or _has_too_many_marks(text):
        return Checked(problem=_refused(text))
    if not any(map(_is_seen, text)):
        return Checked(value="")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = (
        _MANY_EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
        if multiline
        else " ".join(filter(None, lines))
    )
    if len(text) > limit:
        return Checked(problem=too_long(limit))
    return Checked(value=text)


def too_long(limit: int) -> Problem:
    """Say that a text is longer than `limit` characters."""
    return Problem(
        "",
        "too_long",
        ngettext(
            "This is too long: at most {count} character fits.",
            "This is too long: at most {count} characters fit.",
            limit,
        ).format(count=limit),
    )


def _has_too_many_marks(text: str) -> bool:
    if not text or max(text) < _FIRST_MARK:
        return False
    in_a_row = 0
    for character in text:
        in_a_row = in_a_row + 1 if is_mark(character) else 0
        if in_a_row > MARKS_LIMIT:
            return True
    return False


def _is_seen(character: str) -> bool:
    if character in _BLANKS:
        return False
    return unicodedata.category(character)[0] not in "CMZ" or unicodedata.category(character) == "Co"


def _refused(text: str) -> Problem:
    if any(character in BIDI_CONTROLS for character in text):
        message = _("Hidden marks in this text change the direction of reading. Type it anew.")
        return Problem("", "bidi", message)
    if not _REFUSED.search(text):
        message = _("There are too many marks on one letter in this text. Type it anew.")
        return Problem("", "marks", message)
    return Problem("", "control", _("There are characters in this text that can't be read. Type it anew."))
