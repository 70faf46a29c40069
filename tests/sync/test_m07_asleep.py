"""The lid is closed in the middle of a sync: on waking the line may be dead, and nobody has to do a thing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop
from tests.sync.offices import PostgresOffice, Way

from stojnica.storage.home import unlock_store

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX halts a process and lets it go on"),
]
SOURCE = Path(__file__).parents[2] / "desktop"
SLEEPER = """
import os
import signal
import sys
from pathlib import Path
from stojnica import failpoint
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.sync.engine import SyncEngine
from stojnica.sync.postgres import connect_postgres

folder, point = Path(sys.argv[1]), sys.argv[3]

def fall_asleep():
    failpoint.disarm(point)
    os.kill(os.getpid(), signal.SIGSTOP)

opened = unlock_store(StoreHome(folder), sys.argv[2])
engine = SyncEngine(
    opened.store,
    lambda credentials: connect_postgres(credentials, ca_file=folder / "ca.pem", is_practice=True),
)
failpoint.arm(point, fall_asleep)
result = engine.run()
opened.close()
print(f"{result.receipt.facts} of {result.facts}")
"""


@pytest.mark.parametrize("point", ["sync.before_push", "sync.before_mark", "sync.before_receipt"])
def test_m07_a_laptop_that_sleeps_in_mid_sync_ends_it_by_itself_on_waking(
    fleet: Fleet, server_office: PostgresOffice, point: str
) -> None:
    # Given a laptop that was enrolled, with records that wait, and halts in the middle of sending them
    laptop: Laptop = fleet(Way(server_office))
    laptop.sync()
    laptop.capture(40, remark="x" * 2000)
    laptop.close()
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPER, str(laptop.folder), PASSPHRASE, point],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        _pid, status = os.waitpid(child.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

        # When the server gives the silent line up in the meantime, and the laptop wakes
        server_office.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
            "(SELECT role_name FROM hub.device WHERE kind = 'laptop')"
        )
        os.kill(child.pid, signal.SIGCONT)
        said, complaint = child.communicate(timeout=60)

    # Then the same run goes on to its proof, and each record is there once
    assert (child.returncode, said.decode().strip(), complaint) == (0, "80 of 80", b"")
    laptop.opened = unlock_store(laptop.opened.home, PASSPHRASE)
    assert server_office.facts() == laptop.facts()
