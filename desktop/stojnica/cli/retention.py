"""What leaves this laptop, and when: the verb that looks or does it now, and the lines of `status`."""

import argparse
from typing import TYPE_CHECKING, Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.services.retention import RetentionLook


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add `purge` to the command line."""
    text = (
        "let contacts and names of the team leave this laptop that the office has for sure and whose days"
        " here are over;"
        " after each delivery this happens by itself"
    )
    purge = verbs.add_parser("purge", help=text, description=text, parents=[shared])
    purge.add_argument("--dry-run", action="store_true", help="only say what would leave, and when")
    purge.set_defaults(run=_purge)


def retention_values(look: "RetentionLook") -> dict[str, object]:
    """Give for scripts what leaves when; times are the centre's µs UTC."""
    plan = look.plan
    return {
        "days": look.retention.contacts_days,
        "due": len(plan.due),
        "later": [{"at": item.at, "contacts": item.contacts} for item in plan.later],
        "not_confirmed": plan.unproven,
        "in_no_backup": plan.uncovered,
        "erasure_asked": look.asked,
        "erasure_agreed": look.agreed,
        "names_days": look.retention.names_days,
        "names_due": len(look.names.due),
        "names_later": [{"at": item.at, "shifts": item.contacts} for item in look.names.later],
    }


def _purge(arguments: argparse.Namespace) -> int:
    from stojnica.services.leaving import leaving_lines
    from stojnica.services.retention import Cleared, clear_up, look_at_retention
    from stojnica.services.stand import HOME_ZONE

    with open_stand(arguments) as stand:
        gone = Cleared() if arguments.dry_run else clear_up(stand.store)
        look = stand.store.look_slowly(look_at_retention).result()
    if wants_json(arguments):
        left = {"left": gone.contacts, "names_left": gone.records, "members_left": gone.members}
        say_json(({} if arguments.dry_run else left) | retention_values(look))
        return DONE
    if not arguments.dry_run:
        text = ngettext(
            "{count} contact has left this laptop (it stays at the office).",
            "{count} contacts have left this laptop (they stay at the office).",
            gone.contacts,
        )
        say(text.format(count=gone.contacts))
        if gone.records or gone.members:
            say(_("Names of the team have left past stands; the hours stay."))
    for line in leaving_lines(look, HOME_ZONE, is_now=arguments.dry_run):
        say(line)
    return DONE
