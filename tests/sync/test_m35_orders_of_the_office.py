"""M35, I15: the office orders somebody to be erased; each laptop does it, and says so."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import Way
from tests.sync.purging import OfficeClock, decide, delivered_and_old, look, purge

from stojnica.central.signing import sign_briefing, sign_erase_order
from stojnica.domain import kinds
from stojnica.domain.erase_order import EraseOrder, needs_a_yes, order_from
from stojnica.domain.fact import StoredFact
from stojnica.domain.likeness import SAME, Likeness
from stojnica.i18n import speaking
from stojnica.services.leaving import leaving_lines
from stojnica.services.send_words import lines_of
from stojnica.storage.erase_orders import allow_order, waiting_orders
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.engine import SyncEngine
from stojnica.sync.faults import interrupted
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import SignedOrder

KEY = Ed25519PrivateKey.generate()


def enrolled(fleet: Fleet, centre: MemoryCentre, name: str = "Stand 1") -> tuple[Laptop, Way]:
    way = Way(centre)
    laptop = fleet(way, is_enrolled=False)
    laptop.enrol(centre.enrol(name, signing_key=KEY.public_key().public_bytes_raw()))
    return laptop, way


def order_for(centre: MemoryCentre, *persons: list[StoredFact], **changes: Any) -> EraseOrder:
    values: dict[str, Any] = {
        "order_id": uuid4(),
        "branch_id": centre.branch_id,
        "number": 1,
        "subjects": tuple(facts[0].fact.subject_id for facts in persons),
        "facts": tuple(keys(*persons)),
    }
    return EraseOrder(**(values | changes))


def give(centre: MemoryCentre, order: EraseOrder, key: Ed25519PrivateKey = KEY) -> None:
    """Do at the centre what the office does: bodies away, tombstones, the order for all."""
    for fact_id, _hash in order.facts:
        centre.erase(fact_id)
    centre.order(SignedOrder(order.order_id, order.body(), sign_erase_order(key, order.body())))


def said(centre: MemoryCentre, laptop: Laptop) -> dict[UUID, tuple[int, bool]]:
    return centre.contents.devices[laptop.credentials().device_id].carried_out


def test_m35_a_laptop_erases_what_the_office_orders_and_says_so(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    order = order_for(memory_office, gone)
    give(memory_office, order)

    first = laptop.sync()
    second = laptop.sync()

    assert laptop.facts() == keys(stays)
    assert said(memory_office, laptop) == {order.order_id: (2, False)}
    assert first.receipt.code == second.receipt.code
    assert second.is_complete


def test_m35_what_the_office_never_heard_of_the_person_goes_as_well(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    gone = laptop.capture()
    laptop.sync()
    give(memory_office, order_for(memory_office, gone))

    def correct(unit: UnitOfWork) -> None:
        unit.record(kinds.CORRECTED, gone[0].fact.subject_id, {"first_name": "Žana-Marija"})
        unit.commit()

    laptop.store.write(correct).result()
    laptop.sync()
    result = laptop.sync()

    assert laptop.facts() == []
    assert memory_office.facts() == []
    assert result.is_complete


def test_m35_a_laptop_that_has_nothing_of_the_person_says_so_too(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    first, _way = enrolled(fleet, memory_office)
    second, _other_way = enrolled(fleet, memory_office, "Stand 2")
    gone = first.capture()
    first.sync()
    order = order_for(memory_office, gone)
    give(memory_office, order)

    second.sync()

    assert said(memory_office, second) == {order.order_id: (0, True)}


@pytest.mark.parametrize("is_lost_before", [False, True])
def test_m35_a_line_that_breaks_at_the_confirmation_leaves_nothing_undone(
    fleet: Fleet, memory_office: MemoryCentre, is_lost_before: bool
) -> None:
    laptop, way = enrolled(fleet, memory_office)
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    order = order_for(memory_office, gone)
    give(memory_office, order)

    def break_off(name: str) -> None:
        if name == "erased":
            way.be_sound()
            raise interrupted("test")

    if is_lost_before:
        way.before = break_off
    else:
        way.after = break_off
    fault_of(laptop)
    laptop.sync()

    assert laptop.facts() == keys(stays)
    assert set(said(memory_office, laptop)) == {order.order_id}


@pytest.mark.parametrize("fault", ["key", "briefing", "branch", "id", "text"])
def test_m31_an_order_that_is_not_the_organisations_own_erases_nothing(
    fleet: Fleet, memory_office: MemoryCentre, fault: str
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    facts = laptop.capture()
    laptop.sync()
    changes = {"branch_id": uuid4()} if fault == "branch" else {}
    order = order_for(memory_office, facts, **changes)
    body = b"[]" if fault == "text" else order.body()
    signature = {
        "key": sign_erase_order(Ed25519PrivateKey.generate(), body),
        "briefing": sign_briefing(KEY, body),
    }.get(fault, sign_erase_order(KEY, body))
    order_id = uuid4() if fault == "id" else order.order_id
    memory_office.order(SignedOrder(order_id, body, signature))

    found = fault_of(laptop)

    assert found.code == "forged_briefing"
    assert laptop.facts() == keys(facts)
    assert said(memory_office, laptop) == {}


def test_m35_an_order_over_five_percent_waits_for_a_yes_at_the_laptop(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    persons = [laptop.capture() for _number in range(12)]
    laptop.sync()
    order = order_for(memory_office, *persons[:11])
    give(memory_office, order)

    laptop.sync()
    waiting = laptop.store.read(waiting_orders).result()
    before = len(laptop.facts())

    def say_yes(unit: UnitOfWork) -> None:
        allow_order(unit, order.order_id)
        unit.commit()

    laptop.store.write(say_yes).result()
    result = laptop.sync()

    with speaking("sl"):
        told = {line.label: line.value for line in lines_of(result)}
    assert told["Izbrisano po nalogu pisarne"] == "22 zapisov"
    assert [(one.persons, one.records) for one in waiting] == [(11, 22)]
    assert before == 24
    assert len(laptop.facts()) == 2
    assert laptop.store.read(waiting_orders).result() == []
    assert said(memory_office, laptop)[order.order_id][0] == 22


def test_m35_while_an_order_waits_no_backup_is_blamed_for_what_stays(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    laptop, way = enrolled(fleet, memory_office)
    clock = OfficeClock().rule(way)
    decide(laptop)
    persons = [laptop.capture() for _number in range(12)]
    laptop.sync()
    way.office.back_up()
    order = order_for(memory_office, *persons[:11])
    give(memory_office, order)
    clock.pass_days(0.01)

    laptop.sync()
    asked = look(laptop)
    with speaking("en"):
        first, *others = leaving_lines(asked, "Europe/Ljubljana")

    assert first == "11 contacts stay only until somebody agrees to erase them, as the office asks."
    assert not [line for line in others if "backup" in line or "confirmed them" in line], others
    assert (asked.asked, asked.agreed, asked.plan.contacts) == (11, 0, 12)

    def say_yes(unit: UnitOfWork) -> None:
        allow_order(unit, order.order_id)
        unit.commit()

    laptop.store.write(say_yes).result()
    assert (look(laptop).asked, look(laptop).agreed) == (0, 11)
    laptop.sync()
    assert (look(laptop).asked, look(laptop).agreed, look(laptop).plan.contacts) == (0, 0, 1)


def test_five_percent_is_counted_by_records_and_a_handful_is_always_allowed() -> None:
    assert not needs_a_yes(20, 20)
    assert needs_a_yes(21, 100)
    assert not needs_a_yes(21, 420)
    assert needs_a_yes(22, 439)


def test_an_order_is_read_back_as_it_was_written(memory_office: MemoryCentre) -> None:
    order = order_for(memory_office, number=7, facts=((uuid4(), bytes(32)),), subjects=(uuid4(),))

    assert order_from(order.body()) == order


def test_copies_are_renewed_once_and_the_office_hears_of_it(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    laptop, _way = enrolled(fleet, memory_office)
    gone = laptop.capture()
    laptop.sync()
    order = order_for(memory_office, gone)
    give(memory_office, order)
    renewed: list[bool] = []

    def renew() -> bool:
        renewed.append(True)
        return True

    engine = SyncEngine(laptop.store, laptop.connect, attempts=1, renew_copies=renew)
    engine.run()
    engine.run()

    assert renewed == [True]
    assert said(memory_office, laptop) == {order.order_id: (2, True)}


# With a real database, from the office's own verb.


def compare(unit: UnitOfWork, newer: UUID, older: UUID) -> None:
    unit.record(kinds.COMPARED, newer, Likeness(older, SAME, ("email",)).data())
    unit.commit()


def test_i15_an_order_for_somebody_who_has_left_the_laptop_still_renews_its_copies(
    fleet: Fleet, memory_office: MemoryCentre
) -> None:
    # Given a contact that was purged, while copies from before still have it
    laptop, way = enrolled(fleet, memory_office)
    days = OfficeClock().rule(way)
    decide(laptop)
    gone = laptop.capture()
    delivered_and_old(laptop, way, days)
    assert purge(laptop) == 1
    # Somebody else was found to be the same person before, and is still here.
    stays = laptop.capture()
    laptop.store.write(lambda unit: compare(unit, stays[0].fact.subject_id, gone[0].fact.subject_id)).result()
    laptop.sync()
    renewed: list[bool] = []

    def renew() -> bool:
        renewed.append(True)
        return True

    # When the office has this person erased
    order = order_for(memory_office, gone)
    give(memory_office, order)
    engine = SyncEngine(laptop.store, laptop.connect, attempts=1, renew_copies=renew)
    result = engine.run()

    # Then nothing is left of them anywhere, and the proof is whole
    assert renewed == [True]
    assert said(memory_office, laptop) == {order.order_id: (1, True)}
    assert laptop.facts() == keys(stays)
    assert (result.is_complete, result.missed) == (True, 0)
