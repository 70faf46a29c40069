"""What the office's verbs share about the list of what was erased and who was shut out."""

import argparse
from pathlib import Path

from stojnica.cli.output import complain
from stojnica.i18n import gettext as _


def add_backups(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the folder of the backups."""
    text = "folder of the backups: their list of what was erased and who was shut out is renewed"
    parser.add_argument("--backups", type=Path, metavar="DIR", help=text)


def renew_list(url: str, folder: Path) -> None:
    """Write the list anew; say it when it lies where no restore will look for it.

    Raises:
        UserFacingError: it can't be written there, or the database isn't reachable any more.
    """
    from stojnica.central.backup_file import has_backups
    from stojnica.central.connect import connect, told_plainly
    from stojnica.central.tombstones import write_list

    with told_plainly(), connect(url) as connection:
        write_list(connection, folder)
    if not has_backups(folder):
        complain(
            _(
                "There is no backup in {folder}, so the list of what was erased and who was shut out helps"
                " nobody there. Name the folder that the backups are in, or make one now."
            ).format(folder=folder)
        )
