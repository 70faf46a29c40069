"""No memory of this program on the disk: a crash must not write keys and visitors into a file."""

import sys
from contextlib import suppress
from pathlib import Path

_FILTER = Path("/proc/self/coredump_filter")


def forbid_core_dumps() -> None:
    """Have the system write no core file, and nothing of our memory into one that it writes all the same.

    A limit of 0 isn't heard where dumps go to a program (core(5), "Piping core dumps to a program"); an empty
    filter leaves all memory out of them. The process is not made undumpable as a whole (PR_SET_DUMPABLE):
    desktops then can't see who asks for a file dialog. Does nothing on systems without these.
    """
    if not sys.platform.startswith("linux"):
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError):
        _FILTER.write_text("0", encoding="ascii")
