"""Who no longer comes leaves the roll of a laptop, with their PIN; who is here, or comes again, stays."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.offices import Office
from tests.sync.purging import delivered_and_covered
from tests.sync.team_days import HOUR_US, NAMES_DAYS, Stand, play_day
from tests.unit.test_contact_unfinished import decrypted

from stojnica.services.stand import OPERATOR, choose_operator
from stojnica.services.team import add_member, end_shift, start_shift
from stojnica.storage.memory import recall


@pytest.fixture
def stand(fleet: Fleet, office: Office) -> Stand:
    """Give a day that was played at each kind of office."""
    return play_day(fleet, office)


def test_i02_whoever_is_on_a_shift_that_goes_on_keeps_the_name(stand: Stand) -> None:
    start_shift(stand.laptop.store, stand.luka.member_id).result()
    delivered_and_covered(stand.laptop, stand.way, stand.days)

    stand.pass_days(1_000)

    assert "shift" in stand.anywhere("Luka Ž.")
    assert stand.roll() == ["Luka Ž."]
    end_shift(stand.laptop.store, stand.luka.member_id).result()


def test_who_leaves_the_shifts_leaves_the_list_with_the_pin_and_who_comes_again_stays(stand: Stand) -> None:
    # Given that Luka, who was in the list for the first time, never came until now
    store = stand.laptop.store
    assert not stand.pass_days(100)
    start_shift(store, stand.luka.member_id).result()
    stand.clock.at_us += HOUR_US
    end_shift(store, stand.luka.member_id).result()
    delivered_and_covered(stand.laptop, stand.way, stand.days)

    # When Maja's days are over, and then Luka's
    first = stand.pass_days(NAMES_DAYS - 100)
    after_first = stand.roll()
    pins = store.read(lambda one: len(recall(one, "member_pins"))).result()
    second = stand.pass_days(100)

    # Then each leaves at the own time
    assert (first.members, after_first, pins) == (1, ["Luka Ž."], 1)
    assert (second.members, stand.roll()) == (1, [])
    assert store.read(lambda one: recall(one, "member_pins")).result() == {}
    assert store.read(lambda one: recall(one, OPERATOR, "")).result() == ""
    assert stand.anywhere("Luka") == []


def test_who_never_came_has_the_days_from_when_they_were_first_seen(stand: Stand) -> None:
    # Given Luka, who was seen in the list on the tenth day, and Ana, who was on the thirtieth
    stand.pass_days(10)
    new = add_member(stand.laptop.store, "Ana", "Č", is_experienced=False, work="content").result()
    stand.pass_days(20)

    # When nobody of them comes
    stand.pass_days(NAMES_DAYS - 21)
    before = stand.roll()
    stand.pass_days(1)
    between = stand.roll()
    stand.pass_days(20)

    # Then each has had the same days
    assert (before, between, stand.roll()) == ([new.name, "Luka Ž."], [new.name], [])


def test_a_name_that_was_typed_at_the_keyboard_goes_as_one_who_never_came(stand: Stand) -> None:
    choose_operator(stand.laptop.store, "Žiga").result()
    stand.pass_days(1)

    stand.pass_days(NAMES_DAYS - 1)
    before = stand.anywhere("Žiga")
    stand.pass_days(1)

    assert (before, stand.anywhere("Žiga")) == (["setting"], [])


def test_i02_a_typed_name_that_leaves_alone_is_in_no_page_of_the_log_either(stand: Stand) -> None:
    # Given a laptop that everybody else has left
    stand.pass_days(1)
    stand.pass_days(2 * NAMES_DAYS)
    assert stand.roll() == []
    choose_operator(stand.laptop.store, "Žiga").result()
    stand.pass_days(1)

    stand.pass_days(NAMES_DAYS)

    laptop = stand.laptop
    assert "Žiga".encode() not in decrypted(laptop.store.path, laptop.opened.key)
