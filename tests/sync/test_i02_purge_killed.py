"""I2, M1: a process is killed in the middle of a purge; the file is whole, and the next try goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop, keys
from tests.sync.offices import Way
from tests.sync.purging import OfficeClock, decide, delivered_and_old, look, purge, safe_here, stubs

from stojnica.records.facts import FACT
from stojnica.records.typed import SIGNUP, SIGNUP_WORD
from stojnica.storage.engine import check_file
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.outbox import Held, held
from stojnica.storage.unit import branch_of
from stojnica.sync.memory import MemoryCentre

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word")
CONTACTS = 12
PURGE = """
import os, signal, sys
from pathlib import Path
from stojnica import failpoint
from stojnica.services.retention import clear_up
from stojnica.storage.home import StoreHome, unlock_store

folder, passphrase, point, passes = sys.argv[1:]
opened = unlock_store(StoreHome(Path(folder)), passphrase)
left = [int(passes)]

def die():
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)

failpoint.arm(point, die)
clear_up(opened.store)
"""
POINTS = [
    ("purge.between_contacts", 1),
    ("purge.between_contacts", 7),
    ("purge.between_contacts", CONTACTS),
    ("store.before_commit", 1),
    ("store.before_commit", 2),
    ("store.after_commit", 1),
    ("store.after_commit", 3),
]


def killed_in_a_purge(laptop: Laptop, point: str, passes: int) -> None:
    """Purge this laptop's file in a process that dies when it has passed a point so often."""
    laptop.close()
    done = subprocess.run(
        [sys.executable, "-c", PURGE, str(laptop.folder), PASSPHRASE, point, str(passes)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    laptop.opened = unlock_store(StoreHome(laptop.folder), PASSPHRASE)


def held_by(laptop: Laptop) -> Held:
    return laptop.store.read(lambda connection: held(connection, branch_of(connection))).result()


def of_persons(laptop: Laptop) -> Iterator[set[object]]:
    """Give the subjects that are in facts, in typed rows and among the words of the search."""
    for table in (FACT, SIGNUP, SIGNUP_WORD):
        query = sa.select(table.c.subject_id).distinct()
        yield set(laptop.store.read(lambda one, query=query: one.execute(query).scalars().all()).result())


@pytest.fixture
def due(fleet: Fleet) -> Laptop:
    """Give a laptop with contacts that may go, and one that isn't proven."""
    way, days = Way(MemoryCentre()), OfficeClock()
    days.rule(way)
    laptop = fleet(way)
    decide(laptop)
    laptop.capture(CONTACTS)
    delivered_and_old(laptop, way, days)
    return laptop


@pytest.mark.parametrize(("point", "passes"), POINTS)
def test_i02_killed_in_a_purge_the_file_is_whole_and_the_next_try_goes_on(
    due: Laptop, point: str, passes: int
) -> None:
    # Given contacts that may go, one that nobody has yet, and a process that dies while it purges
    waits = due.capture()
    before = held_by(due)
    killed_in_a_purge(due, point, passes)

    # Then the file is whole, and whoever is gone is gone as a whole, proven, and counted as ever
    due.store.look_slowly(check_file).result()
    assert held_by(due) == before
    assert all(is_here or is_proven for _key, is_here, is_proven in safe_here(due))
    in_facts, in_rows, in_words = of_persons(due)
    assert in_facts == in_rows == in_words
    assert len(due.facts()) == 2 * len(in_facts)
    assert set(keys(waits)) <= set(due.facts())

    # When it is tried again, the rest goes, and all is proven
    left = len(in_facts) - 1
    assert len(look(due).plan.due) == left
    assert purge(due) == left
    assert due.facts() == keys(waits)
    assert due.sync().is_complete
    assert len(stubs(due)) == 2 * CONTACTS
