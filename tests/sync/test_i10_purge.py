"""I10: the laptop's clock decides no purge: the centre's does, from one proof to another."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.offices import Way
from tests.sync.purging import (
    DAY_US,
    DAYS,
    FIRST_DAY,
    OfficeClock,
    decide,
    delivered_and_covered,
    look,
    purge,
)

from stojnica.domain.clock import SetClock
from stojnica.storage.proof_times import proof_times
from stojnica.sync.memory import MemoryCentre

TEN_YEARS_US = 10 * 365 * DAY_US


@pytest.mark.parametrize("wrong_by", [-TEN_YEARS_US, 0, TEN_YEARS_US])
@pytest.mark.parametrize(("days", "gone"), [(DAYS - 1, 0), (DAYS, 1)])
def test_i10_m08_a_clock_that_is_ten_years_wrong_neither_hastens_nor_delays_a_purge(
    fleet: Fleet, memory_office: MemoryCentre, wrong_by: int, days: int, gone: int
) -> None:
    # Given a contact that was proven while the laptop's clock was right
    way, centre, clock = Way(memory_office), OfficeClock(), SetClock(FIRST_DAY)
    centre.rule(way)
    laptop = fleet(way, clock=clock)
    decide(laptop)
    laptop.capture()
    delivered_and_covered(laptop, way, centre)

    # When somebody sets it, and so many days pass at the centre
    clock.set_by_us = wrong_by
    assert purge(laptop) == 0
    centre.pass_days(days)
    laptop.sync()

    # Then only those days count
    assert purge(laptop) == gone


def test_i10_years_on_a_shelf_take_nothing_before_the_office_has_been_asked(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    way, centre, clock = Way(memory_office), OfficeClock(), SetClock(FIRST_DAY)
    centre.rule(way)
    laptop = fleet(way, clock=clock)
    decide(laptop)
    laptop.capture()
    delivered_and_covered(laptop, way, centre)

    clock.at_us += TEN_YEARS_US

    assert purge(laptop) == 0
    assert len(look(laptop).plan.later) == 1


def test_i10_a_centre_whose_clock_runs_backwards_keeps_everything(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    way, centre = Way(memory_office), OfficeClock()
    centre.rule(way)
    laptop = fleet(way)
    decide(laptop)
    laptop.capture()
    delivered_and_covered(laptop, way, centre)
    centre.pass_days(-3_650)
    laptop.sync()

    assert purge(laptop) == 0
    centre.pass_days(3_650 + DAYS)
    laptop.sync()
    assert purge(laptop) == 1


def test_deliveries_with_nothing_new_leave_no_times_behind(fleet: Fleet, memory_office: MemoryCentre) -> None:
    # Given a laptop that delivers by itself, day after day, and has something new twice
    way, centre = Way(memory_office), OfficeClock()
    centre.rule(way)
    laptop = fleet(way)
    decide(laptop)
    for _visitor in range(2):
        laptop.capture()
        for _turn in range(5):
            laptop.sync()

    # Then only the times of what was proven are kept, and the purge goes by them
    assert len(laptop.store.read(proof_times).result()) == 2
    delivered_and_covered(laptop, way, centre)
    centre.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 2
