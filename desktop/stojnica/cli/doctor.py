"""The verb that says before a stand leaves what is fine, and what to do about the rest."""

import argparse
from typing import Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, FAILED, say, say_json
from stojnica.cli.stand import open_stand

_SIGNS = {"fine": "✓", "look": "!", "bad": "✗"}


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add `doctor` to the command line."""
    text = "say whether this laptop is ready for its event; ends with 1 when something is bad"
    verb = verbs.add_parser("doctor", help=text, description=text, parents=[shared])
    verb.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    from stojnica.bootstrap.machine import this_machine
    from stojnica.services.preflight import Grounds, State, check_all, is_ready, look_at_stand
    from stojnica.services.preflight_stand import CHECKS

    with open_stand(arguments) as stand:
        known = stand.store.read(look_at_stand).result()
        lines = check_all(CHECKS, Grounds(known, this_machine(stand.folder), stand.store.clock))
    if wants_json(arguments):
        told = [line._asdict() for line in lines]
        say_json({"ready": is_ready(lines), "lines": told})
    else:
        for line in lines:
            if line.state is not State.SKIPPED:
                say(f"{_SIGNS[line.state]} {line.what}" + (f"\n    → {line.todo}" if line.todo else ""))
    return DONE if is_ready(lines) else FAILED
