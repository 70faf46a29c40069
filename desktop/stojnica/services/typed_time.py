"""Days and hours as people type them: read leniently, shown the way they would be written."""

import re
from datetime import date, time

from stojnica.i18n import current_language

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-./ ]\s*(\d{1,2})(?:\s*[-./ ]\s*(\d{4}|\d{2})?)?\.?")
_WITH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s*\.?\s*([^\W\d_]{3,10})\.?\s*(\d{4})?")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[.:,h]\s*(\d{2})?)?\s*h?")
_CLOCK_WITHOUT_MARK = re.compile(r"(\d{1,2})(\d{2})")
# Slovene and English names of months begin with one of these.
_MONTHS = {
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "avg": 8, "aug": 8},
    **{"sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12},
}


def read_day_typed(text: str, today: date) -> date | None:
    """Read "20. 9. 2026", "20.9.", "20/9/26", "2026-09-20" or "20. september"; None when it is no day.

    The day comes before the month, as everywhere in Europe. Without a year it is this year.
    """
    written = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(written):
        return _day(found[1], found[2], found[3])
    if found := _DAY_FIRST.fullmatch(written):
        year = found[3] or str(today.year)
        return _day(year if len(year) == 4 else f"20{year}", found[2], found[1])
    if found := _WITH_NAME.fullmatch(written):
        month = _MONTHS.get(found[2][:3].lower())
        return _day(found[3] or str(today.year), str(month), found[1]) if month else None
    return None


def read_clock_typed(text: str) -> time | None:
    """Read "10.00", "10:00", "10", "10h" or "1000"; None when it is no time of a day."""
    written = text.strip().lower()
    found = _CLOCK.fullmatch(written) or _CLOCK_WITHOUT_MARK.fullmatch(written)
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        return None


def shown_day(iso: str) -> str:
    """Write "2026-09-20" as people type it: "20. 9. 2026", in English "20/9/2026"; "" when it is no day."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return ""
    mark = ". " if current_language() == "sl" else "/"
    return mark.join((str(day.day), str(day.month), str(day.year)))


def shown_clock(moment: time) -> str:
    """Write "10.00", in English "10:00"."""
    mark = "." if current_language() == "sl" else ":"
    return f"{moment.hour}{mark}{moment.minute:02d}"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
