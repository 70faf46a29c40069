"""What PostgreSQL's errors mean for a sync."""

import re

import psycopg
from psycopg.pq import DiagnosticField
from psycopg.pq.abc import PGresult

from stojnica.sync.faults import (
    SyncError,
    bad_content,
    busy,
    interrupted,
    nonsense,
    not_genuine,
    refused,
    timed_out,
    unreachable,
    wrong_database,
)

_STATE = re.compile(r"[0-9A-Z]{5}")
_QUOTED = re.compile(r'"[^"]*"')
# What libpq says when the way breaks, also below TLS: that tells nothing about whom we spoke with.
_BROKEN_WORDS = (
    *("server closed the connection", "connection has been closed", "eof detected", "unexpected eof"),
    *("connection reset", "broken pipe", "connection timed out", "software caused connection abort"),
)
_REFUSAL_WORDS = (
    *("password authentication failed", "no pg_hba.conf entry", "not permitted to log in"),
    "permission denied for database",
)
_BUSY_WORDS = (
    *("too many connections", "too many clients", "connection slots", "starting up", "shutting down"),
    *("out of shared memory", "out of memory", "could not fork", "no space left"),
)
# The last two: whoever answered asks for the password itself, or doesn't know us.
_TLS_WORDS = (
    *("certificate", "ssl", "tls", "channel binding", "root cert"),
    *("authentication method requirement", "scram", "server signature"),
)
# What libpq says about bytes that are no PostgreSQL's.
_NONSENSE_WORDS = (
    *("lost synchronization", "message contents do not agree", "insufficient data in", "unexpected response"),
    *("unexpected field count", "expected authentication request", "unexpected message", "invalid state"),
    *("received invalid", "received unencrypted", "invalid authentication", "malformed", "protocol"),
    *("unexpected asyncstatus", "unexpected character", "out of memory", "without prior row description"),
)
_AUTH_STATES = {"28000", "28P01", "42501", "0LP01"}
_WRONG_STATES = {"3D000", "3F000", "42883", "42P01", "42704"}
_CONTENT_CLASSES = {"22", "23", "54"}
_BUSY_STATES = {"53000", "53200", "53300", "53400", "40001", "40P01", "55P03", "57014"}
_DISK_STATES = {"53100", "25006"}


def fault_of_connecting(error: psycopg.Error, patience_s: int) -> SyncError:
    """Read why there is no connection; the server's own words never leave this function."""
    state = error.sqlstate or ""
    # Names stand in quotes, and a host may be called "tls.example.org".
    text = _QUOTED.sub("", str(error).lower())
    if any(word in text for word in _BROKEN_WORDS):
        return interrupted(state or "connect")
    if state in _AUTH_STATES or any(word in text for word in _REFUSAL_WORDS):
        return refused(state or "login")
    if state in _WRONG_STATES or ("database" in text and "does not exist" in text):
        return wrong_database(state or "database")
    if state in _BUSY_STATES or any(word in text for word in _BUSY_WORDS):
        return busy(state or "connections")
    if "role" in text and "does not exist" in text:
        return refused("role")
    if any(word in text for word in _TLS_WORDS):
        return not_genuine("tls")
    if "timeout" in text:
        return timed_out(patience_s)
    if any(word in text for word in _NONSENSE_WORDS):
        return nonsense("greeting")
    return unreachable(state or "connect")


def fault_of_result(result: PGresult) -> SyncError:
    """Read what the server, or libpq in its place, says instead of an answer."""
    state = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode("ascii", "replace")
    return _fault_of(state if _STATE.fullmatch(state) else "", result.get_error_message("utf-8"))


def fault_of_statement(error: psycopg.Error) -> SyncError:
    """Read why a call failed; unknown means the network, because trying again does no harm."""
    if isinstance(error, psycopg.DataError) and not error.sqlstate:
        return bad_content("data")
    return _fault_of(error.sqlstate or "", str(error))


def _fault_of(state: str, text: str) -> SyncError:
    if state in _AUTH_STATES:
        return refused(state)
    if state in _WRONG_STATES:
        return wrong_database(state)
    if state[:2] in _CONTENT_CLASSES:
        return bad_content(state)
    if state in _BUSY_STATES or state in _DISK_STATES:
        return busy(state)
    if not state and any(word in text.lower() for word in _NONSENSE_WORDS):
        return nonsense("protocol")
    return interrupted(state or "connection")
