"""One look at a short link over the network: bounded in time and size, and it follows nothing."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol
from urllib.parse import urlsplit

from stojnica.domain.short_link_answer import LinkAnswer

DEADLINE_S = 6.0
MOST_BYTES = 16 * 1024
_ASKED_BY = "Stojnica (short link check)"


class LinkUnreachableError(Exception):
    """Tell that no web server answered as one.

    `reason` is "address", "certificate", "network" or "answer".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LinkLook(Protocol):
    """Look what a web address answers."""

    def look(self, url: str) -> LinkAnswer:
        """Ask once, follow nothing. Blocks for seconds at most.

        Raises:
            LinkUnreachableError: it isn't https, or no web server answered.
        """


class HttpsLook:
    """Ask over https alone, with the certificates that the system trusts."""

    def __init__(self, context: ssl.SSLContext | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._context = context
        self._deadline_s = deadline_s

    def look(self, url: str) -> LinkAnswer:
        """Ask once, follow nothing."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
            raise LinkUnreachableError("address")
        # Made here: reading the system's certificates takes tens of milliseconds.
        context = self._context or ssl.create_default_context()
        line = http.client.HTTPSConnection(
            parts.hostname, parts.port or 443, timeout=self._deadline_s, context=context
        )
        try:
            with _ended_after(line, self._deadline_s):
                return _asked(line, parts.path or "/")
        except ssl.SSLCertVerificationError as error:
            raise LinkUnreachableError("certificate") from error
        except http.client.HTTPException as error:
            raise LinkUnreachableError("answer") from error
        except (OSError, ValueError) as error:
            raise LinkUnreachableError("network") from error
        finally:
            line.close()


def _asked(line: http.client.HTTPSConnection, path: str) -> LinkAnswer:
    line.request("GET", path, headers={"User-Agent": _ASKED_BY, "Accept": "text/html"})
    answer = line.getresponse()
    page = answer.read(MOST_BYTES) if answer.status == 200 else b""
    return LinkAnswer(answer.status, answer.getheader("Location", ""), page.decode("utf-8", "replace"))


@contextmanager
def _ended_after(line: http.client.HTTPSConnection, seconds: float) -> Iterator[None]:
    """Cut the line after a time: a timeout of the socket alone begins anew with every byte that drips in.

    Raises:
        TimeoutError: it was cut; half an answer would look like a whole one.
    """
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        if line.sock is not None:
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
    if is_cut.is_set():
        raise TimeoutError


class FixedLook:
    """Answer from memory; what isn't there can't be reached."""

    def __init__(self, answers: Mapping[str, LinkAnswer] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[str] = []

    def look(self, url: str) -> LinkAnswer:
        """Give the answer that is kept for this address."""
        self.asked.append(url)
        if urlsplit(url).scheme != "https":
            raise LinkUnreachableError("address")
        if url not in self.answers:
            raise LinkUnreachableError("network")
        return self.answers[url]
