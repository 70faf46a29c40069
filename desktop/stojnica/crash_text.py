"""What may be said of a bug to others: what broke and where, and nothing of a visitor or a key."""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import stojnica

_MOST_CAUSES = 20
Report = Callable[[BaseException], None]
_log = logging.getLogger(__name__)


def crash_details(error: BaseException, also: str = "") -> str:
    """Name what broke and where; messages and values stay out, for they may hold a visitor's data."""
    program = f"stojnica {getattr(stojnica, '__version__', '')}"
    versions = [program, f"Python {platform.python_version()}", *([also] if also else [])]
    lines = [" · ".join(versions), f"{platform.system()} {platform.release()} {platform.machine()}"]
    cause: BaseException | None = error
    seen: list[BaseException] = []
    # Who raises an error from one that it caused itself makes a ring.
    while cause is not None and cause not in seen and len(seen) < _MOST_CAUSES:
        seen.append(cause)
        lines.append(type(cause).__qualname__)
        for frame in traceback.extract_tb(cause.__traceback__, limit=-_MOST_CAUSES):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


def log_crash(error: BaseException, also: str = "") -> str:
    """Log what broke and where; gives the same."""
    details = crash_details(error, also)
    _log.error("Unexpected error:\n%s", details)
    return details


def take_hooks(report: Report) -> None:
    """Hear of all that nobody caught: in any thread, and where Python itself can't pass it on.

    Python's own hooks write messages, and with them what a visitor typed, to the terminal or a desktop's log.
    """

    def on_error(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        report(error)

    def on_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
            report(found.exc_value)

    def on_unraisable(found: Any) -> None:
        if found.exc_value is not None:
            report(found.exc_value)

    sys.excepthook = on_error
    threading.excepthook = on_thread
    sys.unraisablehook = on_unraisable


def _short(filename: str) -> str:
    """Keep the path below the package: a home folder is often a person's name."""
    parts = Path(filename).parts
    if "stojnica" in parts:
        last = len(parts) - 1 - parts[::-1].index("stojnica")
        return "/".join(parts[last:])
    return "/".join(parts[-2:])
