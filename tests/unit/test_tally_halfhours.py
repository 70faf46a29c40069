from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.tally import (
    HALF_HOUR_US,
    MAX_AMOUNT,
    MAX_INSTANT,
    Press,
    ReachTotals,
    added_up,
    half_hour_of,
    inclusive_totals,
    press_from,
    spread,
    zone,
)

ZONES = [
    *("Europe/Ljubljana", "UTC", "Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Asia/Kolkata"),
    *("Australia/Lord_Howe", "America/St_Johns", "Africa/Monrovia", "Africa/Casablanca", "No/Such_Zone"),
]
MINUTE = 60 * 1_000_000


def us(text: str, zone_name: str = "UTC", fold: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone_name), fold=fold)
    return int(moment.timestamp()) * 1_000_000


def wall(instant_us: int, zone_name: str) -> str:
    return (
        datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(zone(zone_name)).strftime("%H:%M:%S")
    )


@pytest.mark.parametrize(
    ("zone_name", "at", "begins"),
    [
        ("Europe/Ljubljana", "2026-09-20T10:29:59", "10:00:00"),
        ("Europe/Ljubljana", "2026-09-20T10:30:00", "10:30:00"),
        ("Asia/Kathmandu", "2026-09-20T10:14:00", "10:00:00"),
        ("Asia/Kathmandu", "2026-09-20T10:47:00", "10:30:00"),
        ("Pacific/Chatham", "2026-09-20T23:59:00", "23:30:00"),
        ("Asia/Kolkata", "2026-09-20T00:01:00", "00:00:00"),
    ],
)
def test_a_half_hour_begins_by_the_clock_on_the_wall(zone_name: str, at: str, begins: str) -> None:
    instant = us(at, zone_name)

    assert wall(half_hour_of(instant, zone_name), zone_name) == begins
    assert 0 <= instant - half_hour_of(instant, zone_name) < HALF_HOUR_US


def test_the_hour_that_the_clock_repeats_in_autumn_has_four_half_hours() -> None:
    begins = us("2026-10-25T02:00", "Europe/Ljubljana")

    found = {half_hour_of(begins + minute * MINUTE, "Europe/Ljubljana") for minute in range(120)}

    assert len(found) == 4
    assert [wall(instant, "Europe/Ljubljana") for instant in sorted(found)] == [
        *("02:00:00", "02:30:00", "02:00:00", "02:30:00")
    ]


def test_the_hour_that_the_clock_skips_in_spring_has_no_half_hour() -> None:
    begins = us("2026-03-29T01:30", "Europe/Ljubljana")

    shares = spread(Press("reached", 60, begins, begins + 60 * MINUTE, "Europe/Ljubljana"))

    assert [(wall(instant, "Europe/Ljubljana"), people) for instant, people in shares] == [
        ("01:30:00", 30),
        ("03:00:00", 30),
    ]


def test_where_the_clock_moves_by_half_an_hour_the_parts_still_add_up() -> None:
    begins = us("2026-04-05T00:45", "Australia/Lord_Howe")

    shares = spread(Press("reached", 100, begins, begins + 180 * MINUTE, "Australia/Lord_Howe"))

    assert sum(people for _instant, people in shares) == 100
    assert all(wall(instant, "Australia/Lord_Howe")[3:] in ("00:00", "30:00") for instant, _people in shares)


def test_where_the_clock_once_moved_by_a_quarter_the_half_hours_follow_the_wall() -> None:
    begins = us("1985-12-31T23:00", "Asia/Kathmandu")

    shares = spread(Press("reached", 120, begins, begins + 120 * MINUTE, "Asia/Kathmandu"))

    assert sum(people for _instant, people in shares) == 120
    assert {wall(instant, "Asia/Kathmandu")[3:] for instant, _people in shares} <= {"00:00", "30:00", "45:00"}
    assert max(people for _instant, people in shares) <= 30


def test_several_people_are_shared_out_by_time() -> None:
    begins = us("2026-09-20T10:15", "Europe/Ljubljana")

    shares = spread(Press("reached", 30, begins, begins + 60 * MINUTE, "Europe/Ljubljana"))

    assert [(wall(instant, "Europe/Ljubljana"), people) for instant, people in shares] == [
        ("10:00:00", 7),
        ("10:30:00", 15),
        ("11:00:00", 8),
    ]


def test_a_single_press_falls_into_the_half_hour_of_its_moment() -> None:
    at = us("2026-09-20T10:31", "Asia/Kathmandu")

    assert spread(Press("flyer", 1, at, at, "Asia/Kathmandu")) == [(half_hour_of(at, "Asia/Kathmandu"), 1)]


