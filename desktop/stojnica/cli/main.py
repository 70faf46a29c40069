"""The command line: find the verb, run it, say plainly when it could not be done."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from stojnica import __version__
from stojnica.cli.options import choose_language, home_of, shared_options, wants_json
from stojnica.cli.output import FAILED, complain, never_stumble, say_json
from stojnica.core_dumps import forbid_core_dumps
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.i18n import gettext as _

INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    """Give the parser of the whole command line; shared options stand before or after the verb."""
    from stojnica.cli import (
        copies,
        demo,
        doctor,
        keys,
        office,
        redirects,
        retention,
        rights,
        slips,
        stand,
        sticks,
    )

    shared = shared_options()
    parser = argparse.ArgumentParser(
        prog="stojnica",
        description="Sign-ups at a stand, offline, delivered with proof. Without a verb: the window.",
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"Stojnica {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    stand.add_verbs(verbs, shared)
    keys.add_verbs(verbs, shared)
    rights.add_verbs(verbs, shared)
    slips.add_verbs(verbs, shared)
    sticks.add_verbs(verbs, shared)
    redirects.add_verbs(verbs, shared)
    doctor.add_verbs(verbs, shared)
    copies.add_verbs(verbs, shared)
    retention.add_verbs(verbs, shared)
    office.add_verbs(verbs, shared)
    demo.add_verbs(verbs, shared)
    return parser


def read_call(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read what was called; without a verb nothing that verbs need is loaded, and the window comes sooner."""
    window = shared_options()
    window.prog = "stojnica"
    arguments, rest = window.parse_known_args(argv)
    if rest:
        return build_parser().parse_args(argv)
    arguments.verb = None
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives 0 done, 1 could not be done, 2 wrong call."""
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    never_stumble()
    forbid_core_dumps()
    arguments = read_call(argv)
    # The window greets a stand in Slovene; a terminal without a locale is more likely a script's.
    choose_language(home_of(arguments), otherwise="en" if arguments.verb else "sl")
    try:
        if arguments.verb is None:
            from stojnica.cli.window import open_window

            return open_window(arguments)
        code: int = arguments.run(arguments)
    except UserFacingError as error:
        if wants_json(arguments):
            say_json({"error": error.code, "message": error.sentences()})
        complain(error.sentences())
        return FAILED
    except (CancelledError, KeyboardInterrupt):
        complain(_("Stopped. What was saved stays saved."))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone, as `head` does; the interpreter must not complain about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except EOFError:
        complain(_("Nobody answered the question, so nothing was done."))
        return FAILED
    return code
