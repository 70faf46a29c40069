"""The files that came with contacts, written out for the office."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.central.branch import branch_of
from stojnica.central.connect import driver_of, office_engine, told_plainly
from stojnica.domain.attachment import BadAttachmentError
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import BadFactError
from stojnica.i18n import gettext as _
from stojnica.records.attachments import ATTACHMENT, attachments_of, file_content
from stojnica.records.typed import SIGNUP

_PAGE = 500


@dataclass(frozen=True, slots=True)
class WrittenScan:
    """Name one scan: whose it is, and its file; `problem` is a constant word when it isn't whole."""

    subject_id: UUID
    slip_number: str
    path: Path | None
    problem: str = ""


def write_scans(url: str, folder: Path) -> Iterator[WrittenScan]:
    """Write all scans into a folder, one file each, named by slip and contact; what is there is left.

    Only what is whole and has the hash that was promised is written.

    Raises:
        UserFacingError: not reachable, not allowed, or the folder can't be written to.
    """
    with told_plainly(), office_engine(url).connect() as connection:
        branch_id = branch_of(driver_of(connection))
        for subject_id, number in _subjects(connection, branch_id):
            for known in attachments_of(connection, branch_id, subject_id):
                name = f"{number or 'contact'}-{subject_id}-{known.attachment.file_id.hex[-8:]}.jpg"
                path = folder / name
                try:
                    if not path.exists():
                        _write(path, file_content(connection, branch_id, known.attachment))
                    yield WrittenScan(subject_id, number, path)
                except (BadAttachmentError, BadFactError) as error:
                    yield WrittenScan(subject_id, number, None, error.reason)


def _subjects(connection: Connection, branch_id: UUID) -> Iterator[tuple[UUID, str]]:
    after: UUID | None = None
    while True:
        query = (
            sa.select(ATTACHMENT.c.subject_id, sa.func.coalesce(SIGNUP.c.slip_number, ""))
            .join(
                SIGNUP,
                (SIGNUP.c.branch_id == ATTACHMENT.c.branch_id)
                & (SIGNUP.c.subject_id == ATTACHMENT.c.subject_id),
                isouter=True,
            )
            .where(ATTACHMENT.c.branch_id == branch_id)
            .distinct()
            .order_by(ATTACHMENT.c.subject_id)
            .limit(_PAGE)
        )
        rows = connection.execute(
            query if after is None else query.where(ATTACHMENT.c.subject_id > after)
        ).all()
        yield from ((row[0], _plain(row[1])) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def _plain(number: str) -> str:
    # It was typed far away, and becomes the name of a file.
    return "".join(letter for letter in number[:12] if letter.isascii() and letter.isalnum())


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        raise UserFacingError(
            _("The scans can't be written to {folder}.").format(folder=path.parent),
            safe=_("They are all still at the centre."),
            next_step=_("Choose a folder that you may write to."),
            code="unwritable_folder",
        ) from error
