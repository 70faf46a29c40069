"""The verbs that show the office what came from the stands and asks for a person."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.central.office_reads import AlikeContacts, MissedQuestion, OverruledRule
    from stojnica.central.scans import WrittenScan

MOST_LINES = 50
Verb = Callable[[str, str, Any], argparse.ArgumentParser]


def add_verbs(verb: Verb) -> None:
    """Add them below `central`."""
    questions = verb("questions", "what visitors asked and nobody at the stands could answer", _questions)
    questions.add_argument("url", metavar="URL")
    questions.add_argument("--since", type=_day, metavar="DATE", help="like 2026-09-20; else all of them")
    alike = verb("alike", "contacts that may be one person, by their ids alone", _alike)
    alike.add_argument("url", metavar="URL")
    prints = verb("prints", "how many pieces of each flyer were printed, by event", _prints)
    prints.add_argument("url", metavar="URL")
    overrules = verb("overrules", "which rules of EU funding were overruled, and why", _overrules)
    overrules.add_argument("url", metavar="URL")
    scans = verb("scans", "write the scans of slips into a folder", _scans)
    scans.add_argument("url", metavar="URL")
    scans.add_argument("--out", required=True, type=Path, metavar="DIR")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day") from error


def _questions(arguments: argparse.Namespace) -> int:
    from stojnica.central.office_reads import missed_questions

    found = missed_questions(arguments.url, _begin_us(arguments.since))
    if wants_json(arguments):
        say_json({"questions": [_question_json(item) for item in found]})
        return DONE
    if not found:
        say(_("No question was left without an answer."))
    for item in found[:MOST_LINES]:
        say(_question_line(item))
    _say_rest(len(found))
    return DONE


def _alike(arguments: argparse.Namespace) -> int:
    from stojnica.central.office_reads import alike_contacts

    found = alike_contacts(arguments.url)
    if wants_json(arguments):
        say_json({"pairs": [_pair_json(item) for item in found]})
        return DONE
    if not found:
        say(_("No two contacts were taken for one person."))
    for item in found[:MOST_LINES]:
        say(_pair_line(item))
    _say_rest(len(found))
    return DONE


def _prints(arguments: argparse.Namespace) -> int:
    from stojnica.central.office_reads import printed_pieces

    found = printed_pieces(arguments.url)
    if wants_json(arguments):
        say_json({"prints": [asdict(item) for item in found]})
        return DONE
    if not found:
        say(_("Nothing was printed yet."))
    for item in found[:MOST_LINES]:
        parts = [f"{item.pieces}×", item.flyer, item.language, item.event]
        say(" · ".join(_plain(part) for part in parts if part))
    _say_rest(len(found))
    return DONE


def _overrules(arguments: argparse.Namespace) -> int:
    from stojnica.central.office_reads import overruled_rules

    found = overruled_rules(arguments.url)
    if wants_json(arguments):
        say_json({"overrules": [asdict(item) for item in found]})
        return DONE
    if not found:
        say(_("No rule of EU funding was overruled."))
    for item in found[:MOST_LINES]:
        say(_overrule_line(item))
    _say_rest(len(found))
    return DONE


def _scans(arguments: argparse.Namespace) -> int:
    from stojnica.central.scans import write_scans

    found = list(write_scans(arguments.url, arguments.out))
    whole = [item for item in found if item.path is not None]
    if wants_json(arguments):
        say_json({"scans": [_scan_json(item) for item in found]})
        return DONE
    text = ngettext("{count} scan is in {folder}.", "{count} scans are in {folder}.", len(whole))
    say(text.format(count=len(whole), folder=arguments.out))
    coming = sum(item.problem == "missing" for item in found)
    if coming:
        text = ngettext("{count} more is on its way.", "{count} more are on their way.", coming)
        say(text.format(count=coming))
    broken = len(found) - len(whole) - coming
    if broken:
        text = ngettext(
            "{count} is damaged, and was not written.", "{count} are damaged, and were not written.", broken
        )
        say(text.format(count=broken))
    return DONE


def _scan_json(item: "WrittenScan") -> dict[str, str]:
    return {
        "contact": str(item.subject_id),
        "file": str(item.path) if item.path else "",
        "problem": item.problem,
    }


def _begin_us(day: date | None) -> int:
    if day is None:
        return 0
    begin = datetime.combine(day, clock_time.min).astimezone()
    return (begin - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _say_rest(number: int) -> None:
    rest = number - MOST_LINES
    if rest > 0:
        text = ngettext("{count} more, with --json.", "{count} more, all of them with --json.", rest)
        say(text.format(count=rest))


def _question_line(item: "MissedQuestion") -> str:
    parts = [f"{item.count}×", item.text, ", ".join(item.languages), ", ".join(item.events)]
    return " · ".join(_plain(part) for part in parts if part)


def _pair_line(item: "AlikeContacts") -> str:
    answers = {"same": _("the same person"), "unknown": _("perhaps the same person")}
    fields = {"email": _("same e-mail"), "phone": _("same phone number")}
    parts = [
        f"{item.subject_id} = {item.other_id}",
        answers.get(item.answer, item.answer),
        ", ".join(fields.get(name, name) for name in item.same),
        item.event,
    ]
    return " · ".join(_plain(part) for part in parts if part)


def _overrule_line(item: "OverruledRule") -> str:
    # Here, because rules are named where flyers are drawn, and no other verb of the office needs that.
    from stojnica.printing.funding_check import rule_name
    from stojnica.services.written_time import written_moment

    parts = [
        written_moment(item.captured_at),
        rule_name(item.rule),
        " ".join(part for part in (item.item or item.template, item.size, item.language) if part),
        item.event,
        item.reason,
        _("taken back") if item.is_taken_back else "",
    ]
    return " · ".join(_plain(part) for part in parts if part)


def _plain(text: str) -> str:
    """Give a text without what a terminal would obey: it was typed far away."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _question_json(item: "MissedQuestion") -> dict[str, Any]:
    return {
        "question": item.text,
        "count": item.count,
        "languages": list(item.languages),
        "events": list(item.events),
        "last_at": item.last_at,
    }


def _pair_json(item: "AlikeContacts") -> dict[str, Any]:
    return {
        "contact": str(item.subject_id),
        "other": str(item.other_id),
        "answer": item.answer,
        "same": list(item.same),
        "event": item.event,
        "captured_at": item.captured_at,
    }
