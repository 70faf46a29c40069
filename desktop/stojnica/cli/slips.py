"""The verb that takes people in from a sheet: paper slips typed off, or the export of a web form."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.cli import slip_runs, slip_scans
from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, complain, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

if TYPE_CHECKING:
    from stojnica.domain.slip_report import ImportReport
    from stojnica.services.slip_table import SlipTable

MOST_LINES = 20
Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `slips` to the command line."""
    slips = verbs.add_parser("slips", help="paper slips, and people from a sheet", parents=[shared])
    below = slips.add_subparsers(dest="slips_verb", required=True, metavar="VERB")
    slip_runs.add_verbs(below, shared)
    slip_scans.add_verbs(below, shared)
    text = (
        "Take people in from a sheet (CSV): each row is taken, taken with a warning, needs attention,"
        " or is there already."
    )
    verb = below.add_parser("import", help="take a sheet in", description=text, parents=[shared])
    verb.set_defaults(run=_import)
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument(
        "--event", required=True, type=_uuid, metavar="ID", help="its id, as `stojnica event list` shows it"
    )
    verb.add_argument("--collected", metavar="DATE", help="day on which people ticked, like 2026-09-20")
    verb.add_argument(
        "--wording",
        metavar="VERSION",
        help="version of the wording on the slips: 3, or newsletter=3,contact=2;"
        " without day or version consents are kept, and never used",
    )
    verb.add_argument(
        "--channel", choices=("paper", "web"), default="paper", help="paper slips, or a web form or a list"
    )
    verb.add_argument(
        "--language", default="", metavar="CODE", help="language of the slips, one that has wordings, like sl"
    )
    verb.add_argument(
        "--letter",
        metavar="LETTER",
        help="letter of the printed slips where the sheet has “1” for A-001; “-” if it counts its own rows",
    )
    verb.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADING=FIELD",
        help="what a column is, like “My name=first_name”, or “-” to leave it out; may be repeated",
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no id") from error


def _import(arguments: argparse.Namespace) -> int:
    from stojnica.services.slip_pile import Pile
    from stojnica.services.slips import import_rows, read_table

    # Read before anything is asked, so that nobody answers questions about a picture.
    table = read_table(arguments.file, arguments.map)
    with open_stand(arguments) as stand:
        collected, wording = _answers(arguments, stand.store)
        letter = _letter(arguments, stand.store, table)
        pile = Pile(arguments.channel, collected, wording, arguments.language, letter=letter)
        report = import_rows(stand.store, arguments.event, table, pile)
    if wants_json(arguments):
        say_json(report.to_json())
    else:
        for line in report_lines(report):
            say(line)
    return DONE


def _answers(arguments: argparse.Namespace, store: Any) -> tuple[str, str]:
    """Give day and wording as told; at a terminal, what wasn't told is asked once."""
    collected, wording = arguments.collected, arguments.wording
    if sys.stdin.isatty() and not wants_json(arguments):
        from stojnica.services.slip_pile import pile_ground

        now = store.clock.now_us()
        ground = store.read(lambda c: pile_ground(c, arguments.event, now, arguments.language)).result()
        if collected is None:
            text = _("On which day did people fill in the slips? (empty: nobody knows) ")
            collected = _asked(text, ground.check_day)
        if wording is None and ground.sets:
            for item in ground.sets:
                say(f"  {item.versions}: {item.label}")
            text = _("Which version of the wording is on them? (empty: nobody knows) ")
            wording = _asked(text, ground.check_versions)
    return collected or "", wording or ""


def _letter(arguments: argparse.Namespace, store: Any, table: "SlipTable") -> str:
    """Give the letter that numbers of the sheet lack, as told; a person says it, nobody guesses."""
    from stojnica.domain.sheet_numbers import bare_numbers
    from stojnica.services.sheet_numbers_question import OWN, check_letter, numbers_question
    from stojnica.services.slip_pile import pile_ground
    from stojnica.services.slips import numbers_of

    now = store.clock.now_us()
    ground = store.read(lambda c: pile_ground(c, arguments.event, now, arguments.language)).result()
    found = bare_numbers(numbers_of(table), ground.runs) if arguments.channel == "paper" else None
    if found is None:
        return ""
    if arguments.letter is None and sys.stdin.isatty() and not wants_json(arguments):
        text = _("Which letter do they have on paper ({letters})? (empty: they are the sheet's own) ")
        question = f"{numbers_question(found)} {text.format(letters=', '.join(found.letters))}"
        return _asked(question, lambda answer: check_letter(found, answer or OWN)) or OWN
    return check_letter(found, arguments.letter or "")


def _asked(question: str, check: Callable[[str], object]) -> str:
    while True:
        answer = input(question).strip()
        try:
            check(answer)
        except UserFacingError as error:
            complain(error.sentences())
        else:
            return answer


def report_lines(report: "ImportReport") -> list[str]:
    """Give what came of an import in sentences, with the rows that somebody has to look at."""
    from stojnica.services.slip_summary import counted, notes, row_lines

    lines = [counted(report)]
    sections = (
        (_("To look at; of these rows nothing was kept but their number:"), report.attention),
        (_("Taken with a warning:"), report.warned),
    )
    for title, rows in sections:
        if rows:
            lines += [title, *(f"  {line}" for line in row_lines(rows, MOST_LINES))]
    return lines + notes(report)
