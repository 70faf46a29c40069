"""An event's days and hours as a volunteer types them, and as an event keeps them."""

from dataclasses import dataclass
from datetime import datetime, time

from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.services.typed_time import read_clock_typed, read_day_typed, shown_clock, shown_day
from stojnica.services.written_time import local_text, written_weekday


@dataclass(frozen=True, slots=True)
class EventTimes:
    """Hold what stands in the fields; `last_day` is empty for an event of one day."""

    day: str = ""
    begins: str = ""
    ends: str = ""
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class ReadTimes:
    """Hold "YYYY-MM-DDTHH:MM", "" where it can't be read; hints name the weekday of what was typed."""

    starts: str
    ends: str
    problems: tuple[Problem, ...]
    day_hint: str = ""
    last_day_hint: str = ""

    def problem_at(self, name: str) -> Problem | None:
        """Give the problem at a field of `EventTimes`."""
        return next((item for item in self.problems if item.field == name), None)


def times_of(starts: str, ends: str) -> EventTimes:
    """Show an event's start and end as they would be typed."""
    first, last = local_text(starts), local_text(ends)
    is_longer = first is not None and last is not None and first.date() != last.date()
    return EventTimes(
        day=shown_day(first.date().isoformat()) if first else "",
        begins=shown_clock(first.time()) if first else "",
        ends=shown_clock(last.time()) if last else "",
        last_day=shown_day(last.date().isoformat()) if last and is_longer else "",
    )


def read_times(times: EventTimes, today: datetime) -> ReadTimes:
    """Read the fields; all problems at once. A day without a year is of the year of `today`."""
    problems: list[Problem] = []
    day = read_day_typed(times.day, today.date())
    if day is None:
        problems.append(Problem("day", "day", _("A day is written like {day}.").format(day=_example())))
    last = day
    if times.last_day.strip():
        last = read_day_typed(times.last_day, today.date())
        if last is None:
            message = _("A day is written like {day}.").format(day=_example())
            problems.append(Problem("last_day", "day", message))
    clocks: dict[str, time | None] = {
        name: read_clock_typed(getattr(times, name)) for name in ("begins", "ends")
    }
    message = _("A time is written like {time}.").format(time=shown_clock(time(10, 30)))
    problems += [Problem(name, "time", message) for name, clock in clocks.items() if clock is None]
    first_clock, last_clock = clocks["begins"], clocks["ends"]
    starts = datetime.combine(day, first_clock) if day and first_clock is not None else None
    ends = datetime.combine(last, last_clock) if last and last_clock is not None else None
    if starts is not None and ends is not None and ends <= starts:
        problems.append(_turned_round(times))
    return ReadTimes(
        starts=_kept(starts),
        ends=_kept(ends),
        problems=tuple(problems),
        day_hint=written_weekday(day) if day else "",
        last_day_hint=written_weekday(last) if last and times.last_day.strip() else "",
    )


def _turned_round(times: EventTimes) -> Problem:
    message = _("Before the start. Past midnight: write the last day.")
    if times.last_day.strip():
        message = _("It ends before it starts.")
    return Problem("last_day", "order", message)


def _kept(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""


def _example() -> str:
    return shown_day("2026-09-20")
