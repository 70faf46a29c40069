"""Files that a crash leaves whole: the old one or the new one, never half of one."""

import os
from pathlib import Path

from stojnica.on_disk import settle


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file: new file, fsync, rename, fsync of both; readable by its owner alone."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    settle(path)
