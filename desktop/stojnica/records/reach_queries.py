"""How many people were reached: sums, half-hours and the last minutes, under the inclusion rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.fact import decode
from stojnica.domain.tally import COUNTERS, HALF_HOUR_US, ReachTotals, added_up, half_hour_of
from stojnica.records.contact_queries import number_of_contacts
from stojnica.records.facts import FACT
from stojnica.records.gone_contacts import LIVE, QUARTER_US, gone_figures, gone_number
from stojnica.records.typed import EVENT, SIGNUP, TALLY

# A paper slip or a web form comes in later than its visitor: it counts, but in no half-hour.
LIVE_CHANNELS = ("kiosk", "typed")
NEWEST_FACTS = 500
INSTEAD_OF = "instead_of"
"""In a press that keeps the number of somebody who was erased: nobody pressed it, or takes it back."""
_AMONG_ERASED = 20


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Hold what came in the half-hour that began at `start` (µs UTC), under the inclusion rule."""

    start: int
    totals: ReachTotals

    @property
    def reached(self) -> int:
        """Give the people reached."""
        return self.totals.reached


@dataclass(frozen=True, slots=True)
class LastPress:
    """Hold the newest press; `captured_at` is µs UTC, `monotonic` µs of the machine that ran then."""

    subject_id: UUID
    counter: str
    amount: int
    captured_at: int
    monotonic: int


def reach_of(connection: Connection, branch_id: UUID, event_ids: Sequence[UUID]) -> ReachTotals:
    """Add up these events, as this laptop knows them."""
    query = (
        sa.select(TALLY.c.counter, TALLY.c.counts_as, sa.func.sum(TALLY.c.amount))
        .where(TALLY.c.branch_id == branch_id, TALLY.c.event_id.in_(event_ids))
        .group_by(TALLY.c.counter, TALLY.c.counts_as)
    )
    contacts = number_of_contacts(connection, branch_id, event_ids=event_ids)
    contacts += gone_number(connection, branch_id, event_ids=event_ids)
    return _totals(connection.execute(query), contacts)


def reach_since(
    connection: Connection,
    branch_id: UUID,
    event_id: UUID,
    since: int,
    counters: Sequence[str] = COUNTERS,
) -> ReachTotals:
    """Add up what these counters counted, and who was captured at the stand, since an instant (µs UTC).

    A number entered for an hour long gone doesn't count as new, although it was entered just now.
    """
    query = (
        sa.select(TALLY.c.counter, TALLY.c.counts_as, sa.func.sum(TALLY.c.amount))
        .where(
            TALLY.c.branch_id == branch_id,
            TALLY.c.event_id == event_id,
            TALLY.c.counter.in_(counters),
            TALLY.c.half_hour > since - HALF_HOUR_US,
            TALLY.c.captured_at >= since,
        )
        .group_by(TALLY.c.counter, TALLY.c.counts_as)
    )
    contacts = number_of_contacts(
        connection, branch_id, event_ids=[event_id], since=since, channels=LIVE_CHANNELS
    )
    contacts += gone_number(connection, branch_id, event_ids=[event_id], since=since, is_live=True)
    return _totals(connection.execute(query), contacts)


def reached_by_half_hour(
    connection: Connection, branch_id: UUID, event_id: UUID, zone_name: str
) -> list[HalfHour]:
    """Give what came in each half-hour that has any, the earliest first."""
    tallies = (
        sa.select(TALLY.c.half_hour, TALLY.c.counter, TALLY.c.counts_as, sa.func.sum(TALLY.c.amount))
        .where(TALLY.c.branch_id == branch_id, TALLY.c.event_id == event_id)
        .group_by(TALLY.c.half_hour, TALLY.c.counter, TALLY.c.counts_as)
    )
    quarter = (SIGNUP.c.captured_at // QUARTER_US).label("quarter")
    signed_up = (
        sa.select(quarter, sa.func.count())
        .where(
            SIGNUP.c.branch_id == branch_id,
            SIGNUP.c.event_id == event_id,
            SIGNUP.c.is_voided == sa.false(),
            SIGNUP.c.channel.in_(LIVE_CHANNELS),
        )
        .group_by(quarter)
    )
    presses: dict[int, list[tuple[str, str, int]]] = {}
    for start, counter, counts_as, amount in connection.execute(tallies):
        presses.setdefault(start, []).append((counter, counts_as, int(amount)))
    contacts: dict[int, int] = {}
    gone = gone_figures(connection, branch_id, [LIVE], [event_id])
    still_here = [(number, amount) for number, amount in connection.execute(signed_up)]
    for number, amount in (*still_here, *((int(item.value), item.amount) for item in gone)):
        start = half_hour_of(number * QUARTER_US, zone_name)
        contacts[start] = contacts.get(start, 0) + amount
    return [
        HalfHour(start, added_up(presses.get(start, ()), contacts.get(start, 0)))
        for start in sorted({*presses, *contacts})
    ]


def events_of_project(connection: Connection, branch_id: UUID, project: str) -> list[UUID]:
    """Give the events that belong to a project; events are few."""
    query = sa.select(EVENT.c.subject_id).where(
        EVENT.c.branch_id == branch_id, EVENT.c.project == project, EVENT.c.is_voided == sa.false()
    )
    return list(connection.execute(query).scalars())


def last_press(
    connection: Connection, branch_id: UUID, incarnation: UUID, event_id: UUID
) -> LastPress | None:
    """Give the newest press of this life of the file at this event that wasn't undone.

    Looks at the newest 500 facts, so its cost doesn't grow.
    """
    newest = (
        sa.select(FACT.c.subject_id, FACT.c.kind, FACT.c.event_id, FACT.c.seq, FACT.c.body)
        .where(FACT.c.branch_id == branch_id, FACT.c.incarnation == incarnation)
        .order_by(FACT.c.seq.desc())
        .limit(NEWEST_FACTS)
        .subquery()
    )
    press = (
        sa.select(newest.c.subject_id, newest.c.seq, newest.c.body)
        .where(newest.c.kind == "counted", newest.c.event_id == event_id)
        .subquery()
    )
    query = (
        sa.select(
            press.c.subject_id,
            press.c.body,
            sa.func.min(TALLY.c.counter).label("counter"),
            sa.func.sum(TALLY.c.amount).label("amount"),
        )
        .join(TALLY, (TALLY.c.branch_id == branch_id) & (TALLY.c.subject_id == press.c.subject_id))
        .group_by(press.c.subject_id, press.c.seq, press.c.body)
        .order_by(press.c.seq.desc())
        .limit(_AMONG_ERASED)
    )
    for row in connection.execute(query):
        fact = decode(row.body)
        if INSTEAD_OF not in fact.data:
            return LastPress(row.subject_id, row.counter, row.amount, fact.captured_at, fact.monotonic)
    return None


def _totals(rows: Iterable[Any], contacts: int) -> ReachTotals:
    return added_up(((counter, counts_as, int(amount)) for counter, counts_as, amount in rows), contacts)
