"""Days, hours and numbers as people write them in the current language."""

from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from stojnica.domain.tally import zone
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _

# British day order, because the program is used in Europe.
_LOCALES = {"en": "en_GB"}
_HOUR_MARKS = {"sl": "."}


def local_time(instant_us: int, zone_name: str) -> datetime:
    """Give an instant by the clock on the wall of a time zone, to the second."""
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(zone(zone_name))


def local_text(value: str) -> datetime | None:
    """Read a local "YYYY-MM-DDTHH:MM"; None when it is something else."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return None


def instant_of(local: datetime, zone_name: str) -> int:
    """Give the instant (µs UTC) at which a wall clock of the zone shows this."""
    return int(local.replace(tzinfo=zone(zone_name)).timestamp()) * 1_000_000


def written_clock(moment: datetime) -> str:
    """Write "14.32", in English "14:32"."""
    mark = _HOUR_MARKS.get(current_language(), ":")
    return f"{moment.hour:02d}{mark}{moment.minute:02d}"


def written_day(day: date) -> str:
    """Write "petek, 20. september 2024"."""
    return format_date(day, "full", locale=_locale())


def written_weekday(day: date) -> str:
    """Write "petek"."""
    return format_date(day, "EEEE", locale=_locale())


def written_day_and_month(day: date) -> str:
    """Write "18. 9.", in English "18 Sept"."""
    skeleton = "d. M." if current_language() == "sl" else "d MMM"
    return format_date(day, skeleton, locale=_locale())


def written_short_day(day: date) -> str:
    """Write "20. 9. 2024", in English "20 Sept 2024"; it fits into any sentence."""
    skeleton = "d. M. y" if current_language() == "sl" else "d MMM y"
    return format_date(day, skeleton, locale=_locale())


def written_moment(instant_us: int) -> str:
    """Write "20. 9. 2024 ob 14.32", in English "20 Sept 2024 at 14:32", by this machine's clock."""
    moment = datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone()
    return written_day_and_clock(moment)


def written_day_and_clock(moment: datetime) -> str:
    """Write the same for a moment that is local already."""
    return _("{day} at {time}").format(day=written_short_day(moment), time=written_clock(moment))


def written_span(starts: str, ends: str) -> str:
    """Write an event's hours: "10.00–18.00"; of several days the first and last one too."""
    first, last = local_text(starts), local_text(ends)
    if first is None or last is None:
        return ""
    hours = f"{written_clock(first)}–{written_clock(last)}"
    if first.date() == last.date():
        return hours
    return f"{written_day_and_month(first)} – {written_day_and_month(last)}, {hours}"


def written_span_and_year(starts: str, ends: str) -> str:
    """Write the same for several days with the year: "15. 10. – 17. 10. 2024, 9.00–17.00"."""
    first, last = local_text(starts), local_text(ends)
    if first is None or last is None or first.date() == last.date():
        return written_span(starts, ends)
    days = f"{written_day_and_month(first)} – {written_short_day(last)}"
    return f"{days}, {written_clock(first)}–{written_clock(last)}"


def written_duration(duration_us: int) -> str:
    """Write "4 h 30 min", below an hour "25 min"; begun minutes don't count."""
    hours, minutes = divmod(max(0, duration_us) // 60_000_000, 60)
    space = "\N{NO-BREAK SPACE}"
    if not hours:
        return f"{minutes}{space}min"
    return f"{hours}{space}h {minutes}{space}min" if minutes else f"{hours}{space}h"


def written_number(number: int) -> str:
    """Write "1.482", in English "1,482"."""
    return format_decimal(number, locale=_locale())


def _locale() -> Locale:
    language = current_language()
    return Locale.parse(_LOCALES.get(language, language))
