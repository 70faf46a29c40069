"""The way to the centre over PostgreSQL's own protocol, with a deadline on every wait."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import psycopg.sql
from psycopg.rows import TupleRow

from stojnica.central.enrolment import is_this_machine
from stojnica.storage.durable import write_durably
from stojnica.storage.faults import explained
from stojnica.storage.outbox import WaitingFact
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.faults import Fate, SyncError, nonsense, not_encrypted, timed_out, unreachable
from stojnica.sync.postgres_faults import fault_of_connecting, fault_of_statement
from stojnica.sync.transport import (
    PROTOCOL,
    HeldLife,
    Hello,
    LifeHead,
    ProofAnswer,
    PushAnswer,
    SignedBriefing,
)

T = TypeVar("T")
MAX_ROWS = 60_000


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Say how long to wait, in seconds, for a connection and for each answer; libpq knows no less than 2."""

    connect_s: float = 10
    answer_s: float = 30


PATIENT = Deadlines()


def connect_postgres(
    credentials: Credentials, *, ca_file: Path, is_practice: bool = False, deadlines: Deadlines = PATIENT
) -> "PostgresTransport":
    """Connect to the first host that answers.

    Without TLS only to this machine itself, and only from a practice home. `ca_file` is where the
    organisation's CA may be written for the client library to read; it is no secret.

    Raises:
        SyncError: unprotected, unreachable, not let in, or whoever answered isn't the office.
        UserFacingError: the CA can't be written, because the disk is full.
    """
    faults: list[SyncError] = []
    for host in credentials.hosts:
        try:
            connection = _connect(credentials, host, ca_file, is_practice, deadlines)
            return PostgresTransport(connection, deadlines)
        except SyncError as fault:
            faults.append(fault)
    # One that answered and said no tells more than one that is out of reach.
    raise next((fault for fault in faults if fault.fate is not Fate.NETWORK), (faults or [unreachable()])[-1])


def _connect(
    credentials: Credentials, host: Host, ca_file: Path, is_practice: bool, deadlines: Deadlines
) -> psycopg.Connection[TupleRow]:
    options: dict[str, Any] = {}
    if credentials.tls_mode == "verify-full":
        _keep_ca(ca_file, credentials.ca_pem)
        options = {"sslmode": "verify-full", "sslrootcert": str(ca_file), "channel_binding": "require"}
    elif is_practice and is_this_machine(host.host):
        options = {"sslmode": "disable"}
    else:
        raise not_encrypted(credentials.tls_mode)
    try:
        return psycopg.connect(
            host=host.host,
            port=host.port,
            dbname=credentials.database,
            user=credentials.role,
            password=credentials.password,
            connect_timeout=ceil(deadlines.connect_s),
            gssencmode="disable",
            application_name="stojnica",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=ceil(deadlines.answer_s * 1000),
            autocommit=True,
            prepare_threshold=None,
            **options,
        )
    except psycopg.Error as error:
        raise fault_of_connecting(error, ceil(deadlines.connect_s)) from error


def _keep_ca(ca_file: Path, ca_pem: str) -> None:
    if ca_file.exists() and ca_file.read_bytes() == ca_pem.encode("ascii"):
        return
    try:
        write_durably(ca_file, ca_pem.encode("ascii"))
    except OSError as error:
        raise explained(error) from error


