"""I15, I2: somebody left a laptop by retention, and is erased later: copies from before still have them."""

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop, keys
from tests.sync.purging import DAYS, OfficeClock, decide, delivered_and_covered, purge
from tests.sync.test_i15_no_copy_holds_the_erased import PERSON, engine_of, files_with_the_person, stick_of
from tests.sync.test_m35_orders_of_the_office import enrolled, give, order_for, said

from stojnica.domain.erase_order import EraseOrder
from stojnica.domain.fact import StoredFact
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copies_in_short
from stojnica.services.restore import restore_by_passphrase
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_contents import Contents


@dataclass
class Purged:
    """Hold a laptop from which a person was purged, while its copies, here and on a stick, have them."""

    office: MemoryCentre
    laptop: Laptop
    keeper: CopyKeeper
    stick: Path
    person: list[StoredFact]
    stays: list[StoredFact]
    backup_without: Contents

    def order(self) -> EraseOrder:
        """Let the office order the person to be erased."""
        order = order_for(self.office, self.person)
        give(self.office, order)
        return order

    def with_the_person(self) -> list[str]:
        return files_with_the_person(self.laptop, self.laptop.folder, self.stick)

    def said(self) -> dict[UUID, tuple[int, bool]]:
        return dict(said(self.office, self.laptop))


@pytest.fixture
def purged(fleet: Fleet, memory_office: MemoryCentre, tmp_path: Path) -> Purged:
    """Give one."""
    laptop, way = enrolled(fleet, memory_office)
    days = OfficeClock().rule(way)
    decide(laptop)
    stick = stick_of(laptop, tmp_path)
    keeper = CopyKeeper(laptop.opened)
    backup_without = memory_office.back_up()
    person = laptop.capture(**PERSON)
    delivered_and_covered(laptop, way, days)
    assert keeper.copy().faults == ()
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 1
    stays = laptop.capture(25, first_name="Ana")
    laptop.sync()
    return Purged(memory_office, laptop, keeper, stick, person, stays, backup_without)


def test_i15_the_order_reaches_the_copies_from_before_the_purge(purged: Purged) -> None:
    before = purged.with_the_person()

    order = purged.order()
    result = engine_of(purged.laptop, purged.keeper).run()

    assert len(before) == 2
    assert purged.with_the_person() == []
    assert purged.said() == {order.order_id: (0, True)}
    assert (result.is_complete, result.missed) == (True, 0)
    assert purged.laptop.facts() == keys(purged.stays)


def test_i15_a_stick_with_such_a_copy_that_was_away_is_told_of_and_goes_when_it_is_back(
    purged: Purged,
) -> None:
    # Given the stick at somebody's home
    away = purged.stick.rename(purged.stick.with_name("at-home"))
    order = purged.order()
    engine = engine_of(purged.laptop, purged.keeper)

    # When the order is carried out without it, and again when it is back
    engine.run()
    without = purged.said()
    told = purged.laptop.store.read(copies_in_short).result().holds_erased
    away.rename(purged.stick)
    engine.run()

    # Then the laptop and the office say that a copy is left, and then that none is
    assert without == {order.order_id: (0, False)}
    assert told == str(purged.stick / "Stojnica")
    assert purged.said() == {order.order_id: (0, True)}
    assert purged.with_the_person() == []


@pytest.mark.parametrize("is_ordered_before", [True, False])
def test_i15_such_a_copy_opened_on_another_laptop_obeys_the_order_too(
    fleet: Fleet, purged: Purged, is_ordered_before: bool
) -> None:
    # Given a laptop that was made from the copy, before the order or after it
    if is_ordered_before:
        purged.order()
    folder = fleet.folder()
    restore_by_passphrase(purged.stick / "Stojnica", folder, PASSPHRASE)
    other = replace(purged.laptop, opened=unlock_store(StoreHome(folder), PASSPHRASE))
    fleet._laptops.append(other)
    # Enough others, so that one person is no reason to ask first.
    other.capture(25)
    assert set(keys(purged.person)) <= set(other.facts())
    if not is_ordered_before:
        purged.order()

    # When both send
    other_keeper = CopyKeeper(other.opened)
    assert engine_of(other, other_keeper).run().is_complete
    assert engine_of(purged.laptop, purged.keeper).run().is_complete

    # Then nobody has the person any more, and all others are everywhere
    assert files_with_the_person(other, other.folder) == []
    assert purged.with_the_person() == []
    assert not set(keys(purged.person)) & set(purged.office.facts())
    assert set(keys(purged.stays)) <= set(purged.office.facts())


def test_i15_i11_a_centre_set_back_behind_who_was_erased_misses_nothing(purged: Purged) -> None:
    # Given somebody who was purged here, and then erased by an order
    purged.order()
    orders = dict(purged.office.contents.orders)
    assert engine_of(purged.laptop, purged.keeper).run().is_complete

    # When the centre goes back to before that person came, with the list of who was erased
    purged.office.restore(purged.backup_without)
    purged.office.contents.orders |= orders
    for item in purged.person:
        purged.office.erase(item.fact.fact_id)
    result = engine_of(purged.laptop, purged.keeper).run()

    # Then all is confirmed: what is erased is missed by nobody
    assert (result.is_complete, result.missed) == (True, 0)
    assert set(purged.office.facts()) == set(keys(purged.stays))


def test_i15_without_an_erasure_copies_from_before_the_purge_stay(purged: Purged) -> None:
    assert purged.keeper.renew()

    assert len(purged.with_the_person()) == 2
