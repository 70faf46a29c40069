"""A PIN is changed by who knows one, or the passphrase; guessing costs the same time at every door."""

import secrets

import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.services.pin import PinAnswer, PinCost, PinLock
from stojnica.services.pin_change import LONGEST_PROOF, PinWish, change_pin
from stojnica.storage.home import StoreHome
from stojnica.storage.slots import Argon2Cost, new_slot_file, save_slots, with_passphrase
from stojnica.storage.store import Store

WORDS = "ananas kladivo veter postelja okno"
SECOND_US = 1_000_000


@pytest.fixture
def lock(store: Store) -> PinLock:
    made = PinLock(store, PinCost(n=2, r=1, p=1))
    made.choose("4711").result()
    return made


@pytest.fixture
def passphrase(store: Store) -> str:
    """Give the words that open this laptop."""
    key, cost = secrets.token_bytes(32), Argon2Cost(memory_kib=64, iterations=1, lanes=1)
    slots = with_passphrase(new_slot_file(), key, WORDS, cost=cost)
    save_slots(StoreHome(store.path.parent).slots, slots)
    return WORDS


def is_right(lock: PinLock, pin: str) -> bool:
    return lock.try_pin(pin).result().is_right


def test_the_team_s_pin_is_changed_with_the_old_one(store: Store, lock: PinLock, clock: SetClock) -> None:
    assert change_pin(store, lock, PinWish("4711", "2580")) == PinAnswer(is_right=True)

    assert is_right(lock, "2580")
    assert not is_right(lock, "4711")


def test_whoever_forgot_the_pin_takes_the_passphrase(store: Store, lock: PinLock, passphrase: str) -> None:
    assert change_pin(store, lock, PinWish(passphrase.upper(), "2580")).is_right

    assert is_right(lock, "2580")


def test_an_own_pin_is_changed_with_any_that_is_right_and_the_team_s_stays(
    store: Store, lock: PinLock
) -> None:
    maja = new_id()
    assert change_pin(store, lock, PinWish("4711", "90210", maja)).is_right

    assert change_pin(store, lock, PinWish("90210", "1357", maja)).is_right

    assert [is_right(lock, pin) for pin in ("4711", "1357", "90210")] == [True, True, False]


@pytest.mark.parametrize("proof", ["0000", "", "ananas", "٤٧١١", "4711 ", "4" * 9, "x" * 100_000])
def test_a_wrong_proof_changes_nothing_and_costs_time(
    store: Store, lock: PinLock, passphrase: str, proof: str, clock: SetClock
) -> None:
    assert change_pin(store, lock, PinWish(proof, "2580")) == PinAnswer(is_right=False, wait_s=1)
    assert change_pin(store, lock, PinWish(passphrase, "2580")) == PinAnswer(
        is_right=False, wait_s=1, is_heard=False
    )
    clock.at_us += SECOND_US

    assert is_right(lock, "4711")


def test_pins_and_passphrases_share_the_wrong_tries(
    store: Store, lock: PinLock, passphrase: str, clock: SetClock
) -> None:
    waits = []
    for proof in ("0000", "no words", "1111", "other words"):
        waits.append(change_pin(store, lock, PinWish(proof, "2580")).wait_s)
        clock.at_us += waits[-1] * SECOND_US

    assert waits == [1, 2, 4, 8]
    assert change_pin(store, lock, PinWish(passphrase, "2580")).is_right
    assert change_pin(store, lock, PinWish("0000", "2580")).wait_s == 1


def test_a_new_pin_that_can_be_none_costs_no_try(store: Store, lock: PinLock) -> None:
    with pytest.raises(UserFacingError):
        change_pin(store, lock, PinWish("0000", "12"))

    assert lock.wait_s().result() == 0


def test_where_no_passphrase_is_kept_none_is_right(store: Store, lock: PinLock) -> None:
    assert not change_pin(store, lock, PinWish(WORDS, "2580")).is_right
    assert len(WORDS) < LONGEST_PROOF


@pytest.mark.parametrize("proof", ["0000", "", "kladivo"])
def test_nobody_who_passes_by_chooses_the_first_pin(store: Store, passphrase: str, proof: str) -> None:
    lock = PinLock(store, PinCost(n=2, r=1, p=1))

    assert change_pin(store, lock, PinWish(proof, "2580")) == PinAnswer(is_right=False, wait_s=1)

    assert not lock.has_pin().result()


def test_the_first_pin_may_be_one_s_own_and_then_proves_the_team_s(store: Store, passphrase: str) -> None:
    lock = PinLock(store, PinCost(n=2, r=1, p=1))

    assert change_pin(store, lock, PinWish(passphrase, "90210", new_id())).is_right

    assert change_pin(store, lock, PinWish("90210", "2580")).is_right
