"""One look at a short link: the same from memory and over a real line, bounded, and it follows nothing."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stojnica.central.certificates import Pair, make_authority, make_server_certificate
from stojnica.domain.short_link_answer import LinkAnswer
from stojnica.sync.short_links import MOST_BYTES, FixedLook, HttpsLook, LinkLook, LinkUnreachableError

TARGET = "https://workcamps.sci.ngo/?utm_content=camps-sl-7c2k4m"
PAGE = f'<meta http-equiv="refresh" content="0; url={TARGET}">'
ANSWERS = {
    "/l/moved": LinkAnswer(302, location=TARGET),
    "/l/page": LinkAnswer(200, page=PAGE),
    "/l/gone": LinkAnswer(404),
    "/l/endless": LinkAnswer(200, page="x" * (4 * MOST_BYTES)),
}


class _Server(ThreadingHTTPServer):
    """Answer as told, over TLS."""

    daemon_threads = True

    def __init__(self, folder: Path, pair: Pair, answers: Mapping[str, LinkAnswer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[str] = []
        (folder / "server.pem").write_bytes(pair.certificate)
        (folder / "server.key").write_bytes(pair.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, LinkAnswer(404))
        self.send_response(answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(answer.page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority("Short links of the test")


@pytest.fixture
def serve(tmp_path: Path, authority: Pair) -> Iterator[Callable[[Pair], _Server]]:
    running: list[tuple[_Server, threading.Thread]] = []

    def start(pair: Pair) -> _Server:
        server = _Server(tmp_path, pair, ANSWERS)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def trusting(authority: Pair) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.certificate.decode())


@pytest.fixture(params=["memory", "https"])
def place(
    request: pytest.FixtureRequest,
    serve: Callable[[Pair], _Server],
    authority: Pair,
    trusting: ssl.SSLContext,
) -> tuple[LinkLook, str]:
    """Give a way to look, and where the answers stand."""
    if request.param == "memory":
        base = "https://localhost"
        return FixedLook({base + path: answer for path, answer in ANSWERS.items()}), base
    server = serve(make_server_certificate(authority, ["localhost"]))
    return HttpsLook(trusting), f"https://localhost:{server.server_address[1]}"


def reason_of(look: LinkLook, url: str) -> str:
    with pytest.raises(LinkUnreachableError) as told:
        look.look(url)
    return told.value.reason


@pytest.mark.parametrize("path", ["/l/moved", "/l/page", "/l/gone"])
def test_what_the_server_answers_is_given_and_not_followed(place: tuple[LinkLook, str], path: str) -> None:
    look, base = place

    assert look.look(base + path) == ANSWERS[path]


@pytest.mark.parametrize("url", ["http://localhost/l/moved", "ftp://localhost/", "localhost", ""])
def test_anything_but_https_is_not_even_asked(place: tuple[LinkLook, str], url: str) -> None:
    assert reason_of(place[0], url) == "address"


def test_a_line_that_nobody_answers_is_no_answer(place: tuple[LinkLook, str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"https://localhost:{taken.getsockname()[1]}/l/moved"

        assert reason_of(place[0], url) == "network"


def test_of_an_endless_page_only_the_beginning_is_read(
    serve: Callable[[Pair], _Server], authority: Pair, trusting: ssl.SSLContext
) -> None:
    server = serve(make_server_certificate(authority, ["localhost"]))

    answer = HttpsLook(trusting).look(f"https://localhost:{server.server_address[1]}/l/endless")

    assert len(answer.page) == MOST_BYTES


@pytest.mark.parametrize("fault", ["authority", "name"])
def test_a_server_that_can_not_show_who_it_is_is_told_apart_and_asked_nothing(
    serve: Callable[[Pair], _Server], authority: Pair, trusting: ssl.SSLContext, fault: str
) -> None:
    by, name = (make_authority("Else"), "localhost") if fault == "authority" else (authority, "x.example")
    server = serve(make_server_certificate(by, [name]))

    reason = reason_of(HttpsLook(trusting), f"https://localhost:{server.server_address[1]}/l/moved")

    assert reason == "certificate"
    assert server.asked == []


def test_a_server_that_drips_is_cut_off_in_time(authority: Pair, tmp_path: Path) -> None:
    pair = make_server_certificate(authority, ["localhost"])
    (tmp_path / "server.pem").write_bytes(pair.certificate)
    (tmp_path / "server.key").write_bytes(pair.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def drip() -> None:
        plain, _address = listener.accept()
        with plain, context.wrap_socket(plain, server_side=True) as line:
            line.sendall(b"HTTP/1.1 200 OK\r\n")
            while not is_over.wait(0.05):
                try:
                    line.sendall(b"X")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    trusting = ssl.create_default_context(cadata=authority.certificate.decode())
    begun = time.monotonic()

    try:
        url = f"https://localhost:{listener.getsockname()[1]}/l/x"
        reason = reason_of(HttpsLook(trusting, deadline_s=0.5), url)
    finally:
        is_over.set()
        thread.join()
        listener.close()

    assert reason in ("network", "answer")
    assert time.monotonic() - begun < 5
