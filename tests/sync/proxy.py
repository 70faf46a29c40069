"""A TCP proxy that cuts, swallows, delays and slows down what passes."""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

CHUNK = 16 * 1024
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Proxy:
    """Stand between a laptop and its server; what is set holds from the next bytes on.

    `cut_up` and `cut_down` break each connection after so many bytes towards the server, or from it.
    `is_hole` swallows everything without a word. `bytes_per_s` is the speed upwards, `delay_s` the time that
    each piece takes on its way down. `up` and `down` count the bytes of the newest connection, `turns` on all
    of them how often the laptop spoke after the server: each costs a round trip.
    """

    target: tuple[str, int]
    cut_up: int | None = None
    cut_down: int | None = None
    is_hole: bool = False
    bytes_per_s: float = 0
    delay_s: float = 0
    up: int = 0
    down: int = 0
    turns: int = 0
    _is_servers_turn: bool = False
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def pass_all(self) -> None:
        """Be a sound line from now on."""
        self.cut_up = self.cut_down = None
        self.is_hole, self.bytes_per_s, self.delay_s = False, 0, 0

    def close(self) -> None:
        """Break what is open and end all threads."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            _break(one)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.up = self.down = 0
            try:
                server = socket.create_connection(self.target, timeout=10)
            except OSError:
                _break(client)
                continue
            server.settimeout(None)
            self._sockets += [client, server]
            self._start(self._carry, client, server, True)
            self._start(self._carry, server, client, False)

    def _count(self, passed: int, *, is_up: bool) -> None:
        if is_up:
            self.up = passed
            self.turns += not self._is_servers_turn
        else:
            self.down = passed
        self._is_servers_turn = is_up

    def _carry(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while True:
                limit = self.cut_up if is_up else self.cut_down
                if limit is not None and passed >= limit:
                    break
                data = source.recv(CHUNK if limit is None else min(CHUNK, limit - passed))
                if not data:
                    break
                passed += len(data)
                self._count(passed, is_up=is_up)
                if self.is_hole:
                    continue
                if is_up and self.bytes_per_s:
                    time.sleep(len(data) / self.bytes_per_s)
                if not is_up and self.delay_s:
                    time.sleep(self.delay_s)
                sink.sendall(data)
        if not self.is_hole:
            _break(source)
            _break(sink)


def _break(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.shutdown(socket.SHUT_RDWR)
    one.close()
