"""Several people counted at once: how many, from when to when, and why not one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stojnica.domain.event import Event
from stojnica.domain.tally import MAX_AMOUNT, REACHED, Press
from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.services.counters import StandCounter, counter_among
from stojnica.services.written_time import instant_of, local_time, written_clock, written_number

_OVER_MIDNIGHT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SeveralForm:
    """Hold what the dialog collected; `since` and `until` are today's hours at the event, as typed."""

    counter: str = REACHED
    amount: str = ""
    since: str = ""
    until: str = ""
    reason: str = "class"


def reasons() -> tuple[tuple[str, str], ...]:
    """Give the reasons for counting several people at once."""
    return (
        ("class", _("a school class or a group")),
        ("break", _("after a break, from memory")),
        ("clicker", _("from a hand counter")),
        ("other", _("something else")),
    )


def fresh_form(event: Event, now_us: int) -> SeveralForm:
    """Give a form for the last half hour; not before midnight."""
    until = local_time(now_us, event.time_zone)
    since = until - timedelta(minutes=30)
    if since.date() != until.date():
        since = until.replace(hour=0, minute=0)
    return SeveralForm(since=written_clock(since), until=written_clock(until))


def check_several(
    form: SeveralForm, event: Event, now_us: int, counters: Sequence[StandCounter]
) -> tuple[tuple[Problem, ...], Press | None]:
    """Give the problems with a form, or the press that it makes."""
    problems: list[Problem] = []
    amount = _amount(form.amount)
    if amount is None:
        message = _("A whole number from 1 to {most} is needed.").format(most=written_number(MAX_AMOUNT))
        problems.append(Problem("amount", "amount", message))
    today = local_time(now_us, event.time_zone)
    since, until = _moment(form.since, today), _moment(form.until, today)
    message = _("A time is written like 10:30.")
    problems += [
        Problem(name, "time", message)
        for name, value in (("since", since), ("until", until))
        if value is None
    ]
    if since is not None and until is not None:
        if until < since:
            problems.append(_wrong_order(since, until))
        elif until > today.replace(tzinfo=None) + timedelta(minutes=1):
            problems.append(Problem("until", "future", _("This time has not come yet.")))
    known = {identifier for identifier, _label in reasons()}
    counter = counter_among(counters, form.counter)
    problems += [
        Problem(name, "choice", _("Choose one of the list."))
        for name, is_good in (("counter", counter is not None), ("reason", form.reason in known))
        if not is_good
    ]
    if problems or counter is None or amount is None or since is None or until is None:
        return tuple(problems), None
    zone_name = event.time_zone
    press = Press(
        counter=counter.id,
        amount=amount,
        since=instant_of(since, zone_name),
        until=instant_of(until, zone_name),
        zone_name=zone_name,
        reason=form.reason,
        counts_as=counter.counts_as,
    )
    return (), press


def _wrong_order(since: datetime, until: datetime) -> Problem:
    """Say what is wrong with a span that goes backwards; a long way back means that it went over midnight."""
    if since - until >= _OVER_MIDNIGHT:
        message = _("This goes over midnight, and each day is counted by itself. Begin at 0:00.")
        return Problem("until", "midnight", message)
    return Problem("until", "order", _("It ends before it starts."))


def _amount(text: str) -> int | None:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        return None
    return int(digits) if 0 < int(digits) <= MAX_AMOUNT else None


def _moment(text: str, today: datetime) -> datetime | None:
    parts = text.strip().replace(".", ":").split(":")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        return None
    hour, minute = (int(part) for part in parts)
    if hour > 23 or minute > 59:
        return None
    return today.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
