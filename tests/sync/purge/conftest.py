"""A laptop on which contacts stay for thirty days, and an office of each kind whose clock the test sets."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Office, Way
from tests.sync.purging import OfficeClock, decide


@pytest.fixture
def days() -> OfficeClock:
    """Give the office's clock."""
    return OfficeClock()


@pytest.fixture
def way(office: Office, days: OfficeClock) -> Way:
    """Give a way to each kind of office, whose clock the test sets."""
    way = Way(office)
    days.rule(way)
    return way


@pytest.fixture
def laptop(fleet: Fleet, way: Way) -> Laptop:
    """Give a laptop on which contacts stay for thirty days."""
    laptop = fleet(way)
    decide(laptop)
    return laptop
