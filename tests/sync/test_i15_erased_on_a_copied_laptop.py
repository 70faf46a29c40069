"""I15: whom one of two copied laptops erased on the spot goes from the other one, too."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import Office, PostgresOffice, Way

from stojnica.central.signing import sign_erase_order, sign_erased
from stojnica.domain import kinds
from stojnica.domain.erase_order import EraseOrder
from stojnica.domain.fact import StoredFact
from stojnica.i18n import speaking
from stojnica.services.copies import CopyKeeper
from stojnica.services.erasing import erase_contacts
from stojnica.services.send_words import lines_of
from stojnica.storage.erase_orders import allow_order, waiting_orders
from stojnica.storage.made_copies import known_copies
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.faults import interrupted
from stojnica.sync.transport import SignedOrder


def copied(fleet: Fleet, way: Way, contacts: int = 3) -> tuple[Laptop, Laptop, list[StoredFact]]:
    """Give a laptop and a copy of its disk, both with contacts that the office has."""
    laptop = fleet(way)
    facts = laptop.capture(contacts)
    laptop.sync()
    other = fleet.clone(laptop)
    other.has_copies = True
    return laptop, other, facts


def erase_on_the_spot(laptop: Laptop, facts: list[StoredFact]) -> None:
    erase_contacts(laptop.store, tuple(dict.fromkeys(item.fact.subject_id for item in facts))).result()
    laptop.sync()


def test_i15_who_was_erased_on_the_first_one_goes_from_its_copy_and_the_copy_s_own_copies(
    fleet: Fleet, way: Way, office: Office
) -> None:
    # Given a copied laptop that knows more about somebody, and made a copy of its own
    way = Way(office)
    laptop, other, facts = copied(fleet, way)
    gone, stay = facts[:2], facts[2:]
    subject_id = gone[0].fact.subject_id

    def correct(unit: UnitOfWork) -> None:
        unit.record(kinds.CORRECTED, subject_id, {"remark": "Pride drugič"})
        unit.commit()

    other.store.write(correct).result()
    before = CopyKeeper(other.opened).copy().made

    # When they are erased on the first one, and the other one sends
    erase_on_the_spot(laptop, gone)
    result = other.sync()

    # Then they are nowhere, everybody else stays, and the first receipt says so already
    assert other.facts() == laptop.facts() == keys(stay)
    assert result.is_complete
    assert (result.erased, result.erased_alike, result.contacts) == (0, 3, 2)
    with speaking("sl"):
        told = {line.label: line.value for line in lines_of(result)}
    assert told["Izbrisano na kopiji tega računalnika, zato tudi tukaj"] == "3 zapisi"
    assert not any(one.path.exists() for one in before)
    assert other.store.read(known_copies).result() != list(before)


def test_i15_whichever_of_the_two_erases_the_other_one_hears_and_nothing_is_said_for_ever(
    fleet: Fleet, office: Office
) -> None:
    way = Way(office)
    laptop, other, facts = copied(fleet, way)
    erase_on_the_spot(other, facts[:2])
    laptop.sync()
    held = laptop.facts()
    erase_on_the_spot(laptop, facts[2:4])
    other.sync()
    way.calls.clear()

    for one in (laptop, other, laptop):
        assert one.sync().is_complete

    assert held == keys(facts[2:])
    assert laptop.facts() == other.facts() == keys(facts[4:])
    assert "state_erased" not in way.calls


def test_i15_what_would_take_much_waits_for_a_yes(fleet: Fleet, way: Way) -> None:
    # Given that a third of all contacts was erased on the first one
    laptop, other, facts = copied(fleet, way, 60)
    erase_on_the_spot(laptop, facts[:40])

    # When the other one sends, and again after a person agreed
    other.sync()
    (waiting,) = other.store.read(waiting_orders).result()
    before = other.facts()

    def agree(unit: UnitOfWork) -> None:
        allow_order(unit, waiting.order_id)
        unit.commit()

    other.store.write(agree).result()
    other.sync()

    # Then nothing went before the yes, and all of it after
    assert waiting.persons == 20
    assert before == keys(facts)
    assert other.facts() == keys(facts[40:])
    assert other.store.read(waiting_orders).result() == []


@pytest.mark.parametrize("lie", ["key", "order", "branch", "id", "nonsense", "large"])
def test_i02_no_word_of_the_server_alone_takes_anybody(fleet: Fleet, way: Way, lie: str) -> None:
    # Given a server that makes statements up
    laptop, _other, facts = copied(fleet, way)
    mine = Ed25519PrivateKey.from_private_bytes(laptop.credentials().device_key)
    key = mine if lie in ("branch", "id", "large") else Ed25519PrivateKey.generate()
    branch = uuid4() if lie == "branch" else laptop.credentials().branch_id
    statement = EraseOrder(uuid4(), branch, 0, (), tuple(keys(facts)))
    body = b"{" if lie == "nonsense" else statement.body() + (b" " * 200_000 if lie == "large" else b"")
    signature = (sign_erase_order if lie == "order" else sign_erased)(key, body)
    said = SignedOrder(UUID(int=7) if lie == "id" else statement.order_id, body, signature)
    way.alter = lambda name, answer: [said] if name == "stated_erased" else answer
    new = laptop.capture()

    # When the laptop sends
    result = laptop.sync()

    # Then nobody goes, and all that is new arrives
    assert laptop.facts() == keys(facts, new)
    assert (result.is_complete, result.erased_alike) == (True, 0)


@pytest.mark.parametrize("call", ["state_erased", "stated_erased"])
@pytest.mark.parametrize("is_lost_before", [False, True])
def test_i15_a_line_that_breaks_leaves_nothing_unsaid(
    fleet: Fleet, office: Office, call: str, is_lost_before: bool
) -> None:
    way = Way(office)
    laptop, other, facts = copied(fleet, way)
    erase_contacts(laptop.store, (facts[0].fact.subject_id,)).result()

    def break_off(name: str) -> None:
        if name == call:
            way.be_sound()
            raise interrupted("test")

    if is_lost_before:
        way.before = break_off
    else:
        way.after = break_off
    fault_of(laptop)
    laptop.sync()
    other.sync()

    assert other.facts() == keys(facts[2:])


@pytest.mark.parametrize("call", ["hello", "push", "prove", "stated_erased"])
def test_i15_who_is_erased_in_mid_sync_goes_from_a_file_of_before_though_no_sync_ends_again(
    fleet: Fleet, office: Office, call: str
) -> None:
    # Given a laptop whose line breaks as soon as the centre knows of somebody erased while it was sending
    way = Way(office)
    laptop, before, facts = copied(fleet, way)
    laptop.capture()

    def break_off(name: str) -> None:
        if name == call and way.calls.count("erase") == 0:
            erase_contacts(laptop.store, (facts[0].fact.subject_id,)).result()
        if name == "erase":
            way.be_sound()
            raise interrupted("test")

    way.calls.clear()
    way.after = break_off
    fault_of(laptop)

    # When it is never seen again, and the file of before goes on
    before.sync()

    assert keys(facts[:2])[0] not in office.facts()
    assert before.facts() == keys(facts[2:])


@pytest.mark.server
def test_i15_a_centre_that_goes_back_to_a_backup_still_tells_the_copy(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    way = Way(server_office)
    laptop, other, facts = copied(fleet, way)
    backup = server_office.back_up()
    erase_on_the_spot(laptop, facts[:2])
    server_office.restore_with_list(backup)

    other.sync()

    assert other.facts() == keys(facts[2:])


@pytest.mark.server
def test_i13_an_office_that_keeps_no_statements_gets_all_the_rest(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    way = Way(server_office)
    laptop, _other, facts = copied(fleet, way)
    for name in ("state_erased(uuid, bytea, bytea)", "stated_erased(uuid[])"):
        server_office.rows(f"DROP FUNCTION api.{name}")

    erase_on_the_spot(laptop, facts[:2])
    result = laptop.sync()

    assert result.is_complete
    assert server_office.facts() == keys(facts[2:])


@pytest.mark.server
def test_i14_another_laptop_hears_of_no_statement(fleet: Fleet, server_office: PostgresOffice) -> None:
    laptop, _other, facts = copied(fleet, Way(server_office))
    erase_on_the_spot(laptop, facts[:2])
    stranger = fleet(Way(server_office), "Stand 2")
    stranger.sync()

    line = server_office.connect(replace(stranger.credentials()))
    assert line.stated_erased([]) == []
    line.close()
