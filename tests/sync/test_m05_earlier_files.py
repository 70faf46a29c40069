"""M5: a file of each earlier version, with unsent facts in it, opens, keeps them all, and delivers them."""

import shutil
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Way

from stojnica.records.typed import PROJECTION_VERSION
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.memory import recall
from stojnica.storage.outbox import unconfirmed
from stojnica.storage.schema import HEAD, PROJECTION, REVISIONS, current_revision
from stojnica.sync.memory import MemoryCentre

FIXTURES = Path(__file__).parents[1] / "storage" / "fixtures"
PASSPHRASE = "jutro voda hiša most reka"
FACTS, CONTACTS, REACHED = 15, 2, 12


@pytest.fixture
def old_laptop(fleet: Fleet, way: Way, tmp_path: Path, revision: str) -> Laptop:
    """Open the file of an earlier version with the present program."""
    home = StoreHome(tmp_path / "old")
    home.folder.mkdir()
    shutil.copyfile(FIXTURES / f"store-{revision}.db", home.database)
    shutil.copyfile(FIXTURES / f"store-{revision}.slots.json", home.slots)
    laptop = Laptop(unlock_store(home, PASSPHRASE), way)
    fleet._laptops.append(laptop)
    return laptop


def test_m05_each_earlier_version_left_a_file_to_try() -> None:
    there = {path.name for path in FIXTURES.iterdir()}

    for revision in REVISIONS[:-1]:
        assert {f"store-{revision}.db", f"store-{revision}.slots.json"} <= there


@pytest.mark.parametrize("revision", sorted(path.stem[6:] for path in FIXTURES.glob("*.db")))
def test_m05_a_file_of_an_earlier_version_keeps_all_its_unsent_facts_and_delivers_them(
    old_laptop: Laptop, memory_office: MemoryCentre, revision: str
) -> None:
    # Given what it held, counted by the program of then
    store = old_laptop.store
    ask = "SELECT count(*) FROM fact", "SELECT count(*) FROM delivery WHERE state = 'waiting'"
    facts, waiting = (
        store.read(lambda connection, query=query: connection.exec_driver_sql(query).scalar()).result()  # type: ignore[misc]
        for query in ask
    )
    assert (facts, waiting) == (FACTS, FACTS)
    assert store.read(current_revision).result() == HEAD

    # Then its typed rows are of the present version, and everybody is owed
    signup = "SELECT first_name FROM signup WHERE is_voided = 0 ORDER BY first_name"
    names = store.read(lambda connection: connection.exec_driver_sql(signup).scalars().all()).result()
    assert names == ["Ana", "Bor"]
    assert store.read(lambda connection: recall(connection, PROJECTION)).result() == PROJECTION_VERSION
    tally = "SELECT sum(amount) FROM tally WHERE counter = 'reached'"
    assert store.read(lambda connection: connection.exec_driver_sql(tally).scalar()).result() == REACHED
    assert store.read(unconfirmed).result().contacts == CONTACTS
    assert len(list(old_laptop.folder.glob("*.before-*"))) == (revision != HEAD)

    # And a centre gets all of it, once
    old_laptop.enrol(memory_office.enrol("Stand 1"))
    result = old_laptop.sync()
    assert result.is_complete
    assert memory_office.facts() == old_laptop.facts()
    assert len(memory_office.facts()) == FACTS
    assert result.contacts == CONTACTS
