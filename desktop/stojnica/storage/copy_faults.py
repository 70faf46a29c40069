"""What keeps a copy from being made or opened, in words that a person can act on."""

import errno
import os
import shutil
from pathlib import Path

import sqlcipher3.dbapi2

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.storage.faults import (
    ROOM_TO_OPEN,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_NOTADB,
    SQLITE_READONLY,
    store_damaged,
)
from stojnica.storage.reachable import is_folder

ROOM_FOR_STEP = 2 * 1024 * 1024
LARGEST_ON_FAT = (1 << 32) - 1


def place_fault(error: BaseException, folder: Path) -> UserFacingError:
    """Say why no copy could be written into a folder."""
    if isinstance(error, UserFacingError):
        return error
    number = error.errno if isinstance(error, OSError) else None
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # Its backup gives no number with an error; the driver's class alone tells a damaged source.
    is_database = isinstance(error, sqlcipher3.dbapi2.Error)
    is_damage = not kind and type(error) is sqlcipher3.dbapi2.DatabaseError
    if is_damage or kind in (SQLITE_CORRUPT, SQLITE_NOTADB):
        return store_damaged()
    if not is_folder(folder):
        return place_gone(folder)
    if number == errno.EFBIG:
        return too_large_for_place(folder)
    if number in (errno.EROFS, errno.EACCES, errno.EPERM) or kind == SQLITE_READONLY:
        return place_closed(folder)
    if number in (errno.ENOSPC, errno.EDQUOT) or kind == SQLITE_FULL or (is_database and _is_full(folder)):
        return place_full(folder)
    return place_gone(folder)


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < max(ROOM_FOR_STEP, ROOM_TO_OPEN)
    except OSError:
        return False


def _here() -> str:
    return _("Everything saved is safe on this laptop, and earlier copies stay as they were.")


def place_full(folder: Path) -> UserFacingError:
    """Tell that there is no room."""
    return UserFacingError(
        _("There is no room for a copy in {folder}.").format(folder=folder),
        safe=_here(),
        next_step=_("Make room there, or choose another stick."),
        code="copy_place_full",
    )


def check_largest(part: Path, size: int) -> None:
    """Find out whether a place can hold a file of so many bytes at all: FAT ends at 4 GiB.

    SQLite would say no more than that writing failed, after all that fits was written for nothing.

    Raises:
        OSError: it can't (EFBIG), or the place is gone.
    """
    if size <= LARGEST_ON_FAT:
        return
    os.truncate(part, size)
    os.truncate(part, 0)


def too_large_for_place(folder: Path) -> UserFacingError:
    """Tell that the format of a stick ends before the copy does."""
    return UserFacingError(
        _("The stick at {folder} can’t hold the copy: its format (FAT32) takes no file above 4 GB.").format(
            folder=folder
        ),
        safe=_here(),
        next_step=_("Take a stick that is formatted as exFAT, and choose it for the copies."),
        code="copy_too_large",
    )


def place_gone(folder: Path) -> UserFacingError:
    """Tell that the stick isn't there, or was pulled."""
    return UserFacingError(
        _("The place for copies, {folder}, is not connected.").format(folder=folder),
        safe=_here(),
        next_step=_("Put the stick in; the next copy is made by itself."),
        code="copy_place_gone",
    )


def copies_are_there(folder: Path) -> UserFacingError:
    """Tell that what was said to be gone is plugged in, and there."""
    return UserFacingError(
        _("The copies in {folder} are there: the stick is connected.").format(folder=folder),
        safe=_("Nothing was changed."),
        next_step=_("Leave it plugged in: what is to go goes with the next copy."),
        code="copies_are_there",
    )


def place_closed(folder: Path) -> UserFacingError:
    """Tell that nothing may be written there."""
    return UserFacingError(
        _("Nothing can be written to {folder}.").format(folder=folder),
        safe=_here(),
        next_step=_("Look whether the stick has a lock switch, or choose another place."),
        code="copy_place_closed",
    )


def source_gone(place: Path) -> UserFacingError:
    """Tell that where a copy is read from doesn't answer."""
    return UserFacingError(
        _("{place} can’t be read.").format(place=place),
        safe=_("Nothing was changed."),
        next_step=_("Plug the stick in again, and try once more."),
        code="copy_source_gone",
    )


def copy_unreadable() -> UserFacingError:
    """Tell that a copy isn't what was written."""
    return UserFacingError(
        _("This copy can’t be read: it is damaged, or no copy of a store."),
        safe=_("Nothing was changed."),
        next_step=_("Take an older copy, or another stick."),
        code="copy_unreadable",
    )
