"""What a checked backup of the centre holds is known on the laptop, record by record."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Key, Laptop, fault_of, keys
from tests.sync.offices import Office, Way

from stojnica.storage.tables import DELIVERY
from stojnica.sync.memory import MemoryCentre


def covered(laptop: Laptop) -> list[Key]:
    query = sa.select(DELIVERY.c.fact_id, DELIVERY.c.content_hash).where(DELIVERY.c.is_covered == sa.true())
    rows = laptop.store.read(lambda connection: connection.execute(query).all()).result()
    return sorted((row[0], row[1]) for row in rows)


def test_i02_a_laptop_learns_which_of_its_records_a_backup_holds(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    before = laptop.capture(3)
    assert laptop.sync().receipt.covered == 0
    assert covered(laptop) == []

    office.back_up()
    later = laptop.capture(2)
    receipt = laptop.sync().receipt

    assert (receipt.covered, receipt.facts) == (6, 10)
    assert covered(laptop) == keys(before)
    office.back_up()
    laptop.sync()
    assert covered(laptop) == keys(before, later)


def test_it_is_asked_for_only_when_there_is_something_to_learn(laptop: Laptop, way: Way) -> None:
    laptop.capture(2)
    laptop.sync()
    assert "covered" not in way.calls
    way.office.back_up()
    laptop.sync()
    assert way.calls.count("covered") == 1

    laptop.sync()

    assert way.calls.count("covered") == 1


def test_many_records_are_asked_for_page_by_page(
    laptop: Laptop, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    captured = laptop.capture(8)
    laptop.sync()
    way.office.back_up()
    monkeypatch.setattr("stojnica.storage.outbox.uncovered.__defaults__", (5,))

    laptop.sync()

    assert way.calls.count("covered") == 4
    assert covered(laptop) == keys(captured)


def test_i08_a_restored_centre_covers_nothing_until_its_next_backup(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    captured = laptop.capture(2)
    laptop.sync()
    backup = office.back_up()
    laptop.capture(1)
    laptop.sync()
    assert covered(laptop) == keys(captured)

    office.restore(backup)
    assert laptop.sync().is_centre_changed

    assert covered(laptop) == []
    office.back_up()
    laptop.sync()
    assert len(covered(laptop)) == 6


def test_an_answer_about_other_records_is_nonsense(laptop: Laptop, way: Way) -> None:
    assert isinstance(way.office, MemoryCentre)
    laptop.capture(1)
    laptop.sync()
    way.office.back_up()
    stranger = [(uuid4(), bytes(32))]
    way.alter = lambda name, answer: stranger if name == "covered" else answer

    assert fault_of(laptop).code == "nonsense"
    assert covered(laptop) == []
