"""The verbs of a laptop at a stand, without a window."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from stojnica.cli.options import home_of, passphrase_of, read_secret, wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import STAFF_LANGUAGES, current_language, ngettext, use_language
from stojnica.i18n import gettext as _

Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add the verbs of the stand to the command line."""
    init = _verb(verbs, shared, "init", "make an encrypted store on this laptop", _init)
    init.add_argument(
        "--practice", action="store_true", help="only for practice: may speak to this machine without TLS"
    )
    init.add_argument("--language", choices=STAFF_LANGUAGES, help="language of the program")
    enrol = _verb(verbs, shared, "enrol", "take in the enrolment file from the office", _enrol)
    enrol.add_argument("file", type=Path, metavar="FILE")
    enrol.add_argument(
        "--code-file", type=Path, metavar="FILE", help="file with the one-time code; else it is asked for"
    )
    event = verbs.add_parser("event", help="events of this laptop", parents=[shared])
    _event_verbs(event.add_subparsers(dest="event_verb", required=True, metavar="VERB"), shared)
    flyer = _verb(verbs, shared, "flyer", "make a flyer as PDF", _flyer)
    flyer.add_argument("--event", required=True, type=read_id, metavar="ID")
    flyer.add_argument("--flyer", default="", metavar="NAME", help="which one; else the first of the office")
    flyer.add_argument("--language", default="sl", metavar="L", help="sl, en, … (default: sl)")
    flyer.add_argument("--second", default="", metavar="L", help="beside it, on paper in two languages")
    flyer.add_argument("--template", default="", metavar="NAME", help="else the one that the office chose")
    flyer.add_argument("--size", default="", metavar="SIZE", help="A6, A5, …; else the template's first")
    flyer.add_argument("--up", type=int, default=1, metavar="N", help="pieces on a sheet (default: 1)")
    flyer.add_argument("--back", default="", metavar="L", help="the language on the back; else none")
    flyer.add_argument("--code", default="", metavar="NAME", help="what the code leads to; else the office's")
    flyer.add_argument("--edge", choices=("long", "short"), help="where the printer turns the paper")
    flyer.add_argument("--black", action="store_true", help="for print in black alone")
    others = flyer.add_mutually_exclusive_group()
    others.add_argument("--shop", action="store_true", help="for a print shop: bleed and the four inks")
    others.add_argument("--marks", action="store_true", help="the same, with lines that show where to cut")
    others.add_argument("--png", action="store_true", help="a picture of 1080 × 1350 for social media")
    flyer.add_argument("--out", required=True, type=Path, metavar="FILE")
    _verb(verbs, shared, "sync", "send to the office, and prove that all arrived", _sync)
    _verb(verbs, shared, "status", "say what is on this laptop and what waits", _status)


def _event_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    from stojnica.cli import papers

    add = _verb(verbs, shared, "add", "make an event", _event_add)
    add.add_argument("--name", required=True)
    add.add_argument("--code", default="", help="short code for links; else made from the name")
    add.add_argument("--starts", required=True, metavar="YYYY-MM-DDTHH:MM")
    add.add_argument("--ends", required=True, metavar="YYYY-MM-DDTHH:MM")
    add.add_argument("--place", default="")
    add.add_argument("--city", default="")
    add.add_argument("--country", default="SI")
    add.add_argument("--online", action="store_true")
    add.add_argument("--time-zone", default="Europe/Ljubljana")
    add.add_argument("--goal", type=int, default=0, help="people to reach")
    add.add_argument("--project", default="", help="name of the project in the office's document")
    _verb(verbs, shared, "list", "show the events", _event_list)
    papers.add_verbs(verbs, shared)


def _verb(
    verbs: Subparsers,
    shared: argparse.ArgumentParser,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, parents=[shared])
    parser.set_defaults(run=run)
    return parser


