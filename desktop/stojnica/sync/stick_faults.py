"""Why a file can't be written to a stick, or isn't taken in at the office, in words for people."""

from pathlib import Path

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

_NO_FILE = frozenset({"magic"})
_TOO_SHORT = frozenset({"incomplete", "age"})


def bad_file(reason: str) -> UserFacingError:
    """Say what is wrong with a file, from the constant word of whoever found it."""
    if reason in _NO_FILE:
        return UserFacingError(
            _("This is no file from a laptop of Stojnica."),
            safe=_nothing(),
            next_step=_("Choose the file that ends in “.stojnica”."),
            code="stick_no_file",
        )
    if reason == "newer":
        return UserFacingError(
            _("This file was written by a newer version of Stojnica."),
            safe=_nothing(),
            next_step=_("Update Stojnica on this computer, then take the file in again."),
            code="stick_newer",
        )
    if reason in _TOO_SHORT:
        return UserFacingError(
            _("This file is damaged or incomplete: perhaps the stick was pulled out too early."),
            safe=_nothing_and_there(),
            next_step=_("Copy it from the stick again, or ask for a new one from the laptop."),
            code="stick_incomplete",
        )
    return UserFacingError(
        _("This file isn't as the laptop wrote it. Nothing of it was trusted."),
        safe=_nothing_and_there(),
        next_step=_("Ask for a new one from the laptop, and where this one has been."),
        code="stick_forged",
    )


def unreadable(name: str) -> UserFacingError:
    """Say that the file can't be read."""
    return UserFacingError(
        _("The file {name} can't be read.").format(name=name),
        safe=_nothing_and_there(),
        next_step=_("Check its name, and that the stick is still plugged in."),
        code="unreadable_file",
    )


def not_for_us() -> UserFacingError:
    """Say that no identity here opens it."""
    return UserFacingError(
        _("None of the keys in this folder opens the file."),
        safe=_nothing_and_there(),
        next_step=_(
            "Take the organisation's other identity, which was put away. If that doesn't open it either,"
            " the file belongs to another organisation."
        ),
        code="stick_other_key",
    )


def other_branch() -> UserFacingError:
    """Say that it is for another database."""
    return UserFacingError(
        _("The file is for another organisation's database, or for another branch."),
        safe=_nothing_and_there(),
        next_step=_("Check the address of the database."),
        code="stick_other_branch",
    )


def unknown_laptop(name: str) -> UserFacingError:
    """Say that this database let no such laptop in."""
    return UserFacingError(
        _("This database knows no laptop “{name}” with the file's number.").format(name=name),
        safe=_nothing_and_there(),
        next_step=_("Make an enrolment file for it, open that on the laptop, and write a new file there."),
        code="stick_unknown_laptop",
    )


def forged(name: str) -> UserFacingError:
    """Say that somebody else signed it."""
    return UserFacingError(
        _("The file says that it comes from “{name}”, but that laptop's key didn't sign it.").format(
            name=name
        ),
        safe=_nothing(),
        next_step=_("Ask whoever has the laptop. If they wrote no such file, somebody forged it."),
        code="stick_forged",
    )


def nobody_vouches(name: str) -> UserFacingError:
    """Say that the centre doesn't know the key, and the file brings no proof of it."""
    return UserFacingError(
        _("The database has never heard of the key of “{name}”, and the file brings no proof of it.").format(
            name=name
        ),
        safe=_nothing_and_there(),
        next_step=_(
            "If the database was restored from a backup, let the laptop connect once, or enrol it anew."
        ),
        code="stick_unvouched",
    )


def expired(name: str) -> UserFacingError:
    """Say that the enrolment file of a laptop that was never online has run out."""
    return UserFacingError(
        _("“{name}” was never online, and its enrolment file has expired.").format(name=name),
        safe=_nothing_and_there(),
        next_step=_("Make a new enrolment file for it, open that on the laptop, and write a new file there."),
        code="stick_expired",
    )


def revoked(name: str) -> UserFacingError:
    """Say that the laptop was shut out."""
    return UserFacingError(
        _("“{name}” was shut out: the database takes nothing from it any more.").format(name=name),
        safe=_("What came before stays. What is in the file stays in the file."),
        next_step=_(
            "If you have the laptop again, make a new enrolment file for it, and write a new file there."
        ),
        code="stick_revoked",
    )


def no_receipt_written(path: Path) -> UserFacingError:
    """Say that the contents are in, but not the receipt."""
    return UserFacingError(
        _("All was taken in, but the receipt can't be written to {folder}.").format(folder=path.parent),
        safe=_("Taking the file in again changes nothing, and gives the receipt."),
        next_step=_("Give a folder that you may write to: --receipts DIR"),
        code="receipt_unwritten",
    )


def _nothing() -> str:
    return _("Nothing was changed.")


def _nothing_and_there() -> str:
    return _("Nothing was changed. The contacts are still on the laptop.")


def _everything_stays() -> str:
    return _("Nothing is lost: everything is still on this laptop.")


def nothing_to_write() -> UserFacingError:
    """Say that no stick is needed."""
    return UserFacingError(
        _("There is nothing to write: the office has confirmed all that is on this laptop."),
        safe=_everything_stays(),
        next_step=_("You need no stick now."),
        code="stick_nothing",
    )


def no_room() -> UserFacingError:
    """Say that the stick is full."""
    return UserFacingError(
        _("There is not enough room on the stick."),
        safe=_everything_stays(),
        next_step=_("Take another stick, or make room on this one."),
        code="stick_full",
    )


def gone() -> UserFacingError:
    """Say that the stick can't be written to."""
    return UserFacingError(
        _("The stick can't be written to, or was pulled out."),
        safe=_everything_stays(),
        next_step=_("Plug it in again, or take another one, and write the file once more."),
        code="stick_gone",
    )


def reads_differently() -> UserFacingError:
    """Say that the stick is broken."""
    return UserFacingError(
        _("The stick doesn't give back what was written to it."),
        safe=_everything_stays(),
        next_step=_("Take another stick: this one is broken."),
        code="stick_broken",
    )


def changed_meanwhile() -> UserFacingError:
    """Say that the look at the store no longer holds."""
    return UserFacingError(
        _("Something was erased while the file was being written."),
        safe=_everything_stays(),
        next_step=_("Write the file once more."),
        code="stick_changed",
    )
