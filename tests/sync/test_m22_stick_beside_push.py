"""A push and sticks with the same facts at the same moment: no deadlock, each record once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.offices import PostgresOffice
from tests.sync.sticks import StickOffice

from stojnica.storage.tables import PROVEN

pytestmark = pytest.mark.server


def test_m22_pushes_and_imports_of_the_same_facts_at_once(
    server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path, fleet: Fleet
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = StickOffice(server_office, organisation_keys, stick)
    laptop = desk.laptop(fleet)
    laptop.capture(1_000)
    paths = [desk.export(laptop), desk.export(laptop)]
    start = threading.Barrier(3)

    def take_in(path: Path) -> int:
        start.wait()
        taken = desk.take_in(path)
        return taken.stored + taken.present

    def push() -> bool:
        start.wait()
        return laptop.sync(attempts=3).is_complete

    with ThreadPoolExecutor(3) as pool:
        imports = [pool.submit(take_in, path) for path in paths]
        pushed = pool.submit(push)

        assert [one.result() for one in imports] == [2_000, 2_000]
        assert pushed.result()

    assert server_office.facts() == laptop.facts()
    assert sorted(server_office.waiting()) == laptop.facts()
    assert laptop.in_state(PROVEN) == laptop.facts()


def test_m22_a_sync_and_an_export_at_once_disturb_each_other_in_nothing(
    server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path, fleet: Fleet
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = StickOffice(server_office, organisation_keys, stick)
    laptop = desk.laptop(fleet)
    laptop.capture(1_000)

    with ThreadPoolExecutor(2) as pool:
        written = pool.submit(desk.export, laptop)
        synced = pool.submit(laptop.sync)
        received = desk.close_the_loop(laptop, written.result())
        is_complete = synced.result().is_complete

    assert is_complete
    assert received.facts == received.of_facts
    assert laptop.in_state(PROVEN) == laptop.facts()
