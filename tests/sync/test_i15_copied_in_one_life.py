"""I15: a copied file goes on in the same life; who signs up there before it hears of an order is old."""

from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import PostgresOffice, Way
from tests.sync.test_i15_late_under_another_id import WHO, newest
from tests.sync.test_i15_no_copy_holds_the_erased import visit

from stojnica.central.erase import erase
from stojnica.domain.fact import StoredFact
from stojnica.storage.heard_orders import heard_orders
from stojnica.sync.faults import interrupted

pytestmark = pytest.mark.server


def copied_before_an_order(
    office: PostgresOffice, keys_dir: Path, fleet: Fleet
) -> tuple[Laptop, Laptop, list[StoredFact], Way]:
    """Give a laptop that heard of an order, and its copy, where the person signs up without hearing of it."""
    way = Way(office)
    laptop = fleet(Way(office), "Stand 1")
    stays = laptop.capture(first_name="Ana", email="ana@example.org")
    laptop.sync()
    copied = fleet.clone(laptop)
    copied.connect = way
    erase(office.url, WHO, keys_dir=keys_dir, may_be_nobody=True)
    laptop.sync()
    visit(copied)
    return laptop, copied, stays, way


def test_i15_a_copy_that_hears_of_an_order_after_its_twin_passes_nobody_old_as_new(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a person who signed up on a copy after its twin had heard of the order about them
    _laptop, copied, stays, _way = copied_before_an_order(server_office, organisation_keys, fleet)

    # When the copy sends, whenever the office adds up, and hears what came of it
    copied.sync()
    server_office.project()
    copied.sync()

    # Then they are nowhere
    assert copied.facts() == server_office.facts() == keys(stays)
    assert server_office.people() == [stays[0].fact.subject_id]
    assert (newest(server_office).late, newest(server_office).open) == (1, ())
    assert copied.sync().is_complete


def test_i15_what_was_added_up_before_the_copy_hears_goes_all_the_same(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given an office that adds up just when the copy has delivered
    _laptop, copied, stays, way = copied_before_an_order(server_office, organisation_keys, fleet)
    way.after = lambda name: server_office.project() if name == "push" else None

    # When the copy hears of the order only then
    copied.sync()

    # Then the office sees them no more
    assert server_office.people() == [stays[0].fact.subject_id]


def test_i09_who_signs_up_again_where_the_order_was_heard_stays_beside_the_copy(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given that they sign up again by their own will on the laptop that had heard, with the same numbers
    laptop, copied, stays, _way = copied_before_an_order(server_office, organisation_keys, fleet)
    again = visit(laptop)
    held = laptop.facts()

    # When the copy sends first, and then the laptop
    copied.sync()
    laptop.sync()
    for one in (copied, laptop):
        server_office.project()
        one.sync()

    # Then only what is old has gone
    assert server_office.people() == sorted([stays[0].fact.subject_id, again])
    assert laptop.facts() == held
    assert copied.facts() == keys(stays)


@pytest.mark.parametrize("call", ["erase_heard", "erase_heard_before", "erase_old", "erased"])
@pytest.mark.parametrize("is_lost_before", [False, True])
def test_i15_a_line_that_breaks_while_the_copy_says_so_leaves_nothing_undone(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet, call: str, is_lost_before: bool
) -> None:
    _laptop, copied, stays, way = copied_before_an_order(server_office, organisation_keys, fleet)

    def break_off(name: str) -> None:
        if name == call:
            way.be_sound()
            raise interrupted("test")

    if is_lost_before:
        way.before = break_off
    else:
        way.after = break_off
    fault_of(copied)
    copied.sync()

    assert server_office.people() == [stays[0].fact.subject_id]
    assert copied.store.read(heard_orders).result() == ()


def test_i15_what_the_office_takes_only_another_day_is_old_as_well(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    _laptop, copied, stays, _way = copied_before_an_order(server_office, organisation_keys, fleet)
    device_id = copied.credentials().device_id

    server_office.limit(device_id, 0)
    copied.sync()
    server_office.limit(device_id, 1_000)
    copied.sync()

    assert server_office.people() == [stays[0].fact.subject_id]


def test_i13_an_office_from_before_is_told_as_much_as_it_understands(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    for name in ("erase_heard_before(uuid, uuid[])", "erase_old(uuid, uuid[])"):
        server_office.rows(f"DROP FUNCTION api.{name}")

    laptop.sync()

    assert newest(server_office).done == ("Stand 1",)


def test_a_laptop_without_a_copy_names_nobody(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    way = Way(server_office)
    laptop = fleet(way)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)

    laptop.sync()

    assert "erase_heard" in way.calls
    assert "erase_old" not in way.calls


def test_i15_a_centre_that_goes_back_to_a_backup_still_knows_what_the_copy_named_as_old(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a backup from before the copy sent, and a copy that has said all it has to say
    _laptop, copied, stays, _way = copied_before_an_order(server_office, organisation_keys, fleet)
    backup = server_office.back_up()
    copied.sync()

    # When the centre goes back to it, with the list beside it, and the copy delivers once more
    server_office.restore_with_list(backup)
    copied.sync()

    # Then nobody is back
    assert server_office.people() == [stays[0].fact.subject_id]
