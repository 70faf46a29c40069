"""The verbs about who can open a laptop: list, add, remove; and the ways back in."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from stojnica.cli.options import home_of, passphrase_of, read_secret, wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _

Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `keys` and its verbs to the command line."""
    keys = verbs.add_parser("keys", help="who can open this laptop", parents=[shared])
    below = keys.add_subparsers(dest="keys_verb", required=True, metavar="VERB")

    def verb(name: str, text: str, run: Any) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = below.add_parser(
            name, help=text, description=text, parents=[shared]
        )
        parser.set_defaults(run=run)
        return parser

    verb("list", "say whose passphrases open this laptop", _list)
    add = verb("add", "let another person open it, with words of their own", _add)
    add.add_argument("--name", default="", help="whose they are; kept inside the encrypted store")
    _new_words(add)
    name = verb("name", "say or correct whose passphrase it is; nothing else changes", _name)
    name.add_argument("slot", metavar="ID", help="as “keys list” shows it")
    name.add_argument("name", metavar="NAME", help="kept inside the encrypted store")
    remove = verb("remove", "take a passphrase out; never the last one, never your own", _remove)
    remove.add_argument("slot", metavar="ID", help="as “keys list” shows it")
    recover = verb("recover", "open with the code that the office read out, and set new words", _recover)
    recover.add_argument("--code-file", type=Path, metavar="FILE", help="file with the code; else asked for")
    recover.add_argument("--name", default="", help="whose the new words are")
    _new_words(recover)
    office = verb(
        "open", "for the office: open with an identity of the organisation, and set new words", _open
    )
    office.add_argument("--identity", required=True, type=Path, metavar="FILE")
    office.add_argument("--name", default="", help="whose the new words are")
    _new_words(office)


def _new_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--words-file", type=Path, metavar="FILE", help="file with the new words; else five are proposed"
    )


def _words_of(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Give the new words, and whether they were made here and have to be shown."""
    from stojnica.storage.passphrase import generate_passphrase

    if arguments.words_file is not None:
        return read_secret(arguments.words_file), False
    return generate_passphrase(current_language()), True


def _list(arguments: argparse.Namespace) -> int:
    from stojnica.services.openers import who_can_open
    from stojnica.services.openers_page import name_text, since_text
    from stojnica.services.written_time import written_short_day

    with open_stand(arguments) as stand:
        found = who_can_open(stand.opened)
    if wants_json(arguments):
        people = [{"id": one.slot_id, "name": one.name, "since": one.since} for one in found.people]
        say_json(
            {
                "people": people,
                "office": found.has_office,
                "code": found.has_code,
                "keyring": found.has_keyring,
                "repaired_at": found.repaired_at,
            }
        )
        return DONE
    for one in found.people:
        say(f"{one.slot_id}  {name_text(one)}  {since_text(one)}")
    say(_("The office can open it.") if found.has_office else _("No office can open it: it isn't enrolled."))
    if found.repaired_at:
        day = datetime.fromtimestamp(found.repaired_at / 1_000_000).astimezone().date()
        say(
            _("The key file was damaged, and was put back from its copy on {day}.").format(
                day=written_short_day(day)
            )
        )
    return DONE


def _add(arguments: argparse.Namespace) -> int:
    from stojnica.services.openers import NewOpener, add_opener

    words, is_made = _words_of(arguments)
    own = passphrase_of(arguments)
    with open_stand(arguments, own) as stand:
        add_opener(stand.opened, NewOpener(own, words, arguments.name))
    _say_words(arguments, words, is_made)
    return DONE


def _name(arguments: argparse.Namespace) -> int:
    from stojnica.services.openers import say_whose

    with open_stand(arguments) as stand:
        say_whose(stand.opened, arguments.slot, arguments.name)
    if wants_json(arguments):
        say_json({"named": arguments.slot})
    else:
        say(_("The name is kept."))
    return DONE


def _remove(arguments: argparse.Namespace) -> int:
    from stojnica.services.openers import GoneOpener, remove_opener

    own = passphrase_of(arguments)
    with open_stand(arguments, own) as stand:
        remove_opener(stand.opened, GoneOpener(own, arguments.slot))
    if wants_json(arguments):
        say_json({"removed": arguments.slot})
    else:
        say(_("These words no longer open this laptop. Older copies may still open with them."))
    return DONE


def _recover(arguments: argparse.Namespace) -> int:
    from stojnica.services.recovery import recover_by_code
    from stojnica.storage.home import StoreHome

    code = read_secret(arguments.code_file) if arguments.code_file else input(_("Code of the office: "))
    words, is_made = _words_of(arguments)
    recover_by_code(StoreHome(home_of(arguments)), code, words, name=arguments.name).close()
    _say_words(arguments, words, is_made)
    return DONE


def _open(arguments: argparse.Namespace) -> int:
    from stojnica.services.recovery import recover_by_identity
    from stojnica.storage.home import StoreHome

    identity = read_secret(arguments.identity)
    words, is_made = _words_of(arguments)
    recover_by_identity(StoreHome(home_of(arguments)), identity, words, name=arguments.name).close()
    _say_words(arguments, words, is_made)
    return DONE


def _say_words(arguments: argparse.Namespace, words: str, is_made: bool) -> None:
    if wants_json(arguments):
        say_json({"passphrase": words} if is_made else {})
    elif is_made:
        say(_("The new words, shown only now: {words}").format(words=words))
    else:
        say(_("The new words open this laptop."))
