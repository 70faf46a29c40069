"""The number of a paper slip: the print run's letter and a count, as it is printed, typed and scanned.

Scanners type as a keyboard with the US layout does. On a Slovene one Y and Z change places and the hyphen
becomes an apostrophe, so the code has nothing but digits and the letters A to X; and who types leaves out
zeros, hyphens and capitals.
"""

import re
import unicodedata
from dataclasses import dataclass

from stojnica.domain.text import Checked, Problem
from stojnica.i18n import gettext as _

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"
LARGEST = 99_999
LEAST_DIGITS = 3
_MOST_TYPED = 40
# What stands for the hyphen: on a Slovene layout the US hyphen's key gives an apostrophe.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212'’`´./_:+?]+")
# On a Hungarian layout the US zero's key gives this letter.
_MOVED_KEYS = str.maketrans({"Ö": "0"})
_WRITTEN = re.compile(r"([A-Z])([0-9]{1,6})([A-Z])?")
_PRIME = 23


@dataclass(frozen=True, order=True, slots=True)
class SlipNumber:
    """Hold one slip's number; as text it is "A-001"."""

    letter: str
    count: int

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or self.letter not in LETTERS or not 1 <= self.count <= LARGEST:
            raise ValueError(f"{self.letter}-{self.count}")

    def __str__(self) -> str:
        return f"{self.letter}-{self.digits}"

    @property
    def digits(self) -> str:
        """Give the count as it is printed: at least three digits."""
        return f"{self.count:0{LEAST_DIGITS}d}"

    @property
    def payload(self) -> str:
        """Give what the code on the slip holds: "A001" and the check letter."""
        return f"{self.letter}{self.digits}{self.check}"

    @property
    def check(self) -> str:
        """Give the letter that changes with each single wrong sign, and with each swap of two digits.

        The weighted sum of digits modulo a prime is below the number of letters, and is added to the
        run's letter: neither can change alone without the check letter changing too.
        """
        weighted = sum(int(digit) << place for place, digit in enumerate(reversed(self.digits)))
        return LETTERS[(LETTERS.index(self.letter) + weighted % _PRIME) % len(LETTERS)]


def read_slip_number(typed: str, letter: str = "") -> Checked[SlipNumber]:
    """Read what a scanner or a person typed: "A-001", "a1", "A 001", "A001F"; nothing typed raises.

    `letter` is the pile's, for who types digits alone.
    """
    text = unicodedata.normalize("NFKC", typed[:_MOST_TYPED]).upper().translate(_MOVED_KEYS)
    text = _BETWEEN.sub("", text)
    if not text:
        return _problem("missing", _("Scan a slip, or type its number."))
    if text.isascii() and text.isdigit() and letter:
        text = letter + text
    found = _WRITTEN.fullmatch(text)
    if found is None or len(typed) > _MOST_TYPED:
        return _problem("number", _("This is no number of a slip. It looks like A-001."))
    if found[1] not in LETTERS:
        return _problem("letter", _("Numbers of slips begin with a letter from A to X. It looks like A-001."))
    count = int(found[2])
    if not 1 <= count <= LARGEST:
        return _problem("number", _("This is no number of a slip. It looks like A-001."))
    number = SlipNumber(found[1], count)
    if found[3] and text != number.payload:
        return _problem("misread", _("The code was misread. Scan it again, or type the number beside it."))
    return Checked(number)


def _problem(code: str, message: str) -> Checked[SlipNumber]:
    return Checked(problem=Problem("slip_number", code, message))
