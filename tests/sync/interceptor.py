"""One who sits in the line with a certificate of its own, and reads along what it passes on."""

import contextlib
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from pathlib import Path

from stojnica.central.certificates import Pair

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


@dataclass
class Interceptor:
    """End the laptop's TLS, begin another to the server, and carry all between them; `read` is what came."""

    target: int
    pair: Pair
    folder: Path
    read: bytearray = field(default_factory=bytearray)
    connections: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = self.folder / "interceptor.pem"
        path.write_bytes(self.pair.certificate + self.pair.key)
        self._to_laptop = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._to_laptop.load_cert_chain(path)
        self._to_server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._to_server.check_hostname = False
        self._to_server.verify_mode = ssl.CERT_NONE
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=20)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def close(self) -> None:
        """Break everything off and end all threads."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
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
            self.connections += 1
            self._sockets.append(client)
            with contextlib.suppress(OSError):
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        assert client.recv(8) == _SSL_REQUEST
        client.sendall(b"S")
        laptop = self._to_laptop.wrap_socket(client, server_side=True)
        self._sockets.append(laptop)
        plain = socket.create_connection(("127.0.0.1", self.target))
        plain.sendall(_SSL_REQUEST)
        assert plain.recv(1) == b"S"
        server = self._to_server.wrap_socket(plain)
        self._sockets.append(server)
        self._start(self._carry, laptop, server)
        self._start(self._carry, server, laptop)

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.read += data
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
