"""The verbs for somebody who asks what is kept about them, or wants it erased."""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.bootstrap.stand import Stand
    from stojnica.storage.store import Store


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add them to the command line."""
    about = _verb(verbs, shared, "about", "write down what this laptop has about a person", _about)
    about.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends in .pdf or .json")
    erase = _verb(verbs, shared, "erase", "erase all that this laptop has about a person", _erase)
    erase.add_argument("--yes", action="store_true", help="without it, only how much there is")
    text = "take back what somebody agreed to, by address or number, wherever they signed up"
    withdraw = verbs.add_parser("withdraw", help=text, description=text, parents=[shared])
    withdraw.set_defaults(run=_withdraw)
    add_contact_key(withdraw)


def _verb(
    verbs: Any, shared: argparse.ArgumentParser, name: str, text: str, run: Any
) -> argparse.ArgumentParser:
    from stojnica.cli.stand import read_id

    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, parents=[shared])
    parser.set_defaults(run=run)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--id", type=read_id, metavar="ID", help="of the contact")
    who.add_argument("--email", default="", metavar="ADDRESS")
    who.add_argument("--phone", default="", metavar="NUMBER")
    return parser


def add_contact_key(parser: argparse.ArgumentParser) -> None:
    """Let a call say whose consent is taken back, and for what."""
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--email", default="", metavar="ADDRESS")
    who.add_argument("--phone", default="", metavar="NUMBER")
    parser.add_argument("--purpose", default="", metavar="ID", help="without it, everything")


def say_taken_back(arguments: argparse.Namespace) -> int:
    """Say that it holds; whether somebody was found isn't said."""
    if wants_json(arguments):
        say_json({"is_taken_back": True, "purpose": arguments.purpose})
    else:
        say(_("Taken back. It holds for everybody who signed up with it, also on other laptops."))
    return DONE


def _withdraw(arguments: argparse.Namespace) -> int:
    from stojnica.cli.stand import open_stand
    from stojnica.services.stand import stand_now
    from stojnica.services.withdrawing import keys_from, withdraw_contact

    with open_stand(arguments) as stand:
        region = stand.store.read(stand_now).result().shown.document.organisation.country
        keys = keys_from(arguments.email, arguments.phone, region)
        withdraw_contact(stand.store, keys, purpose=arguments.purpose).result()
    return say_taken_back(arguments)


def _about(arguments: argparse.Namespace) -> int:
    from stojnica.cli.stand import open_stand
    from stojnica.services.about_file import about_document, about_json
    from stojnica.services.about_person import about_person, save_sheet

    check_file_kind(arguments.out)
    with open_stand(arguments) as stand:
        store: Store = stand.store
        subjects = _contacts(store, arguments)
        if arguments.out.suffix.lower() == ".json":
            found = [store.read(partial(about_document, subject_id=one)).result() for one in subjects]
            save_sheet(about_json({"contacts": [item for item in found if item]}), arguments.out)
            files = [arguments.out]
        else:
            from stojnica.services.about_sheet import sheet_of

            files = []
            for place, one in enumerate(subjects):
                about = store.read(partial(about_person, subject_id=one)).result()
                if about is not None:
                    files.append(save_sheet(sheet_of(about), numbered(arguments.out, place + 1)))
    return say_saved(arguments, len(subjects), files)


def check_file_kind(file: Path) -> None:
    """Find out whether it is a kind of file that we write.

    Raises:
        UserFacingError: it isn't.
    """
    if file.suffix.lower() not in (".pdf", ".json"):
        raise UserFacingError(
            _("The name of the file must end in .pdf or .json."),
            safe=_("Nothing was written."),
            code="file_kind",
        )


def numbered(path: Path, number: int) -> Path:
    """Give the name of one sheet of several; the first has the name that was asked for."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def say_saved(arguments: argparse.Namespace, contacts: int, files: Sequence[Path]) -> int:
    """Say where it lies now."""
    if wants_json(arguments):
        say_json({"contacts": contacts, "files": [str(file) for file in files]})
        return DONE
    for file in files:
        say(_("Saved: {file}. It can be read by everybody who has it.").format(file=file.name))
    return DONE


def _erase(arguments: argparse.Namespace) -> int:
    from stojnica.cli.stand import open_stand
    from stojnica.services.erasing import erase_contacts

    with open_stand(arguments) as stand:
        subjects = _contacts(stand.store, arguments)
        records = erase_contacts(stand.store, subjects).result() if arguments.yes else 0
        left = _renewed_copies(stand) if arguments.yes else ""
    if wants_json(arguments):
        say_json(
            {
                "contacts": len(subjects),
                "erased_records": records,
                "is_erased": bool(arguments.yes),
                "copies_left_at": left,
            }
        )
        return DONE
    number = len(subjects)
    if arguments.yes:
        text = ngettext(
            "{count} contact is erased on this laptop.", "{count} contacts are erased on this laptop.", number
        )
        say(text.format(count=number))
        say(_("The office erases it with the next sending: stojnica sync"))
        if left:
            text = _("Copies from before are left at {place}. Plug it in, then: stojnica copy")
            say(text.format(place=left))
        return DONE
    text = ngettext("{count} contact was found.", "{count} contacts were found.", number)
    say(text.format(count=number))
    say(_("Nothing was erased. To erase it for good, add --yes"))
    return DONE


def _renewed_copies(stand: "Stand") -> str:
    """Have the person gone from copies too; give a place where one is left, "" for none."""
    from stojnica.services.copies_in_short import copies_in_short

    stand.copies.renew()
    return stand.store.read(copies_in_short).result().holds_erased


def _contacts(store: "Store", arguments: argparse.Namespace) -> list[UUID]:
    """Find whom the call is about; a person may have signed up more than once."""
    from stojnica.domain.contact import check_email, check_phone
    from stojnica.records.contact_queries import contacts_with, is_known
    from stojnica.services.stand import stand_now

    now = store.read(stand_now).result()
    region = now.shown.document.organisation.country
    email = check_email(arguments.email).value or "" if arguments.email else ""
    phone = check_phone(arguments.phone, region).value or "" if arguments.phone else ""
    if arguments.id is not None:
        is_here = store.read(lambda c: is_known(c, now.branch_id, arguments.id)).result()
        found = [arguments.id] if is_here else []
    else:
        found = store.read(lambda c: contacts_with(c, now.branch_id, email=email, phone=phone)).result()
    if not found:
        raise UserFacingError(
            _("This laptop has nothing about this person."),
            safe=_("Nothing was changed."),
            next_step=_("Look whether the address is right. What the office has: stojnica central about"),
            code="contact_unknown",
        )
    return found
