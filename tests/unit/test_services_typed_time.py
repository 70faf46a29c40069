"""Days and hours are read as people type them; what is shown can be typed back."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.i18n import speaking
from stojnica.services.event_times import EventTimes, read_times, times_of
from stojnica.services.typed_time import read_clock_typed, read_day_typed, shown_clock, shown_day

TODAY = date(2026, 9, 20)
NOON = datetime.fromisoformat("2026-09-20T12:00")


@pytest.mark.parametrize(
    "typed",
    [
        *("20. 9. 2026", "20.9.2026", "20.9.", "20. 9", "20/9/2026", "20/09/26", "20-9-2026", "20 9 2026"),
        *("2026-09-20", "2026.9.20", "20. september 2026", "20. septembra", "20 Sep 2026", "20th September"),
        *("  20. 9. 2026 ", "20.  9.  2026"),
    ],
)
def test_a_day_is_read_as_it_is_typed(typed: str) -> None:
    assert read_day_typed(typed, TODAY) == TODAY


@pytest.mark.parametrize("typed", ["", "31. 2.", "0. 9.", "20", "20. 13. 2026", "danes", "20. 9. 2026 10.00"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day_typed(typed, TODAY) is None


@pytest.mark.parametrize("typed", ["10.30", "10:30", "10,30", "10h30", "1030", " 10.30 "])
def test_an_hour_is_read_as_it_is_typed(typed: str) -> None:
    assert read_clock_typed(typed) == time(10, 30)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("9", 9), ("10", 10), ("10h", 10), ("0.00", 0), ("900", 9), ("24", None), ("9.5", None)],
)
def test_a_bare_hour_is_one_and_a_half_of_one_is_none(typed: str, hour: int | None) -> None:
    assert read_clock_typed(typed) == (None if hour is None else time(hour))


@given(
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    clock=st.times(),
    language=st.sampled_from(["sl", "en"]),
)
def test_what_is_shown_can_be_typed_back(day: date, clock: time, language: str) -> None:
    minute = clock.replace(second=0, microsecond=0, tzinfo=None)
    with speaking(language):
        assert read_day_typed(shown_day(day.isoformat()), TODAY) == day
        assert read_clock_typed(shown_clock(minute)) == minute


@given(st.text())
def test_whatever_is_typed_is_read_or_is_none(typed: str) -> None:
    read_day_typed(typed, TODAY)
    read_clock_typed(typed)
    read_times(EventTimes(typed, typed, typed, typed), NOON)


@given(
    starts=st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-01-01")),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=12)),
)
def test_an_events_times_come_back_from_the_form_as_they_were(starts: datetime, length: timedelta) -> None:
    first = f"{starts:%Y-%m-%dT%H:%M}"
    last = f"{starts + length:%Y-%m-%dT%H:%M}"

    read = read_times(times_of(first, last), NOON)

    assert (read.starts, read.ends, read.problems) == (first, last, ())


def test_an_event_of_one_day_needs_no_last_day() -> None:
    with speaking("sl"):
        assert times_of("2026-09-20T10:00", "2026-09-20T18:00") == EventTimes(
            "20. 9. 2026", "10.00", "18.00", ""
        )
        read = read_times(EventTimes("20. 9.", "10", "18"), NOON)
    assert (read.starts, read.ends) == ("2026-09-20T10:00", "2026-09-20T18:00")
    assert read.day_hint == "nedelja"


def test_an_end_before_the_start_asks_for_the_last_day() -> None:
    read = read_times(EventTimes("20. 9.", "22.00", "1.00"), NOON)
    assert [(item.field, item.code) for item in read.problems] == [("last_day", "order")]

    later = read_times(EventTimes("20. 9.", "22.00", "1.00", "21. 9."), NOON)
    assert (later.ends, later.problems) == ("2026-09-21T01:00", ())


def test_all_that_cannot_be_read_is_told_at_once() -> None:
    read = read_times(EventTimes("kmalu", "25", "", "nikoli"), NOON)

    assert [item.field for item in read.problems] == ["day", "last_day", "begins", "ends"]
    assert (read.starts, read.ends) == ("", "")
