"""The office's verbs for a forgotten passphrase: the code, and the sheet of the key that is locked away."""

import argparse
from pathlib import Path
from typing import Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _


def add_verbs(verb: Any, keys_help: str) -> None:
    """Add them below `central`."""
    parser: argparse.ArgumentParser = verb(
        "recovery-code", "read out the code that opens a laptop whose words are forgotten", _recovery_code
    )
    parser.add_argument("url", metavar="URL")
    # The office's other verbs say --name.
    parser.add_argument("--laptop", "--name", required=True, metavar="NAME", help="its name or id")
    parser.add_argument("--keys", type=Path, metavar="DIR", help=keys_help)
    sheet: argparse.ArgumentParser = verb(
        "key-sheet", "the key that is to be locked away, as a sheet with a code", _key_sheet
    )
    sheet.add_argument("--out", required=True, type=Path, metavar="FILE")
    sheet.add_argument("--keys", type=Path, metavar="DIR", help=keys_help)


def _key_sheet(arguments: argparse.Namespace) -> int:
    from stojnica.central.keys import write_new
    from stojnica.cli.office_keys import keys_folder
    from stojnica.services.identity_sheet import identity_sheet

    content = identity_sheet(keys_folder(arguments))
    try:
        write_new(arguments.out, content, 0o600)
    except OSError as error:
        raise UserFacingError(
            _("{file} can't be written.").format(file=arguments.out),
            safe=_("Nothing was changed."),
            next_step=_("Choose a new name, in a folder that you may write to."),
            code="unwritable_file",
        ) from error
    if wants_json(arguments):
        say_json({"file": str(arguments.out)})
    else:
        say(
            _("Print {file} yourself, on a printer that you can see, and then delete it.").format(
                file=arguments.out
            )
        )
    return DONE


def _recovery_code(arguments: argparse.Namespace) -> int:
    from stojnica.central.recovery import read_recovery_code
    from stojnica.cli.office_keys import door_of, hint_at_clear_keys, keys_folder
    from stojnica.services.written_time import written_moment

    folder = keys_folder(arguments)
    hint_at_clear_keys(arguments, folder)
    found = read_recovery_code(
        arguments.url, laptop=arguments.laptop, keys_dir=folder, open_keys=door_of(arguments)
    )
    if wants_json(arguments):
        before = list(found.read_before)
        say_json({"laptop": found.name, "codes": list(found.codes), "read_before": before})
        return DONE
    for instant in found.read_before:
        say(_("A code of this laptop was read out on {day}.").format(day=written_moment(instant)))
    say(
        _(
            "Call the stand's lead yourself, on a number that you have: whoever hears this code"
            " and has the laptop can read everything on it."
        )
    )
    for code in found.codes:
        say(_("Code of “{name}”: {code}").format(name=found.name, code=code))
    if len(found.codes) > 1:
        say(_("The laptop's file was copied, so each copy has a code: try them in this order."))
    say(_("It opens once; the laptop then makes a new one. It was noted that you read it."))
    return DONE
