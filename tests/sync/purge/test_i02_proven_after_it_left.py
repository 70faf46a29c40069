"""I2, I8: after contacts have left, proofs, numbers and receipts are right, whatever the centre does."""

from pathlib import Path

import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, keys
from tests.sync.offices import Way
from tests.sync.purging import (
    DAYS,
    OfficeClock,
    decide,
    delivered_and_covered,
    delivered_and_old,
    look,
    purge,
    stubs,
)
from tests.sync.sticks import StickOffice

from stojnica.storage.outbox import MISSED, held, is_anything_held, waiting_count
from stojnica.storage.schema import PROJECTION, ensure_projection
from stojnica.storage.stubs import erased_stubs
from stojnica.storage.tables import ASIDE, PROVEN, SETTING, WAITING
from stojnica.storage.unit import UnitOfWork, branch_of


def test_i02_proof_counts_and_code_stay_right_after_it(laptop: Laptop, way: Way, days: OfficeClock) -> None:
    laptop.capture(3)
    delivered_and_covered(laptop, way, days)
    laptop.capture(2)
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 3

    result = laptop.sync()

    assert result.is_complete
    assert (result.contacts, result.receipt.contacts) == (5, 5)
    assert (result.facts, result.receipt.facts, result.receipt.extra, result.pushed) == (10, 10, 0, 0)
    assert result.receipt.code == way.office.last_code(laptop.credentials().device_id)
    assert way.office.owed(laptop.credentials().device_id) == 0
    assert laptop.unconfirmed().facts == 0
    assert not result.missed


def test_i02_nothing_is_told_to_the_centre_as_erased(laptop: Laptop, way: Way, days: OfficeClock) -> None:
    laptop.capture(2)
    delivered_and_old(laptop, way, days)
    before = way.office.facts()
    purge(laptop)
    way.calls.clear()

    laptop.sync()

    assert "erase" not in way.calls
    assert way.office.facts() == before
    assert laptop.store.read(lambda one: erased_stubs(one, branch_of(one))).result() == []


def test_i02_typed_rows_and_numbers_are_right_after_a_rebuild(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.capture(1)
    laptop.sync()
    purge(laptop)
    before = laptop.store.read(lambda one: held(one, branch_of(one))).result()

    def anew(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.delete(SETTING).where(SETTING.c.name == PROJECTION))
        ensure_projection(unit.connection)
        unit.commit()

    laptop.store.write(anew).result()

    assert laptop.store.read(lambda one: held(one, branch_of(one))).result() == before
    assert (before.contacts, before.facts) == (3, 6)
    assert laptop.store.read(lambda one: is_anything_held(one, branch_of(one))).result()


def test_i02_i08_a_centre_restored_from_the_backup_still_has_what_was_purged(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    laptop.capture(2)
    laptop.sync()
    backup = way.office.back_up()
    days.pass_days(1)
    laptop.capture(1)
    laptop.sync()
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 2

    way.office.restore(backup)
    result = laptop.sync()

    assert result.is_centre_changed
    assert (result.is_complete, result.missed, result.contacts) == (True, 0, 3)
    assert len(way.office.facts()) == 6


def test_i02_what_the_centre_lost_and_the_laptop_purged_is_told_and_nothing_runs_in_circles(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    # Given contacts that were purged, and a centre that is put back to before them: somebody lost the backup
    before = way.office.back_up()
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    good = way.office.back_up()
    days.pass_days(DAYS)
    stays = laptop.capture(1)
    laptop.sync()
    assert purge(laptop) == 2
    way.office.restore(before)

    # When the laptop sends
    result = laptop.sync()
    again = laptop.sync()

    # Then all else is proven, and what is missing is said
    assert way.office.facts() == keys(stays)
    assert (result.missed, again.missed) == (4, 4)
    assert (result.receipt.facts, result.facts, result.is_complete) == (2, 6, False)
    assert laptop.unconfirmed().facts == 4
    assert set(laptop.reasons().values()) == {MISSED}
    assert laptop.store.read(waiting_count).result() == 0
    assert len(laptop.in_state(ASIDE)) == 4

    # And a better backup heals it without anybody's help
    way.office.restore(good)
    assert laptop.sync().is_complete
    assert laptop.unconfirmed().facts == 0


def test_i02_a_laptop_that_is_enrolled_anew_is_not_asked_for_what_it_purged_before(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.capture(1)
    laptop.sync()
    assert purge(laptop) == 2

    laptop.enrol(way.office.enrol("Stand 1, once more"))
    result = laptop.sync()

    assert (result.is_complete, result.missed) == (True, 0)
    assert (result.contacts, result.facts) == (3, 2)
    assert len(way.office.facts()) == 6


def test_i02_a_receipt_of_a_stick_counts_for_what_was_purged_since(
    way: Way, fleet: Fleet, organisation_keys: Path, tmp_path: Path, days: OfficeClock
) -> None:
    # Given a stick with a purged contact in it, whose receipt comes late
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = StickOffice(way.office, organisation_keys, stick)
    laptop = desk.laptop(fleet)
    laptop.connect = way
    decide(laptop)
    laptop.capture(2)
    path = desk.export(laptop)
    delivered_and_old(laptop, way, days)
    assert purge(laptop) == 2

    received = desk.close_the_loop(laptop, path)

    assert (received.facts, received.of_facts) == (4, 4)
    assert laptop.sync().is_complete
    assert len(stubs(laptop)) == 4


def test_i02_what_came_on_a_stick_has_its_days_from_the_next_proof_over_a_line(
    way: Way, fleet: Fleet, organisation_keys: Path, tmp_path: Path, days: OfficeClock
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = StickOffice(way.office, organisation_keys, stick)
    laptop = desk.laptop(fleet)
    laptop.connect = way
    decide(laptop)
    laptop.capture(1)
    desk.close_the_loop(laptop, desk.export(laptop))
    way.office.back_up()
    assert look(laptop).plan.unproven == 1

    days.pass_days(100)
    laptop.sync()
    assert purge(laptop) == 0
    days.pass_days(DAYS - 1)
    laptop.sync()
    assert purge(laptop) == 0
    days.pass_days(1)
    laptop.sync()

    assert purge(laptop) == 1
    assert len(laptop.in_state(PROVEN)) == 2
    assert laptop.in_state(WAITING) == []
