"""Having files on the device when we say that they are, also on sticks that nobody ejects first."""

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})


def settle(path: Path) -> None:
    """Have a file, under the name that it just got, on the device: whoever pulls the stick now keeps it.

    FAT writes a file's size and place beside its name. After a rename, fsync of the folder leaves a file of
    no bytes there, and the folder may be missing in the one above it (tried with Linux 6.1).

    Raises:
        OSError: the device doesn't take it, or is gone.
    """
    with path.open("rb" if os.name == "posix" else "r+b") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)
    if not _is_own_disk(path.parent):
        _sync_file_system(path.parent)


def open_plain(path: Path) -> BinaryIO:
    """Open a file to read it; what only looks like one, as a pipe, would keep us waiting for ever.

    Raises:
        OSError: it can't be read, or is none.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def begin_part(part: Path) -> BinaryIO:
    """Open a new file for its owner alone, in place of half a file that a crash left under that name.

    Who had the stick before may have put a link there: it goes, and what it leads to is never written to.

    Raises:
        OSError: it can't be made.
    """
    part.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(part, flags, 0o600), "wb")


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut; where folders can't be opened, the system does it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems of sticks and network drives have no such thing; the file itself is synced.
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _is_own_disk(folder: Path) -> bool:
    """Tell whether a folder is on a disk that stays: there, all that others write would be waited for."""
    own = {os.stat("/").st_dev}
    with suppress(OSError, RuntimeError):
        own.add(Path.home().stat().st_dev)
    return folder.stat().st_dev in own


def _sync_file_system(folder: Path) -> None:
    if sys.platform != "linux":
        sync_folder(folder.parent)
        return
    import ctypes  # Only for sticks: no start waits for it.

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), "syncfs")
    finally:
        os.close(descriptor)
