"""The centre is gone and comes back from a backup: laptops bring the rest, and both sides agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.sync.conftest import Fleet
from tests.sync.laptops import fault_of
from tests.sync.offices import PostgresOffice, Way

from stojnica.central.backup import back_up
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import LOGIN_LIMITS
from stojnica.central.projector import project_all
from stojnica.central.restore import restore
from stojnica.central.revoke import revoke
from stojnica.central.roles import still_open
from stojnica.central.status import central_status
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server
_RIGHTS = (
    "SELECT c.relname, c.relacl::text, c.relowner::regrole::text FROM pg_class c"
    " WHERE c.relnamespace = 'hub'::regnamespace"
    " UNION ALL SELECT p.oid::regprocedure::text, p.proacl::text, p.proowner::regrole::text FROM pg_proc p"
    " WHERE p.pronamespace IN ('hub'::regnamespace, 'api'::regnamespace, 'office_api'::regnamespace)"
    " UNION ALL SELECT n.nspname, n.nspacl::text, n.nspowner::regrole::text FROM pg_namespace n"
    " WHERE n.nspname IN ('hub', 'api', 'office_api')"
    " UNION ALL SELECT d.defaclobjtype::text, d.defaclacl::text, d.defaclrole::regrole::text"
    " FROM pg_default_acl d"
    " ORDER BY 1, 2"
)


def rights(office: PostgresOffice) -> list[tuple[str, ...]]:
    """Give who owns and who may what, without the order in which it was granted."""
    return [
        (name, "".join(sorted((granted or "").strip("{}").split(","))), owner)
        for name, granted, owner in office.rows(_RIGHTS)
    ]


def lose_everything(office: PostgresOffice) -> None:
    """Put an empty database in place of the central one."""
    name = sql.Identifier(office.url.rpartition("/")[2])
    with psycopg.connect(make_conninfo(office.url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_i08_m17_after_a_restore_the_next_sync_brings_back_what_came_after_the_backup(
    fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path, is_encrypted: bool
) -> None:
    # Given two laptops, a backup in the middle of their work, and a server whose database is lost
    keys = organisation_keys if is_encrypted else None
    first, second = fleet(Way(server_office), "First"), fleet(Way(server_office), "Second")
    first.capture(5)
    first.sync()
    project_all(server_office.url)
    file = back_up(server_office.url, tmp_path / "backups", keys_dir=keys).file
    first.capture(7)
    second.capture(3)
    first.sync()
    second.sync()
    before, granted = server_office.facts(), rights(server_office)
    server_id = server_office.rows("SELECT server_id FROM hub.server")
    lose_everything(server_office)

    # When it is restored, and both laptops sync
    done = restore(server_office.url, file, keys_dir=keys)
    assert (done.content.facts, done.ready, done.to_enrol) == (10, ("First", "Second"), ())
    assert server_office.rows("SELECT server_id FROM hub.server") == server_id
    results = [first.sync(), second.sync()]

    # Then all is back, both sides show the same code, and nobody may more than before
    assert all(result.is_complete for result in results)
    assert server_office.facts() == before == sorted([*first.facts(), *second.facts()])
    codes = {item.name: item.receipt_code for item in central_status(server_office.url).laptops}
    assert codes == {"First": results[0].receipt.code, "Second": results[1].receipt.code}
    assert project_all(server_office.url).quarantined == 0
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(15,)]
    assert rights(server_office) == granted
    with psycopg.connect(server_office.url) as connection:
        assert still_open(connection) == ()


def test_m20_a_laptop_that_was_shut_out_after_the_backup_stays_out(
    fleet: Fleet, server_office: PostgresOffice, tmp_path: Path
) -> None:
    laptop = fleet(Way(server_office), "Lost")
    laptop.capture(1)
    laptop.sync()
    file = back_up(server_office.url, tmp_path / "backups").file
    revoke(server_office.url, laptop.credentials().device_id)
    lose_everything(server_office)

    done = restore(server_office.url, file)

    assert (done.ready, done.to_enrol) == ((), ("Lost",))
    fault_of(laptop)


@contextmanager
def other_server(folder: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(folder, settings={"fsync": "off", "autovacuum": "off"}) as server:
        yield server


def test_m17_on_a_server_without_its_roles_they_are_made_and_laptops_are_named_that_need_a_file(
    fleet: Fleet, server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path
) -> None:
    # Given a backup, and a new server that knows nothing
    laptop = fleet(Way(server_office), "First")
    laptop.capture(4)
    laptop.sync()
    role = laptop.credentials().role
    file = back_up(server_office.url, tmp_path / "backups").file
    granted = rights(server_office)
    with other_server(tmp_path / "server") as server:
        # When it is restored there
        done = restore(server.url, file)

        # Then the roles are there without a way in, with their limits, and all rights are as before
        assert (done.content.facts, done.ready, done.to_enrol) == (8, (), ("First",))
        moved = PostgresOffice(server.url, organisation_keys, tmp_path)
        assert moved.rows("SELECT rolcanlogin, rolpassword FROM pg_authid WHERE rolname = %s", [role]) == [
            (False, None)
        ]
        settings = moved.rows(
            "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
            " WHERE r.rolname = %s",
            [role],
        )
        assert dict(item.split("=", 1) for (item,) in settings) == LOGIN_LIMITS
        assert rights(moved) == granted
        with psycopg.connect(server.url) as connection:
            assert still_open(connection) == ()

        # And a new enrolment works
        again = fleet(Way(moved), "Again")
        again.capture(1)
        assert again.sync().is_complete


def test_a_database_that_is_not_empty_is_refused_and_left_as_it_is(
    server_office: PostgresOffice, tmp_path: Path
) -> None:
    file = back_up(server_office.url, tmp_path / "backups").file
    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, file)
    assert caught.value.code == "not_empty"

    lose_everything(server_office)
    server_office.rows("CREATE TABLE mine (x integer)")
    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, file)
    assert caught.value.code == "not_empty"
    assert server_office.rows("SELECT count(*) FROM mine") == [(0,)]


def test_a_restore_that_fails_leaves_the_database_empty_for_another_try(
    fleet: Fleet, server_office: PostgresOffice, tmp_path: Path
) -> None:
    # Given a backup whose end is missing
    laptop = fleet(Way(server_office))
    laptop.capture(20)
    laptop.sync()
    file = back_up(server_office.url, tmp_path / "backups").file
    cut = tmp_path / "cut.dump"
    cut.write_bytes(file.read_bytes()[:-400])
    lose_everything(server_office)

    # When it is restored, and then the whole one
    with pytest.raises(UserFacingError) as caught:
        restore(server_office.url, cut, may_lack_tombstones=True)

    # Then the second try finds an empty database
    assert caught.value.code == "backup_damaged"
    assert restore(server_office.url, file).content.facts == 40
