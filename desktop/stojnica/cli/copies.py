"""The verbs of the second copy: make one, open one, and save what is left of a damaged file."""

import argparse
from pathlib import Path
from typing import Any

from stojnica.cli.options import home_of, passphrase_of, read_secret, wants_json
from stojnica.cli.output import DONE, FAILED, complain, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.settings import load_settings, save_settings


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add `copy`, `restore` and `rescue` to the command line."""
    text = "make an encrypted copy now; ends with 1 when a place could not be written to"
    copy = verbs.add_parser("copy", help=text, description=text, parents=[shared])
    copy.add_argument("--place", type=Path, metavar="DIR", help="stick or folder for all copies from now on")
    copy.set_defaults(run=_copy)
    text = "sticks and folders with copies; --gone says that one of them exists no more, or was emptied"
    places = verbs.add_parser("copies", help=text, description=text, parents=[shared])
    help_text = "the folder, or the letters after 'stick' in the list"
    places.add_argument("--gone", metavar="PLACE", help=help_text)
    places.add_argument("--yes", action="store_true", help="without it, only what follows is said")
    places.set_defaults(run=_copies)
    text = "open a copy on this laptop, in a folder without a store"
    restore = verbs.add_parser("restore", help=text, description=text, parents=[shared])
    restore.add_argument("copy", type=Path, metavar="COPY", help="a copy, or the folder it is in")
    restore.add_argument(
        "--identity",
        type=Path,
        metavar="FILE",
        help="key file of the organisation, instead of the passphrase",
    )
    restore.add_argument(
        "--practice", action="store_true", help="only for practice: may speak to this machine without TLS"
    )
    restore.set_defaults(run=_restore)
    text = "save what can be read of a damaged file into a new store; the file is only read"
    rescue = verbs.add_parser("rescue", help=text, description=text, parents=[shared])
    rescue.add_argument("damaged", type=Path, metavar="DAMAGED", help="the damaged file, or its folder")
    rescue.add_argument("out", type=Path, metavar="OUT", help="a folder without a store")
    rescue.set_defaults(run=_rescue)


def _copy(arguments: argparse.Namespace) -> int:
    from stojnica.services.copy_settings import choose_copy_place

    with open_stand(arguments) as stand:
        if arguments.place is not None:
            choose_copy_place(stand.store, arguments.place.absolute())
        outcome = stand.copies.copy()
    if wants_json(arguments):
        files = [{"file": str(item.path), "contacts": item.contacts} for item in outcome.made]
        say_json({"copies": files, "errors": [fault.code for fault in outcome.faults]})
    else:
        for item in outcome.made:
            say(_("Copied and read back: {file}").format(file=item.path))
    for fault in outcome.faults:
        complain(fault.sentences())
    return FAILED if outcome.faults else DONE


def _copies(arguments: argparse.Namespace) -> int:
    from stojnica.services.copies_gone import find_place, place_line, short_mark, what_follows
    from stojnica.services.copies_in_short import copies_in_short

    with open_stand(arguments) as stand:
        places = stand.store.read(copies_in_short).result().places
        now_us = stand.store.clock.now_us()
        if arguments.gone is not None:
            places = (find_place(places, arguments.gone),)
        if arguments.gone is not None and arguments.yes:
            stand.copies.say_gone(places[0].folder, places[0].folder_id)
    if wants_json(arguments):
        told = [
            {
                "folder": place.folder,
                "mark": short_mark(place),
                "copies": place.number,
                "may_hold_erased": place.holds_erased,
            }
            for place in places
        ]
        say_json({"places": told, "said_gone": arguments.gone is not None and arguments.yes})
        return DONE
    for line in (place_line(place, now_us) for place in places):
        say(f"{line.name}: {line.told}")
    if not places:
        say(_("No copies are noted but those on this laptop."))
    if arguments.gone is not None:
        for text in what_follows():
            say(text)
        if not arguments.yes:
            say(_("Nothing was changed. To say that it exists no more, add --yes"))
    return DONE


def _restore(arguments: argparse.Namespace) -> int:
    from stojnica.services.restore import (
        NewPassphrase,
        holding_more_text,
        passed_over_text,
        read_identity,
        restore_by_identity,
        restore_by_passphrase,
        restored_text,
    )
    from stojnica.storage.passphrase import generate_passphrase

    home = home_of(arguments)
    generated = ""
    if arguments.identity is None:
        restored = restore_by_passphrase(arguments.copy, home, passphrase_of(arguments))
    else:
        file: Path | None = getattr(arguments, "passphrase_file", None)
        generated = "" if file is not None else generate_passphrase(current_language())
        words = generated or (read_secret(file) if file is not None else "")
        identity = read_identity(arguments.identity)
        restored = restore_by_identity(arguments.copy, home, identity, NewPassphrase(words))
    if arguments.practice:
        # A copy holds what was collected; how this laptop is set up was never in it.
        save_settings(home, load_settings(home)._replace(is_practice=True))
    if wants_json(arguments):
        told = {"file": str(restored.file), "contacts": restored.contacts, "records": restored.facts}
        more = [str(path) for path in restored.holding_more]
        say_json(told | {"holding_more": more} | ({"passphrase": generated} if generated else {}))
        return DONE
    say(restored_text(restored))
    for text in (passed_over_text(restored), holding_more_text(restored)):
        if text:
            say(text)
    if generated:
        say(_("Its passphrase, shown only now: {words}").format(words=generated))
    say(_("Send to the office when there is internet; nothing arrives twice."))
    return DONE


def _rescue(arguments: argparse.Namespace) -> int:
    from stojnica.services.rescue import rescue, rescued_texts

    rescued = rescue(arguments.damaged, arguments.out.absolute(), passphrase_of(arguments))
    if wants_json(arguments):
        say_json(
            {
                "contacts": rescued.contacts,
                "records": rescued.facts,
                "pages": rescued.pages,
                "damaged_pages": rescued.damaged_pages,
                "missing_records": rescued.missing,
                "end_is_known": rescued.has_lives,
            }
        )
        return DONE
    for text in rescued_texts(rescued):
        say(text)
    return DONE
