"""What the cells of a slip's row mean: marks, days, words from the organisation's own lists."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stojnica.domain.organisation import Texts
from stojnica.domain.slip_words import PURPOSE_PREFIX, SlipWords, fold

_SEPARATORS = re.compile(r"\s*[,;|\n•·]\s*")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(?!\d)")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Za-z./#-]{1,12}(?: [0-9A-Za-z./#-]{1,12})?")
# What a spreadsheet would run when an export of ours is opened (CSV injection, CWE-1236).
_FORMULA = re.compile(r"\s*(?:=|[@+\-]\S*[(|!])")


class Titled(Protocol):
    """Have an id, and a title by language."""

    @property
    def id(self) -> str:
        """Give the id."""

    @property
    def title(self) -> Texts:
        """Give the title by language."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Hold the boxes that were ticked, and those with something beside them that is neither yes nor no."""

    ticked: tuple[str, ...]
    unclear: tuple[str, ...]


def read_marks(values: Mapping[str, str], words: SlipWords) -> Marks:
    """Read the boxes of a row; only a clear yes is one (GDPR Art. 4(11))."""
    ticked: list[str] = []
    unclear: list[str] = []
    for name, value in values.items():
        if name.startswith(PURPOSE_PREFIX):
            mark = fold(value)
            if mark in words.yes:
                ticked.append(name.removeprefix(PURPOSE_PREFIX))
            elif mark not in words.no:
                unclear.append(name.removeprefix(PURPOSE_PREFIX))
    return Marks(tuple(ticked), tuple(unclear))


@dataclass(frozen=True, slots=True)
class Titles:
    """Find the items of one of the organisation's lists by the words that people write."""

    ids: frozenset[str]
    by_words: Mapping[tuple[str, ...], str]
    longest: int

    @classmethod
    def of(cls, items: Iterable[Titled]) -> "Titles":
        """Know items by their titles in every language, and by their ids."""
        known = {_parts(words): item.id for item in items for words in (*item.title.values(), item.id)}
        return cls(frozenset(known.values()), known, max(map(len, known), default=1))

    def read(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Read a list whose titles may hold commas themselves; gives ids, and parts that are none.

        The longest title wins: "Begunci, imigranti, etnične manjšine" is one theme.
        """
        parts = [part for part in _SEPARATORS.split(text.strip()) if part]
        folded = [fold(part) for part in parts]
        ids: list[str] = []
        unknown: list[str] = []
        at = 0
        while at < len(parts):
            lengths = range(min(self.longest, len(parts) - at), 0, -1)
            fitting = next((n for n in lengths if tuple(folded[at : at + n]) in self.by_words), 0)
            if fitting:
                ids.append(self.by_words[tuple(folded[at : at + fitting])])
            else:
                unknown.append(parts[at])
            at += fitting or 1
        return tuple(dict.fromkeys(ids)), tuple(unknown)


def _parts(title: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in _SEPARATORS.split(title.strip()) if part)


def read_heard(text: str, titles: Titles, words: SlipWords) -> str:
    """Give the id of a way of having heard, or the text itself."""
    ids, unknown = titles.read(text)
    if len(ids) == 1 and not unknown:
        return ids[0]
    meant = words.heard.get(fold(text), "")
    return meant if meant in titles.ids else text


def read_country(text: str, words: SlipWords) -> str | None:
    """Give the code of a country from its code or name; None when not known, "" when nothing is there."""
    stripped = text.strip()
    if not stripped or re.fullmatch(r"[A-Za-z]{2}", stripped):
        return stripped.upper()
    return words.countries.get(fold(stripped))


def read_day(text: str, today: date) -> str | None:
    """Give a day as "YYYY-MM-DD"; None when it can't be told or is to come, "" when nothing is there.

    "3/4/2024" is the third of April to one program and the fourth of March to another: it can't be told.
    """
    stripped = text.strip()
    if not stripped:
        return ""
    days = {day for day in _days(stripped) if day is not None}
    if len(days) != 1:
        return None
    day = days.pop()
    return day.isoformat() if date(2000, 1, 1) <= day <= today else None


def _days(text: str) -> list[date | None]:
    if found := _ISO_DAY.match(text):
        return [_day(found[1], found[2], found[3])]
    if found := _DOTTED_DAY.match(text):
        return [_day(found[3], found[2], found[1])]
    if found := _SLASHED_DAY.match(text):
        return [_day(found[3], found[2], found[1]), _day(found[3], found[1], found[2])]
    return []


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def shown_number(written: str) -> str:
    """Give a slip's number when it looks like one; anything else could be a name, and is not shown."""
    number = written.strip()
    return number if _NUMBER.fullmatch(number) else ""


def number_key(written: str) -> str:
    """Give the form in which two slips' numbers are compared: a spreadsheet takes leading zeros away."""
    return fold(written).lstrip("0 ")


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run this text."""
    return bool(_FORMULA.match(text))


def is_unreadable_name(text: str) -> bool:
    """Tell whether letters were lost when the file was saved in an old encoding."""
    return "\ufffd" in text or "??" in text or (bool(text.strip()) and not text.strip("? "))
