"""When a laptop locks by itself: nobody touched it for a while, or it slept."""

import time
from collections.abc import Callable
from enum import StrEnum

from stojnica.domain.clock import Clock

SLEPT_US = 3_000_000


class Lock(StrEnum):
    """Name why it locks; only for IDLE does the store stay open, behind the PIN."""

    IDLE = "idle"
    SLEPT = "slept"
    PAUSE = "pause"


def slept_us() -> int:
    """Give how long this machine slept since it was started, in µs; 0 where the system doesn't tell.

    The difference of two clocks of the kernel: one goes on in sleep and the other one doesn't, and nobody
    can set either (clock_gettime(2)).
    """
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0
    return (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()) // 1_000


class IdleWatch:
    """Tell when it is time to lock; asked every second. UI thread alone.

    In front of the kiosk a visitor may read for long, and its form empties itself: there only sleep locks.
    """

    def __init__(self, clock: Clock, minutes: Callable[[], int], slept: Callable[[], int] = slept_us) -> None:
        self._clock = clock
        self._minutes = minutes
        self._slept = slept
        self._slept_before = slept()
        self._touched_at = clock.monotonic_us()

    def touched(self) -> None:
        """Hear that a key, the mouse or the screen was touched."""
        self._touched_at = self._clock.monotonic_us()

    def due(self, *, is_kiosk: bool) -> Lock | None:
        """Say whether to lock now, and why."""
        slept = self._slept()
        has_slept, self._slept_before = slept - self._slept_before > SLEPT_US, slept
        if has_slept:
            return Lock.SLEPT
        if is_kiosk:
            self.touched()
            return None
        idle_us = self._clock.monotonic_us() - self._touched_at
        return Lock.IDLE if idle_us >= self._minutes() * 60_000_000 else None
