"""Waiting for something to become true while windows live on; for practice and pictures."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

LOOK_MS = 10


def wait_until(is_so: Callable[[], bool], seconds: float, look_ms: int = LOOK_MS) -> bool:
    """Run the event loop until it is so, looking every `look_ms`; tells whether it became so in time.

    QTest.qWait would keep Python's lock meanwhile, and the store's threads would hardly get on.
    """
    if is_so():
        return True
    loop = QEventLoop()
    deadline = time.monotonic() + seconds
    timer = QTimer(interval=look_ms)

    def look() -> None:
        if is_so() or time.monotonic() > deadline:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    return is_so()


def let_pass(seconds: float) -> None:
    """Run the event loop for a while."""
    wait_until(lambda: False, seconds)
