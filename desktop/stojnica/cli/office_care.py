"""The verbs that look after the office's database once it runs."""

import argparse
from collections.abc import Callable
from typing import Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.i18n import gettext as _

Verb = Callable[[str, str, Any], argparse.ArgumentParser]


def add_verbs(verb: Verb) -> None:
    """Add them below `central`."""
    revoke = verb("revoke", "shut a laptop out at once; what it delivered stays", _revoke)
    revoke.add_argument("url", metavar="URL")
    revoke.add_argument("--name", required=True, help="name or id of the laptop, as central status shows it")


def _revoke(arguments: argparse.Namespace) -> int:
    from stojnica.central.revoke import revoke_named

    shut_out = revoke_named(arguments.url, arguments.name)
    if wants_json(arguments):
        say_json({"device_id": str(shut_out.device_id), "name": shut_out.name})
        return DONE
    say(_("“{name}” is shut out. What it delivered stays.").format(name=shut_out.name))
    return DONE
