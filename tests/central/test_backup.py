"""A backup is trusted after it was restored and compared, and covers just what its snapshot saw."""

import json
import os
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.central.backups import armed, covered, fault, flip, scratches
from tests.central.conftest import Laptop, Row, prove, push

from stojnica import failpoint
from stojnica.central import scratch
from stojnica.central.backup import back_up
from stojnica.central.backup_file import PART
from stojnica.central.init import init
from stojnica.central.restore import restore
from stojnica.central.restore_check import check_restore
from stojnica.cli.main import main

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


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
    assert len(list(tmp_path.glob("*.dump"))) == 2


def test_of_many_backups_the_newest_are_kept_and_strange_files_left_alone(
    laptop: Laptop, line: Line, central_url: str, tmp_path: Path
) -> None:
    push(line, laptop.facts(1))
    strange = tmp_path / "stojnica-notes.dump"
    strange.write_text("mine")
    files = [back_up(central_url, tmp_path, keep=2).file for _number in range(3)]

    assert set(tmp_path.glob("*.dump")) == {strange, *files[1:]}


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
    file = next(tmp_path.glob("*.dump"))
    assert main(["central", "restore-check", central_url, str(file), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)

    assert "2 records are in it" in said.out
    assert "It holds personal data in clear" in said.out
    assert "Restoring it into a scratch database" in said.err
    assert (checked["facts"], checked["known"], checked["laptops"]) == (2, True, 1)
    assert checked["code"] in file.name
    assert main(["central", "restore", central_url, str(file)]) == 1
    assert "isn't empty" in capsys.readouterr().err
