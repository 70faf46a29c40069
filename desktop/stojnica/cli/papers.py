"""The papers of an event as PDF, without a window: its sheet, a list to sign, lists to tick, badges."""

import argparse
from pathlib import Path
from typing import Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.stand import open_stand, read_id
from stojnica.domain.clock import SystemClock
from stojnica.i18n import STAFF_LANGUAGES, VISITOR_LANGUAGES, current_language
from stojnica.i18n import gettext as _

_MOST_ROWS = 200


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add the papers of an event to the verbs of events."""
    _verb(verbs, shared, "sheet", "make the sheet of an event for the funder, as PDF", STAFF_LANGUAGES)
    _verb(verbs, shared, "packing", "make the lists to tick as PDF", STAFF_LANGUAGES)
    _verb(verbs, shared, "badges", "make name badges for the team as PDF", VISITOR_LANGUAGES)
    signed = _verb(verbs, shared, "attendance", "make a list to sign, as PDF", VISITOR_LANGUAGES)
    signed.add_argument("--rows", type=_rows, default=20, metavar="N", help="1 to 200 (default: 20)")
    signed.add_argument("--age", action="store_true", help="with a column for the age group")


def _verb(
    verbs: Any, shared: argparse.ArgumentParser, name: str, text: str, languages: tuple[str, ...]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, parents=[shared])
    parser.add_argument("--event", required=True, type=read_id, metavar="ID")
    parser.add_argument("--language", choices=languages, help="else that of the program")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE")
    parser.set_defaults(run=_paper, paper=name)
    return parser


def _rows(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST_ROWS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_ROWS}")
    return int(text)


def _paper(arguments: argparse.Namespace) -> int:
    from stojnica.services.papers import ATTENDANCE, BADGES, EVENT_SHEET, PACKING, PaperWish, make_paper

    kinds = {"sheet": EVENT_SHEET, "packing": PACKING, "badges": BADGES, "attendance": ATTENDANCE}
    wish = PaperWish(
        kinds[arguments.paper],
        arguments.event,
        arguments.language or current_language(),
        getattr(arguments, "rows", 20),
        getattr(arguments, "age", False),
    )
    with open_stand(arguments) as stand:
        made = make_paper(stand.store, SystemClock(), wish)
    made.save(arguments.out)
    if wants_json(arguments):
        say_json({"file": str(arguments.out)})
    else:
        say(_("The paper is in {file}").format(file=arguments.out))
        if made.hint:
            say(made.hint)
    return DONE
