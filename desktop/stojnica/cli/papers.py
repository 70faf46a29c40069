"""`stojnica event sheet`: the sheet of an event, without a window."""

import argparse
from pathlib import Path
from typing import Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.stand import open_stand, read_id
from stojnica.domain.clock import SystemClock
from stojnica.i18n import STAFF_LANGUAGES, current_language
from stojnica.i18n import gettext as _


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add the papers of an event to the verbs of events."""
    text = "make the sheet of an event for the funder, as PDF"
    sheet = verbs.add_parser("sheet", help=text, description=text, parents=[shared])
    sheet.add_argument("--event", required=True, type=read_id, metavar="ID")
    sheet.add_argument("--language", choices=STAFF_LANGUAGES, help="else that of the program")
    sheet.add_argument("--out", required=True, type=Path, metavar="FILE")
    sheet.set_defaults(run=_sheet)


def _sheet(arguments: argparse.Namespace) -> int:
    from stojnica.services.papers import EVENT_SHEET, PaperWish, make_paper

    with open_stand(arguments) as stand:
        wish = PaperWish(EVENT_SHEET, arguments.event, arguments.language or current_language())
        made = make_paper(stand.store, SystemClock(), wish)
    made.save(arguments.out)
    if wants_json(arguments):
        say_json({"file": str(arguments.out)})
    else:
        say(_("The sheet is in {file}").format(file=arguments.out))
    return DONE