@given(
    st.integers(1, MAX_AMOUNT),
    st.integers(0, MAX_INSTANT - 48 * HALF_HOUR_US - 1),
    st.integers(0, 48 * HALF_HOUR_US),
    st.sampled_from(ZONES),
)
def test_the_parts_always_add_up_and_lie_in_the_span(
    amount: int, since: int, length: int, zone_name: str
) -> None:
    press = press_from(Press("reached", amount, since, since + length, zone_name).data())
    assert press is not None

    shares = spread(press)

    assert sum(people for _instant, people in shares) == amount
    assert all(people > 0 for _instant, people in shares)
    assert all(half_hour_of(since, zone_name) <= instant <= since + length for instant, _people in shares)


@given(
    st.text(max_size=64)
    | st.sampled_from(["Europe", "zone.tab", "../passwd", "/etc/passwd", "tzdata.zi", "."])
)
def test_any_name_gives_a_time_zone(name: str) -> None:
    assert zone(name).utcoffset(datetime(2026, 1, 1)) is not None  # noqa: DTZ001 - a zone wants a naive one


def test_a_press_is_read_back_from_what_its_fact_keeps() -> None:
    press = Press("conversation", 12, 5, 6, "Asia/Kathmandu", "class")

    assert press_from(press.data()) == press


_GOOD = Press("reached", 3, 1_000, 2_000, "UTC").data()


@pytest.mark.parametrize(
    "changes",
    [
        {"counter": ""},
        {"counter": "x" * 65},
        {"counter": 1},
        {"amount": 0},
        {"amount": -1},
        {"amount": MAX_AMOUNT + 1},
        {"amount": True},
        {"amount": "3"},
        {"from": None},
        {"from": -1},
        {"to": 999},
        {"to": 1_000 + 48 * HALF_HOUR_US + 1},
        {"from": 2**62, "to": 2**62},
        {"from": MAX_INSTANT, "to": MAX_INSTANT},
        {"zone": 5},
        {"reason": None},
    ],
)
def test_a_press_that_makes_no_sense_counts_nobody(changes: dict[str, object]) -> None:
    assert press_from(_GOOD | changes) is None


@pytest.mark.parametrize("name", ["counter", "amount", "from", "to"])
def test_a_press_without_one_of_its_numbers_counts_nobody(name: str) -> None:
    assert press_from({key: value for key, value in _GOOD.items() if key != name}) is None


def test_a_contact_is_also_a_conversation_and_a_conversation_also_a_person_reached() -> None:
    assert inclusive_totals(reached=100, conversations=20, flyers=50, contacts=7) == ReachTotals(
        reached=127, conversations=27, flyers=50, contacts=7
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("reached", "conversation", "flyer", "quiz", "badge", "photo")), st.integers(1, 50)
    )
)
COUNTS_AS_OF = {"quiz": "conversation", "badge": "reached"}


@given(ROWS, st.integers(0, 20))
def test_an_own_counter_adds_to_what_it_counts_as_and_keeps_its_own_sum(
    rows: list[tuple[str, int]], contacts: int
) -> None:
    def of(*counters: str) -> int:
        return sum(amount for counter, amount in rows if counter in counters)

    totals = added_up(((name, COUNTS_AS_OF.get(name, ""), amount) for name, amount in rows), contacts)

    assert totals.of("quiz") == of("quiz")
    assert totals.of("photo") == of("photo")
    assert totals.flyers == of("flyer")
    assert totals.conversations == of("conversation", "quiz") + contacts
    assert totals.reached == of("reached", "badge") + totals.conversations


def test_a_press_keeps_what_its_counter_counted_as_on_that_day() -> None:
    press = Press("quiz", 2, 0, 0, counts_as="conversation")

    assert press_from(press.data()) == press
    assert "counts_as" not in Press("reached", 1, 0, 0).data()


@pytest.mark.parametrize("counts_as", ["flyer", "quiz", 7, None, ["reached"]])
def test_a_press_that_counts_as_nonsense_counts_for_itself_alone(counts_as: object) -> None:
    press = press_from(Press("quiz", 2, 0, 0).data() | {"counts_as": counts_as})

    assert press is not None
    assert press.counts_as == ""


def test_a_counter_of_every_stand_counts_as_nothing_else() -> None:
    press = press_from(Press("flyer", 2, 0, 0).data() | {"counts_as": "reached"})

    assert press is not None
    assert press.counts_as == ""
