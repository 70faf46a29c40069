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
    has_come = False
    timer = QTimer(interval=look_ms)

    def look() -> None:
        nonlocal has_come
        has_come = is_so()
        if has_come or time.monotonic() > deadline:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    # Not asked once more: what compares two moments, such as two pictures around a blinking cursor, may
    # answer otherwise a moment later.
    return has_come


def let_pass(seconds: float) -> None:
    """Run the event loop for a while."""
    wait_until(lambda: False, seconds)
