"""What the client library and the server say, and what it means for the records."""

from collections.abc import Callable

import psycopg
import pytest

from stojnica.sync.faults import (
    Fate,
    SyncError,
    bad_content,
    busy,
    forged_briefing,
    interrupted,
    nonsense,
    not_encrypted,
    not_enrolled,
    not_genuine,
    refused,
    timed_out,
    unreachable,
    wrong_database,
)
from stojnica.sync.postgres_faults import fault_of_connecting, fault_of_statement

PREFIX = 'connection failed: connection to server at "{host}" (192.0.2.7), port 5432 failed: '
CONNECTING = {
    'FATAL:  password authentication failed for user "stojnica_l_0a"': "refused",
    'FATAL:  role "stojnica_l_0a" is not permitted to log in': "refused",
    'FATAL:  role "stojnica_l_0a" does not exist': "refused",
    'FATAL:  no pg_hba.conf entry for host "192.0.2.9", user "u", database "d", no encryption': "refused",
    'FATAL:  permission denied for database "stojnica"': "refused",
    'FATAL:  database "stojnica" does not exist': "wrong_database",
    'FATAL:  too many connections for role "stojnica_l_0a"': "busy",
    "FATAL:  sorry, too many clients already": "busy",
    "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute": "busy",
    "FATAL:  the database system is starting up": "busy",
    "FATAL:  the database system is shutting down": "busy",
    "Connection refused": "unreachable",
    "No route to host": "unreachable",
    'could not translate host name "x" to address: Name or service not known': "unreachable",
    "connection timeout expired": "timed_out",
    "server closed the connection unexpectedly": "interrupted",
    "SSL SYSCALL error: EOF detected": "interrupted",
    "SSL SYSCALL error: Connection reset by peer": "interrupted",
    "SSL connection has been closed unexpectedly": "interrupted",
    "SSL error: unexpected eof while reading": "interrupted",
    "SSL error: certificate verify failed": "certificate",
    'server certificate for "a.example" does not match host name "b.example"': "certificate",
    "server does not support SSL, but SSL was required": "certificate",
    "received invalid response to SSL negotiation: H": "certificate",
    "channel binding required, but server authenticated client without channel binding": "certificate",
}


@pytest.mark.parametrize("host", ["db.example.org", "tls-certificate.ssl.timeout.example.org"])
@pytest.mark.parametrize("text", CONNECTING)
def test_m12_what_is_said_about_a_connection_is_understood_whatever_the_host_is_called(
    text: str, host: str
) -> None:
    fault = fault_of_connecting(psycopg.OperationalError(PREFIX.format(host=host) + text), 10)

    assert fault.code == CONNECTING[text]


@pytest.mark.parametrize("text", CONNECTING)
def test_nothing_that_the_server_says_is_shown(text: str) -> None:
    fault = fault_of_connecting(psycopg.OperationalError(PREFIX.format(host="db.example.org") + text), 10)
    shown = " ".join((fault.what, fault.safe, fault.next_step, fault.detail))
    for name in ("stojnica_l_0a", "192.0.2", "example", "FATAL"):
        assert name not in shown


STATES = {
    "42501": ("refused", Fate.NOT_ALLOWED),
    "28P01": ("refused", Fate.NOT_ALLOWED),
    "42883": ("wrong_database", Fate.NOT_ALLOWED),
    "3F000": ("wrong_database", Fate.NOT_ALLOWED),
    "22021": ("content", Fate.CONTENT),
    "23502": ("content", Fate.CONTENT),
    "54000": ("content", Fate.CONTENT),
    "40001": ("busy", Fate.NETWORK),
    "40P01": ("busy", Fate.NETWORK),
    "53100": ("busy", Fate.NETWORK),
    "53300": ("busy", Fate.NETWORK),
    "57014": ("busy", Fate.NETWORK),
    "55P03": ("busy", Fate.NETWORK),
    "25006": ("busy", Fate.NETWORK),
    "57P01": ("interrupted", Fate.NETWORK),
    "58030": ("interrupted", Fate.NETWORK),
    "XX001": ("interrupted", Fate.NETWORK),
}


@pytest.mark.parametrize("state", STATES)
def test_m16_each_state_of_a_statement_has_its_fate(state: str) -> None:
    known = {"57P01": psycopg.errors.AdminShutdown, "XX001": psycopg.errors.DataCorrupted}
    kind = known.get(state) or psycopg.errors.lookup(state)

    fault = fault_of_statement(kind("row (secret, zana@example.org)"))

    assert (fault.code, fault.fate) == STATES[state]
    assert "zana" not in f"{fault} {fault.what} {fault.detail}"


def test_a_fault_without_a_state_is_the_networks() -> None:
    assert fault_of_statement(psycopg.OperationalError("server closed the connection")).fate is Fate.NETWORK
    assert fault_of_statement(psycopg.DataError("a text with NUL")).fate is Fate.CONTENT


FAULTS: list[Callable[[], SyncError]] = [
    *(unreachable, interrupted, busy, refused, not_genuine, not_encrypted, wrong_database, nonsense),
    *(bad_content, forged_briefing, not_enrolled, lambda: timed_out(30)),
]


@pytest.mark.parametrize("make", FAULTS)
def test_every_fault_says_what_happened_what_is_safe_and_what_to_do(make: Callable[[], SyncError]) -> None:
    fault = make()
    assert fault.what.endswith(".")
    assert fault.safe.endswith(".")
    assert fault.next_step.endswith(".")
    assert fault.code
