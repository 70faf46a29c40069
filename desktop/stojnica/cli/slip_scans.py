"""The verb that keeps scans of filled-in slips with their contacts."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, complain, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.services.tasks import Progress

Subparsers = Any


class _Silent:
    def report(self, progress: Progress) -> None:
        """Tell nobody."""


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `slips scans`."""
    text = "Keep scans (PDF, JPEG, PNG) with the contacts whose slips they show, by the code on each."
    verb = verbs.add_parser("scans", help="keep scans of slips", description=text, parents=[shared])
    verb.set_defaults(run=_scans)
    help_text = "its id, as `stojnica event list` shows it"
    verb.add_argument("--event", required=True, type=_uuid, metavar="ID", help=help_text)
    verb.add_argument("files", nargs="+", type=Path, metavar="FILE")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no id") from error


def _scans(arguments: argparse.Namespace) -> int:
    from stojnica.services.slip_scans import check_scans_taken, said_of, take_scans

    with open_stand(arguments) as stand:
        taken = take_scans(stand.store, arguments.event, arguments.files, _Silent())
    if wants_json(arguments):
        say_json({"kept": taken.kept, "known": taken.known, "problems": list(taken.problems)})
    elif taken.kept or taken.known:
        say(said_of(taken))
        for line in taken.problems:
            complain(line)
    else:
        # The first of them comes with the refusal.
        for line in taken.problems[1:]:
            complain(line)
    check_scans_taken(taken)
    return DONE
