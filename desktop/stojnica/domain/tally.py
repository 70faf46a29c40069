"""Counting people: presses in half-hours of the event's time zone, and what includes what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REACHED = "reached"
CONVERSATION = "conversation"
FLYER = "flyer"
COUNTERS = (REACHED, CONVERSATION, FLYER)
REASONS = ("", "class", "break", "clicker", "other")
# What a press of an own counter is besides: nothing, a person reached, a conversation.
COUNTS_AS = ("", REACHED, CONVERSATION)
MAX_OWN_COUNTERS = 3
MAX_AMOUNT = 5_000
MAX_SPAN_HOURS = 24
HALF_HOUR_US = 30 * 60 * 1_000_000
# Instants outside 1970 … 2999 are no clock of ours, and calendars of programs end soon after.
MAX_INSTANT = 32_503_680_000 * 1_000_000


@dataclass(frozen=True, slots=True)
class OwnCounter:
    """Hold a counter that the organisation added; `counts_as` is one of `COUNTS_AS`."""

    id: str
    title: Mapping[str, str]
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """Hold one press of a counter, or several people at once; instants are µs UTC.

    The time zone and what the counter counts as travel with the press: its half-hours and its sums need
    nothing else to be known, and stay as they were when the office changes the counter later.
    """

    counter: str
    amount: int
    since: int
    until: int
    zone_name: str = "UTC"
    reason: str = ""
    counts_as: str = ""

    def data(self) -> dict[str, object]:
        """Give what the fact keeps."""
        data: dict[str, object] = {
            "counter": self.counter,
            "amount": self.amount,
            "from": self.since,
            "to": self.until,
            "zone": self.zone_name,
            "reason": self.reason,
        }
        return data | {"counts_as": self.counts_as} if self.counts_as else data


def press_from(data: Mapping[str, object]) -> Press | None:
    """Read a press from a fact's data; `None` when it makes no sense."""
    counter, amount, since, until = (data.get(key) for key in ("counter", "amount", "from", "to"))
    reason, zone_name = data.get("reason", ""), data.get("zone", "UTC")
    if not isinstance(counter, str) or not 0 < len(counter) <= 64:
        return None
    if not isinstance(reason, str) or not isinstance(zone_name, str):
        return None
    numbers = (amount, since, until)
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        return None
    assert isinstance(amount, int)
    assert isinstance(since, int)
    assert isinstance(until, int)
    if not 0 < amount <= MAX_AMOUNT or not 0 <= since <= until < MAX_INSTANT:
        return None
    if until - since > MAX_SPAN_HOURS * 2 * HALF_HOUR_US:
        return None
    counts_as = data.get("counts_as", "")
    if counter in COUNTERS or counts_as not in COUNTS_AS:
        counts_as = ""
    return Press(counter, amount, since, until, zone_name[:64], reason[:64], str(counts_as))


def zone(name: str) -> ZoneInfo:
    """Give a time zone by its IANA name; UTC when the name is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this name."""
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def half_hour_of(instant_us: int, zone_name: str) -> int:
    """Give the instant at which the half-hour around `instant_us` began, by the clock on the wall there."""
    local = datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(zone(zone_name))
    into = timedelta(minutes=local.minute % 30, seconds=local.second)
    return (instant_us // 1_000_000 - int(into.total_seconds())) * 1_000_000


def spread(press: Press) -> list[tuple[int, int]]:
    """Share a press out over the half-hours of its span, by time: `(half-hour start, people)`.

    The parts always add up to the amount; a half-hour that nobody falls into is left out.
    """
    zone_name = press.zone_name
    if press.until <= press.since:
        return [(half_hour_of(press.until, zone_name), press.amount)]
    edges = [press.since]
    cursor = half_hour_of(press.since, zone_name) + HALF_HOUR_US
    while cursor < press.until:
        edges.append(cursor)
        # The clock on the wall may jump by less than half an hour: Kathmandu's did by 15 minutes in 1986.
        cursor = half_hour_of(cursor, zone_name) + HALF_HOUR_US
    edges.append(press.until)
    span = press.until - press.since
    shares: list[tuple[int, int]] = []
    given = 0
    for start, end in pairwise(edges):
        due = press.amount * (end - press.since) // span
        if due > given:
            shares.append((half_hour_of(start, zone_name), due - given))
            given = due
    return shares


@dataclass(frozen=True, slots=True)
class ReachTotals:
    """Hold the sums of one event as they are shown, under the inclusion rule."""

    reached: int
    conversations: int
    flyers: int
    contacts: int
    own: tuple[tuple[str, int], ...] = ()

    def of(self, counter: str) -> int:
        """Give the sum that belongs to a counter."""
        shown = {REACHED: self.reached, CONVERSATION: self.conversations, FLYER: self.flyers}
        return shown[counter] if counter in shown else dict(self.own).get(counter, 0)


def inclusive_totals(reached: int, conversations: int, flyers: int, contacts: int) -> ReachTotals:
    """Add up presses: a contact is also a conversation, a conversation is also a person reached."""
    talked = conversations + contacts
    return ReachTotals(reached + talked, talked, flyers, contacts)


def added_up(presses: Iterable[tuple[str, str, int]], contacts: int) -> ReachTotals:
    """Add up `(counter, what it counts as, people)` under the inclusion rule.

    An own counter's people are people reached, or conversations, too when the office said so.
    """
    sums = dict.fromkeys(COUNTERS, 0)
    own: dict[str, int] = {}
    for counter, counts_as, amount in presses:
        if counter in sums:
            sums[counter] += amount
            continue
        own[counter] = own.get(counter, 0) + amount
        if counts_as in sums:
            sums[counts_as] += amount
    totals = inclusive_totals(sums[REACHED], sums[CONVERSATION], sums[FLYER], contacts)
    return replace(totals, own=tuple(sorted(own.items())))
