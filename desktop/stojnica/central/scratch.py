"""Scratch databases: a backup is restored into one to prove it, and it never stays behind."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from stojnica.central.connect import connect
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

# The name tells whose it is: the session (its number, and when it began) that has to be there as long as the
# database is needed. Clocks decide nothing, and a run that was killed leaves no doubt.
PREFIX = "stojnica_check_"
_NAME = re.compile(rf"^{PREFIX}(\d+)_([0-9a-f]+)_[0-9a-f]+$")
_WHO = "SELECT pid, (extract(epoch FROM backend_start) * 1000000)::bigint FROM pg_stat_activity"
_OURS = (
    "SELECT datname FROM pg_database WHERE datname ~ %s"
    " AND pg_has_role(current_user, datdba, 'USAGE') ORDER BY datname"
)
_NO_END = (
    "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = ANY (ARRAY['statement_timeout',"
    " 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout'])"
)


@contextmanager
def keeper_of(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Open the connection that scratch databases belong to; what earlier runs left behind is removed first.

    Raises:
        UserFacingError: not reachable, or not allowed.
    """
    with connect(url, autocommit=True) as keeper:
        let_it_last(keeper)
        sweep(keeper)
        yield keeper


def let_it_last(connection: psycopg.Connection[Any]) -> None:
    """Lift the server's limits of time for one session that has long work before it."""
    connection.execute(_NO_END)


@contextmanager
def scratch_database(url: str, keeper: psycopg.Connection[Any]) -> Iterator[str]:
    """Make an empty database that nobody else may connect to; it is dropped at the end, whatever happens.

    Raises:
        UserFacingError: the login may not make databases, or the server has no room.
    """
    row = keeper.execute(f"{_WHO} WHERE pid = pg_backend_pid()".encode()).fetchone()
    assert row is not None
    name = f"{PREFIX}{row[0]}_{row[1]:x}_{secrets.token_hex(4)}"
    database = sql.Identifier(name)
    try:
        keeper.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(database)
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise UserFacingError(
            _("The login may not make databases, and without one no backup can be checked."),
            safe=_("Nothing was changed."),
            next_step=_("Let a superuser allow it: ALTER ROLE … CREATEDB"),
            code="no_createdb",
        ) from error
    except psycopg.errors.DiskFull as error:
        raise UserFacingError(
            _("The server has no room for it."),
            safe=_("Nothing was changed."),
            next_step=_("Make room on the server's disk, then try again."),
            code="no_room",
        ) from error
    try:
        # There are people in it: laptops' logins must not get further than their own functions here, too.
        keeper.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        yield name
    finally:
        _drop(url, keeper, name)


def sweep(keeper: psycopg.Connection[Any]) -> int:
    """Drop the scratch databases whose session is gone; gives how many."""
    alive = {(pid, began) for pid, began in keeper.execute(_WHO.encode()).fetchall()}
    hidden = {pid for pid, began in alive if began is None}
    dropped = 0
    for (name,) in keeper.execute(_OURS, [_NAME.pattern]).fetchall():
        found = _NAME.match(name)
        assert found is not None
        pid, began = int(found[1]), int(found[2], 16)
        if (pid, began) not in alive and pid not in hidden:
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            dropped += 1
    return dropped


def _drop(url: str, keeper: psycopg.Connection[Any], name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    try:
        keeper.execute(statement)
    except psycopg.OperationalError:
        # The connection broke; should the server be gone, too, the next run drops it.
        with connect(url, autocommit=True) as other:
            other.execute(statement)
