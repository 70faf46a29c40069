"""What went wrong with the file, in words that a person can act on."""

import errno
import shutil
from pathlib import Path

import sqlalchemy.exc
import sqlcipher3.dbapi2

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_NOTADB = (
    8,
    10,
    11,
    13,
    14,
    26,
)
# The index of the write-ahead log alone takes this much.
ROOM_TO_OPEN = 64 * 1024


def explained(error: BaseException, folder: Path | None = None) -> BaseException:
    """Give a `UserFacingError` for a fault of disk or file, and anything else back as it is.

    SQLite can't always tell a full disk from a broken one: with the store's folder, we look ourselves.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if not isinstance(cause, sqlcipher3.dbapi2.DatabaseError):
        return error
    # The low byte is the kind of error, whatever its details (sqlite.org/rescode.html).
    kind = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if kind == SQLITE_FULL:
        return disk_full()
    if kind in (SQLITE_CORRUPT, SQLITE_NOTADB):
        return store_damaged()
    if kind in (SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN):
        return disk_full() if folder is not None and _has_no_room(folder) else store_unreachable()
    return error


def _has_no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < ROOM_TO_OPEN
    except OSError:
        return False


def disk_full() -> UserFacingError:
    """Tell that the disk has no room."""
    return UserFacingError(
        _("The disk of this laptop is full; the last entry was not saved."),
        safe=_("Everything saved before is safe, and the entry is still on the screen."),
        next_step=_("Make room on the disk, then save again."),
        code="disk_full",
    )


def store_damaged() -> UserFacingError:
    """Tell that the store's bytes are not what was written."""
    return UserFacingError(
        _("The file with the saved contacts is damaged."),
        safe=_("It was not changed, and nothing was deleted."),
        next_step=_(
            "Don't delete it. Go on with paper, and bring the laptop to the office with the last copy."
        ),
        code="store_damaged",
    )


def store_missing() -> UserFacingError:
    """Tell that the store is gone while its key file is there."""
    return UserFacingError(
        _("The file with the saved contacts is not where it was."),
        safe=_("No new one was made in its place."),
        next_step=_("Put stojnica.db back from a copy, or ask the office."),
        code="store_missing",
    )


def store_unreachable() -> UserFacingError:
    """Tell that the disk or the folder doesn't let us write."""
    return UserFacingError(
        _("The folder with the saved contacts can't be written to."),
        safe=_("Everything saved before is safe."),
        next_step=_("Check that the disk is connected and that you may write there, then try again."),
        code="store_unreachable",
    )
