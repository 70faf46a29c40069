"""A line to a server that breaks after so many bytes: practice for trouble."""

import contextlib
import socket
import struct
import threading

_CHUNK = 4096
_RESET = struct.pack("ii", 1, 0)


class CuttingLine:
    """Lead connections to a server on this machine, and break each after `budget` bytes upwards.

    Any thread; `budget` holds for the next connections. What went through counts as sent.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.budget = 0
        self._start(self._accept)

    def close(self) -> None:
        """Break what is open, and take no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            _break(one)

    @staticmethod
    def _start(work: object, *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(self._target, timeout=10)
                server.settimeout(None)
                self._open += [client, server]
                self._start(self._carry, client, server, self.budget)
                self._start(self._carry, server, client, None)

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket, budget: int | None) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while budget is None or passed < budget:
                data = source.recv(_CHUNK if budget is None else min(_CHUNK, budget - passed))
                if not data:
                    break
                passed += len(data)
                sink.sendall(data)
        _break(source)
        _break(sink)


def _break(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.shutdown(socket.SHUT_RDWR)
    one.close()
