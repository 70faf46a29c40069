"""Is there a way to the office at all? A look that costs nothing, before a sync by itself begins."""

import socket
from collections.abc import Iterable
from contextlib import suppress

from stojnica.sync.credentials import Host

LOOK_S = 3.0


def can_reach(hosts: Iterable[Host], seconds: float = LOOK_S) -> bool:
    """Tell whether one of the office's addresses takes a connection; nothing is said on it. Blocks.

    A log-in page of a foreign network may answer too: the sync finds that out, and sends nothing then.
    """
    for host in hosts:
        if host.host.startswith("/"):
            return True  # The socket of a server on this machine.
        with suppress(OSError), socket.create_connection((host.host, host.port), timeout=seconds):
            return True
    return False
