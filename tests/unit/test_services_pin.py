"""A PIN is checked slowly, and wrong tries cost time that a restart doesn't give back."""

from collections.abc import Callable

import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.services.pin import PIN, PinAnswer, PinCost, PinLock, wait_after
from stojnica.storage.memory import recall
from stojnica.storage.store import Store

CHEAP = PinCost(n=2, r=1, p=1)
SECOND_US = 1_000_000


@pytest.fixture
def lock(store: Store) -> PinLock:
    made = PinLock(store, CHEAP)
    made.choose("4711").result()
    return made


def test_there_is_no_pin_before_one_is_chosen(store: Store) -> None:
    lock = PinLock(store, CHEAP)

    assert lock.has_pin().result() is False
    assert lock.try_pin("0000").result() == PinAnswer(is_right=False)
    lock.choose("0000").result()
    assert lock.has_pin().result() is True


def test_the_right_pin_is_right_and_another_is_wrong(lock: PinLock, clock: SetClock) -> None:
    assert lock.try_pin("4711").result() == PinAnswer(is_right=True)
    assert lock.try_pin("4712").result() == PinAnswer(is_right=False, wait_s=1)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤", "12 34"])
def test_what_is_not_four_to_eight_digits_is_no_pin(lock: PinLock, pin: str) -> None:
    with pytest.raises(UserFacingError):
        lock.choose(pin)

    assert lock.try_pin("4711").result().is_right


@pytest.mark.parametrize("pin", ["", "4711 ", "٤٧١١", "4" * 100_000])
def test_a_strange_try_is_only_wrong(lock: PinLock, pin: str) -> None:
    assert not lock.try_pin(pin).result().is_right


def test_waits_grow_from_one_second_to_a_minute() -> None:
    assert [wait_after(wrong) for wrong in (0, 1, 2, 3, 6, 7, 8, 99)] == [0, 1, 2, 4, 32, 60, 60, 60]


def test_the_right_pin_is_not_heard_during_the_wait(lock: PinLock, clock: SetClock) -> None:
    lock.try_pin("0000").result()
    clock.at_us += 1 * SECOND_US
    lock.try_pin("0000").result()

    assert lock.try_pin("4711").result() == PinAnswer(is_right=False, wait_s=2, is_heard=False)
    clock.at_us += 2 * SECOND_US
    assert lock.wait_s().result() == 0
    assert lock.try_pin("4711").result().is_right


def test_a_right_try_forgets_the_wrong_ones(lock: PinLock, clock: SetClock) -> None:
    lock.try_pin("0000").result()
    clock.at_us += SECOND_US
    lock.try_pin("4711").result()

    assert lock.try_pin("0000").result().wait_s == 1


def test_the_wait_survives_a_restart(lock: PinLock, reopen: Callable[[], Store], clock: SetClock) -> None:
    for _ in range(3):
        clock.at_us += 60 * SECOND_US
        lock.try_pin("0000").result()

    again = PinLock(reopen(), CHEAP)

    assert again.wait_s().result() == 4
    assert again.try_pin("4711").result() == PinAnswer(is_right=False, wait_s=4, is_heard=False)


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_a_clock_that_is_set_neither_locks_out_nor_shortens_the_wait(
    lock: PinLock, clock: SetClock, years: int
) -> None:
    lock.try_pin("0000").result()
    clock.set_by_us = years * 365 * 86_400 * SECOND_US

    assert lock.try_pin("4711").result() == PinAnswer(is_right=False, wait_s=1, is_heard=False)
    clock.at_us += SECOND_US
    assert lock.try_pin("4711").result().is_right


def test_a_machine_that_was_started_anew_waits_no_longer_than_it_runs(lock: PinLock, clock: SetClock) -> None:
    lock.try_pin("0000").result()
    clock.set_by_us, clock.at_us = clock.at_us, 0

    assert lock.try_pin("4711").result().wait_s == 1
    clock.at_us = SECOND_US
    assert lock.try_pin("4711").result().is_right


def test_a_new_pin_replaces_the_old_one(lock: PinLock) -> None:
    lock.choose("123456").result()

    assert lock.try_pin("123456").result().is_right
    assert not lock.try_pin("4711").result().is_right


def test_the_pin_itself_is_not_in_the_store(lock: PinLock, store: Store) -> None:
    kept = store.read(lambda connection: recall(connection, PIN)).result()

    assert "4711" not in str(kept)
    assert set(kept) == {"salt", "n", "r", "p", "hash"}
