"""Age in bands that decide something, never a date of birth."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stojnica.domain.slip_words import SlipWords, fold, slip_words
from stojnica.i18n import gettext as _

DEFAULT_CONSENT_AGE = 16  # GDPR Art. 8(1), where a country set no lower age
ADULT = 18
CAMP_LIMIT = 31
OLDEST = 120

_RANGE = re.compile(r"(\d{1,3})\s*(?:[-\u2010-\u2015\u2212]|do|to|bis)\s*(\d{1,3})")
_AROUND_A_NUMBER = re.compile(r"(\D*)(\d{1,3})(\D*)")


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Hold ages from `low` to `high`, both included; None is an open end.

    `needs_guardian`: under the country's age of consent, so a guardian who is present has to agree.
    """

    id: str
    low: int | None
    high: int | None
    needs_guardian: bool = False

    @property
    def label(self) -> str:
        """Give the words for a person: "pod 15", "15–17", "31 in več"."""
        if self.low is None:
            return _("under {age}").format(age=(self.high or 0) + 1)
        if self.high is None:
            return _("{age} and over").format(age=self.low)
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"

    def contains(self, low: int, high: int) -> bool:
        """Tell whether all ages from `low` to `high` are in the band."""
        return (self.low or 0) <= low and high <= _top(self)


@dataclass(frozen=True, slots=True)
class AgeReading:
    """Hold what a written age says.

    `band` is None when it can't be told; `may_need_guardian` when it is, or could be, under the age of
    consent; `is_understood` when ages were read at all, though maybe not of one band.
    """

    band: AgeBand | None
    may_need_guardian: bool
    is_understood: bool


def consent_age_of(country: str, consent_ages: Mapping[str, int]) -> int:
    """Give the age from which a person of `country` (ISO 3166) agrees without a guardian."""
    return consent_ages.get(country.upper(), DEFAULT_CONSENT_AGE)


def bands_for(country: str, consent_ages: Mapping[str, int]) -> tuple[AgeBand, ...]:
    """Give the bands of a country, youngest first: in Slovenia under 15, 15–17, 18–30, 31 and over."""
    consent_age = consent_age_of(country, consent_ages)
    bands = [AgeBand(f"under-{consent_age}", None, consent_age - 1, needs_guardian=True)]
    if consent_age < ADULT:
        teens = "17" if consent_age == ADULT - 1 else f"{consent_age}-{ADULT - 1}"
        bands.append(AgeBand(teens, consent_age, ADULT - 1))
    start = max(ADULT, consent_age)
    bands.append(AgeBand(f"{start}-{CAMP_LIMIT - 1}", start, CAMP_LIMIT - 1))
    bands.append(AgeBand(f"{CAMP_LIMIT}+", CAMP_LIMIT, None))
    return tuple(bands)


def band_of(band_id: str, bands: Sequence[AgeBand]) -> AgeBand | None:
    """Find a band by its id."""
    return next((band for band in bands if band.id == band_id), None)


def needs_guardian(band: AgeBand) -> bool:
    """Tell whether a guardian who is present has to agree and be named (GDPR Art. 8)."""
    return band.needs_guardian


def read_age(written: str, bands: Sequence[AgeBand], words: SlipWords | None = None) -> AgeReading:
    """Read an age as people write it: "18–30", "31+", "pod 15", "15 év alatt", "31 in več", "23".

    Only the band is kept of an exact age. A date is not read: a date of birth must not get in this way.
    """
    exact = band_of(written.strip().lower(), bands)
    ages = (exact.low or 0, _top(exact)) if exact else _ages(written, (words or slip_words()).ages)
    if ages is None:
        return AgeReading(None, may_need_guardian=True, is_understood=False)
    low, high = ages
    band = next((band for band in bands if band.contains(low, high)), None)
    needing = max((_top(band) for band in bands if band.needs_guardian), default=-1)
    return AgeReading(band, may_need_guardian=low <= needing, is_understood=True)


def _ages(written: str, words: Mapping[str, frozenset[str]]) -> tuple[int, int] | None:
    text = fold(written)
    for unit in sorted(words["units"], key=len, reverse=True):
        text = text.removesuffix(f" {unit}")
    if found := _RANGE.fullmatch(text):
        return _span(int(found[1]), int(found[2]))
    if found := _AROUND_A_NUMBER.fullmatch(text):
        return _with_words(
            found[1].strip(), int(found[2]), _without_unit(found[3].strip(), words["units"]), words
        )
    return None


def _without_unit(after: str, units: frozenset[str]) -> str:
    first, _space, rest = after.partition(" ")
    return rest if first in units else after


def _with_words(
    before: str, number: int, after: str, words: Mapping[str, frozenset[str]]
) -> tuple[int, int] | None:
    if before and after:
        return None
    if before in words["below"] or after in words["below"]:
        return _span(0, number - 1)
    if before in words["up_to"] or after in words["and_below"]:
        return _span(0, number)
    if before in words["above"]:
        return _span(number + 1, OLDEST)
    if before in words["from"] or after in words["and_above"]:
        return _span(number, OLDEST)
    return None if before or after else _span(number, number)


def _top(band: AgeBand) -> int:
    return OLDEST if band.high is None else band.high


def _span(low: int, high: int) -> tuple[int, int] | None:
    return (low, high) if 0 <= low <= high <= OLDEST else None
