"""What went wrong with the file, in words that a person can act on."""

import errno

import sqlalchemy.exc

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _


def explained(error: BaseException) -> BaseException:
    """Give a `UserFacingError` for a fault of disk or file, and anything else back as it is."""
    text = str(error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error).lower()
    if _is_disk_full(error, text):
        return disk_full()
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        if "malformed" in text or "not a database" in text or "hmac" in text:
            return store_damaged()
        if "readonly" in text or "disk i/o" in text or "unable to open" in text:
            return store_unreachable()
    return error


def _is_disk_full(error: BaseException, text: str) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(error, sqlalchemy.exc.OperationalError) and "is full" in text


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
