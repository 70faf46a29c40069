"""The one place where connections of the office to the central database are opened."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from stojnica.central.enrolment import VERIFY_FULL, is_this_machine
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

CONNECT_SECONDS = 10
# libpq gives no error code for a connection that failed, only the server's words.
_NO_SUCH_DATABASE = re.compile(r'database ".*" does not exist')
_WRONG_LOGIN = ("password authentication failed", "no password supplied", 'role "', "no pg_hba.conf entry")
_CERTIFICATE = ("certificate", "does not support SSL", "SSL error", "server certificate")


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """Open one connection; every wait has a deadline.

    To another machine it goes with TLS and a certificate that fits (`sslmode=verify-full`, `sslrootcert` in
    the address, or else the authorities that this system knows), or not at all.

    Raises:
        UserFacingError: address, server, login or certificate don't let us in.
    """
    try:
        wanted = _OPTIONS | options
        protection = _protection(conninfo_to_dict(url) | options)
        return psycopg.connect(url, prepare_threshold=None, **(wanted | protection))
    except psycopg.ProgrammingError as error:
        raise _bad_address() from error
    except psycopg.OperationalError as error:
        raise _not_connected(str(error)) from error


def office_engine(url: str) -> Engine:
    """Give an engine for the records; each use opens a connection of its own."""
    return sa.create_engine("postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool)


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """Give the driver's own connection under one of SQLAlchemy's, in the same transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a server may answer to the office's statements into words for people.

    Raises:
        UserFacingError: the schema is missing, the login isn't allowed to, or the connection broke.
    """
    try:
        yield
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        driver = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        state = getattr(driver, "sqlstate", None) or ""
        if state in ("3F000", "42P01", "42883"):
            raise not_a_hub() from error
        if state == "42501":
            raise UserFacingError(
                _("The login isn't allowed to do this."),
                safe=_("Nothing was changed."),
                next_step=_("Use the login of the database's owner."),
                code="not_allowed",
            ) from error
        if state == "53100":
            raise UserFacingError(
                _("The server's disk is full."),
                safe=_("What was there before is untouched; laptops keep what they have and send it later."),
                next_step=_("Make room on the server, then try again."),
                code="server_full",
            ) from error
        if isinstance(driver, psycopg.OperationalError):
            raise _not_connected(str(driver)) from error
        raise


def not_a_hub() -> UserFacingError:
    """Say that the database has no schema of ours."""
    return UserFacingError(
        _("This database wasn't set up for Stojnica."),
        safe=_("Nothing was changed."),
        next_step=_("Check the database's name in the address, or run: stojnica central init URL"),
        code="wrong_database",
    )


_OPTIONS: dict[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "application_name": "stojnica",
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def _protection(wanted: Mapping[str, Any]) -> dict[str, str]:
    hosts = str(wanted.get("host") or wanted.get("hostaddr") or "").split(",")
    if all(not host or is_this_machine(host) for host in hosts):
        return {}
    if wanted.get("sslmode", VERIFY_FULL) != VERIFY_FULL:
        raise UserFacingError(
            _("The address asks for a connection that anybody on the way could read."),
            safe=_("Nothing was sent."),
            next_step=_(
                "Write sslmode=verify-full in the address, and sslrootcert=FILE for your own authority."
            ),
            code="unprotected",
        )
    return {"sslmode": VERIFY_FULL, "sslrootcert": str(wanted.get("sslrootcert", "system"))}


def _bad_address() -> UserFacingError:
    return UserFacingError(
        _("The database's address can't be read."),
        safe=_("Nothing was changed."),
        next_step=_("Write it like postgresql://user:password@server/database"),
        code="address",
    )


def _not_connected(message: str) -> UserFacingError:
    safe = _("Nothing was changed.")
    if _NO_SUCH_DATABASE.search(message):
        return UserFacingError(
            _("There is no database with this name on the server."),
            safe=safe,
            next_step=_("Check the database's name in the address."),
            code="wrong_database",
        )
    if any(words in message for words in _WRONG_LOGIN):
        return UserFacingError(
            _("The server doesn't accept this user or password."),
            safe=safe,
            next_step=_("Check the user and the password in the address."),
            code="wrong_password",
        )
    if any(words in message for words in _CERTIFICATE):
        return UserFacingError(
            _("The server's certificate isn't the one that was expected."),
            safe=safe,
            next_step=_("Check the address, and the certificate with whoever runs the server."),
            code="certificate",
        )
    return UserFacingError(
        _("The server can't be reached."),
        safe=safe,
        next_step=_("Check the address and the connection, then try again."),
        code="unreachable",
    )
