"""I14: a laptop that was shut out after a backup stays out when that backup is restored, by every route."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from tests.central.backups import armed
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import PostgresOffice, Way
from tests.sync.sticks import StickOffice
from tests.sync.test_sync_restored import lose_everything

from stojnica.central.backup import back_up
from stojnica.central.restore import restore
from stojnica.central.restore_check import check_restore
from stojnica.central.revoke import revoke_named
from stojnica.central.tombstones import write_list
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def renew_list(office: PostgresOffice, folder: Path) -> Path:
    with psycopg.connect(office.url) as connection:
        return write_list(connection, folder)


def open_login(office: PostgresOffice, role: str) -> None:
    """Open a login again, as a server has it that went back to a picture of its disk."""
    office.rows(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(role)).as_string())


def let_in(office: PostgresOffice, role: str) -> None:
    """Give a login all that the server itself can give."""
    open_login(office, role)
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    database = sql.Identifier(office.url.rpartition("/")[2])
    office.rows(grant.format(database, sql.Identifier(role)).as_string())


def can_log_in(office: PostgresOffice, role: str) -> bool:
    return bool(office.rows("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role])[0][0])


def revoked(office: PostgresOffice) -> list[str]:
    return [name for (name,) in office.rows("SELECT name FROM hub.device WHERE revoked ORDER BY name")]


def with_rows(path: Path, **parts: Any) -> None:
    """Change parts of a list, as anybody could who may write to its folder."""
    path.write_text(json.dumps(json.loads(path.read_text()) | parts))


def devices(path: Path) -> list[str]:
    return [row[1] for row in json.loads(path.read_text())["revoked"]]


@pytest.fixture
def lost(fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path) -> Laptop:
    """Have a laptop that sent, by the line and by a stick, and one that stays."""
    stays = fleet(Way(server_office), "Stays")
    stays.capture()
    stays.sync()
    laptop = StickOffice(server_office, organisation_keys, tmp_path).laptop(fleet, "Lost")
    laptop.capture()
    laptop.sync()
    return laptop


def test_i14_m38_after_a_restore_the_lost_laptop_is_refused_by_line_login_and_stick(
    lost: Laptop,
    fleet: Fleet,
    server_office: PostgresOffice,
    organisation_keys: Path,
    tmp_path: Path,
    backups: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given a backup, and afterwards a laptop that is stolen and shut out, and another enrolled by its name
    url, stick_office = server_office.url, StickOffice(server_office, organisation_keys, tmp_path)
    file, before = back_up(url, backups).file, server_office.facts()
    credentials = lost.credentials()
    assert main(["central", "revoke", url, "--name", "Lost", "--backups", str(backups)]) == 0
    lost.capture()
    stick = stick_office.export(lost)
    lose_everything(server_office)
    open_login(server_office, credentials.role)

    # When the backup is restored
    capsys.readouterr()
    assert main(["central", "restore", url, str(file)]) == 0

    # Then the office hears of it, and nothing of the thief's counts, whatever he has
    said = capsys.readouterr().out
    assert (
        "“Lost” was shut out after this backup, and is again: its login and its sticks don't count." in said
    )
    assert "“Stays” can sync again" in said
    assert "“Lost” can sync again" not in said
    assert "after the list beside the backup was last written? Then shut it out once more" in said
    assert not can_log_in(server_office, credentials.role)
    assert fault_of(lost).step == "connect"
    with pytest.raises(UserFacingError) as caught:
        stick_office.take_in(stick)
    assert caught.value.code == "stick_revoked"
    # And should a login be opened by mistake, it is refused all the same.
    let_in(server_office, credentials.role)
    assert fault_of(lost).step != "connect"
    assert server_office.facts() == before


def test_i14_no_line_is_open_while_the_list_is_being_applied(
    lost: Laptop, server_office: PostgresOffice, backups: Path
) -> None:
    # Given a server on which the stolen laptop's login is open, because its disk went back
    file, role = back_up(server_office.url, backups).file, lost.credentials().role
    revoke_named(server_office.url, "Lost")
    renew_list(server_office, backups)
    lose_everything(server_office)
    open_login(server_office, role)
    waiting = lost.capture()
    tried: dict[str, str] = {}

    # When it calls at each step of the restore
    restore(server_office.url, file, tell=lambda step: tried.update({step: fault_of(lost).step}))

    # Then it gets nowhere, least of all when the facts are there and the list isn't applied yet
    assert len(tried) == 3
    assert tried["Checking …"] == "connect"
    assert revoked(server_office) == ["Lost"]
    assert not set(keys(waiting)) & set(server_office.facts())


def test_i14_who_was_enrolled_anew_stays_let_in(
    lost: Laptop, fleet: Fleet, server_office: PostgresOffice, backups: Path
) -> None:
    # Given a laptop that is shut out, found, and enrolled anew by its old name before the backup is made
    revoke_named(server_office.url, "Lost")
    again = fleet(Way(server_office), "Lost")
    facts = again.capture()
    again.sync()
    file = back_up(server_office.url, backups).file
    server_office.rows("UPDATE hub.device SET revoked = false")
    old = back_up(server_office.url, backups / "old").file
    lose_everything(server_office)

    # When either backup is restored, one of which knows nothing of the shutting out
    for one in (file, old):
        done = restore(server_office.url, one, tombstones=next(backups.glob("*.json")))

        # Then the new one goes on, and the old one is out
        assert sorted(done.ready) == ["Lost", "Stays"]
        assert done.shut_out == (("Lost",) if one == old else ())
        more = again.capture()
        assert again.sync().is_complete
        assert set(keys(facts, more)) <= set(server_office.facts())
        assert len(revoked(server_office)) == 1
        lose_everything(server_office)


def test_i14_older_lists_take_nothing_from_newer_ones_in_whatever_order(
    lost: Laptop, fleet: Fleet, server_office: PostgresOffice, backups: Path, tmp_path: Path
) -> None:
    # Given a list of before, put beside the new one by a name that sorts after it, or before it
    url, file = server_office.url, back_up(server_office.url, backups).file
    (listed,) = backups.glob("*.tombstones.json")
    older = listed.read_bytes()
    revoke_named(url, "Lost")
    renew_list(server_office, backups)
    for name in ("a.tombstones.json", "z.tombstones.json"):
        (backups / name).write_bytes(older)

    # When the backup is restored, and the list written again and again, by databases of before too
    lose_everything(server_office)
    restored = restore(url, file).shut_out
    lose_everything(server_office)
    restore(url, file, may_lack_tombstones=True, tombstones=backups / "a.tombstones.json")
    forgot = revoked(server_office)
    revoke_named(url, "Stays")
    renew_list(server_office, backups)

    # Then it only ever grew
    assert (restored, forgot) == (("Lost",), [])
    assert len(devices(listed)) == 2
    assert str(lost.credentials().device_id) in devices(listed)


def test_i14_whoever_writes_the_list_at_the_same_time_forgets_nobody(
    lost: Laptop, server_office: PostgresOffice, backups: Path
) -> None:
    # Given one who is writing the list, and has read who is shut out
    url = server_office.url
    with psycopg.connect(url) as first, psycopg.connect(url, options="-c lock_timeout=200ms") as second:
        write_list(first, backups)

        # When another one has somebody to add meanwhile
        revoke_named(url, "Lost")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            write_list(second, backups)
        second.rollback()
        first.commit()
        path = write_list(second, backups)

    # Then they follow each other
    assert devices(path) == [str(lost.credentials().device_id)]


def test_i14_without_a_list_the_restore_says_what_it_cannot_know(
    lost: Laptop, server_office: PostgresOffice, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = back_up(server_office.url, backups).file
    revoke_named(server_office.url, "Lost")
    for listed in backups.glob("*.tombstones.json"):
        listed.unlink()
    call = ["central", "restore", server_office.url, str(file)]
    check = ["central", "restore-check", server_office.url, str(file)]

    assert main(check) == 0
    assert "isn't beside it: a restore wants one" in capsys.readouterr().out
    lose_everything(server_office)
    assert main(call) == 1
    assert "a lost laptop would be trusted again" in capsys.readouterr().err
    assert main([*call, "--without-tombstones"]) == 0

    said = capsys.readouterr().out
    assert "Was a laptop lost and shut out after this backup? Then shut it out once more" in said
    assert revoked(server_office) == []


def test_i14_what_is_shut_out_is_said_before_a_restore_too_and_nothing_changes(
    lost: Laptop, server_office: PostgresOffice, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = back_up(server_office.url, backups).file
    revoke_named(server_office.url, "Lost")
    server_office.erase(server_office.facts()[0][0])
    listed = renew_list(server_office, backups).read_bytes()

    assert main(["central", "restore-check", server_office.url, str(file)]) == 0
    said = capsys.readouterr().out
    assert main(["--json", "central", "restore-check", server_office.url, str(file)]) == 0
    told = json.loads(capsys.readouterr().out)

    assert "By the list beside it, a restore erases 1 record again." in said
    assert "“Lost” was shut out after this backup: a restore shuts it out again." in said
    assert (told["list"], told["erased"], told["shut_out"]) == (True, 1, ["Lost"])
    assert next(backups.glob("*.json")).read_bytes() == listed


HOSTILE: dict[str, Callable[[UUID], Any]] = {
    "no list": lambda _branch: {"a": 1},
    "too narrow": lambda branch: [[str(branch)]],
    "too wide": lambda branch: [[str(branch), str(uuid4()), "postgres"]],
    "a name": lambda branch: [[str(branch), "Lost"]],
    "a number": lambda branch: [[str(branch), 7]],
    "nothing": lambda branch: [[str(branch), None]],
    "a statement": lambda branch: [[str(branch), "'; DROP SCHEMA hub CASCADE; --"]],
    "deep": lambda _branch: "deep",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_i14_a_damaged_list_stops_check_and_restore_in_plain_words(
    lost: Laptop, server_office: PostgresOffice, backups: Path, name: str
) -> None:
    # Given a list that no database of ours wrote
    file = back_up(server_office.url, backups).file
    (listed,) = backups.glob("*.tombstones.json")
    with_rows(listed, revoked=HOSTILE[name](server_office.branch_id))
    if name == "deep":
        listed.write_text(listed.read_text().replace('"deep"', "[" * 100_000 + "]" * 100_000))
    hostile = listed.read_bytes()

    # When it is used, by whoever uses lists
    codes = []
    for work in (
        lambda: check_restore(server_office.url, file),
        lambda: renew_list(server_office, backups),
        lambda: (lose_everything(server_office), restore(server_office.url, file)),
    ):
        with pytest.raises(UserFacingError) as caught:
            work()
        codes.append(caught.value.code)

    # Then each says so, and leaves everything as it was
    assert codes == ["bad_tombstones"] * 3
    assert listed.read_bytes() == hostile
    assert server_office.rows("SELECT to_regclass('hub.device')") == [(None,)]


@pytest.mark.parametrize(
    "row",
    [
        [str(uuid4()), 1, "asked", "1; DROP", None],
        [str(uuid4()), "\0", 1, None],
        [str(uuid4()), "asked", 10**30, None],
        [str(uuid4()), None, 1, None],
        [str(uuid4()), "asked", 1, "nobody"],
    ],
)
def test_a_list_of_strange_values_stops_the_restore_in_plain_words(
    server_office: PostgresOffice, backups: Path, row: list[Any]
) -> None:
    file = back_up(server_office.url, backups).file
    (listed,) = backups.glob("*.tombstones.json")
    with_rows(listed, tombstones=[[str(server_office.branch_id), *row]])
    lose_everything(server_office)

    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, file)

    assert caught.value.code == "bad_tombstones"
    assert server_office.rows("SELECT to_regclass('hub.device')") == [(None,)]


def test_i14_a_forged_list_lets_nobody_in_and_reaches_no_other_login(
    lost: Laptop, server_office: PostgresOffice, backups: Path
) -> None:
    # Given the list of another database, and one that names a stranger, the same one twice, and the office
    file, branch = back_up(server_office.url, backups).file, str(server_office.branch_id)
    revoke_named(server_office.url, "Lost")
    listed = renew_list(server_office, backups)
    device_id, office = devices(listed)[0], str(uuid4())
    server_office.rows(
        "INSERT INTO hub.device (branch_id, device_id, role_name, name, kind, created_at)"
        " VALUES (%s, %s, 'postgres', 'Office', 'office', 1)",
        [branch, office],
    )
    file = back_up(server_office.url, backups).file
    roles = server_office.rows("SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY rolname")
    other = backups / "other.tombstones.json"
    other.write_bytes(listed.read_bytes())
    with_rows(other, server_id=str(uuid4()), revoked=[[branch, str(one)] for one in (office, uuid4())])
    rows = [[branch, device_id.upper()], [branch, device_id], [branch, office], [branch, str(uuid4())]]
    with_rows(listed, revoked=rows)
    lose_everything(server_office)

    # When a backup is restored that knows the laptop as shut out already
    done = restore(server_office.url, file)

    # Then that stays so, and nobody else is touched
    assert done.shut_out == ()
    assert done.ready == ("Stays",)
    assert revoked(server_office) == ["Lost"]
    assert server_office.rows("SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY rolname") == roles


def test_i14_a_list_without_that_part_is_an_older_one_and_counts(
    lost: Laptop, server_office: PostgresOffice, backups: Path
) -> None:
    file = back_up(server_office.url, backups).file
    (listed,) = backups.glob("*.tombstones.json")
    document = json.loads(listed.read_text())
    del document["revoked"]
    listed.write_text(json.dumps(document))
    lose_everything(server_office)

    done = restore(server_office.url, file)

    assert (done.shut_out, done.has_list) == ((), True)


def test_i14_each_backup_writes_who_is_shut_out_at_its_end(
    lost: Laptop, server_office: PostgresOffice, backups: Path
) -> None:
    # Given a laptop that is shut out while a backup is being made, which doesn't know it yet
    with armed("backup.before_check", lambda: revoke_named(server_office.url, "Lost")):
        file = back_up(server_office.url, backups).file
    lose_everything(server_office)

    done = restore(server_office.url, file)

    assert done.shut_out == ("Lost",)


def test_the_office_hears_first_that_the_laptop_is_out_and_then_of_the_list(
    lost: Laptop, server_office: PostgresOffice, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["central", "revoke", server_office.url, "--name", "Lost"]
    back_up(server_office.url, backups)
    (listed,) = backups.glob("*.tombstones.json")
    listed.write_text("half a li")

    assert main(call) == 0
    without = capsys.readouterr().out
    assert main([*call, "--backups", str(backups)]) == 1
    damaged = capsys.readouterr()
    listed.unlink()
    assert main([*call, "--backups", str(backups)]) == 0
    whole = capsys.readouterr()
    assert main([*call, "--backups", str(backups / "elsewhere")]) == 0
    elsewhere = capsys.readouterr()

    assert "A backup from before would let it in again: make one now" in without
    assert "“Lost” is shut out." in damaged.out
    assert "The database itself is as it should be." in damaged.err
    assert (whole.out, whole.err) == ("“Lost” is shut out. What it delivered stays.\n", "")
    assert len(devices(listed)) == 1
    assert "There is no backup in" in elsewhere.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_list_that_root_wrote_belongs_to_the_user_of_the_nightly_backup(
    server_office: PostgresOffice, backups: Path
) -> None:
    backups.mkdir()
    os.chown(backups, 12_345, 12_346)

    status = renew_list(server_office, backups).stat()

    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (12_345, 12_346, 0o600)


def test_i14_a_forged_backup_closes_no_login_but_laptops(
    server_office: PostgresOffice, backups: Path
) -> None:
    # Given a backup that calls another program's login a laptop that is shut out
    role = f"wiki_{uuid4().hex[:8]}"
    server_office.rows(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)).as_string())
    server_office.rows(
        "INSERT INTO hub.device (branch_id, device_id, role_name, name, kind, created_at, revoked)"
        " VALUES (%s, %s, %s, 'Wiki', 'laptop', 1, true)",
        [server_office.branch_id, uuid4(), role],
    )
    file = back_up(server_office.url, backups).file
    lose_everything(server_office)

    try:
        restore(server_office.url, file)

        assert can_log_in(server_office, role)
    finally:
        server_office.rows(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)).as_string())
