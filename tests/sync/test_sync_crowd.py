"""More laptops at once than the server has connections: all deliver, nobody helps (M24)."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from time import monotonic

import pytest
from tests.conftest import _QUICK
from tests.sync.laptops import PASSPHRASE, QUICK, Key, Laptop
from tests.sync.offices import PostgresOffice

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.init import init
from stojnica.storage.home import StoreHome, create_store, unlock_store
from stojnica.sync.credentials import Credentials
from stojnica.sync.engine import SyncEngine, SyncResult
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.transport import Transport

pytestmark = pytest.mark.server
CONTACTS = 4


@pytest.fixture
def crowded_office(
    request: pytest.FixtureRequest, tmp_path: Path, organisation_keys: Path
) -> Iterator[PostgresOffice]:
    """Give an office on a server of its own, with few connections."""
    settings = _QUICK | {"max_connections": str(request.param)}
    with EmbeddedServer(tmp_path / "server", settings=settings) as server:
        init(server.url)
        yield PostgresOffice(server.url, organisation_keys, tmp_path)


class Crowd:
    """Let many laptops come within a time, each again after a while until it is through."""

    def __init__(self, office: PostgresOffice, window_s: float) -> None:
        self._office = office
        self._window_s = window_s
        self._lock = Lock()
        self.faults: Counter[str] = Counter()
        self.comings: list[int] = []
        self.facts: list[Key] = []

    def connect(self, credentials: Credentials) -> Transport:
        try:
            return self._office.connect(credentials)
        except SyncError as fault:
            with self._lock:
                self.faults[fault.code] += 1
            raise

    def come(self, folder: Path, credentials: Credentials) -> SyncResult:
        opened = unlock_store(StoreHome(folder), PASSPHRASE)
        laptop = Laptop(opened, self.connect)
        try:
            laptop.enrol(credentials)
            laptop.capture(CONTACTS)
            Event().wait(random.uniform(0, self._window_s))
            result = self._come_until_through(SyncEngine(laptop.store, self.connect))
            facts = laptop.facts()
        finally:
            laptop.close()
        with self._lock:
            self.facts += facts
        return result

    def _come_until_through(self, engine: SyncEngine) -> SyncResult:
        for coming in range(1, 50):
            try:
                result = engine.run()
            except SyncError as fault:
                if fault.fate is not Fate.NETWORK:
                    raise
                Event().wait(random.uniform(0, self._window_s / 4))
            else:
                with self._lock:
                    self.comings.append(coming)
                return result
        raise AssertionError("never through")


@pytest.mark.parametrize(
    ("laptops", "window_s", "crowded_office"),
    [
        pytest.param(60, 1.0, 20, id="60 laptops, 20 connections"),
        pytest.param(300, 60.0, 100, id="300 laptops, 100 connections", marks=pytest.mark.nightly),
    ],
    indirect=["crowded_office"],
)
def test_m24_a_crowd_of_laptops_all_deliver_by_themselves(
    crowded_office: PostgresOffice, laptops: int, window_s: float, tmp_path: Path
) -> None:
    # Given laptops with a login of their own each, and records that wait
    create_store(StoreHome(tmp_path / "blank"), PASSPHRASE, cost=QUICK).close()
    credentials = [crowded_office.enrol(f"Stand {number}") for number in range(laptops)]
    folders = [tmp_path / f"laptop{number}" for number in range(laptops)]
    for folder in folders:
        shutil.copytree(tmp_path / "blank", folder)

    # When all come within a short time
    crowd = Crowd(crowded_office, window_s)
    began = monotonic()
    with ThreadPoolExecutor(laptops) as threads:
        results = list(threads.map(crowd.come, folders, credentials))
    took_s = monotonic() - began

    # Then all are through, each record is there once, and nobody owes anything
    told = f"{took_s:.1f} s, {dict(crowd.faults)}, {dict(Counter(crowd.comings))}"
    assert all(result.is_complete for result in results), told
    assert len(crowd.facts) == laptops * CONTACTS * 2
    assert crowded_office.facts() == sorted(crowd.facts), told
    assert crowded_office.rows("SELECT count(*), count(DISTINCT device_id) FROM hub.delivery") == [
        (len(crowd.facts), laptops)
    ]
    assert {crowded_office.owed(one.device_id) for one in credentials} == {0}
    assert set(crowd.faults) <= {"busy", "interrupted", "timed_out"}, told
    if window_s < 10:
        # The crowd was one: without anybody turned away this would prove little.
        assert crowd.faults["busy"] > 0, told
