"""I1, M1: after "saved" is printed, the record is there, whatever kills the process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.storage.home import OpenStore, StoreHome

PASSPHRASE = "jutro voda hiša most reka"
SCRIPT = Path(__file__).with_name("child_saving.py")


def test_i01_killed_before_the_commit_leaves_all_that_was_called_saved_and_nothing_half(
    home: StoreHome,
    run_child: Callable[..., subprocess.CompletedProcess[str]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    ended = run_child("child_saving.py", home.folder, PASSPHRASE, 3, STOJNICA_FAILPOINT="store.before_commit")

    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout.split() == ["saved", "visitor-0", "saved", "visitor-1"]
    opened = unlock(home)
    assert first_names(opened) == ["visitor-0", "visitor-1"]
    everything_adds_up(opened)


def test_i01_killed_after_the_commit_but_before_anyone_heard_of_it_leaves_the_whole_contact(
    home: StoreHome,
    run_child: Callable[..., subprocess.CompletedProcess[str]],
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    ended = run_child("child_saving.py", home.folder, PASSPHRASE, 3, STOJNICA_FAILPOINT="store.after_commit")

    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout.split() == ["saved", "visitor-0", "saved", "visitor-1"]
    opened = unlock(home)
    assert first_names(opened) == ["visitor-0", "visitor-1", "visitor-2"]
    everything_adds_up(opened)


@pytest.mark.parametrize("heard", [1, 40])
def test_i01_killed_at_any_moment_leaves_all_that_was_called_saved(
    heard: int,
    home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    child = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home.folder), PASSPHRASE, "100000"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    told = [child.stdout.readline().split()[1] for _number in range(heard)]

    child.kill()
    told += [
        line.split()[1] for line in child.stdout.read().splitlines() if line.startswith("saved visitor-")
    ]
    child.stdout.close()
    child.wait(timeout=20)

    opened = unlock(home)
    kept = first_names(opened)
    assert kept[: len(told)] == told
    assert len(kept) <= len(told) + 1
    everything_adds_up(opened)
