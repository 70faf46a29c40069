"""Files from sticks come twice, late, out of order or unfinished; the centre holds each record once."""

from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import keys
from tests.sync.offices import Office
from tests.sync.sticks import StickOffice, opened, sealed

from stojnica.domain.errors import UserFacingError
from stojnica.storage.tables import ASIDE, PROVEN, WAITING
from stojnica.sync.stick_receipt import receive


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office, in memory and with a real database, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


def test_m29_a_file_taken_in_twice_changes_nothing(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(2)
    path = desk.export(laptop)

    first, again = desk.take_in(path), desk.take_in(path)

    assert (first.stored, first.present) == (4, 0)
    assert (again.stored, again.present) == (0, 4)
    assert desk.office.facts() == laptop.facts()
    assert sorted(desk.office.waiting()) == laptop.facts()


def test_i03_files_in_any_order_and_a_line_between_show_each_record_once(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    first = desk.export(laptop)
    laptop.capture(1)
    second = desk.export(laptop)
    laptop.capture(1)

    desk.take_in(second)
    laptop.sync()
    desk.take_in(first)

    assert desk.office.facts() == laptop.facts()
    assert sorted(desk.office.waiting()) == laptop.facts()


def test_m29_receipts_in_any_order_confirm_everything(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    first = desk.export(laptop)
    laptop.capture(1)
    second = desk.export(laptop)
    receipts = [desk.receipt(first), desk.receipt(second)]

    for data in [*reversed(receipts), *receipts]:
        receive(laptop.store, data)

    assert laptop.in_state(PROVEN) == laptop.facts()


def test_m29_a_file_without_its_end_is_refused_in_words_and_nothing_of_it_taken(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(300)
    content = opened(desk.export(laptop), desk.keys)
    cut = content[: len(content) - 101]

    with pytest.raises(UserFacingError) as caught:
        desk.take_in(sealed(cut, desk.stick / "cut.stojnica", desk.keys))

    assert caught.value.code == "stick_incomplete"
    assert "pulled out too early" in caught.value.what
    assert desk.office.facts() == []


def test_i06_a_damaged_record_delays_no_other_and_stays_on_the_laptop(
    desk: StickOffice, fleet: Fleet
) -> None:
    from stojnica.records.facts import FACT

    laptop = desk.laptop(fleet)
    [bad, *_rest] = laptop.capture(2)
    laptop.execute(FACT.update().where(FACT.c.fact_id == bad.fact.fact_id).values(body=b"{}"))

    received = desk.close_the_loop(laptop, desk.export(laptop))

    assert (received.facts, received.of_facts) == (3, 4)
    assert laptop.in_state(ASIDE) == keys([bad])
    assert len(laptop.in_state(PROVEN)) == 3


def test_beyond_the_quota_of_the_day_the_rest_waits_and_the_same_file_brings_it_later(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(2)
    device = laptop.credentials().device_id
    path = desk.export(laptop)
    desk.office.limit(device, 0)

    received = desk.close_the_loop(laptop, path)
    waiting = len(laptop.in_state(WAITING))
    desk.office.limit(device, 1_000)
    later = desk.close_the_loop(laptop, path)

    assert (received.facts, waiting) == (0, 4)
    assert (later.facts, len(laptop.in_state(PROVEN))) == (4, 4)
