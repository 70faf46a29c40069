"""Days, hours and numbers are written as people in that language write them."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from stojnica.i18n import speaking
from stojnica.services.written_time import (
    instant_of,
    local_text,
    local_time,
    written_clock,
    written_day,
    written_day_and_clock,
    written_day_and_month,
    written_number,
    written_span,
)

FRIDAY = date(2024, 9, 20)


@pytest.fixture(autouse=True)
def _in_slovene() -> Iterator[None]:
    with speaking("sl"):
        yield


def test_slovene_days_hours_and_numbers() -> None:
    assert written_day(FRIDAY) == "petek, 20. september 2024"
    assert written_day_and_month(FRIDAY) == "20. 9."
    assert written_clock(datetime(2024, 9, 20, 8, 7)) == "08.07"  # noqa: DTZ001 - a wall clock has no zone
    moment = datetime(2024, 9, 20, 14, 32)  # noqa: DTZ001 - as above
    assert written_day_and_clock(moment) == "20. 9. 2024 ob 14.32"
    assert written_number(1482) == "1.482"


def test_english_days_hours_and_numbers() -> None:
    with speaking("en"):
        assert written_day(FRIDAY) == "Friday, 20 September 2024"
        assert written_day_and_month(FRIDAY) == "20 Sept"
        assert written_clock(datetime(2024, 9, 20, 14, 32)) == "14:32"  # noqa: DTZ001 - as above
        assert written_number(1482) == "1,482"


@pytest.mark.parametrize("language", ["de", "it", "hr", "hu"])
def test_every_visitor_language_has_its_own_words(language: str) -> None:
    with speaking(language):
        assert "2024" in written_day(FRIDAY)
        assert written_clock(datetime(2024, 9, 20, 14, 32)) == "14:32"  # noqa: DTZ001 - as above


def test_an_events_hours_are_written_with_days_only_when_it_lasts_longer() -> None:
    assert written_span("2024-09-20T10:00", "2024-09-20T18:00") == "10.00–18.00"
    assert written_span("2024-09-20T10:00", "2024-09-22T18:30") == "20. 9. – 22. 9., 10.00–18.30"
    assert written_span("2024-09-20T10:00", "") == ""
    assert written_span("tomorrow", "2024-09-20T18:00") == ""


def test_an_instant_and_its_wall_clock_belong_to_each_other() -> None:
    summer = local_time(1_726_835_520_000_000, "Europe/Ljubljana")

    assert (summer.hour, summer.minute) == (14, 32)
    assert instant_of(summer.replace(tzinfo=None), "Europe/Ljubljana") == 1_726_835_520_000_000
    assert local_time(0, "Nowhere/Atlantis").hour == 0


def test_what_is_no_moment_is_none() -> None:
    assert local_text("2024-09-20T10:00") == datetime(2024, 9, 20, 10)  # noqa: DTZ001 - as above
    assert local_text("") is None
    assert local_text("2024-13-01T10:00") is None
