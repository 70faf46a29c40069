"""Keep laptops' logins within bounds: end what runs for ever, and put back what they changed for themselves.

PostgreSQL lets each login lift its own limits of time; this is what answers it. Any number may run at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from stojnica.central.connect import connect, told_plainly
from stojnica.central.enrol import LOGIN_LIMITS
from stojnica.central.roles import OWNER

LONGEST_SECONDS = 30
ROUND_SECONDS = 10
ENDED, RESET = "session_ended", "settings_reset"
_RUNS_TOO_LONG = (
    " FROM pg_stat_activity a JOIN hub.login l ON l.role_name = a.usename AND l.kind = 'laptop'"
    " WHERE a.datname = current_database()"
    " AND (clock_timestamp() - a.xact_start > make_interval(secs => %(s)s)"
    " OR (a.state = 'active' AND clock_timestamp() - a.query_start > make_interval(secs => %(s)s)))"
)
_TOO_LONG = f"SELECT a.pid, l.branch_id, l.device_id{_RUNS_TOO_LONG}"
# One by one, and asked again in the same statement: who has come to an end since is left alone.
_END = f"SELECT pg_terminate_backend(a.pid){_RUNS_TOO_LONG} AND a.pid = %(pid)s"
_SETTINGS = (
    "SELECT l.branch_id, l.device_id, l.role_name, d.datname, s.setconfig FROM pg_db_role_setting s"
    " JOIN pg_roles r ON r.oid = s.setrole JOIN hub.login l ON l.role_name = r.rolname AND l.kind = 'laptop'"
    " LEFT JOIN pg_database d ON d.oid = s.setdatabase"
)
_WITHOUT_LIMITS = (
    "SELECT l.branch_id, l.device_id, l.role_name FROM hub.login l JOIN pg_roles r ON r.rolname = l.role_name"
    " WHERE l.kind = 'laptop' AND NOT EXISTS"
    " (SELECT FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0)"
)
_NOTE = (
    "INSERT INTO hub.watch_note AS n (branch_id, device_id, what, day, times, at)"
    " VALUES (%s, %s, %s, (now() AT TIME ZONE 'UTC')::date, 1, hub.now_us())"
    " ON CONFLICT (branch_id, device_id, what, day) DO UPDATE SET times = n.times + 1, at = excluded.at"
)
_RIGHTS = (
    "SELECT pg_has_role('pg_read_all_stats', 'USAGE'), pg_has_role('pg_signal_backend', 'USAGE'),"
    " rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
)


@dataclass(frozen=True, slots=True)
class Done:
    """Name a laptop, and what was done about it: a session ended, or its settings put back."""

    laptop: str
    what: str


@dataclass(frozen=True, slots=True)
class Round:
    """Say what one look did; `lacking` names the rights that the login would need to do all of it."""

    done: tuple[Done, ...]
    lacking: tuple[str, ...]


def watch_once(url: str, *, longest_s: float = LONGEST_SECONDS) -> Round:
    """Look once.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url, autocommit=True) as connection:
        lacking = _lacking(connection)
        found = [(*who, ENDED) for who in _end_sessions(connection, longest_s, lacking)]
        found += [(*who, RESET) for who in _put_settings_back(connection, lacking)]
        names = dict(connection.execute("SELECT device_id, name FROM hub.device").fetchall())
        for branch_id, device_id, what in found:
            with connection.transaction():
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
                connection.execute(_NOTE, [branch_id, device_id, what])
    done = tuple(Done(names.get(device_id, "?"), what) for _branch, device_id, what in found)
    return Round(done, tuple(lacking))


def _lacking(connection: psycopg.Connection[Any]) -> list[str]:
    row = connection.execute(_RIGHTS).fetchone()
    assert row is not None
    names = ("pg_read_all_stats", "pg_signal_backend", "CREATEROLE")
    return [name for name, is_there in zip(names, row, strict=True) if not is_there]


def _end_sessions(
    connection: psycopg.Connection[Any], longest_s: float, lacking: list[str]
) -> list[tuple[UUID, UUID]]:
    ended: list[tuple[UUID, UUID]] = []
    for pid, branch_id, device_id in connection.execute(_TOO_LONG.encode(), {"s": longest_s}).fetchall():
        try:
            row = connection.execute(_END.encode(), {"pid": pid, "s": longest_s}).fetchone()
        except psycopg.errors.InsufficientPrivilege:
            _add(lacking, "pg_signal_backend")
            continue
        if row is not None and row[0]:
            ended.append((branch_id, device_id))
    return ended


def _put_settings_back(connection: psycopg.Connection[Any], lacking: list[str]) -> list[tuple[UUID, UUID]]:
    changed: dict[tuple[UUID, UUID, str], list[str]] = {}
    for branch_id, device_id, role_name, database, settings in connection.execute(_SETTINGS).fetchall():
        if database is not None:
            changed.setdefault((branch_id, device_id, role_name), []).append(database)
        elif _as_mapping(settings) != LOGIN_LIMITS:
            changed.setdefault((branch_id, device_id, role_name), [])
    for row in connection.execute(_WITHOUT_LIMITS).fetchall():
        changed.setdefault(tuple(row), [])
    reset: list[tuple[UUID, UUID]] = []
    for (branch_id, device_id, role_name), databases in changed.items():
        try:
            with connection.transaction():
                _reset(connection, role_name, databases)
        except psycopg.errors.InsufficientPrivilege:
            _add(lacking, "CREATEROLE")
        except (psycopg.errors.InternalError, psycopg.errors.UniqueViolation):
            # "Tuple concurrently updated", or made: another one puts the same back at this moment.
            continue
        else:
            reset.append((branch_id, device_id))
    return reset


def _reset(connection: psycopg.Connection[Any], role_name: str, databases: list[str]) -> None:
    role = sql.Identifier(role_name)
    for database in databases:
        connection.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(role, sql.Identifier(database))
        )
    connection.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(role))
    for setting, value in LOGIN_LIMITS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(setting), sql.Literal(value))
        )


def _as_mapping(settings: list[str]) -> Mapping[str, str]:
    return dict(item.partition("=")[::2] for item in settings)


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)
