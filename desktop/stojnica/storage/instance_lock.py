"""One program at a time on one store."""

import os
from io import FileIO
from pathlib import Path

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _


class InstanceLock:
    """Hold a store for this process; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            UserFacingError: another window or command has the store open.
            OSError: the folder can't be written to, or its disk knows no locks.
        """
        file = FileIO(self._path, "a+")
        try:
            _lock(file)
        except BlockingIOError as error:
            file.close()
            raise UserFacingError(
                _("Stojnica is already open on this laptop."),
                safe=_("What was saved there is safe."),
                next_step=_("Use the window that is open, or close it first."),
                code="already_open",
            ) from error
        except OSError:
            file.close()
            raise
        self._file = file

    def release(self) -> None:
        """Let go; calling it twice does no harm."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: FileIO) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except PermissionError as error:
            raise BlockingIOError from error
