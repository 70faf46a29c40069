"""What *Today* is drawn from: one look at the store, and the words and heights that it comes to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.event import Event
from stojnica.domain.organisation import text_in
from stojnica.domain.tally import HALF_HOUR_US, REACHED, ReachTotals, half_hour_of
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import ContactLine, newest_contacts, number_of_contacts
from stojnica.records.gone_contacts import gone_number
from stojnica.records.reach_queries import (
    HalfHour,
    LastPress,
    events_of_project,
    reach_of,
    reach_since,
    reached_by_half_hour,
)
from stojnica.services.capture import press_to_undo
from stojnica.services.counters import StandCounter, stand_counters
from stojnica.services.laptop import NO_PLACE, LaptopPlace, laptop_place, role_name
from stojnica.services.stand import StandNow, stand_now
from stojnica.services.tally_keys import DEFAULT_KEYS, TallyKeys, known_tally_keys
from stojnica.services.written_time import (
    instant_of,
    local_text,
    local_time,
    written_clock,
    written_day,
    written_day_and_month,
    written_number,
    written_short_day,
    written_span,
)
from stojnica.storage.life import current_incarnation

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LISTED = 6
MAX_BARS = 48
NO_REACH = ReachTotals(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CounterCard:
    """Hold one counter; `recent` is "" when nobody came in the last half hour."""

    counter: str
    title: str
    number: int
    shown: str
    recent: str
    keys: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold one half-hour of the chart; `permille` is of the highest bar, `label` stands at full hours."""

    begins: str
    label: str
    count: int
    permille: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """Hold how far a goal is; `goal` is "" and `permille` 0 where none was set."""

    title: str
    shown: str
    goal: str
    permille: int


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """Hold one look at the store; the instant of the look is µs UTC."""

    looked_at: int
    now: StandNow
    totals: ReachTotals = NO_REACH
    recent: ReachTotals = NO_REACH
    series: tuple[HalfHour, ...] = ()
    contacts_today: int = 0
    contacts: tuple[ContactLine, ...] = ()
    last: LastPress | None = None
    project_reached: int = 0
    counters: tuple[StandCounter, ...] = ()
    keys: TallyKeys = DEFAULT_KEYS
    place: LaptopPlace = NO_PLACE


def look_at_today(connection: "Connection", clock: Clock, *, with_names: bool = False) -> TodayFigures:
    """Read all figures in one go; runs in the reader thread."""
    now, looked_at = stand_now(connection), clock.now_us()
    counters, keys = stand_counters(now.shown.document), known_tally_keys(connection)
    event = now.event
    if event is None:
        return TodayFigures(looked_at, now, counters=counters, keys=keys)
    ask = connection, now.branch_id
    midnight = local_time(looked_at, event.time_zone).replace(hour=0, minute=0, second=0, tzinfo=None)
    incarnation = current_incarnation(connection)
    project = events_of_project(*ask, event.project) if event.project else []
    return TodayFigures(
        looked_at=looked_at,
        now=now,
        totals=reach_of(*ask, [event.event_id]),
        recent=reach_since(*ask, event.event_id, looked_at - HALF_HOUR_US, [item.id for item in counters]),
        series=tuple(reached_by_half_hour(*ask, event.event_id, event.time_zone)),
        contacts_today=_contacts_since(*ask, event.event_id, instant_of(midnight, event.time_zone)),
        contacts=tuple(
            newest_contacts(*ask, event.event_id, LISTED, with_names=with_names, incarnation=incarnation)
        ),
        last=press_to_undo(*ask, event.event_id, clock),
        project_reached=reach_of(*ask, project).reached,
        counters=counters,
        keys=keys,
        place=laptop_place(connection),
    )


def _contacts_since(connection: "Connection", branch_id: UUID, event_id: UUID, since: int) -> int:
    here = number_of_contacts(connection, branch_id, event_ids=[event_id], since=since)
    return here + gone_number(connection, branch_id, event_ids=[event_id], since=since)


def doubt_about_counting(place: LaptopPlace) -> str:
    """Say that this laptop's part is another, so that nobody counts twice; "" when it is to count."""
    if place.counts:
        return ""
    text = _("Counted. But the part of this computer is {role}: does the other one count the same people?")
    return text.format(role=role_name(place.role))


