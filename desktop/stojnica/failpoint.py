"""Named points at which a test can make the process die, or an error happen; nothing happens unless armed."""

import os
import signal
from collections.abc import Callable

ENVIRONMENT_NAME = "STOJNICA_FAILPOINT"
_armed: dict[str, Callable[[], None]] = {}


def arm(name: str, action: Callable[[], None]) -> None:
    """Run an action each time the point is passed (tests only)."""
    _armed[name] = action


def disarm(name: str) -> None:
    """Let a point be passed again without consequence."""
    _armed.pop(name, None)


def reached(name: str) -> None:
    """Pass a named point; dies here as by kill -9 when the environment says so."""
    action = _armed.get(name)
    if action is not None:
        action()
    if os.environ.get(ENVIRONMENT_NAME) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
