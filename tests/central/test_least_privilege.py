"""With a laptop's own credentials: the functions of `api`, and nothing else (I14)."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, Row, push

from stojnica.central.init import LAPTOP_FUNCTIONS
from stojnica.central.roles import still_open

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
Denied = psycopg.errors.InsufficientPrivilege
OURS = "('hub', 'api', 'office_api', 'public')"


SOME = {"timestamp with time zone": "now", "interval": "0 s", "uuid": str(UUID(int=0)), "bytea": "x"}


def arguments(types: list[str]) -> sql.Composable:
    """Give a value for each type; with a NULL, a strict function isn't even called."""
    values = [(SOME.get(name, "{}" if name.endswith("[]") else "0"), name) for name in types]
    return sql.SQL(", ").join(sql.SQL("{}::" + name).format(sql.Literal(value)) for value, name in values)


def test_i14_no_table_or_view_of_ours_can_be_read_or_written(line: Line, admin: Line) -> None:
    relations = admin.execute(
        "SELECT c.relnamespace::regnamespace::text, c.relname FROM pg_class c"
        f" WHERE c.relnamespace::regnamespace::text IN {OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
    ).fetchall()
    assert len(relations) > 20

    for schema, name in relations:
        table = sql.Identifier(schema, name)
        for attempt in (
            "SELECT * FROM {}",
            "SELECT count(*) FROM {}",
            "DELETE FROM {}",
            "TRUNCATE {}",
            "INSERT INTO {} DEFAULT VALUES",
            "COPY {} TO STDOUT",
            "LOCK TABLE {}",
        ):
            with pytest.raises(Denied), line.transaction():
                line.execute(sql.SQL(attempt).format(table))


def test_i14_no_function_but_those_of_api_can_be_called(line: Line, admin: Line) -> None:
    functions = admin.execute(
        "SELECT p.pronamespace::regnamespace::text, p.proname,"
        " ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS u(t))"
        f" FROM pg_proc p WHERE p.pronamespace::regnamespace::text IN {OURS}"
    ).fetchall()
    assert {name for schema, name, _types in functions if schema == "api"} == set(LAPTOP_FUNCTIONS)

    for schema, name, types in functions:
        if schema != "api":
            call = sql.SQL("SELECT {}({})").format(sql.Identifier(schema, name), arguments(types))
            with pytest.raises(Denied):
                line.execute(call)


def test_i14_large_objects_locks_sleep_and_messages_of_the_system_are_closed(line: Line, admin: Line) -> None:
    functions = admin.execute(
        "SELECT p.proname, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS u(t))"
        " FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND ("
        " p.proname ~ '(^|_)lo_' OR p.proname IN ('loread', 'lowrite', 'pg_notify')"
        " OR p.proname = 'pg_logical_emit_message'"
        " OR p.proname ~ 'advisory' OR p.proname ~ 'pg_sleep' OR p.proname ~ '^pg_(read|ls|write)_'"
        " OR p.proname ~ '^pg_(reload_conf|rotate_logfile|switch_wal|create_restore_point|promote)')"
    ).fetchall()
    assert len(functions) > 40

    for name, types in functions:
        call = sql.SQL("SELECT pg_catalog.{}({})").format(sql.Identifier(name), arguments(types))
        with pytest.raises(Denied, match=name):
            line.execute(call)


def test_i14_passwords_and_other_secrets_of_the_system_are_closed(line: Line) -> None:
    for name in (
        "pg_authid",
        "pg_shadow",
        "pg_user_mapping",
        "pg_statistic",
        "pg_hba_file_rules",
    ):
        with pytest.raises(Denied):
            line.execute(sql.SQL("SELECT * FROM pg_catalog.{}").format(sql.Identifier(name)))


