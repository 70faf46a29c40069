"""Files that a crash leaves whole: the old one or the new one, never half of one."""

import os
from pathlib import Path

from stojnica.on_disk import begin_part, settle


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file: new file, fsync, rename, fsync of both; readable by its owner alone."""
    part = path.with_name(path.name + ".part")
    file = begin_part(part)
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    settle(path)
