"""Let a laptop in: a login of its own, and the file that carries it there."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from stojnica.central.branch import branch_of, pin_signing_key, server_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.enrolment import (
    NO_TLS,
    VERIFY_FULL,
    Enrolment,
    EnrolmentFile,
    ServerHost,
    is_this_machine,
    seal,
)
from stojnica.central.init import check_schema_is_known, let_laptop_call
from stojnica.central.keys import load_public_keys
from stojnica.central.roles import OWNER
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _

FILE_DAYS = 30
LOGIN_DAYS = 400
MAX_NAME = 200
LOGIN_PREFIX = "stojnica_l_"
# A laptop can lift these for itself; they end what hangs by accident, and `central watch` puts them back.
LOGIN_LIMITS = {
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "30s",
}


@dataclass(frozen=True, slots=True)
class _Address:
    """Say how a laptop reaches the server."""

    hosts: tuple[ServerHost, ...]
    database: str
    tls_mode: str
    ca_pem: str


def enrol(
    url: str, *, name: str, keys_dir: Path, hosts: Sequence[ServerHost] = (), ca_pem: str = ""
) -> EnrolmentFile:
    """Make a laptop's login and its sealed file.

    `hosts` are the ways that laptops have to the server, if other than the one in `url`; `ca_pem` is the
    certificate authority that vouches for it. Without one, only this machine itself can be reached.

    Raises:
        UserFacingError: no keys, no certificate for a server elsewhere, not reachable, or not allowed.
    """
    return seal(make_enrolment(url, name=name, keys_dir=keys_dir, hosts=hosts, ca_pem=ca_pem))


def make_enrolment(
    url: str, *, name: str, keys_dir: Path, hosts: Sequence[ServerHost] = (), ca_pem: str = ""
) -> Enrolment:
    """Make a laptop's login, and what its file is to carry, not sealed yet."""
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise UserFacingError(
            _("The laptop needs a name of at most {count} characters.").format(count=MAX_NAME),
            safe=_("Nothing was changed."),
            next_step=_("Give it a name by which the team knows it."),
            code="name",
        )
    keys = load_public_keys(keys_dir)
    with told_plainly(), connect(url) as connection:
        check_schema_is_known(connection)
        address = _address(connection, url, hosts, ca_pem)
        server_id, branch_id = server_of(connection), branch_of(connection)
        pin_signing_key(connection, branch_id, keys)
        device_id = new_id()
        role, password, secret = _login_for(connection, device_id)
        _note_device(connection, branch_id, device_id, role, name, secret)
        created_at, valid_until = _term(connection, branch_id, device_id)
        body, signature = _briefing(connection, branch_id)
    return Enrolment(
        branch_id=branch_id,
        device_id=device_id,
        server_id=server_id,
        name=name,
        hosts=address.hosts,
        database=address.database,
        role=role,
        password=password,
        tls_mode=address.tls_mode,
        ca_pem=address.ca_pem,
        signing_key=keys.signing_key,
        recipients=keys.recipients,
        secret=secret,
        created_at=created_at,
        valid_until=valid_until,
        briefing=body,
        briefing_signature=signature,
    )


def _address(
    connection: psycopg.Connection[Any], url: str, hosts: Sequence[ServerHost], ca_pem: str
) -> _Address:
    used = conninfo_to_dict(url)
    ways = tuple(hosts) or (ServerHost(str(used.get("host") or connection.info.host), connection.info.port),)
    if not ca_pem and used.get("sslrootcert") not in (None, "system"):
        ca_pem = Path(str(used["sslrootcert"])).read_text(encoding="ascii")
    if ca_pem:
        return _Address(ways, connection.info.dbname, VERIFY_FULL, ca_pem)
    if all(is_this_machine(way.host) for way in ways):
        return _Address(ways, connection.info.dbname, NO_TLS, "")
    raise UserFacingError(
        _("Laptops may only connect to a server that a certificate vouches for."),
        safe=_("Nothing was changed."),
        next_step=_("Give the certificate of the authority that signed the server's: --ca FILE"),
        code="no_ca",
    )


def _login_for(connection: psycopg.Connection[Any], device_id: UUID) -> tuple[str, str, bytes]:
    role = f"{LOGIN_PREFIX}{secrets.token_hex(8)}"
    password = secrets.token_urlsafe(24)
    # The server gets the SCRAM verifier (RFC 5803) alone, so that no log can hold the password.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    until = datetime.now(UTC) + timedelta(days=LOGIN_DAYS)
    name = sql.Identifier(role)
    connection.execute(
        sql.SQL(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"
            " CONNECTION LIMIT 2 VALID UNTIL {} PASSWORD {}"
        ).format(name, sql.Literal(until.isoformat()), sql.Literal(verifier))
    )
    for setting, value in LOGIN_LIMITS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        )
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(connection.info.dbname), name)
    )
    return role, password, secrets.token_bytes(32)


def _note_device(
    connection: psycopg.Connection[Any], branch_id: UUID, device_id: UUID, role: str, name: str, secret: bytes
) -> None:
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute(
            "INSERT INTO hub.device (branch_id, device_id, role_name, name, kind, created_at)"
            " VALUES (%s, %s, %s, %s, 'laptop', hub.now_us())",
            [branch_id, device_id, role, name],
        )
        connection.execute(
            "INSERT INTO hub.login (role_name, branch_id, device_id, kind) VALUES (%s, %s, %s, 'laptop')",
            [role, branch_id, device_id],
        )
        connection.execute(
            "INSERT INTO hub.enrolment (branch_id, device_id, secret, created_at, valid_until)"
            " SELECT %s, %s, %s, t, t + %s FROM hub.now_us() AS t",
            [branch_id, device_id, secret, FILE_DAYS * 86_400 * 1_000_000],
        )
        let_laptop_call(connection, role)
        connection.execute("RESET ROLE")


def _term(connection: psycopg.Connection[Any], branch_id: UUID, device_id: UUID) -> tuple[int, int]:
    row = connection.execute(
        "SELECT created_at, valid_until FROM hub.enrolment WHERE branch_id = %s AND device_id = %s",
        [branch_id, device_id],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _briefing(connection: psycopg.Connection[Any], branch_id: UUID) -> tuple[bytes | None, bytes]:
    row = connection.execute(
        "SELECT body, signature FROM hub.briefing WHERE branch_id = %s ORDER BY version DESC LIMIT 1",
        [branch_id],
    ).fetchone()
    return (None, b"") if row is None else (bytes(row[0]), bytes(row[1]))
