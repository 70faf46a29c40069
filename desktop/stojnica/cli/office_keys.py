"""The verb of the office's keys: make, protect, share; and how other verbs open what is protected."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.options import home_of, passphrase_of, read_secret, wants_json
from stojnica.cli.output import DONE, complain, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.settings import load_keys_folder, save_keys_folder

if TYPE_CHECKING:
    from stojnica.central.keys import PublicKeys
    from stojnica.services.office_vault import OfficeDoor, OpenOffice

SHEET_FILE = "identity-2.pdf"


def add_verbs(verb: Any) -> None:
    """Add `keys` below `central`."""
    keys: argparse.ArgumentParser = verb(
        "keys", "make the organisation's signing key and two identities, and say who can open them", _keys
    )
    keys.add_argument("folder", type=Path, metavar="DIR")
    what = keys.add_mutually_exclusive_group()
    what.add_argument("--in-clear", action="store_true", help="make them without a passphrase, for a machine")
    what.add_argument("--protect", action="store_true", help="put clear keys that are there under your words")
    what.add_argument("--list", action="store_true", help="whose words open them")
    what.add_argument("--add", action="store_true", help="let another coordinator open them")
    what.add_argument("--remove", metavar="ID", help="take a coordinator's words out, as --list shows them")
    what.add_argument("--address", action="store_true", help="keep the database's address with its password")
    keys.add_argument("--name", default="", help="whose the words are; kept inside the encrypted file")
    keys.add_argument(
        "--away", type=Path, metavar="DIR", help="where the key for the safe goes, best a stick"
    )
    keys.add_argument("--address-file", type=Path, metavar="FILE", help="file with the database's address")
    keys.add_argument("--words-file", type=Path, metavar="FILE", help="with --add: the new words; else made")
    keys.add_argument(
        "--identity", type=Path, metavar="FILE", help="with --add: open with the key from the safe instead"
    )


def keys_folder(arguments: argparse.Namespace) -> Path:
    """Give the folder of the organisation's keys: named, the one in place of an address, or made last here.

    Raises:
        UserFacingError: it isn't known.
    """
    folder: Path | None = arguments.keys or getattr(arguments, "office", None)
    folder = folder or load_keys_folder(home_of(arguments))
    if folder is None:
        raise UserFacingError(
            _("It isn't known where the organisation's keys are."),
            safe=_("Nothing was changed."),
            next_step=_("Give their folder with --keys, or make them: stojnica central keys FOLDER"),
            code="keys_missing",
        )
    return folder


def door_of(arguments: argparse.Namespace) -> "OfficeDoor":
    """Give what opens protected keys; it asks for the words once, and only if they are needed."""
    from stojnica.services.office_vault import OfficeDoor

    if not hasattr(arguments, "door"):
        arguments.door = OfficeDoor(lambda: passphrase_of(arguments))
    door: OfficeDoor = arguments.door
    return door


def hint_at_clear_keys(arguments: argparse.Namespace, folder: Path) -> None:
    """Tell a person whose keys lie in clear how that ends."""
    from stojnica.services.protecting import has_clear_keys

    if not wants_json(arguments) and has_clear_keys(folder):
        complain(
            _("The keys lie in clear. To protect them: stojnica central keys {folder} --protect").format(
                folder=folder
            )
        )


def settle_address(arguments: argparse.Namespace) -> None:
    """Let the folder of protected keys stand where an address of the database is asked for.

    Raises:
        UserFacingError: the words are wrong, or no address is kept there.
    """
    url = getattr(arguments, "url", "")
    if not url or "://" in url:
        return
    from stojnica.central.keys import is_protected

    folder = Path(url)
    if not is_protected(folder):
        return
    arguments.url = door_of(arguments).office(folder).secrets.address
    arguments.office = folder
    if not arguments.url:
        raise UserFacingError(
            _("No address of the database is kept with these keys."),
            safe=_("Nothing was changed."),
            next_step=_("Keep it there: stojnica central keys {folder} --address").format(folder=folder),
            code="no_address",
        )


def _keys(arguments: argparse.Namespace) -> int:
    if arguments.in_clear:
        return _make_clear(arguments)
    if arguments.list:
        return _say_coordinators(arguments, door_of(arguments).office(arguments.folder))
    if arguments.add:
        return _add(arguments)
    if arguments.remove is not None:
        from stojnica.services.office_vault import remove_coordinator

        return _say_coordinators(
            arguments, remove_coordinator(door_of(arguments).office(arguments.folder), arguments.remove)
        )
    if arguments.address:
        from stojnica.services.office_vault import with_address

        with_address(door_of(arguments).office(arguments.folder), _address_of(arguments))
        _say_or_json(arguments, {"address": True}, _("The address is kept with the keys."))
        return DONE
    return _make_or_protect(arguments)


def _make_clear(arguments: argparse.Namespace) -> int:
    from stojnica.central.keys import IDENTITY_FILES, make_keys

    keys = make_keys(arguments.folder)
    save_keys_folder(home_of(arguments), arguments.folder.absolute())
    if wants_json(arguments):
        _say_public(keys)
        return DONE
    complain(_("Whoever reads this folder can sign for the organisation and open its laptops."))
    _say_where(arguments)
    daily, locked = IDENTITY_FILES
    say(_("{file} is for daily use.").format(file=daily))
    say(
        _("{file} is to be locked away: move it off this computer, to a safe at another place.").format(
            file=locked
        )
    )
    say(_("Tried out: each of the two opens what is sealed for both."))
    return DONE


def _make_or_protect(arguments: argparse.Namespace) -> int:
    from stojnica.central.keys import (
        IDENTITY_FILES,
        check_empty,
        is_protected,
        load_public_keys,
        told_of_writing,
    )
    from stojnica.services.protecting import Protection, make_protected_keys, protect_keys

    folder: Path = arguments.folder
    away: Path = arguments.away or folder.with_name(f"{folder.absolute().name}-to-lock-away")
    is_finishing = arguments.protect and is_protected(folder)
    if arguments.protect:
        load_public_keys(folder)  # Before words are asked for: it says so when none are there.
    else:
        with told_of_writing(folder):
            check_empty(folder)
    words = _first_words(arguments, is_new=not is_finishing)
    address = "" if is_finishing else _address_of(arguments)
    wish = Protection(words, away, arguments.name, address)
    keys = protect_keys(folder, wish) if arguments.protect else make_protected_keys(folder, wish)
    save_keys_folder(home_of(arguments), folder.absolute())
    locked = away / IDENTITY_FILES[1]
    if locked.exists():
        _write_sheet(away)
    if wants_json(arguments):
        _say_public(keys, locked_away=str(locked) if locked.exists() else "")
        return DONE
    _say_where(arguments)
    say(_("They open only with your words. Tried out: what was written opens."))
    if locked.exists():
        say(
            _("The key for the safe is {file}, and as a sheet {sheet}.").format(file=locked, sheet=SHEET_FILE)
        )
        say(_("Print the sheet yourself, take both to a safe at another place, and delete that folder here."))
    if arguments.protect:
        say(_("Copies of this folder from before still hold the keys in clear: destroy them."))
    return DONE


def _write_sheet(away: Path) -> None:
    from stojnica.central.keys import write_new
    from stojnica.services.identity_sheet import identity_sheet

    if (away / SHEET_FILE).exists():
        return
    try:
        write_new(away / SHEET_FILE, identity_sheet(away), 0o600)
    except OSError as error:
        raise UserFacingError(
            _("The keys are protected, but the sheet couldn't be written to {folder}.").format(folder=away),
            next_step=_("Make it elsewhere: stojnica central key-sheet --keys {folder} --out FILE").format(
                folder=away
            ),
            code="unwritable_file",
        ) from error


def _first_words(arguments: argparse.Namespace, *, is_new: bool) -> str:
    """Give a coordinator's words: from a file, or new ones that are shown and typed once."""
    from stojnica.storage.passphrase import check_repeated, generate_passphrase

    if not is_new or getattr(arguments, "passphrase_file", None) is not None:
        return passphrase_of(arguments)
    if not sys.stdin.isatty():
        raise UserFacingError(
            _("The keys need words that open them."),
            safe=_("Nothing was changed."),
            next_step=_(
                "Give --passphrase-file FILE with five words or more, run this at a terminal,"
                " or add --in-clear for a machine that works alone."
            ),
            code="no_passphrase",
        )
    from getpass import getpass

    words = generate_passphrase(current_language())
    say(_("Your words, shown only now: {words}").format(words=words))
    if not check_repeated(words, getpass(_("Write them down, and type them once (not shown): "))):
        raise UserFacingError(
            _("Those weren't the words."),
            safe=_("Nothing was changed."),
            next_step=_("Start again; other words will be proposed."),
            code="wrong_repeat",
        )
    return words


