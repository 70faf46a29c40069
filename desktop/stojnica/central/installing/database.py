"""The database of a server of ours: its logins, its schema, and a look at what is there."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql

from stojnica.central import migrations
from stojnica.central.connect import connect, told_plainly
from stojnica.central.init import init
from stojnica.central.installing.acts import database_change
from stojnica.central.installing.checks import check_server
from stojnica.central.installing.layout import POSTGRES, Server
from stojnica.central.installing.machine import Machine
from stojnica.central.installing.survey import Check, Inside
from stojnica.central.roles import OFFICE, OWNER, PROJECTOR
from stojnica.domain.errors import UserFacingError
from stojnica.records.typed import PROJECTION_VERSION, TYPED_TABLES

# The timers' login: no password, so that only the system's user of this name gets in, over the socket.
_SERVICE = "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION PASSWORD NULL"
_SERVICE_ROLES = (OWNER, PROJECTOR)
_OFFICE = "LOGIN NOSUPERUSER NOCREATEDB CREATEROLE NOREPLICATION CONNECTION LIMIT 20"
_OFFICE_ROLES = (OWNER, PROJECTOR, OFFICE, "pg_signal_backend", "pg_read_all_stats")
# A backup holds one transaction open until it was restored and checked.
_LONG_WORK = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "6h"}


class LocalHub:
    """The database on this machine, reached over its socket as `postgres`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def look(self, server: Server, password: str | None) -> Inside | None:
        """Say what is in it; None when it can't be asked."""
        try:
            with connect(server.local_url(POSTGRES, "postgres")) as connection:
                row = connection.execute(
                    "SELECT extract(epoch FROM pg_postmaster_start_time())::float8,"
                    " extract(epoch FROM pg_conf_load_time())::float8,"
                    " EXISTS (SELECT FROM pg_database WHERE datname = %s)",
                    [server.layout.database],
                ).fetchone()
                is_known = _knows(connection, server, password)
                has_logins = _has_logins(connection, server)
            assert row is not None
            is_complete = bool(row[2]) and has_logins and _is_current(server)
            return Inside(row[0], row[1], is_complete, is_known)
        except (UserFacingError, psycopg.Error):
            return None

    def set_up(self, server: Server, password: str | None) -> None:
        """Make what is missing; a second time changes nothing.

        Raises:
            UserFacingError: the server doesn't let us.
        """
        self._machine.journal.append(database_change(server))
        layout = server.layout
        with told_plainly(), connect(server.local_url(POSTGRES, "postgres"), autocommit=True) as connection:
            _make_role(connection, layout.service_user, _SERVICE)
            _make_role(connection, layout.office_role, _OFFICE)
            if password is not None and not _knows(connection, server, password):
                _set_password(connection, layout.office_role, password)
            _make_database(connection, server)
        init(server.local_url(POSTGRES), branch_name=server.wish.name)
        with told_plainly(), connect(server.local_url(POSTGRES), autocommit=True) as connection:
            for role, roles in ((layout.service_user, _SERVICE_ROLES), (layout.office_role, _OFFICE_ROLES)):
                _grant(connection, role, roles)

    def check(self, server: Server, password: str | None) -> tuple[Check, ...]:
        """Try the finished server as laptops and strangers do."""
        return check_server(self._machine, server, password)


def _make_role(connection: psycopg.Connection[Any], name: str, kind: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), _raw(kind)))
    for setting, value in _LONG_WORK.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
            )
        )


def _raw(text: str) -> sql.Composable:
    return sql.SQL(" ").join(sql.SQL(word) for word in text.split())


def _set_password(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    # The server gets the SCRAM verifier (RFC 5803) alone, so that no log can hold the password.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _make_database(connection: psycopg.Connection[Any], server: Server) -> None:
    layout = server.layout
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [layout.database]).fetchone()
    if known is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' OWNER {}").format(
                sql.Identifier(layout.database), sql.Identifier(layout.office_role)
            )
        )


def _grant(connection: psycopg.Connection[Any], role: str, roles: tuple[str, ...]) -> None:
    for name in roles:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(name), sql.Identifier(role)))


def _has_logins(connection: psycopg.Connection[Any], server: Server) -> bool:
    for role, roles in (
        (server.layout.service_user, _SERVICE_ROLES),
        (server.layout.office_role, _OFFICE_ROLES),
    ):
        for wanted in roles:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM pg_auth_members"
                " WHERE member = to_regrole(%s) AND roleid = to_regrole(%s))",
                [role, wanted],
            ).fetchone()
            if row is None or not row[0]:
                return False
    return True


def _knows(connection: psycopg.Connection[Any], server: Server, password: str | None) -> bool:
    """Tell whether the office's login has this password; the server's log learns nothing of it."""
    row = connection.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [server.layout.office_role]
    ).fetchone()
    return password is not None and row is not None and fits(password, row[0] or "")


def fits(password: str, verifier: str) -> bool:
    """Tell whether a SCRAM-SHA-256 verifier (RFC 5803) belongs to a password of ASCII letters."""
    kind, _sign, rest = verifier.partition("$")
    start, _sign, keys = rest.partition("$")
    count, _sign, salt = start.partition(":")
    if kind != "SCRAM-SHA-256" or not count.isdigit():
        return False
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(count))
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64encode(hashlib.sha256(client).digest()).decode()
    return hmac.compare_digest(stored, keys.partition(":")[0])


def _is_current(server: Server) -> bool:
    """Tell whether the schema is the one of this program, and the branch has its name."""
    head = ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head()
    with connect(server.local_url(POSTGRES)) as connection:
        there = connection.execute("SELECT to_regclass('hub.alembic_version')").fetchone()
        if there is None or there[0] is None:
            return False
        row = connection.execute(
            "SELECT (SELECT array_agg(version_num::text) FROM hub.alembic_version),"
            " obj_description(to_regclass(%s), 'pg_class'),"
            " (SELECT name FROM hub.branch ORDER BY created_at, branch_id LIMIT 1)",
            [f"hub.{TYPED_TABLES[0].name}"],
        ).fetchone()
    return row == ([head], f"projection {PROJECTION_VERSION}", server.wish.name)
