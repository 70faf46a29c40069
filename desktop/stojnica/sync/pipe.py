"""The way between libpq and the server: each byte passes here, so that every answer has an end.

libpq keeps a whole answer in memory before anybody can count its rows, makes room for as many bytes as a
message claims to have, and reads all that comes before it returns. Nothing but the bytes' own way can stop
that. So libpq speaks with a socket on loopback, and the thread that waits for its answer carries the bytes.

Rejected: rows one by one (counts no byte of a row that is still on its way); looking at what waits in the
socket before libpq reads (a fast server got 800 MB past it); threads that carry (slower, for no gain).
"""

import contextlib
import selectors
import socket
from math import ceil
from time import monotonic

from stojnica.sync.credentials import Host
from stojnica.sync.faults import interrupted, nonsense, timed_out, unreachable

_PIECE = 256 * 1024
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Pipe:
    """Carry bytes within the time and the size of one answer after the other. Lives in one thread."""

    def __init__(self, outer: socket.socket) -> None:
        self._outer = outer
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1)
        self.port: int = self._listener.getsockname()[1]
        self._sockets = [outer, self._listener]
        self._selector = selectors.DefaultSelector()
        self._is_joined = False
        self._up, self._down = memoryview(b""), memoryview(b"")
        self._has_ended = False
        self._seconds = self._ends_at = 0.0
        self._room = 0

    def join(self, fileno: int) -> None:
        """Take libpq's own connection in, and nobody else's."""
        self._client = socket.fromfd(fileno, socket.AF_INET, socket.SOCK_STREAM)
        self._sockets.append(self._client)
        self._listener.settimeout(max(self._ends_at - monotonic(), 0.01))
        with self._listener:
            inner, address = self._accept()
            while address != self._client.getsockname():
                inner.close()
                inner, address = self._accept()
        self._inner = inner
        self._sockets.append(inner)
        self._is_joined = True
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in (self._inner, self._outer):
            one.setblocking(False)
            self._selector.register(one, _READ)
        self._selector.register(self._client, _READ)

    def begin(self, seconds: float, room: int) -> None:
        """Start the clock of an answer, and the count of its bytes."""
        self._seconds, self._room = seconds, room
        self._ends_at = monotonic() + seconds

    def carry(self, *, until_writable: bool = False) -> None:
        """Carry bytes until libpq has something to read; or until it may write, if that is wanted too.

        Raises:
            SyncError: the answer takes too long, or is too large.
        """
        wanted = _READ | _WRITE if until_writable else _READ
        if self._selector.get_key(self._client).events != wanted:
            self._selector.modify(self._client, wanted)
        while True:
            left = self._ends_at - monotonic()
            ready = self._selector.select(left) if left > 0 else []
            if not ready:
                raise timed_out(ceil(self._seconds))
            is_ready = False
            for key, events in ready:
                if key.fileobj is self._client:
                    is_ready = True
                elif key.fileobj is self._inner:
                    self._serve_inner(events)
                else:
                    self._serve_outer(events)
            if is_ready:
                return

    def close(self) -> None:
        """Hang up, after libpq did: what it still had to say is said if that takes no time."""
        if self._is_joined:
            with contextlib.suppress(OSError):
                self._outer.send(self._up)
                self._outer.send(self._inner.recv(_PIECE))
        for one in self._sockets:
            one.close()
        self._selector.close()

    def _accept(self) -> tuple[socket.socket, object]:
        try:
            return self._listener.accept()
        except OSError as error:
            raise unreachable("loopback") from error

    def _serve_inner(self, events: int) -> None:
        if events & _WRITE:
            self._push_down()
        if events & _READ and not self._up:
            data = b""
            with contextlib.suppress(OSError):
                data = self._inner.recv(_PIECE)
            if not data:
                raise interrupted("loopback")
            self._up = memoryview(data)
            self._push_up()

    def _serve_outer(self, events: int) -> None:
        if events & _WRITE:
            self._push_up()
        if events & _READ and not self._down and not self._has_ended:
            data = b""
            with contextlib.suppress(OSError):
                data = self._outer.recv(min(_PIECE, self._room + 1))
            self._room -= len(data)
            if self._room < 0:
                raise nonsense("too_large")
            self._has_ended = not data
            self._down = memoryview(data)
            self._push_down()

    def _push_up(self) -> None:
        self._up = _sent(self._outer, self._up)
        self._listen()

    def _push_down(self) -> None:
        self._down = _sent(self._inner, self._down)
        if self._has_ended and not self._down:
            with contextlib.suppress(OSError):
                self._inner.shutdown(socket.SHUT_WR)
        self._listen()

    def _listen(self) -> None:
        """Wait for what there is room for: who takes nothing is not listened to."""
        inner = (_READ if not self._up else 0) | (_WRITE if self._down else 0)
        outer = (_READ if not self._down and not self._has_ended else 0) | (_WRITE if self._up else 0)
        for one, events in ((self._inner, inner), (self._outer, outer)):
            known = self._selector.get_map().get(one)
            if known is not None and known.events == events:
                continue
            if known is not None:
                self._selector.unregister(one)
            if events:
                self._selector.register(one, events)


def _sent(sink: socket.socket, data: memoryview) -> memoryview:
    """Send what can be sent at once; give the rest. What a broken line doesn't take is dropped."""
    if not data:
        return data
    try:
        return data[sink.send(data) :]
    except BlockingIOError:
        return data
    except OSError:
        return memoryview(b"")


def connect_socket(host: Host, address: str, connect_s: float) -> socket.socket:
    """Connect to one address of a host, or to the socket in a folder.

    Raises:
        SyncError: nobody answers there, or not in time.
    """
    try:
        if not address:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(connect_s)
            line.connect(f"{host.host}/.s.PGSQL.{host.port}")
            return line
        line = socket.create_connection((address, host.port), timeout=connect_s)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except TimeoutError as error:
        raise timed_out(ceil(connect_s)) from error
    except OSError as error:
        raise unreachable("connect") from error
    return line


def addresses_of(host: str, port: int) -> list[str]:
    """Give the addresses of a host in the order to try them; the folder of a socket has none.

    Raises:
        SyncError: nobody knows this name.
    """
    if host.startswith("/"):
        return [""]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unreachable("name") from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))
