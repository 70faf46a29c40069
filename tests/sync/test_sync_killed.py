"""A real process, killed as by a power cut at each point of a sync, against a real server."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop
from tests.sync.offices import PostgresOffice, Way

from stojnica.failpoint import ENVIRONMENT_NAME
from stojnica.storage.home import StoreHome, unlock_store

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word"),
]
SOURCE = Path(__file__).parents[2] / "desktop"
SYNC = """
import sys
from pathlib import Path
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.sync.engine import SyncEngine
from stojnica.sync.postgres import connect_postgres

folder = Path(sys.argv[1])
opened = unlock_store(StoreHome(folder), sys.argv[2])
engine = SyncEngine(
    opened.store,
    lambda credentials: connect_postgres(credentials, ca_file=folder / "ca.pem", is_practice=True),
)
result = engine.run()
opened.close()
print(f"{result.receipt.facts} of {result.facts}")
"""


@dataclass
class Ended:
    code: int
    said: str


def sync_in_a_process(laptop: Laptop, failpoint: str = "") -> Ended:
    """Run one sync of this laptop's file in a process of its own."""
    laptop.close()
    done = subprocess.run(
        [sys.executable, "-c", SYNC, str(laptop.folder), PASSPHRASE],
        env={**os.environ, "PYTHONPATH": str(SOURCE), ENVIRONMENT_NAME: failpoint},
        capture_output=True,
        timeout=60,
        check=False,
    )
    laptop.opened = unlock_store(StoreHome(laptop.folder), PASSPHRASE)
    return Ended(done.returncode, (done.stdout + done.stderr).decode())


FAILPOINTS = [
    "settle.before_password",
    "settle.after_password",
    "settle.after_key",
    "sync.before_push",
    "sync.before_mark",
    "sync.after_mark",
    "sync.before_receipt",
    "sync.between_proven",
]


def test_every_named_point_of_a_sync_is_among_them() -> None:
    named = {
        name
        for path in (SOURCE / "stojnica" / "sync").glob("*.py")
        for name in re.findall(r'failpoint\.reached\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    on_sticks = {name for name in named if name.startswith("stick.")}
    trials = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*stick*.py")
    )

    assert named - on_sticks == set(FAILPOINTS)
    assert [name for name in sorted(on_sticks) if f'"{name}"' not in trials] == []


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_m01_killed_at_a_point_of_the_sync_the_next_one_delivers_all_of_it_once(
    fleet: Fleet, server_office: PostgresOffice, failpoint: str
) -> None:
    # Given contacts that wait, and a process that is killed in the middle of sending them
    laptop = fleet(Way(server_office))
    laptop.capture(60, remark="x" * 2000)
    assert sync_in_a_process(laptop, failpoint).code == -signal.SIGKILL
    assert len(laptop.facts()) == 120

    # When the program runs again
    result = laptop.sync()

    # Then all is there once, and proven
    assert result.is_complete
    assert server_office.facts() == laptop.facts()
    assert laptop.credentials().is_settled
    assert not result.is_copy_noticed


def test_m01_killed_again_and_again_it_still_ends_well(fleet: Fleet, server_office: PostgresOffice) -> None:
    laptop = fleet(Way(server_office))
    laptop.capture(60, remark="x" * 2000)
    for failpoint in ("settle.after_password", "sync.after_mark", "sync.before_mark"):
        assert sync_in_a_process(laptop, failpoint).code == -signal.SIGKILL

    ended = sync_in_a_process(laptop)

    assert (ended.code, ended.said.strip()) == (0, "120 of 120")
    assert server_office.facts() == laptop.facts()
