"""M2: a power cut tears the end of the write-ahead log; what was committed before is there."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from stojnica.storage.home import OpenStore, StoreHome

NAMES = ["visitor-0", "visitor-1", "visitor-2", "visitor-3"]


def log_of(home: StoreHome) -> Path:
    return Path(f"{home.database}-wal")


@pytest.fixture
def pulled(
    opened: OpenStore, save_contact: Callable[..., object], tmp_path: Path
) -> tuple[Callable[[], StoreHome], list[int]]:
    """Give copies of the files as they are after four contacts, unclosed, and the log's size after each."""
    sizes = []
    for name in NAMES:
        save_contact(opened, name)
        sizes.append(log_of(opened.home).stat().st_size)
    numbers: Iterator[int] = iter(range(1000))

    def copy() -> StoreHome:
        target = tmp_path / f"copy-{next(numbers)}"
        target.mkdir()
        for path in opened.home.folder.iterdir():
            if path.suffix != ".lock":
                shutil.copyfile(path, target / path.name)
        return StoreHome(target)

    return copy, sizes


def test_m02_a_log_cut_anywhere_opens_with_every_contact_committed_before_the_cut(
    pulled: tuple[Callable[[], StoreHome], list[int]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    copy, sizes = pulled
    cuts = sorted(
        {
            0,
            31,
            33,
            *sizes,
            *(size - 1 for size in sizes),
            *((a + b) // 2 for a, b in pairwise(sizes)),
        }
    )

    for size in cuts:
        home = copy()
        os.truncate(log_of(home), size)
        after = unlock(home)
        assert first_names(after) == NAMES[: sum(whole <= size for whole in sizes)]
        everything_adds_up(after)
        after.close()


@pytest.mark.parametrize("tail", [bytes(4096), b"\xff" * 5000, b"half"], ids=["zeros", "ones", "few"])
def test_m02_a_log_with_rubbish_behind_its_end_loses_nothing(
    tail: bytes,
    pulled: tuple[Callable[[], StoreHome], list[int]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
) -> None:
    home = pulled[0]()
    with log_of(home).open("ab") as log:
        log.write(tail)

    assert first_names(unlock(home)) == NAMES


def test_m02_a_sector_that_was_never_written_loses_only_what_came_after_it(
    pulled: tuple[Callable[[], StoreHome], list[int]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    copy, sizes = pulled
    home = copy()
    with log_of(home).open("r+b") as log:
        log.seek(sizes[2] + 512)
        log.write(bytes(512))

    after = unlock(home)

    assert first_names(after) == NAMES[:3]
    everything_adds_up(after)


def test_m02_a_missing_index_of_the_log_is_made_again(
    pulled: tuple[Callable[[], StoreHome], list[int]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
) -> None:
    home = pulled[0]()
    Path(f"{home.database}-shm").unlink()

    assert first_names(unlock(home)) == NAMES


def test_m02_a_torn_store_takes_the_next_contact_and_keeps_it(
    pulled: tuple[Callable[[], StoreHome], list[int]],
    unlock: Callable[[StoreHome], OpenStore],
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    copy, sizes = pulled
    home = copy()
    os.truncate(log_of(home), sizes[3] - 1)

    again = unlock(home)
    save_contact(again, "after the cut")
    again.close()

    reopened = unlock(home)
    assert first_names(reopened) == [*NAMES[:3], "after the cut"]
    everything_adds_up(reopened)
