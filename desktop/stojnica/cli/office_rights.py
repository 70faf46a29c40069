"""The verbs by which the office erases a person, and sees on which laptops that is done."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.office_keys import door_of, hint_at_clear_keys
from stojnica.cli.office_lists import add_backups, renew_list
from stojnica.cli.options import home_of, wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.rights import add_contact_key, check_file_kind, numbered, say_saved, say_taken_back
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.settings import load_keys_folder

if TYPE_CHECKING:
    from stojnica.central.erase import Who
    from stojnica.central.erasures import Erasure

HOME_COUNTRY = "SI"
Verb = Callable[[str, str, Any], argparse.ArgumentParser]


def add_verbs(verb: Verb) -> None:
    """Add them below `central`."""
    from stojnica.cli.stand import read_id

    erase = verb("erase", "erase a person here, and order it on every laptop", _erase)
    erase.add_argument("url", metavar="URL")
    who = erase.add_mutually_exclusive_group(required=True)
    who.add_argument("--id", type=read_id, metavar="ID", help="of the contact")
    who.add_argument("--email", default="", metavar="ADDRESS")
    who.add_argument("--phone", default="", metavar="NUMBER", help="with +386 or the like in front")
    erase.add_argument("--keys", type=Path, metavar="DIR", help="folder of the organisation's keys")
    add_backups(erase)
    erase.add_argument("--yes", action="store_true", help="without it, only how much there is")
    text = "with --yes and an address or number: also when nobody is here by it; what arrives later is erased"
    erase.add_argument("--even-if-unknown", action="store_true", help=text)
    about = verb("about", "write down what the office has about a person", _about)
    about.add_argument("url", metavar="URL")
    who = about.add_mutually_exclusive_group(required=True)
    who.add_argument("--id", type=read_id, metavar="ID", help="of the contact")
    who.add_argument("--email", default="", metavar="ADDRESS")
    who.add_argument("--phone", default="", metavar="NUMBER")
    about.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends in .pdf or .json")
    text = "take back what somebody agreed to, by address or number, wherever they signed up"
    withdraw = verb("withdraw", text, _withdraw)
    withdraw.add_argument("url", metavar="URL")
    add_contact_key(withdraw)
    erasures = verb("erasures", "on which laptops each order to erase is done", _erasures)
    erasures.add_argument("url", metavar="URL")


def _erase(arguments: argparse.Namespace) -> int:
    from stojnica.central.erase import erase, find_person

    who = _who(arguments)
    if not arguments.yes:
        found = find_person(arguments.url, who, may_be_nobody=True)
        if wants_json(arguments):
            say_json({"contacts": [str(one) for one in found], "is_erased": False})
            return DONE
        if not found:
            _say_nobody_yet(who)
            return DONE
        text = ngettext("{count} contact was found.", "{count} contacts were found.", len(found))
        say(text.format(count=len(found)))
        say(_("Nothing was erased. To erase it for good, add --yes"))
        return DONE
    keys_dir = _keys(arguments)
    hint_at_clear_keys(arguments, keys_dir)
    done = erase(
        arguments.url,
        who,
        keys_dir=keys_dir,
        open_keys=door_of(arguments),
        may_be_nobody=arguments.even_if_unknown,
    )
    if arguments.backups is not None:
        renew_list(arguments.url, arguments.backups)
    if wants_json(arguments):
        say_json({**asdict(done), "is_erased": True})
        return DONE
    _say_erased(who, done.contacts)
    if arguments.backups is None:
        say(_("Backups from before still hold it. Make one now, so that its list names what was erased."))
    return DONE


def _say_nobody_yet(who: "Who") -> None:
    """Say how what arrives later can be erased; with the address, because one letter makes it another."""
    said = _("Nobody is here by {contact} now. Look whether it is written as it was given.")
    say(said.format(contact=who.email or who.phone))
    say(_("If a laptop may still bring them, add --yes --even-if-unknown: what arrives later is erased."))
    say(_("Nothing was changed."))


def _say_erased(who: "Who", contacts: int) -> None:
    if contacts:
        text = ngettext("{count} contact is erased here.", "{count} contacts are erased here.", contacts)
        say(text.format(count=contacts))
    else:
        said = _("Nobody is here by {contact} now. What arrives later from any laptop is erased.")
        say(said.format(contact=who.email or who.phone))
    say(_("Each laptop erases it with its next sending. To look: stojnica central erasures URL"))


def _about(arguments: argparse.Namespace) -> int:
    from stojnica.central.about import person_at_centre
    from stojnica.services.about_at_office import about_at_office, document_at_office
    from stojnica.services.about_file import about_json
    from stojnica.services.about_person import save_sheet

    check_file_kind(arguments.out)
    person = person_at_centre(arguments.url, _who(arguments))
    if arguments.out.suffix.lower() == ".json":
        files = [save_sheet(about_json(document_at_office(person)), arguments.out)]
    else:
        from stojnica.services.about_sheet import sheet_of

        files = [
            save_sheet(sheet_of(about), numbered(arguments.out, place))
            for place, about in enumerate(about_at_office(person), start=1)
        ]
    return say_saved(arguments, len(person.held), files)


def _withdraw(arguments: argparse.Namespace) -> int:
    from stojnica.central.withdraw import withdraw
    from stojnica.services.withdrawing import keys_from

    withdraw(arguments.url, keys_from(arguments.email, arguments.phone, HOME_COUNTRY), arguments.purpose)
    return say_taken_back(arguments)


def _who(arguments: argparse.Namespace) -> "Who":
    from stojnica.central.erase import Who
    from stojnica.domain.contact import check_email, check_phone

    email = check_email(arguments.email).value or "" if arguments.email else ""
    phone = check_phone(arguments.phone, HOME_COUNTRY).value or "" if arguments.phone else ""
    return Who(arguments.id, email, phone)


def _keys(arguments: argparse.Namespace) -> Path:
    folder: Path | None = arguments.keys or getattr(arguments, "office", None)
    folder = folder or load_keys_folder(home_of(arguments))
    if folder is None:
        raise UserFacingError(
            _("An order to erase is signed, and no keys are known here."),
            safe=_("Nothing was changed."),
            next_step=_("Name the folder of the organisation's keys with --keys DIR."),
            code="no_keys",
        )
    return folder


def _erasures(arguments: argparse.Namespace) -> int:
    from stojnica.central.erasures import erasures

    found = erasures(arguments.url)
    if wants_json(arguments):
        say_json({"erasures": [asdict(item) | {"laptops": item.laptops} for item in found]})
        return DONE
    if not found:
        say(_("Nobody was ordered to be erased."))
    for item in found:
        for line in erasure_lines(item):
            say(line)
    return DONE


def erasure_lines(item: "Erasure") -> list[str]:
    """Say of one order how far it is."""
    from stojnica.services.written_time import written_short_day

    when = written_short_day(datetime.fromtimestamp(item.at / 1_000_000, UTC).astimezone())
    done = ngettext(
        "done on {done} of {count} laptop", "done on {done} of {count} laptops", item.laptops
    ).format(done=len(item.done), count=item.laptops)
    lines = [" · ".join((_("Order {number}").format(number=item.number), when, done))]
    if item.has_mark and not item.facts:
        lines.append("  " + _("nobody was here then: what arrives from before is erased"))
    if item.late:
        text = ngettext(
            "{count} contact came after it and was erased",
            "{count} contacts came after it and were erased",
            item.late,
        )
        lines.append("  " + text.format(count=item.late))
    if item.open:
        lines.append("  " + _("open: {names}").format(names=", ".join(item.open)))
    if item.asked:
        text = _("called since, and may wait for a person's yes on the page Send to the office: {names}")
        lines.append("  " + text.format(names=", ".join(item.asked)))
    if item.unaccounted:
        text = _("shut out before it was done, and unaccounted for: {names}")
        lines.append("  " + text.format(names=", ".join(item.unaccounted)))
    if item.copies_left:
        text = _("copies from before are left on: {names}")
        lines.append("  " + text.format(names=", ".join(item.copies_left)))
    return lines
