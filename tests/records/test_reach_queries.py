"""Sums of people follow the inclusion rule, and a half-hour is one of the event's own wall clock."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.tally import HALF_HOUR_US, Press, ReachTotals
from stojnica.records.reach_queries import (
    HalfHour,
    events_of_project,
    last_press,
    reach_of,
    reach_since,
    reached_by_half_hour,
)

EVENT = uuid4()
TEN = 1_726_819_200_000_000  # 20 September 2024, 10.00 in Ljubljana


def press(book: Any, counter: str, amount: int = 1, at: int = TEN, since: int | None = None) -> UUID:
    data = Press(counter, amount, at if since is None else since, at, "Europe/Ljubljana").data()
    subject: UUID = book.write(kinds.COUNTED, data, event_id=EVENT, at=at)
    return subject


def sign_up(book: Any, at: int = TEN, channel: str = "kiosk") -> UUID:
    subject: UUID = book.write(kinds.SIGNED_UP, {"first_name": "A"}, event_id=EVENT, at=at, channel=channel)
    return subject


def test_a_contact_is_also_a_conversation_and_a_conversation_a_person_reached(book: Any) -> None:
    press(book, "reached", 5)
    press(book, "conversation", 2)
    press(book, "flyer", 3)
    sign_up(book)

    assert reach_of(book.connection, book.branch_id, [EVENT]) == ReachTotals(8, 3, 3, 1)


def test_an_event_without_anything_has_zeros(book: Any) -> None:
    assert reach_of(book.connection, book.branch_id, [uuid4()]) == ReachTotals(0, 0, 0, 0)
    assert reach_of(book.connection, book.branch_id, []) == ReachTotals(0, 0, 0, 0)
    assert reached_by_half_hour(book.connection, book.branch_id, uuid4(), "Europe/Ljubljana") == []


def test_the_last_minutes_leave_out_what_is_older_and_what_is_entered_for_earlier(book: Any) -> None:
    hour = 2 * HALF_HOUR_US
    now = TEN + 4 * hour
    press(book, "reached", 3, at=now - hour)
    press(book, "reached", 4, at=now - HALF_HOUR_US // 2)
    late = Press("reached", 30, TEN, TEN + hour, "Europe/Ljubljana", "class").data()
    book.write(kinds.COUNTED, late, event_id=EVENT, at=now)
    sign_up(book, at=now - 1)
    sign_up(book, at=now - 1, channel="paper")

    recent = reach_since(book.connection, book.branch_id, EVENT, now - HALF_HOUR_US)

    assert recent == ReachTotals(reached=5, conversations=1, flyers=0, contacts=1)


def test_half_hours_hold_presses_and_contacts_that_came_in_at_the_stand(book: Any) -> None:
    press(book, "reached", 2, at=TEN + 60_000_000)
    press(book, "conversation", 1, at=TEN + HALF_HOUR_US - 1)
    press(book, "flyer", 9, at=TEN)
    sign_up(book, at=TEN + HALF_HOUR_US)
    sign_up(book, at=TEN + HALF_HOUR_US, channel="web")

    series = reached_by_half_hour(book.connection, book.branch_id, EVENT, "Europe/Ljubljana")

    assert series == [
        HalfHour(TEN, ReachTotals(3, 1, 9, 0)),
        HalfHour(TEN + HALF_HOUR_US, ReachTotals(1, 1, 0, 1)),
    ]


@pytest.mark.parametrize("zone_name", ["Asia/Kathmandu", "Asia/Kolkata", "Europe/Ljubljana"])
def test_a_contact_falls_into_the_half_hour_of_the_wall_clock(book: Any, zone_name: str) -> None:
    quarter = HALF_HOUR_US // 2
    sign_up(book, at=TEN + quarter)

    (only,) = reached_by_half_hour(book.connection, book.branch_id, EVENT, zone_name)

    # Kathmandu is 5 hours 45 minutes ahead: its half-hours begin at a quarter past or to of UTC.
    assert only.start == (TEN + quarter if zone_name == "Asia/Kathmandu" else TEN)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.tuples(st.integers(1, 50), st.integers(0, 20)), max_size=6))
def test_the_half_hours_add_up_to_the_people_reached(book: Any, amounts: list[tuple[int, int]]) -> None:
    book.branch_id = uuid4()
    for amount, half_hours in amounts:
        until = TEN + half_hours * HALF_HOUR_US
        press(book, "reached", amount, at=until, since=until - half_hours * HALF_HOUR_US // 2)

    series = reached_by_half_hour(book.connection, book.branch_id, EVENT, "Europe/Ljubljana")

    total = reach_of(book.connection, book.branch_id, [EVENT])
    assert sum(item.reached for item in series) == total.reached == sum(amount for amount, _ in amounts)


def test_an_undone_press_is_counted_nowhere_and_is_not_the_last(book: Any) -> None:
    kept = press(book, "reached", 1, at=TEN)
    undone = press(book, "flyer", 2, at=TEN + 1)
    ask = book.connection, book.branch_id

    book.write(kinds.VOIDED, {"reason": "undone"}, subject_id=undone, event_id=EVENT)

    last = last_press(*ask, book.incarnation, EVENT)
    assert last is not None
    assert (last.subject_id, last.counter, last.amount) == (kept, "reached", 1)
    assert reach_of(*ask, [EVENT]) == ReachTotals(1, 0, 0, 0)


def test_the_last_press_counts_all_its_half_hours_and_is_of_this_event_and_life(book: Any) -> None:
    subject = press(book, "conversation", 7, at=TEN, since=TEN - 3 * HALF_HOUR_US)
    ask = book.connection, book.branch_id

    last = last_press(*ask, book.incarnation, EVENT)

    assert last is not None
    assert (last.subject_id, last.amount, last.captured_at) == (subject, 7, TEN)
    assert last_press(*ask, book.incarnation, uuid4()) is None
    assert last_press(*ask, uuid4(), EVENT) is None


def test_a_project_knows_its_events(book: Any) -> None:
    mine = book.write(kinds.EVENT_CREATED, {"name": "A", "project": "club"})
    book.write(kinds.EVENT_CREATED, {"name": "B", "project": "other"})
    gone = book.write(kinds.EVENT_CREATED, {"name": "C", "project": "club"})
    book.write(kinds.VOIDED, {"reason": ""}, subject_id=gone)

    assert events_of_project(book.connection, book.branch_id, "club") == [mine]


def test_an_own_counter_is_counted_by_the_half_hour_and_adds_to_the_people_reached(book: Any) -> None:
    press(book, "reached", 5)
    quiz = Press("quiz", 4, TEN, TEN, "Europe/Ljubljana", counts_as="conversation").data()
    book.write(kinds.COUNTED, quiz, event_id=EVENT, at=TEN)
    press(book, "photo", 7)

    totals = reach_of(book.connection, book.branch_id, [EVENT])
    (half_hour,) = reached_by_half_hour(book.connection, book.branch_id, EVENT, "Europe/Ljubljana")
    recent = reach_since(book.connection, book.branch_id, EVENT, TEN, ["reached", "quiz"])

    assert (totals.reached, totals.conversations, totals.of("quiz"), totals.of("photo")) == (9, 4, 4, 7)
    assert half_hour.totals == totals
    assert (recent.reached, recent.of("quiz"), recent.of("photo")) == (9, 4, 0)
