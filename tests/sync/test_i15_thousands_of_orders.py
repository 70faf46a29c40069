"""I15, M35: after thousands of orders the next one is heard of at once, and none of the old ones again."""

from collections.abc import Iterable
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, keys
from tests.sync.offices import Way

from stojnica.central.signing import sign_erase_order
from stojnica.domain.erase_order import EraseOrder
from stojnica.storage.heard_orders import note_late_done
from stojnica.storage.memory import remember
from stojnica.storage.orders_done import DONE, note_done, orders_done
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.faults import Fate, SyncError
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import MOST_KNOWN, SignedOrder, Transport

KEY = Ed25519PrivateKey.generate()
MANY = 8_000


@pytest.fixture
def laptop(fleet: Fleet, memory_office: MemoryCentre) -> Laptop:
    """Give an enrolled laptop."""
    laptop = fleet(Way(memory_office), is_enrolled=False)
    laptop.enrol(memory_office.enrol("Stand 1", signing_key=KEY.public_key().public_bytes_raw()))
    return laptop


def done_before(laptop: Laptop, office: MemoryCentre, number: int) -> list[UUID]:
    """Have an office give orders that the laptop carried out; whoever gets one again can't read it."""
    orders = [uuid4() for _number in range(number)]
    for order_id in orders:
        office.order(SignedOrder(order_id, b"carried out long ago", b""))
    note(laptop, orders)
    return orders


def note(laptop: Laptop, orders: Iterable[UUID]) -> None:
    def job(unit: UnitOfWork) -> None:
        for order_id in orders:
            note_done(unit.connection, order_id)
        unit.commit()

    laptop.store.write(job).result(timeout=60)


def order_next(office: MemoryCentre, *subjects: UUID) -> UUID:
    order = EraseOrder(uuid4(), office.branch_id, MANY + 1, subjects, ())
    office.order(SignedOrder(order.order_id, order.body(), sign_erase_order(KEY, order.body())))
    return order.order_id


def test_i15_after_eight_thousand_orders_the_next_one_is_carried_out_in_the_next_sync(
    laptop: Laptop, memory_office: MemoryCentre
) -> None:
    # Given a laptop that carried eight thousand orders out, and somebody who is to be erased now
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    done_before(laptop, memory_office, MANY)
    order_id = order_next(memory_office, gone[0].fact.subject_id)

    # When it is sent
    result = laptop.sync()

    # Then that person is gone, and no old order came again
    assert result.is_complete
    assert laptop.facts() == keys(stays)
    carried_out = memory_office.contents.devices[laptop.credentials().device_id].carried_out
    assert list(carried_out) == [order_id]
    assert laptop.store.read(orders_done).result()[-1] == order_id


def test_i15_with_thousands_who_went_late_beside_them_the_centre_is_not_told_too_much(
    laptop: Laptop, memory_office: MemoryCentre
) -> None:
    gone = laptop.capture()
    laptop.sync()
    done_before(laptop, memory_office, MANY)

    def go_late(unit: UnitOfWork) -> None:
        note_late_done(unit.connection, [uuid4() for _number in range(4_000)])
        unit.commit()

    laptop.store.write(go_late).result(timeout=60)
    order_next(memory_office, gone[0].fact.subject_id)

    assert laptop.sync().is_complete

    assert laptop.facts() == []


def test_what_an_earlier_version_noted_stays_noted_and_nothing_twice(laptop: Laptop) -> None:
    # Given the one list of earlier versions
    earlier = [uuid4() for _number in range(5_000)]

    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, DONE, [str(one) for one in earlier])
        unit.commit()

    laptop.store.write(keep).result(timeout=60)
    new = [uuid4() for _number in range(600)]

    note(laptop, [*new, earlier[0], new[0], new[-1]])

    assert laptop.store.read(orders_done).result() == [*earlier, *new]


def test_no_centre_lets_itself_be_told_more_than_is_sent(line: Transport) -> None:
    known = [uuid4() for _number in range(MOST_KNOWN + 1)]

    assert line.erase_orders(known[:MOST_KNOWN]) == []
    with pytest.raises(SyncError) as caught:
        line.erase_orders(known)

    assert caught.value.fate is Fate.CONTENT
