"""The verbs that print numbered slips, and say which of them nobody has typed in yet."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `slips print` and `slips missing`."""
    text = "Print numbered slips as PDF, one person each, four on A4 where that can be read."
    verb = verbs.add_parser("print", help="print slips", description=text, parents=[shared])
    verb.set_defaults(run=_print)
    _event(verb)
    help_text = "one that the organisation has all wordings in, like sl; without it the first of them"
    verb.add_argument("--language", default="", metavar="CODE", help=help_text)
    verb.add_argument("--count", type=int, default=48, metavar="N", help="how many (default: 48)")
    verb.add_argument("--out", required=True, type=Path, metavar="FILE")
    verb.add_argument("--letter", default="", metavar="A–X", help="else the laptop's")
    verb.add_argument("--for", dest="audience", choices=("person", "organisation"), default="person")
    verb.add_argument("--full", action="store_true", help="all questions, not only those of the kiosk")
    text = "Say for each run how many slips are typed in, and which numbers are missing."
    verb = verbs.add_parser("missing", help="numbers that are missing", description=text, parents=[shared])
    verb.set_defaults(run=_missing)
    _event(verb)
    text = "Say that a run never reached paper: nobody waits for its slips, and its numbers stay used up."
    verb = verbs.add_parser("unprinted", help="take a run back", description=text, parents=[shared])
    verb.set_defaults(run=_unprinted)
    _event(verb)
    verb.add_argument("--number", required=True, metavar="A-001", help="any number of the run")


def _event(verb: argparse.ArgumentParser) -> None:
    help_text = "its id, as `stojnica event list` shows it"
    verb.add_argument("--event", required=True, type=_uuid, metavar="ID", help=help_text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no id") from error


def _print(arguments: argparse.Namespace) -> int:
    from stojnica.services.slip_runs import RunWish, print_run

    wish = RunWish(
        event_id=arguments.event,
        language=arguments.language,
        count=arguments.count,
        letter=arguments.letter,
        audience=arguments.audience,
        is_full=arguments.full,
    )
    with open_stand(arguments) as stand:
        made = print_run(stand.store, wish, arguments.out)
    run = made.run
    if wants_json(arguments):
        say_json(
            run.data()
            | {
                "run_id": str(run.run_id),
                "file": str(arguments.out),
                "sheets": made.sheets,
                "on_a_sheet": made.slips.paper.up,
            }
        )
        return DONE
    text = ngettext(
        "{span} on {count} sheet is in {file}", "{span} on {count} sheets is in {file}", made.sheets
    )
    say(text.format(span=run.span, count=made.sheets, file=arguments.out))
    say(made.note)
    if made.slips.must_be_verified:
        say(_("Check the wording of EU funding in this language before the first use."))
    return DONE


def _missing(arguments: argparse.Namespace) -> int:
    from stojnica.services.slip_tally import slip_tally

    with open_stand(arguments) as stand:
        tally = stand.store.read(lambda connection: slip_tally(connection, arguments.event)).result()
    if wants_json(arguments):
        runs = [
            {
                "span": count.span,
                "printed": count.printed,
                "typed_in": count.typed_in,
                "missing": [str(number) for number in count.missing],
            }
            for count in tally.runs
        ]
        others = [
            {
                "letter": item.letter,
                "is_of_this_laptop": item.letter in tally.own_letters,
                "typed_in": [str(number) for number in item.numbers],
            }
            for item in tally.others
        ]
        say_json({"runs": runs, "of_no_run": others})
        return DONE
    if not tally.runs:
        say(_("No slips were printed for this event on this laptop."))
    for line in tally.lines():
        say(line)
    return DONE


def _unprinted(arguments: argparse.Namespace) -> int:
    from stojnica.services.slip_runs import never_printed

    with open_stand(arguments) as stand:
        run = never_printed(stand.store, arguments.event, arguments.number).result()
    if wants_json(arguments):
        say_json({"run_id": str(run.run_id), "span": run.span})
    else:
        say(_("{span} was taken back; its numbers are not given out again.").format(span=run.span))
    return DONE
