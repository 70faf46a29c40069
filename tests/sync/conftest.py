"""Offices in memory and in a real database, and laptops with real stores."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.sync.laptops import Laptop, new_laptop
from tests.sync.offices import Office, PostgresOffice, Way
from tests.sync.pens import Pen

from stojnica.domain.clock import Clock
from stojnica.sync.credentials import Credentials
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import Transport


@pytest.fixture
def server_office(central_url: str, organisation_keys: Path, tmp_path: Path) -> PostgresOffice:
    """Give an office with a real database."""
    return PostgresOffice(central_url, organisation_keys, tmp_path)


@pytest.fixture(params=["memory", pytest.param("server", marks=pytest.mark.server)])
def office(request: pytest.FixtureRequest) -> Office:
    """Give both kinds of office in turn."""
    if request.param == "memory":
        return MemoryCentre()
    real: PostgresOffice = request.getfixturevalue("server_office")
    return real


@pytest.fixture
def memory_office() -> MemoryCentre:
    """Give an office in memory."""
    return MemoryCentre()


class Fleet:
    """Make laptops, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._laptops: list[Laptop] = []

    def __call__(
        self, way: Way, name: str = "Stand 1", *, clock: Clock | None = None, is_enrolled: bool = True
    ) -> Laptop:
        """Make one, enrolled at the office of its way."""
        laptop = new_laptop(self.folder(), way, clock)
        self._laptops.append(laptop)
        if is_enrolled:
            laptop.enrol(way.office.enrol(name))
        return laptop

    def clone(self, laptop: Laptop) -> Laptop:
        """Give a second laptop with the same files."""
        self._laptops.append(laptop.clone(self.folder()))
        return self._laptops[-1]

    def folder(self) -> Path:
        """Give a folder that isn't there yet."""
        return self._folder / f"folder{next(_NUMBERS)}"

    def close(self) -> None:
        while self._laptops:
            self._laptops.pop().close()


_NUMBERS = itertools.count()


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Give laptops; all are closed at the end."""
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.close()


@pytest.fixture
def way(memory_office: MemoryCentre) -> Way:
    """Give a way to the office in memory."""
    return Way(memory_office)


@pytest.fixture
def laptop(fleet: Fleet, way: Way) -> Laptop:
    """Give one laptop of the office in memory."""
    return fleet(way)


@pytest.fixture
def pen() -> Pen:
    """Give a pen of one incarnation."""
    return Pen()


@pytest.fixture
def credentials(office: Office) -> Credentials:
    """Enrol a laptop."""
    return office.enrol("Stand 1")


@pytest.fixture
def line(office: Office, credentials: Credentials) -> Iterator[Transport]:
    """Give a line to the office, without a store behind it."""
    with closing(office.connect(credentials)) as transport:
        yield transport
