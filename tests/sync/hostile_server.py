"""A PostgreSQL server of ours that knows every password, and lies where it is told to.

Unless told otherwise it answers like an office that took everything and kept nothing.
"""

import contextlib
import hashlib
import hmac
import re
import secrets
import socket
import ssl
import struct
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from tests.sync import wire

from stojnica.central.certificates import Pair
from stojnica.sync.credentials import Credentials
from stojnica.sync.digest import short_code

ITERATIONS = 4096
_SSL_REQUEST = 80877103
_CALL = re.compile(rb"api\.(\w+)|ALTER ROLE")


@dataclass
class Call:
    """Hold one call: its name, and its parameters as they came, binary."""

    name: str
    parameters: list[bytes]


Lie = Callable[[Call], Iterable[bytes]]


@dataclass
class HostileServer:
    """Listen on loopback; `lies` are told instead of the answer to a call of that name.

    `greeting` is told instead of asking for the proof of the password, `welcome` instead of what follows on
    it. `heard` is all that came in clear, `calls` the names in their order.
    """

    credentials: Credentials
    tls: Pair | None = None
    folder: Path = Path()
    lies: dict[str, Lie] = field(default_factory=dict)
    greeting: Callable[[], Iterable[bytes]] | None = None
    welcome: Callable[[], Iterable[bytes]] | None = None
    has_false_signature: bool = False
    calls: list[str] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    connections: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def be_sound(self) -> None:
        """Stop lying."""
        self.lies.clear()
        self.greeting = self.welcome = None
        self.has_false_signature = False

    def close(self) -> None:
        """Hang up everywhere and end all threads."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        # A client that finds the lie out hangs up in the middle of it.
        conversation = _Conversation(self, client)
        with contextlib.suppress(OSError, EOFError):
            conversation.run()
        conversation.close()
        client.close()


class _Conversation:
    """Speak with one client, from its first byte on."""

    def __init__(self, server: HostileServer, client: socket.socket) -> None:
        self._server = server
        self._socket: socket.socket = client

    def run(self) -> None:
        self._start_up()
        if self._server.greeting is not None:
            self._say(self._server.greeting())
            self._hear_all()
        self._prove_password()
        if self._server.welcome is not None:
            self._say(self._server.welcome())
            self._hear_all()
        self._say(wire.welcome())
        while True:
            self._answer(self._question())

    def close(self) -> None:
        self._socket.close()

    def _start_up(self) -> None:
        body = self._read(struct.unpack("!i", self._read(4))[0] - 4)
        if struct.unpack_from("!i", body) != (_SSL_REQUEST,):
            return
        if self._server.tls is None:
            self._socket.sendall(b"N")
        else:
            self._socket.sendall(b"S")
            self._socket = _with_tls(self._socket, self._server.tls, self._server.folder)
        self._read(struct.unpack("!i", self._read(4))[0] - 4)

    def _prove_password(self) -> None:
        """Do as RFC 5802 says, and repeat the channel binding without a look at it."""
        names = [b"SCRAM-SHA-256-PLUS"] * (self._server.tls is not None) + [b"SCRAM-SHA-256"]
        self._say([wire.authentication(10, b"".join(name + b"\0" for name in names) + b"\0")])
        first = self._message()[1].split(b"\0", 1)[1][4:]
        bare = first[first.index(b"n=") :]
        nonce = bare.rpartition(b"r=")[2] + secrets.token_hex(9).encode()
        salt = secrets.token_bytes(16)
        offer = b"r=%b,s=%b,i=%d" % (nonce, b64encode(salt), ITERATIONS)
        self._say([wire.authentication(11, offer)])
        without_proof, _comma, proof = self._message()[1].rpartition(b",p=")
        assert len(b64decode(proof)) == 32
        password = self._server.credentials.password.encode()
        salted = hashlib.pbkdf2_hmac("sha256", password, salt, ITERATIONS)
        key = hmac.digest(salted, b"Server Key", "sha256")
        signature = hmac.digest(key, b",".join((bare, offer, without_proof)), "sha256")
        if self._server.has_false_signature:
            signature = bytes(32)
        self._say([wire.authentication(12, b"v=" + b64encode(signature)), wire.authentication(0)])

    def _question(self) -> Call:
        name, parameters = "", []
        while True:
            kind, body = self._message()
            if kind == b"P":
                found = _CALL.search(body)
                name = (found[1] or b"replace_password").decode() if found else ""
            elif kind == b"B":
                parameters = wire.parameters(body)
            elif kind == b"S":
                return Call(name, parameters)
            elif kind == b"X":
                raise EOFError

    def _answer(self, call: Call) -> None:
        self._server.calls.append(call.name)
        lie = self._server.lies.get(call.name)
        if lie is None:
            self._say(honest(call, self._server.credentials))
            return
        self._say(lie(call))

    def _say(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._socket.sendall(piece)

    def _hear_all(self) -> None:
        while data := self._socket.recv(65536):
            self._server.heard += data
        raise EOFError

    def _message(self) -> tuple[bytes, bytes]:
        kind, length = struct.unpack("!ci", self._read(5))
        return kind, self._read(length - 4)

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            piece = self._socket.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        self._server.heard += data
        return bytes(data)


def _with_tls(client: socket.socket, pair: Pair, folder: Path) -> socket.socket:
    path = folder / f"{uuid4().hex}.pem"
    path.write_bytes(pair.certificate + pair.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context.wrap_socket(client, server_side=True)


def honest(call: Call, credentials: Credentials) -> Iterator[bytes]:
    """Answer as an office does that holds what it was given."""
    yield wire.answer(*rows_for(call, credentials))


def rows_for(call: Call, credentials: Credentials) -> tuple[list[str], list[list[bytes | None]]]:
    """Give names and rows of an honest answer."""
    columns = _COLUMNS.get(call.name, ["done"])
    if call.name == "hello":
        start: list[bytes | None] = [
            credentials.server_id.bytes,
            *(struct.pack("!q", 1), struct.pack("!i", 1), struct.pack("!i", 0)),
            *(credentials.branch_id.bytes, credentials.device_id.bytes),
        ]
        lives = wire.members(call.parameters[2])
        return columns, [[*start, life, bytes(8), bytes(8), wire.array([])] for life in lives]
    if call.name == "push":
        ids, hashes = wire.members(call.parameters[0]), wire.members(call.parameters[1])
        return columns, [[wire.array(ids), wire.array(hashes), wire.array([b"stored"] * len(ids))]]
    if call.name == "erase":
        ids, hashes = wire.members(call.parameters[0]), wire.members(call.parameters[1])
        return columns, [[wire.array(ids), wire.array(hashes), wire.array([b"erased"] * len(ids))]]
    if call.name == "prove":
        code = short_code(call.parameters[0]).encode()
        numbers = [struct.pack("!q", number) for number in (1_700_000_000_000_000, 0, 0)]
        return columns, [[wire.array([]), code, uuid4().bytes, *numbers]]
    return columns, [[b""]] if call.name in ("enrolled", "replace_password") else []


_COLUMNS = {
    "hello": [
        *("server_id", "server_time", "protocol", "backoff_s", "branch_id", "device_id"),
        *("incarnation", "held", "head", "hashes_at_lower"),
    ],
    "push": ["ids_echoed", "hashes_echoed", "answers"],
    "erase": ["ids_echoed", "hashes_echoed", "answers"],
    "prove": ["differing", "code", "receipt_id", "proven_at", "extra", "covered"],
    "prove_buckets": ["fact_id", "content_hash"],
    "covered": ["fact_id", "content_hash"],
    "briefing": ["version", "hash", "body", "signature"],
    "erase_orders": ["order_id", "body", "signature"],
    "stated_erased": ["statement_id", "body", "signature"],
}


def ids_of(call: Call) -> list[UUID]:
    """Give the ids of the facts in a push."""
    return [UUID(bytes=one) for one in wire.members(call.parameters[0])]
