"""Copies, backups, wrong clocks and other databases: nothing is lost, nothing hidden, all of it reported."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import Office, Way

from stojnica.domain.clock import SetClock
from stojnica.storage.tables import ANSWERED, PROVEN, WAITING
from stojnica.sync.faults import Fate, interrupted
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.transport import Hello

HOUR_US = 3_600 * 1_000_000
YEAR_US = 365 * 86_400 * 1_000_000
NOW_US = 1_726_835_520_000_000


def test_i08_m17_a_centre_restored_from_a_backup_gets_everything_back(fleet: Fleet, office: Office) -> None:
    # Given a centre that goes back to before the last delivery
    first, second = fleet(Way(office), "Stand 1"), fleet(Way(office), "Stand 2")
    old = [first.capture(3), second.capture(2)]
    first.sync(), second.sync()
    backup = office.back_up()
    fresh = [first.capture(4), second.capture(1)]
    first.sync(), second.sync()
    office.restore(backup)
    assert office.facts() == keys(*old)

    # When each laptop syncs the next time
    results = [first.sync(), second.sync()]

    # Then all is there again, and it was told
    assert office.facts() == keys(*old, *fresh)
    assert [result.is_complete for result in results] == [True, True]
    assert [result.is_centre_changed for result in results] == [True, True]
    assert [result.repaired for result in results] == [8, 2]
    assert first.sync().is_centre_changed is False


def test_i08_a_centre_that_lost_what_came_since_the_last_greeting_gets_it_back(
    fleet: Fleet, office: Office
) -> None:
    # Given a backup whose count is the one that the centre gave in its last greeting
    laptop = fleet(Way(office))
    old = laptop.capture(1)
    laptop.sync()
    backup = office.back_up()
    fresh = laptop.capture(2)
    laptop.sync()
    office.restore(backup)

    result = laptop.sync()

    assert office.facts() == keys(old, fresh)
    assert (result.is_complete, result.is_centre_changed, result.repaired) == (True, True, 4)


def test_i08_until_all_is_back_nothing_counts_as_proven(
    laptop: Laptop, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Buckets are shown in groups: here each is one.
    monkeypatch.setattr("stojnica.sync.prove.NAMED_AT_ONCE", 1)
    office = way.office
    old = laptop.capture(1)
    laptop.sync()
    backup = office.back_up()
    fresh = laptop.capture(10)
    laptop.sync()
    office.restore(backup)

    # When the line breaks in the middle of the repair
    buckets = []

    def break_at_second(name: str) -> None:
        buckets.append(name)
        if buckets.count("prove_buckets") == 2:
            raise interrupted("test")

    way.before = break_at_second
    fault_of(laptop)

    # Then nothing is called confirmed, and later all is back, and told
    assert laptop.in_state(PROVEN) == []
    assert laptop.unconfirmed().facts == 22
    way.be_sound()
    result = laptop.sync()
    assert (result.is_complete, result.is_centre_changed) == (True, True)
    assert office.facts() == keys(old, fresh)


def test_m18_another_identity_proves_everything_anew(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    laptop.capture(3)
    laptop.sync()
    office.become_another()

    result = laptop.sync()

    assert (result.is_complete, result.is_centre_changed, result.pushed) == (True, True, 0)


def test_m18_an_emptied_centre_that_knows_the_login_gets_everything(laptop: Laptop, way: Way) -> None:
    office = way.office
    assert isinstance(office, MemoryCentre)
    captured = laptop.capture(30)
    laptop.sync()
    office.contents.facts.clear()
    office.contents.devices[laptop.credentials().device_id].deliveries.clear()
    way.calls.clear()

    result = laptop.sync()

    assert office.facts() == keys(captured)
    assert (result.is_complete, result.is_centre_changed, result.pushed) == (True, True, 60)
    assert "prove_buckets" not in way.calls


def test_m18_a_centre_that_does_not_know_the_login_gets_nothing_and_nothing_is_lost(
    fleet: Fleet, laptop: Laptop
) -> None:
    captured = laptop.capture(2)
    laptop.connect = Way(MemoryCentre())

    fault = fault_of(laptop)

    assert (fault.code, fault.fate) == ("refused", Fate.NOT_ALLOWED)
    assert laptop.in_state(WAITING) == keys(captured)


def with_hello(**changes: object) -> Callable[[str, object], object]:
    def alter(name: str, answer: object) -> object:
        if name != "hello":
            return answer
        assert isinstance(answer, Hello)
        return replace(answer, **changes)  # type: ignore[arg-type]

    return alter


def test_m18_the_database_of_another_branch_gets_nothing(laptop: Laptop, way: Way) -> None:
    laptop.capture(2)
    way.alter = with_hello(branch_id=uuid4())

    fault = fault_of(laptop)

    assert (fault.code, fault.step) == ("wrong_database", "hello")
    assert way.office.facts() == []


def test_m18_before_it_is_settled_a_laptop_trusts_only_the_server_of_its_file(
    laptop: Laptop, way: Way
) -> None:
    laptop.capture(1)
    before = laptop.credentials()
    way.alter = with_hello(server_id=uuid4())

    assert fault_of(laptop).code == "wrong_database"

    assert "replace_password" not in way.calls
    assert laptop.credentials() == before


@pytest.mark.parametrize(
    "lie", [with_hello(lives=()), with_hello(protocol=0)], ids=["no lives", "no protocol"]
)
def test_a_greeting_about_something_else_is_not_believed(
    laptop: Laptop, way: Way, lie: Callable[[str, object], object]
) -> None:
    laptop.capture(1)
    way.alter = lie
    assert fault_of(laptop).code == "nonsense"
    assert way.office.facts() == []


def test_i09_m25_a_clone_beside_the_original_loses_and_hides_nothing(fleet: Fleet, office: Office) -> None:
    # Given two laptops that are the same in every byte, and both go on
    original = fleet(Way(office))
    shared = original.capture(2)
    original.sync()
    clone = fleet.clone(original)
    mine, theirs = original.capture(3), clone.capture(2)
    first_life = original.incarnations()

    # When both deliver
    of_original, of_clone = original.sync(), clone.sync()

    # Then all is there once, and the second one noticed
    assert office.facts() == keys(shared, mine, theirs)
    assert (of_original.is_copy_noticed, of_clone.is_copy_noticed) == (False, True)
    assert original.incarnations() == first_life
    assert clone.incarnations()[:-1] == first_life
    assert of_clone.is_complete
    assert of_clone.receipt.extra == len(mine)

    # And both go on for good: new facts of the clone are numbered in a life of its own
    more = [original.capture(1), clone.capture(1)]
    assert {item.incarnation for item in more[1]} == {clone.incarnations()[-1]}
    results = [original.sync(), clone.sync(), original.sync(), clone.sync()]
    assert office.facts() == keys(shared, mine, theirs, *more)
    assert all(result.is_complete for result in results)
    assert [result.is_copy_noticed for result in results] == [False] * 4


def test_i09_a_copy_is_reported_even_when_the_line_breaks_right_after_it_was_noticed(
    fleet: Fleet, way: Way
) -> None:
    original = fleet(way)
    original.capture(1)
    original.sync()
    clone = fleet.clone(original)
    original.capture(1)
    original.sync()
    clone.capture(1)
    lines = ["push"]

    def break_once(name: str) -> None:
        if name in lines:
            lines.remove(name)
            raise interrupted("test")

    way.before = break_once

    fault_of(clone)
    result = clone.sync()

    assert result.is_copy_noticed
    assert len(clone.incarnations()) == 2
    assert clone.sync().is_copy_noticed is False


def test_i09_m26_a_laptop_set_back_to_last_week_loses_nothing(fleet: Fleet, office: Office) -> None:
    # Given a laptop that delivered, and is then set back to an earlier backup of itself
    laptop = fleet(Way(office))
    old = laptop.capture(2)
    laptop.sync()
    backup = laptop.copy_files(fleet.folder())
    lost_here = laptop.capture(2)
    laptop.sync()
    laptop.set_back(backup)

    # When it goes on, numbering its facts as before
    fresh = laptop.capture(3)
    result = laptop.sync()

    # Then the centre has all three, and the laptop was given a new life
    assert office.facts() == keys(old, lost_here, fresh)
    assert (result.is_copy_noticed, result.is_complete) == (True, True)
    assert result.receipt.extra == len(lost_here)
    assert len(laptop.incarnations()) == 2
    assert result.is_centre_changed is False


def test_i09_a_laptop_set_back_that_captured_nothing_since_is_noticed_too(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way)
    laptop.sync()
    backup = laptop.copy_files(fleet.folder())
    captured = laptop.capture(1)
    laptop.sync()
    laptop.set_back(backup)

    result = laptop.sync()

    assert result.is_copy_noticed
    assert way.office.facts() == keys(captured)
    fresh = laptop.capture(1)
    assert {item.incarnation for item in fresh} == {laptop.incarnations()[-1]}


def test_i09_m27_one_snapshot_resumed_twice_keeps_both(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way)
    shared = laptop.capture(1)
    laptop.sync()
    snapshot = laptop.copy_files(fleet.folder())
    runs = []
    for _run in range(3):
        laptop.set_back(snapshot)
        runs.append(laptop.capture(2))
        assert laptop.sync().is_complete

    assert way.office.facts() == keys(shared, *runs)
    assert sum(len(run) for run in runs) == 12


def test_m28_a_laptop_enrolled_anew_under_another_name_delivers_everything_again(
    fleet: Fleet, office: Office
) -> None:
    way = Way(office)
    laptop = fleet(way)
    captured = laptop.capture(20)
    laptop.sync()
    laptop.enrol(office.enrol("Stand 1, again"))
    way.calls.clear()

    result = laptop.sync()

    assert office.facts() == keys(captured)
    assert (result.is_complete, result.receipt.facts, result.pushed) == (True, 40, 40)
    assert (result.is_centre_changed, result.is_copy_noticed) == (False, False)
    assert way.calls.count("prove") == 1


def test_a_backup_from_before_the_password_changed_is_told_to_ask_for_a_new_file(
    fleet: Fleet, way: Way
) -> None:
    laptop = fleet(way)
    captured = laptop.capture(1)
    backup = laptop.copy_files(fleet.folder())
    laptop.sync()
    laptop.set_back(backup)

    assert fault_of(laptop).code == "refused"

    laptop.enrol(way.office.enrol("Stand 1, again"))
    result = laptop.sync()
    assert result.is_complete
    assert way.office.facts() == keys(captured)


@pytest.mark.parametrize("years", [-10, 10])
def test_i10_m08_a_clock_ten_years_off_changes_nothing(fleet: Fleet, office: Office, years: int) -> None:
    # Given a clock that jumps by ten years, there and back, between captures
    clock = SetClock(NOW_US)
    laptop = fleet(Way(office), clock=clock)
    captured = [laptop.capture(2)]
    laptop.sync()
    clock.at_us += years * YEAR_US
    captured.append(laptop.capture(2))
    result = laptop.sync()
    assert result.is_complete
    assert result.receipt.proven_at > NOW_US + YEAR_US

    # When the file is cloned meanwhile
    clone = fleet.clone(laptop)
    captured.append(clone.capture(1))
    clone.sync()
    clock.at_us -= 2 * years * YEAR_US
    captured.append(laptop.capture(1))
    noticed = laptop.sync()

    # Then all of it is there once, and the copy was noticed by what it holds
    assert office.facts() == keys(*captured)
    assert noticed.is_copy_noticed
    assert noticed.is_complete
    assert laptop.sync().pushed == 0


def test_i10_two_laptops_hours_apart_deliver_all_of_it_once(fleet: Fleet, office: Office) -> None:
    # Given two laptops at one stand, one eleven hours behind the other, that take turns
    ahead, behind = SetClock(NOW_US + 5 * HOUR_US), SetClock(NOW_US - 6 * HOUR_US)
    first = fleet(Way(office), "Stand 1", clock=ahead)
    second = fleet(Way(office), "Stand 2", clock=behind)
    captured = []
    for _turn in range(3):
        for laptop in (first, second):
            captured.append(laptop.capture(2))
            assert laptop.sync().is_complete

    # When the clock of one is put right in between
    behind.at_us, ahead.at_us = ahead.at_us, behind.at_us
    captured += [first.capture(1), second.capture(1)]
    results = [first.sync(), second.sync()]

    # Then each fact is there once, both are proven, and nothing is sent again
    assert office.facts() == keys(*captured)
    assert [(result.is_complete, result.is_copy_noticed) for result in results] == [(True, False)] * 2
    assert [first.sync().pushed, second.sync().pushed] == [0, 0]


def test_m20_revoked_in_mid_push_keeps_what_was_not_taken(fleet: Fleet, office: Office) -> None:
    # Given a laptop that is shut out after its first batch
    way = Way(office)
    laptop = fleet(way)
    captured = laptop.capture(100, remark="x" * 2000)

    def revoke_after_the_first(name: str) -> None:
        if name == "push" and len(way.pushed) == 1:
            office.revoke(laptop.credentials().device_id)

    way.after = revoke_after_the_first

    fault = fault_of(laptop)

    # Then it is told so, and what the centre didn't take waits
    assert (fault.code, fault.fate, fault.step) == ("refused", Fate.NOT_ALLOWED, "push")
    arrived = office.facts()
    assert 0 < len(arrived) < 200
    assert laptop.in_state(ANSWERED) == arrived
    assert laptop.unconfirmed().facts == 200
    assert fault_of(laptop).code == "refused"

    # And a new enrolment file brings all of it there
    laptop.enrol(office.enrol("Stand 1, again"))
    assert laptop.sync().is_complete
    assert office.facts() == keys(captured)