def read_id(text: str) -> UUID:
    """Read an id as it was typed.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no id") from error


@contextmanager
def open_stand(arguments: argparse.Namespace, passphrase: str = "") -> Iterator[Any]:
    """Unlock the store that the options name, and close it at the end."""
    from stojnica.bootstrap.stand import unlock_stand
    from stojnica.storage.home import StoreHome

    home = home_of(arguments)
    if not StoreHome(home).exists():
        raise UserFacingError(
            _("There is no store in {folder} yet.").format(folder=home),
            next_step=_("Make one with: stojnica init"),
            code="no_store",
        )
    stand = unlock_stand(home, passphrase or passphrase_of(arguments))
    try:
        yield stand
    finally:
        stand.close()


def _init(arguments: argparse.Namespace) -> int:
    from stojnica.bootstrap.stand import create_stand
    from stojnica.storage.passphrase import generate_passphrase

    if arguments.language:
        use_language(arguments.language)
    file: Path | None = getattr(arguments, "passphrase_file", None)
    generated = "" if file is not None else generate_passphrase(current_language())
    passphrase = generated or (read_secret(file) if file is not None else "")
    stand = create_stand(
        home_of(arguments), passphrase, language=current_language(), is_practice=arguments.practice
    )
    stand.close()
    if wants_json(arguments):
        say_json({"home": str(stand.folder)} | ({"passphrase": generated} if generated else {}))
        return DONE
    say(_("The encrypted store is ready in {folder}.").format(folder=stand.folder))
    if generated:
        say(_("Its passphrase, shown only now: {words}").format(words=generated))
    return DONE


def _enrol(arguments: argparse.Namespace) -> int:
    from stojnica.services.enrolment import enrol_laptop, read_enrolment_file

    data = read_enrolment_file(arguments.file)
    code = read_secret(arguments.code_file) if arguments.code_file else input(_("One-time code: "))
    with open_stand(arguments) as stand:
        enrolled = enrol_laptop(stand.opened, data, code)
    if wants_json(arguments):
        say_json({"name": enrolled.name, "has_briefing": enrolled.has_briefing})
    else:
        say(
            _("This laptop is now “{name}”. Send to the office once while there is internet.").format(
                name=enrolled.name
            )
        )
    return DONE


def _event_add(arguments: argparse.Namespace) -> int:
    from stojnica.domain.event import IN_PERSON, ONLINE, Event, code_from
    from stojnica.domain.ids import new_id
    from stojnica.services.events import add_event

    event = Event(
        event_id=new_id(),
        name=arguments.name,
        code=arguments.code or code_from(arguments.name),
        place=arguments.place,
        city=arguments.city,
        country=arguments.country.upper(),
        mode=ONLINE if arguments.online else IN_PERSON,
        starts=arguments.starts,
        ends=arguments.ends,
        time_zone=arguments.time_zone,
        goal_reached=arguments.goal,
        project=arguments.project,
    )
    with open_stand(arguments) as stand:
        saved = add_event(stand.store, event).result()
    if wants_json(arguments):
        say_json({"event_id": str(saved.event_id), "code": saved.code})
    else:
        say(_("Saved: {name} ({event_id})").format(name=saved.name, event_id=saved.event_id))
    return DONE


def _event_list(arguments: argparse.Namespace) -> int:
    from stojnica.records.event_queries import known_events
    from stojnica.services.written_time import local_text, written_day_and_clock
    from stojnica.storage.unit import branch_of

    with open_stand(arguments) as stand:
        known = stand.store.read(lambda connection: known_events(connection, branch_of(connection))).result()
    if wants_json(arguments):
        events = [
            {
                "event_id": str(item.event.event_id),
                "name": item.event.name,
                "code": item.event.code,
                "starts": item.event.starts,
                "ends": item.event.ends,
                "from_office": item.is_from_office,
            }
            for item in known
        ]
        say_json({"events": events})
        return DONE
    if not known:
        say(_("There are no events yet. Make one with: stojnica event add"))
    for item in known:
        starts = local_text(item.event.starts)
        when = written_day_and_clock(starts) if starts else ""
        say("  ".join(part for part in (when, item.event.name, str(item.event.event_id)) if part))
    return DONE


def _flyer(arguments: argparse.Namespace) -> int:
    from stojnica.domain.print_run import TO_FILE, Printed
    from stojnica.services.flyer_paper import FlyerWish
    from stojnica.services.made_flyer import make_event_flyer
    from stojnica.services.print_runs import note_printed

    with open_stand(arguments) as stand:
        wish = FlyerWish(
            arguments.language,
            arguments.flyer,
            arguments.template,
            arguments.size,
            arguments.up,
            second=arguments.second,
            back=arguments.back,
            edge=arguments.edge or "",
            leads=arguments.code,
            is_black=arguments.black,
        )
        made = make_event_flyer(stand.store, arguments.event, wish)
        made.save(arguments.out, _file_kind(arguments))
        note_printed(stand.store, made.run, Printed(0, TO_FILE, made.is_short)).result()
    if wants_json(arguments):
        pages = 1 if arguments.png else len(made.contents)
        say_json({"file": str(arguments.out), "pages": pages, "link": made.link})
    else:
        say(_("The flyer is in {file}; its code leads to {link}").format(file=arguments.out, link=made.link))
    return DONE


def _file_kind(arguments: argparse.Namespace) -> str:
    from stojnica.services.flyer_files import SHOP, SHOP_MARKED, SOCIAL

    if arguments.png:
        return SOCIAL
    if arguments.marks:
        return SHOP_MARKED
    return SHOP if arguments.shop else ""


def _sync(arguments: argparse.Namespace) -> int:
    from stojnica.services.retention import clear_up

    with open_stand(arguments) as stand:
        result = stand.engine.run()
        clear_up(stand.store)
    receipt = result.receipt
    if wants_json(arguments):
        say_json(
            {
                "contacts": result.contacts,
                "contacts_confirmed": receipt.contacts,
                "records": result.facts,
                "records_confirmed": receipt.facts,
                "code": receipt.code,
                "sent": result.pushed,
                "aside": [{"fact_id": str(item.fact_id), "reason": item.reason} for item in result.aside],
                "missed": result.missed,
            }
        )
        return DONE
    say(contacts_line(receipt.contacts, result.contacts))
    say(records_line(receipt.facts, result.facts, receipt.code))
    if result.missed:
        from stojnica.services.send_words import missed_text

        say(missed_text(result.missed))
    return DONE


def contacts_line(confirmed: int, total: int) -> str:
    """Say how many people of how many are at the office."""
    text = ngettext(
        "{done} of {total} contact is at the office", "{done} of {total} contacts are at the office", total
    )
    return text.format(done=confirmed, total=total)


def records_line(confirmed: int, total: int, code: str) -> str:
    """Say the small print, with the code that both sides show."""
    return _("{done} of {total} confirmed · {code}").format(done=confirmed, total=total, code=code)


def _status(arguments: argparse.Namespace) -> int:
    from stojnica.cli.retention import retention_values
    from stojnica.services.delivery_state import delivery_state
    from stojnica.services.leaving import leaving_lines
    from stojnica.services.retention import look_at_retention
    from stojnica.services.send_words import detail_of, headline_of
    from stojnica.services.stand import HOME_ZONE

    with open_stand(arguments) as stand:
        delivery = stand.store.read(delivery_state).result()
        look = stand.store.look_slowly(look_at_retention).result()
    if wants_json(arguments):
        say_json(
            {
                "enrolled": delivery.is_enrolled,
                "name": delivery.laptop_name,
                "contacts": delivery.held.contacts,
                "records": delivery.held.facts,
                "contacts_waiting": delivery.waiting.contacts,
                "records_waiting": delivery.waiting.facts,
                "aside": delivery.waiting.aside,
                "code": delivery.proof.code if delivery.proof else None,
                "missed": delivery.waiting.missed,
                "leaving": retention_values(look),
            }
        )
        return DONE
    say(headline_of(delivery))
    say(detail_of(delivery))
    for line in leaving_lines(look, HOME_ZONE) if delivery.is_enrolled else ():
        say(line)
    return DONE