FORBIDDEN = (
    "CREATE TABLE hub.mine (a int)",
    "CREATE TABLE api.mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE TEMPORARY TABLE mine (a int)",
    "SELECT 1 INTO TEMPORARY mine",
    "CREATE TEMPORARY SEQUENCE mine",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "DROP EXTENSION plpgsql",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION api.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION api.briefing(have bigint) RETURNS TABLE (version bigint, hash bytea,"
    " body bytea, signature bytea) LANGUAGE sql AS 'SELECT NULL, NULL, NULL, NULL'",
    "DO $$ BEGIN PERFORM 1; END $$",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "ALTER SYSTEM SET max_connections = 10",
    "SET session_preload_libraries = 'x'",
    "LOAD 'plpgsql'",
    "CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION x",
    "CREATE PUBLICATION mine",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION api.briefing()",
    "DROP FUNCTION api.briefing(bigint)",
    "DROP SCHEMA api CASCADE",
    "VACUUM FULL hub.fact",
    "CHECKPOINT",
)


def test_i14_nothing_can_be_made_changed_or_run(line: Line) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(Denied):
            line.execute(statement.encode())


def test_i14_there_is_no_schema_to_make_a_table_in(line: Line) -> None:
    with pytest.raises(psycopg.errors.InvalidSchemaName):
        line.execute("CREATE TABLE mine (a int)")


def test_i14_rights_cannot_be_passed_on(line: Line, admin: Line) -> None:
    question = "SELECT proacl::text FROM pg_proc WHERE pronamespace = 'api'::regnamespace ORDER BY proname"
    before = admin.execute(question).fetchall()

    # PostgreSQL answers with a warning, and grants nothing.
    line.execute("GRANT EXECUTE ON FUNCTION api.briefing(bigint) TO PUBLIC")
    line.execute("REVOKE EXECUTE ON FUNCTION api.briefing(bigint) FROM hub_owner")
    line.execute("DROP OWNED BY CURRENT_USER")

    assert admin.execute(question).fetchall() == before


def test_i14_no_other_role_can_be_taken_on(line: Line) -> None:
    for role in ("hub_owner", "hub_projector", "hub_office", "stojnica"):
        for statement in (
            "SET ROLE {role}",
            "SET SESSION AUTHORIZATION {role}",
            "DROP OWNED BY {role}",
            "REASSIGN OWNED BY {role} TO {role}",
        ):
            with pytest.raises(Denied):
                line.execute(sql.SQL(statement).format(role=sql.Identifier(role)))


def test_i14_a_laptop_cannot_pose_as_another(new_laptop: Callable[[str], Laptop], admin: Line) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    theirs = sql.Identifier(other.enrolment.role)

    with one.connect() as line:
        for statement in (
            "SET ROLE {}",
            "SET SESSION AUTHORIZATION {}",
            "ALTER ROLE {} PASSWORD 'x'",
            "ALTER ROLE {} RENAME TO x",
            "DROP ROLE {}",
            "DROP OWNED BY {}",
            "GRANT {} TO CURRENT_USER",
        ):
            with pytest.raises(Denied):
                line.execute(sql.SQL(statement).format(theirs))
        push(line, one.facts(2))

    # Whatever it sends is kept as its own.
    assert admin.execute("SELECT DISTINCT device_id FROM hub.delivery").fetchall() == [
        (one.enrolment.device_id,)
    ]


def test_i14_search_path_tricks_reach_nothing(laptop: Laptop, line: Line) -> None:
    line.execute("SET search_path = hub, api, pg_temp")

    assert push(line, laptop.facts(1)) == ["stored"]
    with pytest.raises(psycopg.errors.UndefinedTable):
        line.execute("SELECT * FROM fact")


def test_i14_a_login_without_a_device_is_refused(line: Line, admin: Line) -> None:
    admin.execute("DELETE FROM hub.login")

    for call in ("api.briefing(0)", "api.hello('x', 1, '{}', '{}', '{}', 0)", "api.prove('', 0, 0)"):
        with pytest.raises(Denied, match="login_without_device"):
            line.execute(f"SELECT * FROM {call}".encode())


def test_a_laptop_has_two_connections_and_its_own_password(laptop: Laptop, admin: Line) -> None:
    verifier = admin.pgconn.encrypt_password(
        b"new", laptop.enrolment.role.encode(), b"scram-sha-256"
    ).decode()
    with laptop.connect() as line, laptop.connect():
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            laptop.connect()
        line.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(verifier)))

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        laptop.connect()


def test_a_copy_of_a_closed_database_is_closed_too(admin: Line) -> None:
    assert still_open(admin) == ()


def test_nobody_else_may_connect_to_the_database_or_keep_temporary_tables_in_it(admin: Line) -> None:
    rights = admin.execute(
        "SELECT has_database_privilege('public', current_database(), 'CONNECT'),"
        " has_database_privilege('public', current_database(), 'TEMPORARY'),"
        " has_language_privilege('public', 'plpgsql', 'USAGE'),"
        " has_schema_privilege('public', 'public', 'USAGE')"
    ).fetchone()

    assert rights == (False, False, False, False)


def test_the_shared_roles_cannot_log_in_and_laptops_are_members_of_nothing(
    laptop: Laptop, admin: Line
) -> None:
    roles = admin.execute(
        "SELECT rolname, rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'hub\\_%'"
    ).fetchall()
    assert dict(roles) == {"hub_owner": False, "hub_projector": False, "hub_office": False}

    members = admin.execute(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        [laptop.enrolment.role],
    ).fetchone()
    assert members == (0,)


def test_i18_a_push_leaves_no_word_of_a_person_in_the_servers_log(
    laptop: Laptop, line: Line, postgres_server: object
) -> None:
    push(line, laptop.facts(1))
    for wrong in (
        "SELECT * FROM api.push(ARRAY['Žana']::uuid[], NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "SELECT 'Žana'::int",
        "SELECT Žana",
    ):
        with pytest.raises(psycopg.Error):
            line.execute(wrong.encode())

    text = postgres_server.log_path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert "STATEMENT" not in text
    assert "zana@example.org" not in text
