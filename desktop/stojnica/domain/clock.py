"""Clocks: told in facts, and trusted with nothing."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tell the time; the laptop's may be wrong by years."""

    def now_us(self) -> int:
        """Give microseconds since the epoch, UTC."""

    def offset_min(self) -> int:
        """Give the local zone's minutes east of UTC, now."""

    def monotonic_us(self) -> int:
        """Give microseconds that never run backwards while the machine is up."""


class SystemClock:
    """Ask the operating system."""

    def now_us(self) -> int:
        return time.time_ns() // 1_000

    def offset_min(self) -> int:
        return time.localtime().tm_gmtoff // 60

    def monotonic_us(self) -> int:
        return time.monotonic_ns() // 1_000


class SetClock:
    """Tell the time that a test sets; each look moves on by `step_us`.

    `set_by_us` is how far somebody set the laptop's clock, which the running machine doesn't notice.
    """

    def __init__(self, at_us: int, offset: int = 60, step_us: int = 1) -> None:
        self.at_us = at_us
        self.offset = offset
        self.step_us = step_us
        self.set_by_us = 0

    def now_us(self) -> int:
        self.at_us += self.step_us
        return self.at_us + self.set_by_us

    def offset_min(self) -> int:
        return self.offset

    def monotonic_us(self) -> int:
        return self.at_us