def doubt_about_the_day(event: Event, now_us: int) -> str:
    """Say that the clock stands on a day on which the event isn't; "" when it is, or nobody knows."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    today = local_time(now_us, event.time_zone)
    if starts is None or ends is None or starts.date() <= today.date() <= ends.date():
        return ""
    text = _("Counted for {today}. But this event is on {day}: is the clock of this computer right?")
    return text.format(today=written_short_day(today.date()), day=written_short_day(starts.date()))


def subtitle_of(figures: TodayFigures, event: Event) -> str:
    """Write the day, of several days today's, the place, the hours and the laptop, with dots between."""
    starts, ends = local_text(event.starts), local_text(event.ends)
    today = local_time(figures.looked_at, event.time_zone).date()
    is_on = starts is not None and ends is not None and starts.date() <= today <= ends.date()
    parts = [
        written_day(today if is_on else starts.date()) if starts else "",
        ", ".join(part for part in (event.place, event.city) if part) or _online(event),
        written_span(event.starts, event.ends),
        _("computer {name}").format(name=figures.now.laptop_name) if figures.now.laptop_name else "",
    ]
    return " · ".join(part for part in parts if part)


def _online(event: Event) -> str:
    return _("online") if event.mode == "online" else ""


def counter_cards(figures: TodayFigures) -> tuple[CounterCard, ...]:
    """Give every counter of the stand, each with its key."""
    cards: list[CounterCard] = []
    for place, counter in enumerate(figures.counters, start=1):
        number, new = figures.totals.of(counter.id), figures.recent.of(counter.id)
        cards.append(
            CounterCard(
                counter=counter.id,
                title=counter.title,
                number=number,
                shown=written_number(number),
                recent=_("+{count} in the last 30 min").format(count=written_number(new)) if new else "",
                keys=figures.keys.cap(place),
            )
        )
    return tuple(cards)


def bars_of(figures: TodayFigures, event: Event, counter: str = REACHED) -> tuple[Bar, ...]:
    """Give a counter's half-hours of today, or of the event's first day when it isn't on today.

    They run over the event's hours, and further when somebody was counted before or after.
    """
    zone_name = event.time_zone
    day = _day_shown(figures, event)
    counted = {
        item.start: item.totals.of(counter)
        for item in figures.series
        if local_time(item.start, zone_name).date() == day and item.totals.of(counter)
    }
    starts, ends = local_text(event.starts), local_text(event.ends)
    edges = list(counted)
    if starts is not None and ends is not None:
        opening = datetime.combine(day, starts.time())
        closing = datetime.combine(day, ends.time())
        edges.append(half_hour_of(instant_of(opening, zone_name), zone_name))
        if closing > opening:
            edges.append(half_hour_of(instant_of(closing - timedelta(minutes=1), zone_name), zone_name))
    if not edges:
        return ()
    first, last = min(edges), max(edges)
    present = half_hour_of(figures.looked_at, zone_name)
    highest = max(counted.values(), default=0) or 1
    count = min(MAX_BARS, (last - first) // HALF_HOUR_US + 1)
    bars: list[Bar] = []
    for start in (first + step * HALF_HOUR_US for step in range(count)):
        moment = local_time(start, zone_name)
        number = counted.get(start, 0)
        label = str(moment.hour) if moment.minute == 0 else ""
        permille = number * 1000 // highest
        bars.append(Bar(written_clock(moment), label, number, permille, start == present))
    return tuple(bars)


def _day_shown(figures: TodayFigures, event: Event) -> date:
    today = local_time(figures.looked_at, event.time_zone).date()
    days = {local_time(item.start, event.time_zone).date() for item in figures.series}
    starts, ends = local_text(event.starts), local_text(event.ends)
    if today in days or starts is None or ends is None or starts.date() <= today <= ends.date():
        return today
    return max(days, default=starts.date())


def goals_of(figures: TodayFigures, event: Event) -> tuple[Goal, ...]:
    """Give this event and its project beside their goals; each says whose number it is."""
    goals = [_goal(_("This event"), figures.totals.reached, event.goal_reached)]
    project = figures.now.shown.document.project(event.project)
    if project is not None:
        totals = figures.now.shown.totals
        name = text_in(project.name, current_language())
        if totals is None:
            title = _("{project} · this laptop").format(project=name)
        else:
            day = written_day_and_month(local_time(totals.as_of, event.time_zone))
            title = _("Whole project · as of {day}").format(day=day)
        others = totals.reached if totals else 0
        goals.append(_goal(title, figures.project_reached + others, project.goal_reached))
    return tuple(goals)


def _goal(title: str, number: int, goal: int) -> Goal:
    if goal <= 0:
        return Goal(title, written_number(number), "", 0)
    words = _("(goal {count})").format(count=written_number(goal))
    return Goal(title, written_number(number), words, min(1000, number * 1000 // goal))
