"""The way to the centre over PostgreSQL's own protocol, with a deadline on every wait."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from stojnica.central.enrolment import is_this_machine
from stojnica.storage.durable import write_durably
from stojnica.storage.faults import explained
from stojnica.storage.outbox import WaitingFact
from stojnica.storage.stubs import Stub
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.faults import Fate, SyncError, nonsense, not_encrypted, unreachable
from stojnica.sync.line import PATIENT, Deadlines, Line, open_line
from stojnica.sync.pipe import addresses_of
from stojnica.sync.scram import verifier_of
from stojnica.sync.transport import (
    PROTOCOL,
    HeldLife,
    Hello,
    LateErased,
    LifeHead,
    ProofAnswer,
    PushAnswer,
    SignedBriefing,
    SignedOrder,
)
from stojnica.sync.values import (
    ID,
    INSTANT,
    NUMBER,
    OCTETS,
    SEVERAL_IDS,
    SEVERAL_NUMBERS,
    SEVERAL_OCTETS,
    SEVERAL_TEXTS,
    TEXT,
    Column,
    or_null,
    rows_of,
)

# What an honest answer needs at most, and some more: 500 facts echoed, the largest briefing, 60,000 pairs.
SMALL_ROOM = 1024 * 1024
BRIEFING_ROOM = 8 * 1024 * 1024
PAIRS_ROOM = 8 * 1024 * 1024
HELLO_SHAPE = (ID, NUMBER, NUMBER, NUMBER, ID, ID, *map(or_null, (ID, NUMBER, NUMBER, SEVERAL_OCTETS)))
PROOF_SHAPE = (
    or_null(SEVERAL_NUMBERS),
    *map(or_null, (TEXT, ID, INSTANT, NUMBER, NUMBER)),
)


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
            options = _options(credentials, host, ca_file, is_practice)
            addresses = addresses_of(host.host, host.port)
        except SyncError as fault:
            faults.append(fault)
            continue
        for address in addresses:
            try:
                return PostgresTransport(open_line(options, host, address, deadlines))
            except SyncError as fault:
                faults.append(fault)
    # One that answered and said no tells more than one that is out of reach.
    raise next((fault for fault in faults if fault.fate is not Fate.NETWORK), (faults or [unreachable()])[-1])


def _options(credentials: Credentials, host: Host, ca_file: Path, is_practice: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "dbname": credentials.database,
        "user": credentials.role,
        "password": credentials.password,
        # Only this way the server proves that it knows us, and never gets to see the password.
        "require_auth": "scram-sha-256",
        "client_encoding": "utf8",
        "gssencmode": "disable",
        "application_name": "stojnica",
    }
    if credentials.tls_mode == "verify-full":
        _keep_ca(ca_file, credentials.ca_pem)
        return options | {
            "sslmode": "verify-full",
            "sslrootcert": str(ca_file),
            "channel_binding": "require",
        }
    if is_practice and is_this_machine(host.host):
        return options | {"sslmode": "disable"}
    raise not_encrypted(credentials.tls_mode)


def _keep_ca(ca_file: Path, ca_pem: str) -> None:
    if ca_file.exists() and ca_file.read_bytes() == ca_pem.encode("ascii"):
        return
    try:
        write_durably(ca_file, ca_pem.encode("ascii"))
    except OSError as error:
        raise explained(error) from error


class PostgresTransport:
    """Speak with the centre's `api` functions over one connection; each call is a transaction of its own."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def hello(self, program: str, lives: Sequence[LifeHead], facts: int) -> Hello:
        """Greet the centre, and learn what it holds of us."""
        rows = self._rows(
            "SELECT server_id, server_time, protocol, backoff_s, branch_id, device_id,"
            " incarnation, held, head, hashes_at_lower"
            " FROM api.hello($1::text, $2::int, $3::uuid[], $4::bigint[], $5::bytea[], $6::bigint)",
            (
                program,
                PROTOCOL,
                [life.incarnation for life in lives],
                [life.head for life in lives],
                [life.head_hash for life in lives],
                facts,
            ),
            HELLO_SHAPE,
        )
        # With no life announced, one row tells who answers.
        told = [row[6:] for row in rows if row[6] is not None or len(rows) > 1]
        if not rows or any(None in life for life in told):
            raise nonsense("hello")
        server_id, server_time, protocol, backoff_s, branch_id, device_id = rows[0][:6]
        return Hello(
            server_id=server_id,
            server_time=server_time,
            protocol=protocol,
            backoff_s=backoff_s,
            branch_id=branch_id,
            device_id=device_id,
            lives=tuple(HeldLife(*life) for life in told),
        )

    def push(self, facts: Sequence[WaitingFact]) -> list[PushAnswer]:
        """Hand over facts, sorted by id; the answers hold for what is committed when this returns."""
        rows = self._rows(
            "SELECT ids_echoed, hashes_echoed, answers FROM api.push($1::uuid[], $2::bytea[], $3::bytea[],"
            " $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::bigint[], $9::bigint[])",
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
            (SEVERAL_IDS, SEVERAL_OCTETS, SEVERAL_TEXTS),
        )
        return _answers(rows)

    def erase(self, stubs: Sequence[Stub]) -> list[PushAnswer]:
        """Have bodies erased that this laptop delivered, or would have; the centre keeps tombstones."""
        rows = self._rows(
            "SELECT ids_echoed, hashes_echoed, answers"
            " FROM api.erase($1::uuid[], $2::bytea[], $3::uuid[], $4::bigint[])",
            (
                [stub.fact_id for stub in stubs],
                [stub.content_hash for stub in stubs],
                [stub.incarnation for stub in stubs],
                [stub.seq for stub in stubs],
            ),
            (SEVERAL_IDS, SEVERAL_OCTETS, SEVERAL_TEXTS),
        )
        return _answers(rows)

    def prove(self, digests: bytes, facts: int, contacts: int) -> ProofAnswer:
        """Compare 256 digests; an equal set leaves a receipt."""
        rows = self._rows(
            "SELECT differing, code, receipt_id, proven_at, extra, covered"
            " FROM api.prove($1::bytea, $2::bigint, $3::bigint)",
            (digests, facts, contacts),
            PROOF_SHAPE,
        )
        if len(rows) != 1:
            raise nonsense("prove")
        differing, code, receipt_id, proven_at, extra, covered = rows[0]
        return ProofAnswer(
            differing=differing or (),
            code=code,
            receipt_id=receipt_id,
            proven_at=proven_at,
            extra=extra or 0,
            covered=covered or 0,
        )

    def prove_buckets(
        self, buckets: Sequence[int], facts: Sequence[tuple[UUID, bytes]]
    ) -> list[tuple[UUID, bytes]]:
        """Name all that is held in these buckets; give what the centre misses."""
        return self._pairs(
            "SELECT fact_id, content_hash FROM api.prove_buckets($1::int[], $2::uuid[], $3::bytea[])",
            (list(buckets), *_columns(facts)),
        )

    def covered(self, facts: Sequence[tuple[UUID, bytes]]) -> list[tuple[UUID, bytes]]:
        """Give those of these facts that a checked backup of the centre holds."""
        return self._pairs(
            "SELECT fact_id, content_hash FROM api.covered($1::uuid[], $2::bytea[])", _columns(facts)
        )

    def briefing(self, have: int) -> SignedBriefing | None:
        """Fetch the newest briefing, if it is newer than the one we have."""
        rows = self._rows(
            "SELECT version, hash, body, signature FROM api.briefing($1::bigint)",
            (have,),
            (NUMBER, OCTETS, OCTETS, OCTETS),
            BRIEFING_ROOM,
        )
        if len(rows) > 1:
            raise nonsense("briefing")
        return SignedBriefing(*rows[0]) if rows else None

    def erase_orders(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch orders to erase that aren't among these, the oldest first, some at once."""
        rows = self._rows(
            "SELECT order_id, body, signature FROM api.erase_orders($1::uuid[])",
            (list(known),),
            (ID, OCTETS, OCTETS),
            BRIEFING_ROOM,
        )
        return [SignedOrder(*row) for row in rows]

    def erased(self, order_id: UUID, facts: int, are_copies_new: bool) -> None:
        """Say that an order was carried out here, and whether copies that held the bodies are gone."""
        self._line.ask(
            "SELECT api.erased($1::uuid, $2::bigint, $3::boolean)",
            (order_id, facts, are_copies_new),
            room=SMALL_ROOM,
        )

    def erase_heard(self, order_id: UUID, lives: Sequence[tuple[UUID, int]]) -> None:
        """Say how far each life of this file was when the order was carried out: all of that is old."""
        self._line.ask(
            "SELECT api.erase_heard($1::uuid, $2::uuid[], $3::bigint[])",
            (order_id, [life for life, _head in lives], [head for _life, head in lives]),
            room=SMALL_ROOM,
        )

    def erase_heard_before(self, order_id: UUID, lives: Sequence[UUID]) -> list[tuple[UUID, int]]:
        """Give how far these lives were when the first file with them heard of the order."""
        rows = self._rows(
            "SELECT incarnation, seq FROM api.erase_heard_before($1::uuid, $2::uuid[])",
            (order_id, list(lives)),
            (ID, NUMBER),
        )
        return [(life, seq) for life, seq in rows]

    def erase_old(self, order_id: UUID, facts: Sequence[UUID]) -> None:
        """Name what this file had captured beyond that before it heard of the order: it is old as well."""
        self._line.ask("SELECT api.erase_old($1::uuid, $2::uuid[])", (order_id, list(facts)), room=SMALL_ROOM)

    def erased_late(self, order_id: UUID, known: Sequence[UUID]) -> LateErased | None:
        """Ask whom of this laptop's, and not among these, the marks of an order took away."""
        rows = self._rows(
            "SELECT subjects, key FROM api.erased_late($1::uuid, $2::uuid[])",
            (order_id, list(known)),
            (SEVERAL_IDS, OCTETS),
        )
        if len(rows) > 1:
            raise nonsense("late")
        return LateErased(*rows[0]) if rows else None

    def erased_late_done(self, subjects: Sequence[UUID]) -> None:
        """Say that these are gone here."""
        self._line.ask("SELECT api.erased_late_done($1::uuid[])", (list(subjects),), room=SMALL_ROOM)

    def state_erased(self, statement: SignedOrder) -> None:
        """Leave a statement of what was erased here, signed by this laptop's own key."""
        self._line.ask(
            "SELECT api.state_erased($1::uuid, $2::bytea, $3::bytea)",
            (statement.order_id, statement.body, statement.signature),
            room=SMALL_ROOM,
        )

    def stated_erased(self, known: Sequence[UUID]) -> list[SignedOrder]:
        """Fetch statements of this laptop, or of a copy of it, that aren't among these; some at once."""
        rows = self._rows(
            "SELECT statement_id, body, signature FROM api.stated_erased($1::uuid[])",
            (list(known),),
            (ID, OCTETS, OCTETS),
            BRIEFING_ROOM,
        )
        return [SignedOrder(*row) for row in rows]

    def replace_password(self, password: str) -> None:
        """Take a new password; the server gets its SCRAM verifier (RFC 5803), never the password."""
        # A utility statement takes no parameters; a verifier is base64, digits, `$` and `:`.
        self._line.ask(f"ALTER ROLE CURRENT_USER PASSWORD '{verifier_of(password)}'", room=SMALL_ROOM)

    def enrolled(self, public_key: bytes, mac: bytes) -> None:
        """Leave this laptop's own public key; the enrolment file is used up."""
        self._line.ask("SELECT api.enrolled($1::bytea, $2::bytea)", (public_key, mac), room=SMALL_ROOM)

    def close(self) -> None:
        """Hang up; calling it twice does no harm."""
        self._line.close()

    def _pairs(self, statement: str, parameters: Sequence[Any]) -> list[tuple[UUID, bytes]]:
        rows = self._rows(statement, parameters, (ID, OCTETS), PAIRS_ROOM)
        return [(row[0], row[1]) for row in rows]

    def _rows(
        self, statement: str, parameters: Sequence[Any], shape: Sequence[Column], room: int = SMALL_ROOM
    ) -> list[tuple[Any, ...]]:
        return rows_of(self._line.ask(statement, parameters, room=room), shape)


def _answers(rows: Sequence[tuple[Any, ...]]) -> list[PushAnswer]:
    if len(rows) != 1 or len({len(column) for column in rows[0]}) != 1:
        raise nonsense("push")
    return [PushAnswer(*answer) for answer in zip(*rows[0], strict=True)]


def _columns(facts: Sequence[tuple[UUID, bytes]]) -> tuple[list[UUID], list[bytes]]:
    return [fact_id for fact_id, _hash in facts], [content_hash for _id, content_hash in facts]
