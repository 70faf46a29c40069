"""A backup that is killed, stopped, or out of room covers nothing, and nothing of it stays."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.central.backups import armed, covered, scratches
from tests.central.conftest import Laptop, Row, push

from stojnica import failpoint
from stojnica.central import scratch
from stojnica.central.backup import back_up
from stojnica.central.backup_file import PART
from stojnica.central.tombstones import SUFFIX as LIST_SUFFIX

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
SOURCE = Path(__file__).parents[2] / "desktop"


FULL = """
import signal, sys
from pathlib import Path
from stojnica.central.backup import back_up
from stojnica.domain.errors import UserFacingError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    back_up(sys.argv[1], Path(sys.argv[2]), keys_dir=Path(sys.argv[3]) if sys.argv[3:] else None)
except UserFacingError as error:
    print(error.code)
"""


KILLED = """
import sys
from pathlib import Path
from stojnica.central.backup import back_up
back_up(sys.argv[1], Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word")
@pytest.mark.parametrize("point", ["backup.dumping", "backup.before_check", "backup.before_note"])
def test_a_backup_killed_at_a_point_covers_nothing_and_the_next_one_cleans_up(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path, point: str
) -> None:
    push(line, laptop.facts(20))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, central_url, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), failpoint.ENVIRONMENT_NAME: point},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert covered(admin) == set()
    left = [path.suffix for path in tmp_path.iterdir() if not path.name.endswith(LIST_SUFFIX)]
    assert left == [".dump" if "note" in point else PART]

    done = back_up(central_url, tmp_path, keep=1)

    assert [path for path in tmp_path.iterdir() if not path.name.endswith(LIST_SUFFIX)] == [done.file]
    assert len(covered(admin)) == 20


def test_a_scratch_database_whose_run_was_killed_goes_with_the_next_one_and_a_living_one_stays(
    central_url: str, admin: Line, tmp_path: Path
) -> None:
    # Given the scratch database of a session that is gone, and the one of a session that works
    for _number in range(2):
        with psycopg.connect(central_url, autocommit=True) as gone:
            row = gone.execute(f"{scratch._WHO} WHERE pid = pg_backend_pid()".encode()).fetchone()
            assert row is not None
            gone.execute(f"CREATE DATABASE stojnica_check_{row[0]}_{row[1]:x}_00".encode())
    with scratch.keeper_of(central_url) as keeper, scratch.scratch_database(central_url, keeper) as name:
        # When another backup runs
        back_up(central_url, tmp_path)

        # Then the latter alone is there
        assert scratches(admin) == [name]
    assert scratches(admin) == []


def test_i14_nobody_else_gets_into_a_scratch_database(laptop: Laptop, central_url: str) -> None:
    enrolment = laptop.enrolment
    with (
        scratch.keeper_of(central_url) as keeper,
        scratch.scratch_database(central_url, keeper) as name,
        pytest.raises(psycopg.OperationalError, match="permission denied for database"),
    ):
        psycopg.connect(central_url, dbname=name, user=enrolment.role, password=enrolment.password)


@pytest.mark.parametrize("is_encrypted", [False, True])
@pytest.mark.parametrize("point", ["backup.dumping", "backup.before_check", "backup.before_note"])
def test_after_ctrl_c_nothing_is_covered_and_nothing_half_stays(
    laptop: Laptop,
    line: Line,
    admin: Line,
    central_url: str,
    tmp_path: Path,
    organisation_keys: Path,
    is_encrypted: bool,
    point: str,
) -> None:
    push(line, laptop.facts(3))

    def interrupt() -> None:
        raise KeyboardInterrupt

    keys = organisation_keys if is_encrypted else None
    with armed(point, interrupt), pytest.raises(KeyboardInterrupt):
        back_up(central_url, tmp_path, keys_dir=keys)

    assert covered(admin) == set()
    assert list(tmp_path.glob(f"*{PART}")) == []
    assert scratches(admin) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_m15_a_disk_that_is_full_is_told_and_covers_nothing(
    laptop: Laptop,
    line: Line,
    admin: Line,
    central_url: str,
    tmp_path: Path,
    organisation_keys: Path,
    is_encrypted: bool,
) -> None:
    # Given a process that may write files of 100 kB, and more than that to write
    push(line, laptop.facts(400))
    keys = [organisation_keys] if is_encrypted else []
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"

    # When it backs up
    ended = subprocess.run(
        [sys.executable, "-c", f"{limit}\n{FULL}", central_url, str(tmp_path / "out"), *map(str, keys)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    # Then it says so, and leaves nothing
    assert ended.stdout.strip() == "unwritable_file", ended.stderr
    assert list((tmp_path / "out").iterdir()) == []
    assert covered(admin) == set()
