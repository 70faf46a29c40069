"""The verbs that look after the office's database once it runs."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stojnica.cli import office_backup, office_theft
from stojnica.cli.office_lists import add_backups, renew_list
from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, complain, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.central.quarantine import SetAside
    from stojnica.central.watch import Round

Verb = Callable[[str, str, Any], argparse.ArgumentParser]


def add_verbs(verb: Verb) -> None:
    """Add them below `central`."""
    revoke = verb("revoke", "shut a laptop out at once; what it delivered stays", _revoke)
    revoke.add_argument("url", metavar="URL")
    revoke.add_argument(
        "--name",
        "--laptop",
        required=True,
        metavar="NAME",
        help="name or id of the laptop, as central status shows it",
    )
    add_backups(revoke)
    watch = verb("watch", "end laptops' sessions that run for ever, until Ctrl-C", _watch)
    watch.add_argument("url", metavar="URL")
    watch.add_argument("--once", action="store_true", help="look once and end")
    quarantine = verb("quarantine", "show the records that are set aside, and why", _quarantine)
    quarantine.add_argument("url", metavar="URL")
    quarantine.add_argument("--retry", action="store_true", help="let the projector look at them once more")
    quarantine.add_argument("--after", default="", metavar="PLACE", help="go on where a page ended")
    office_theft.add_verbs(verb)
    office_backup.add_verbs(verb)


def _revoke(arguments: argparse.Namespace) -> int:
    from stojnica.central.revoke import revoke_named

    shut_out = revoke_named(arguments.url, arguments.name)
    if not wants_json(arguments):
        # At once: whatever may go wrong with the list, the laptop is shut out.
        say(_("“{name}” is shut out. What it delivered stays.").format(name=shut_out.name))
    if arguments.backups is not None:
        renew_list(arguments.url, arguments.backups)
    if wants_json(arguments):
        say_json({"device_id": str(shut_out.device_id), "name": shut_out.name})
    elif arguments.backups is None:
        say(
            _(
                "A backup from before would let it in again: make one now, or call this again with"
                " --backups DIR"
            )
        )
    return DONE


def _watch(arguments: argparse.Namespace) -> int:
    from stojnica.central.watch import watch_once

    if not arguments.once:
        # Raised, not noted in an event: a signal that meets the event's own lock waits for itself for ever.
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        last = watch_once(arguments.url)
        _say_lacking(last)
        _say_round(arguments, last)
        if not arguments.once:
            _go_on_watching(arguments)
    except KeyboardInterrupt:
        if arguments.once:
            raise
    return DONE


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _go_on_watching(arguments: argparse.Namespace) -> None:
    from stojnica.central.watch import ROUND_SECONDS, watch_once

    if not wants_json(arguments):
        say(_("Watching until Ctrl-C."))
    while True:
        sys.stdout.flush()
        time.sleep(ROUND_SECONDS)
        try:
            last = watch_once(arguments.url)
        except UserFacingError as error:
            # A server that restarts comes back: the watch goes on.
            complain(error.sentences())
            continue
        if last.done:
            _say_round(arguments, last)


def _say_lacking(last: "Round") -> None:
    if last.lacking:
        complain(
            _("This login can't do all of it. A superuser should give it: {rights}").format(
                rights=", ".join(last.lacking)
            )
        )


def _say_round(arguments: argparse.Namespace, last: "Round") -> None:
    from stojnica.central.watch import ENDED

    if wants_json(arguments):
        done = [{"laptop": item.laptop, "what": item.what} for item in last.done]
        say_json({"done": done, "lacking": list(last.lacking)})
        return
    for item in last.done:
        if item.what == ENDED:
            say(_("A session of “{name}” ran too long and was ended.").format(name=item.laptop))
        else:
            say(_("“{name}” had changed its own limits. They are back.").format(name=item.laptop))
    if arguments.once and not last.done:
        say(_("Nothing had to be done."))


def _quarantine(arguments: argparse.Namespace) -> int:
    from stojnica.central.quarantine import quarantine_page, retry_quarantine

    if arguments.retry:
        return _retry(arguments, retry_quarantine(arguments.url))
    page = quarantine_page(arguments.url, after=arguments.after)
    if wants_json(arguments):
        facts = [_as_json(item) for item in page.facts]
        say_json({"total": page.total, "facts": facts, "after": page.following})
        return DONE
    if not page.total:
        say(_("No record is set aside."))
        return DONE
    text = ngettext("{count} record is set aside.", "{count} records are set aside.", page.total)
    say(text.format(count=page.total))
    for item in page.facts:
        say(_line(item))
    if page.following:
        say(_("There are more. Go on with: --after {place}").format(place=page.following))
    return DONE


def _retry(arguments: argparse.Namespace, retried: Any) -> int:
    if wants_json(arguments):
        say_json({"tried": retried.tried, "counting": retried.counting})
        return DONE
    text = ngettext(
        "{count} record was looked at once more.", "{count} records were looked at once more.", retried.tried
    )
    say(text.format(count=retried.tried))
    text = ngettext("{count} of them counts now.", "{count} of them count now.", retried.counting)
    say(text.format(count=retried.counting))
    return DONE


def _as_json(item: "SetAside") -> dict[str, Any]:
    return {
        "fact_id": str(item.fact_id),
        "kind": item.kind,
        "laptops": list(item.laptops),
        "came_at": item.came_at,
        "set_aside_at": item.set_aside_at,
        "reason": item.reason,
    }


def _line(item: "SetAside") -> str:
    from stojnica.central.quarantine import reason_in_words
    from stojnica.services.written_time import written_moment

    moment = item.set_aside_at if item.came_at is None else item.came_at
    parts = [
        item.short_id,
        item.kind or _("unknown kind"),
        ", ".join(item.laptops) or _("nobody"),
        written_moment(moment),
        reason_in_words(item.reason),
    ]
    return " · ".join(parts)
