"""M38: a laptop that nobody touches locks by itself; the kiosk never does, sleep always does."""

import pytest

from stojnica.domain.clock import SetClock
from stojnica.services.idle import IdleWatch, Lock, slept_us

MINUTE = 60_000_000


class Sleeper:
    """Tell how long the machine slept."""

    def __init__(self) -> None:
        self.us = 7_000_000

    def __call__(self) -> int:
        return self.us


@pytest.fixture
def clock() -> SetClock:
    return SetClock(1_000 * MINUTE)


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@pytest.fixture
def watch(clock: SetClock, sleeper: Sleeper) -> IdleWatch:
    return IdleWatch(clock, lambda: 15, sleeper)


def test_m38_it_locks_after_the_minutes_and_not_before(watch: IdleWatch, clock: SetClock) -> None:
    clock.at_us += 14 * MINUTE
    assert watch.due(is_kiosk=False) is None

    clock.at_us += 1 * MINUTE

    assert watch.due(is_kiosk=False) is Lock.IDLE


def test_m38_a_touch_begins_anew(watch: IdleWatch, clock: SetClock) -> None:
    clock.at_us += 14 * MINUTE
    watch.touched()
    clock.at_us += 14 * MINUTE

    assert watch.due(is_kiosk=False) is None


def test_m38_in_front_of_the_kiosk_nobody_is_locked_out_nor_right_after_it(
    watch: IdleWatch, clock: SetClock
) -> None:
    clock.at_us += 200 * MINUTE
    assert watch.due(is_kiosk=True) is None

    clock.at_us += 1 * MINUTE

    assert watch.due(is_kiosk=False) is None


def test_m38_sleep_locks_once_even_the_kiosk(watch: IdleWatch, sleeper: Sleeper) -> None:
    sleeper.us += 60_000_000

    assert watch.due(is_kiosk=True) is Lock.SLEPT
    assert watch.due(is_kiosk=True) is None


def test_m38_clocks_that_drift_apart_by_a_moment_are_no_sleep(watch: IdleWatch, sleeper: Sleeper) -> None:
    sleeper.us += 900_000

    assert watch.due(is_kiosk=False) is None


def test_m38_setting_the_clock_of_the_laptop_neither_locks_nor_keeps_it_open(
    watch: IdleWatch, clock: SetClock
) -> None:
    clock.set_by_us = -10 * 365 * 24 * 60 * MINUTE
    assert watch.due(is_kiosk=False) is None

    clock.at_us += 15 * MINUTE

    assert watch.due(is_kiosk=False) is Lock.IDLE


def test_m38_how_long_this_machine_slept_is_told_or_nothing() -> None:
    assert slept_us() > -1_000_000