class PostgresTransport:
    """Speak with the centre's `api` functions over one connection; each call is a transaction of its own."""

    def __init__(self, connection: psycopg.Connection[TupleRow], deadlines: Deadlines = PATIENT) -> None:
        self._connection = connection
        self._answer_s = deadlines.answer_s

    def hello(self, program: str, lives: Sequence[LifeHead], facts: int) -> Hello:
        """Greet the centre, and learn what it holds of us."""
        rows = self._rows(
            "SELECT server_id, server_time, protocol, backoff_s, branch_id, device_id,"
            " incarnation, held, head, hashes_at_lower"
            " FROM api.hello(%s::text, %s::int, %s::uuid[], %s::bigint[], %s::bytea[], %s::bigint)",
            (
                program,
                PROTOCOL,
                [life.incarnation for life in lives],
                [life.head for life in lives],
                [life.head_hash for life in lives],
                facts,
            ),
        )
        if not rows:
            raise nonsense("hello")
        first = rows[0]
        return self._read(
            lambda: Hello(
                server_id=_uuid(first[0]),
                server_time=int(first[1]),
                protocol=int(first[2]),
                backoff_s=int(first[3]),
                branch_id=_uuid(first[4]),
                device_id=_uuid(first[5]),
                lives=tuple(
                    HeldLife(
                        _uuid(row[6]), int(row[7]), int(row[8]), tuple(bytes(item) for item in row[9] or ())
                    )
                    for row in rows
                    # With no life announced, one row tells who answers.
                    if row[6] is not None or len(rows) > 1
                ),
            )
        )

    def push(self, facts: Sequence[WaitingFact]) -> list[PushAnswer]:
        """Hand over facts, sorted by id; the answers hold for what is committed when this returns."""
        rows = self._rows(
            # %b sends arrays in binary: a seventh of the time to write, and less to read.
            "SELECT fact_id, content_hash, answer FROM api.push(%b::uuid[], %b::bytea[], %b::bytea[],"
            " %b::text[], %b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[], %b::bigint[])",
            (
                [item.fact_id for item in facts],
                [item.content_hash for item in facts],
                [item.body for item in facts],
                [item.kind for item in facts],
                [item.subject_id for item in facts],
                [item.event_id for item in facts],
                [item.incarnation for item in facts],
                [item.seq for item in facts],
                [item.captured_at for item in facts],
            ),
        )
        return self._read(lambda: [PushAnswer(_uuid(row[0]), bytes(row[1]), str(row[2])) for row in rows])

    def prove(self, digests: bytes, facts: int, contacts: int) -> ProofAnswer:
        """Compare 256 digests; an equal set leaves a receipt."""
        rows = self._rows(
            "SELECT differing, code, receipt_id, proven_at, extra, covered"
            " FROM api.prove(%b::bytea, %s::bigint, %s::bigint)",
            (digests, facts, contacts),
        )
        if len(rows) != 1:
            raise nonsense("prove")
        row = rows[0]
        return self._read(
            lambda: ProofAnswer(
                differing=tuple(int(item) for item in row[0] or ()),
                code=None if row[1] is None else str(row[1]),
                receipt_id=None if row[2] is None else _uuid(row[2]),
                proven_at=None if row[3] is None else int(row[3]),
                extra=int(row[4] or 0),
                covered=int(row[5] or 0),
            )
        )

    def prove_bucket(self, bucket: int, facts: Sequence[tuple[UUID, bytes]]) -> list[tuple[UUID, bytes]]:
        """Name all that is held in a bucket; give what the centre misses."""
        rows = self._rows(
            "SELECT fact_id, content_hash FROM api.prove_bucket(%s::int, %b::uuid[], %b::bytea[])",
            (bucket, [fact_id for fact_id, _hash in facts], [content_hash for _id, content_hash in facts]),
        )
        return self._read(lambda: [(_uuid(row[0]), bytes(row[1])) for row in rows])

    def briefing(self, have: int) -> SignedBriefing | None:
        """Fetch the newest briefing, if it is newer than the one we have."""
        rows = self._rows("SELECT version, hash, body, signature FROM api.briefing(%s::bigint)", (have,))
        if not rows:
            return None
        row = rows[0]
        return self._read(lambda: SignedBriefing(int(row[0]), bytes(row[1]), bytes(row[2]), bytes(row[3])))

    def replace_password(self, password: str) -> None:
        """Take a new password; the server gets its SCRAM verifier (RFC 5803), never the password."""
        with self._deadline():
            connection = self._connection
            user = connection.info.user.encode()
            verifier = connection.pgconn.encrypt_password(password.encode(), user, b"scram-sha-256").decode()
            # A utility statement takes no parameters; a verifier is base64, digits, `$` and `:`.
            statement = psycopg.sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(
                psycopg.sql.Literal(verifier)
            )
            connection.execute(statement)

    def enrolled(self, public_key: bytes, mac: bytes) -> None:
        """Leave this laptop's own public key; the enrolment file is used up."""
        self._rows("SELECT api.enrolled(%s::bytea, %s::bytea)", (public_key, mac))

    def close(self) -> None:
        """Hang up; calling it twice does no harm."""
        self._connection.close()

    def _rows(self, statement: Any, parameters: tuple[Any, ...]) -> list[TupleRow]:
        with self._deadline(), self._connection.cursor(binary=True) as cursor:
            cursor.execute(statement, parameters)
            rows = cursor.fetchmany(MAX_ROWS + 1)
            if len(rows) > MAX_ROWS:
                raise nonsense("rows")
            return rows

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """End a wait that the server lets hang: the socket is shut, which the client library notices."""
        rang = threading.Event()
        try:
            line = socket.fromfd(self._connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        except (psycopg.Error, OSError) as error:
            raise fault_of_statement(psycopg.OperationalError("closed")) from error

        def ring() -> None:
            rang.set()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self._answer_s, ring)
        timer.daemon = True
        timer.start()
        try:
            yield
        except psycopg.Error as error:
            raise (timed_out(ceil(self._answer_s)) if rang.is_set() else fault_of_statement(error)) from error
        finally:
            timer.cancel()
            line.close()

    @staticmethod
    def _read(make: Callable[[], T]) -> T:
        """Turn an answer into a value; what has the wrong shape is nonsense."""
        try:
            return make()
        except (TypeError, ValueError, IndexError) as error:
            raise nonsense("types") from error


def _uuid(value: object) -> UUID:
    if not isinstance(value, UUID):
        raise TypeError("uuid")
    return value
