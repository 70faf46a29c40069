"""The verb for the day on which a laptop is gone."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

if TYPE_CHECKING:
    from stojnica.central.theft import LaptopContents

Verb = Callable[[str, str, Any], argparse.ArgumentParser]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_verbs(verb: Verb) -> None:
    """Add it below `central`."""
    theft = verb("theft", "what was on a lost laptop, with the text for the authority's form", _theft)
    theft.add_argument("url", metavar="URL")
    theft.add_argument(
        "--name",
        "--laptop",
        required=True,
        metavar="NAME",
        help="name or id of the laptop, as central status shows it",
    )
    theft.add_argument("--at", type=_moment, metavar="WHEN", help="like 2026-09-20T14:30; else now")
    theft.add_argument(
        "--zone",
        type=_zone_name,
        default="Europe/Ljubljana",
        metavar="ZONE",
        help="of the clocks in the text",
    )
    theft.add_argument("--out", type=Path, metavar="FILE", help="write the text there")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment") from error


def _zone_name(text: str) -> str:
    from stojnica.domain.tally import is_zone

    if not is_zone(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone, like Europe/Ljubljana")
    return text


def _theft(arguments: argparse.Namespace) -> int:
    from stojnica.central.theft import laptop_contents
    from stojnica.domain.tally import zone
    from stojnica.services.theft_report import authority_text

    at = datetime.now(UTC) if arguments.at is None else arguments.at.replace(tzinfo=zone(arguments.zone))
    found = laptop_contents(arguments.url, arguments.name, (at - _EPOCH) // timedelta(microseconds=1))
    if wants_json(arguments):
        say_json(_as_json(found))
        return DONE
    text = authority_text(found, arguments.zone)
    if arguments.out is None:
        say(text.rstrip())
        return DONE
    _write(arguments.out, text)
    say(_("The report was written: {path}").format(path=arguments.out))
    return DONE


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserFacingError(
            _("The report can't be written there."),
            safe=_("Nothing was changed."),
            next_step=_("Choose a folder that you may write to."),
            code="unwritable_file",
        ) from error


def _as_json(found: "LaptopContents") -> dict[str, Any]:
    there = found.contacts
    return {
        "device_id": str(found.device_id),
        "name": found.name,
        "until": found.until,
        "last_seen": found.last_seen,
        "revoked": found.is_shut_out,
        "records": dict(found.records),
        "owed": found.owed,
        "erased": found.erased,
        "contacts": {
            "all": there.all,
            "names": there.names,
            "emails": there.emails,
            "phones": there.phones,
            "places": there.places,
            "guardians": there.guardians,
            "messages": there.messages,
        },
    }
