"""I15: a copy from before somebody was erased on the spot is opened, and doesn't bring them back."""

from dataclasses import replace
from pathlib import Path

from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop, keys
from tests.sync.offices import Office, Way

from stojnica.domain.fact import StoredFact
from stojnica.services.copies import CopyKeeper
from stojnica.services.copy_settings import choose_copy_place
from stojnica.services.erasing import erase_contacts
from stojnica.services.restore import restore_by_passphrase
from stojnica.storage.erase_orders import allow_order, waiting_orders
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.unit import UnitOfWork


def delivered_and_copied(
    fleet: Fleet, way: Way, contacts: int, folder: Path
) -> tuple[Laptop, list[StoredFact]]:
    laptop = fleet(way)
    facts = laptop.capture(contacts)
    laptop.sync()
    folder.mkdir()
    choose_copy_place(laptop.store, folder)
    assert CopyKeeper(laptop.opened).copy().faults == ()
    return laptop, facts


def opened_again(fleet: Fleet, laptop: Laptop, copy: Path) -> Laptop:
    folder = fleet.folder()
    restore_by_passphrase(copy, folder, PASSPHRASE)
    other = replace(laptop, opened=unlock_store(StoreHome(folder), PASSPHRASE))
    fleet._laptops.append(other)
    return other


def erase_on_the_spot(laptop: Laptop, facts: list[StoredFact]) -> None:
    erase_contacts(laptop.store, tuple(dict.fromkeys(item.fact.subject_id for item in facts))).result()
    laptop.sync()


def test_i15_who_was_erased_since_the_copy_was_made_goes_from_it_too(
    fleet: Fleet, office: Office, tmp_path: Path
) -> None:
    # Given a copy, and somebody who was erased on the laptop itself afterwards
    laptop, facts = delivered_and_copied(fleet, Way(office), 3, tmp_path / "stick")
    gone, stay = facts[:2], facts[2:]
    erase_on_the_spot(laptop, gone)

    # When the copy is opened elsewhere, and sent
    other = opened_again(fleet, laptop, tmp_path / "stick")
    result = other.sync()

    # Then they are gone there, everybody else is where they were, and the first receipt says so already
    assert other.facts() == office.facts() == keys(stay)
    assert result.receipt.contacts == result.contacts == 2
    assert result.is_complete


def test_i15_what_would_take_much_of_a_copy_waits_for_a_yes(fleet: Fleet, way: Way, tmp_path: Path) -> None:
    # Given a copy of which the centre says that a third was erased
    laptop, facts = delivered_and_copied(fleet, way, 60, tmp_path / "stick")
    gone, stay = facts[:40], facts[40:]
    erase_on_the_spot(laptop, gone)
    other = opened_again(fleet, laptop, tmp_path / "stick")

    # When it is sent, and sent again after a person agreed
    other.sync()
    (waiting,) = other.store.read(waiting_orders).result()
    before = other.facts()

    def agree(unit: UnitOfWork) -> None:
        allow_order(unit, waiting.order_id)
        unit.commit()

    other.store.write(agree).result()
    other.sync()

    # Then nothing went by the centre's word alone, and all of it after the yes
    assert waiting.persons == 20
    assert before == keys(facts)
    assert other.facts() == keys(stay)
    assert other.store.read(waiting_orders).result() == []


def test_i15_a_laptop_that_is_no_copy_never_asks(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way)
    laptop.capture(2)
    laptop.sync()
    pushed = len(way.pushed)

    laptop.sync()

    assert len(way.pushed) == pushed