def _address_of(arguments: argparse.Namespace) -> str:
    """Give the database's address: from a file, typed without being shown, or none."""
    if arguments.address_file is not None:
        return read_secret(arguments.address_file)
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(_("Address of the database with its password (not shown; Enter leaves it out): "))
    return ""


def _add(arguments: argparse.Namespace) -> int:
    from stojnica.services.office_vault import add_coordinator, open_office_with_identity
    from stojnica.storage.passphrase import generate_passphrase

    is_made = arguments.words_file is None
    words = generate_passphrase(current_language()) if is_made else read_secret(arguments.words_file)
    if arguments.identity is not None:
        office = open_office_with_identity(arguments.folder, read_secret(arguments.identity))
    else:
        office = door_of(arguments).office(arguments.folder)
    add_coordinator(office, words, arguments.name)
    if is_made:
        text = _("The new words, shown only now: {words}").format(words=words)
        _say_or_json(arguments, {"passphrase": words}, text)
    else:
        _say_or_json(arguments, {}, _("The new words open the keys of the office."))
    return DONE


def _say_coordinators(arguments: argparse.Namespace, office: "OpenOffice") -> int:
    from stojnica.services.office_vault import coordinators

    found = coordinators(office)
    if wants_json(arguments):
        people = [{"id": one.slot_id, "name": one.name} for one in found]
        say_json({"people": people, "address": bool(office.secrets.address)})
        return DONE
    for one in found:
        name = one.name or _("without a name")
        say(f"{one.slot_id}  {name}")
    if arguments.remove is not None:
        say(_("Taken out. Copies of this folder from before still open with those words."))
    return DONE


def _say_where(arguments: argparse.Namespace) -> None:
    text = _("The keys are in {folder}. Keep two copies, apart from the database.")
    say(text.format(folder=arguments.folder))


def _say_public(keys: "PublicKeys", **more: str) -> None:
    say_json({"signing_key": keys.signing_key.hex(), "recipients": list(keys.recipients), **more})


def _say_or_json(arguments: argparse.Namespace, value: dict[str, Any], text: str) -> None:
    if wants_json(arguments):
        say_json(value)
    else:
        say(text)
