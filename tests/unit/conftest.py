"""A real encrypted store in a folder of its own, with a clock that the test sets."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stojnica.domain.clock import SetClock
from stojnica.storage.store import Store

FRIDAY_AT_14_32 = 1_726_835_520_000_000  # 20 September 2024, in Ljubljana


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands at 14.32 of a Friday in Ljubljana, and moves by 1 µs a look."""
    return SetClock(FRIDAY_AT_14_32, offset=120)


@pytest.fixture
def reopen(tmp_path: Path, clock: SetClock) -> Iterator[Callable[[], Store]]:
    """Give a call that opens the one store of this test, anew each time."""
    key = secrets.token_bytes(32)
    opened: list[Store] = []

    def open_again() -> Store:
        while opened:
            opened.pop().close()
        store = Store(tmp_path / "stojnica.db", key, clock)
        opened.append(store)
        store.prepare()
        return store

    yield open_again
    while opened:
        opened.pop().close()


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    """Give an open store without anything in it."""
    return reopen()
