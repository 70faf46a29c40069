"""The roles of the central database, and what everybody else loses in it."""

from typing import Any

import psycopg
from psycopg import sql

OWNER = "hub_owner"
PROJECTOR = "hub_projector"
OFFICE = "hub_office"
SHARED_ROLES = (OWNER, PROJECTOR, OFFICE)
SCHEMAS = ("hub", "api", "office_api")

# What PostgreSQL lets everybody call although it takes space, locks or time: large objects, advisory
# locks, sleeping, notifications, and messages in the write-ahead log.
_OPEN_TO_ALL = """
SELECT p.oid::regprocedure::text
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace
  AND p.proname ~ ('^(lo_|loread$|lowrite$|pg_advisory|pg_try_advisory|pg_sleep|pg_notify$'
      || '|pg_logical_emit_message$|pg_read_file_old$|pg_rotate_logfile_old$)')
  AND has_function_privilege('public', p.oid, 'EXECUTE')
ORDER BY 1
"""
# By itself, PostgreSQL writes the row that an error is about into its log: a person, in clear.
_QUIET_LOG = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """Make the shared roles, none of which can log in; the current user may act as owner and as office."""
    for name in SHARED_ROLES:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION").format(
                    sql.Identifier(name)
                )
            )
    row = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [OWNER]).fetchone()
    if row is None or not row[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    # Another login may have made the roles: whoever can't have this one reads as the owner.
    _as_far_as_allowed(connection, f"GRANT {OFFICE} TO CURRENT_USER")


def make_schemas(connection: psycopg.Connection[Any]) -> None:
    """Make the schemas, and let their owner write functions."""
    # Without this right, PUBLIC's was the one that let the owner create functions.
    _as_far_as_allowed(connection, "GRANT USAGE ON LANGUAGE plpgsql TO hub_owner")
    for name in SCHEMAS:
        connection.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )


def close_to_public(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Take from PUBLIC what it has in a new database; give the names of what only a superuser could take."""
    close_copy(connection)
    _as_far_as_allowed(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    _as_far_as_allowed(connection, "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    for (signature,) in connection.execute(_OPEN_TO_ALL).fetchall():
        _as_far_as_allowed(connection, f"REVOKE EXECUTE ON FUNCTION pg_catalog.{signature} FROM PUBLIC")
    return still_open(connection)


def close_copy(connection: psycopg.Connection[Any]) -> None:
    """Close a copy that was made from a closed database as its template.

    Rights on the database itself aren't copied with it, and neither are its settings, which keep persons out
    of the server's log (as far as a superuser sets it up).
    """
    row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    database = sql.Identifier(row[0])
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            database, sql.Identifier(PROJECTOR), sql.Identifier(OFFICE)
        )
    )
    for name, value in _QUIET_LOG.items():
        setting = sql.SQL("ALTER DATABASE {} SET {} = {}").format(
            database, sql.Identifier(name), sql.Literal(value)
        )
        _as_far_as_allowed(connection, setting.as_string(connection))


def still_open(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Give what everybody may still do in this database, although nobody should."""
    found = [signature for (signature,) in connection.execute(_OPEN_TO_ALL).fetchall()]
    checks = {
        "TEMPORARY": "SELECT has_database_privilege('public', current_database(), 'TEMPORARY')",
        "CONNECT": "SELECT has_database_privilege('public', current_database(), 'CONNECT')",
        "plpgsql": "SELECT has_language_privilege('public', 'plpgsql', 'USAGE')",
        "public": "SELECT has_schema_privilege('public', 'public', 'CREATE')",
    }
    for name, question in checks.items():
        row = connection.execute(question.encode()).fetchone()
        if row is None or row[0]:
            found.append(name)
    return tuple(found)


def _as_far_as_allowed(connection: psycopg.Connection[Any], statement: str) -> None:
    # A managed server keeps these rights to itself: that is told, and hinders nothing else.
    try:
        with connection.transaction():
            connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return
