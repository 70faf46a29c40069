"""The verbs that write redirect rules for short links: of all laptops at the office, or of this one."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, complain, say, say_json
from stojnica.cli.stand import open_stand
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.services.redirect_export import ShortLinks

Verb = Callable[[str, str, Any], argparse.ArgumentParser]
_HELP = "write redirect rules for the short links of flyers"


def add_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add `redirects`, for the runs of this laptop, to the command line."""
    parser = verbs.add_parser("redirects", help=_HELP, description=_HELP, parents=[shared])
    parser.set_defaults(run=_own)
    _add_forms(parser)


def add_office_verb(verb: Verb) -> None:
    """Add `redirects`, for the runs of all laptops, below `central`."""
    parser = verb("redirects", _HELP, _of_all)
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--base", default="", metavar="ADDRESS", help="else as it was published")
    _add_forms(parser)


def _add_forms(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument(
        "--nginx", dest="server", action="store_const", const="nginx", help="for a server block of nginx"
    )
    form.add_argument(
        "--apache", dest="server", action="store_const", const="apache", help="for Apache's mod_alias"
    )
    form.add_argument("--static", type=Path, metavar="DIR", help="a page for each code, for any web server")
    parser.add_argument("--out", type=Path, metavar="FILE", help="else the rules are printed")


def _own(arguments: argparse.Namespace) -> int:
    from stojnica.services.redirect_export import own_short_links

    with open_stand(arguments) as stand:
        links = stand.store.read(own_short_links).result()
    return _give(arguments, links)


def _of_all(arguments: argparse.Namespace) -> int:
    from stojnica.central.office_reads import short_links
    from stojnica.services.redirect_export import checked_short_links

    found = short_links(arguments.url)
    return _give(arguments, checked_short_links(arguments.base or found.base, found.redirects))


def _give(arguments: argparse.Namespace, links: "ShortLinks") -> int:
    from stojnica.services.redirect_export import write_pages, write_rules

    if arguments.static is not None:
        write_pages(links, arguments.static)
    elif arguments.out is not None:
        write_rules(links, arguments.server, arguments.out)
    elif not wants_json(arguments):
        say(links.rules(arguments.server).rstrip("\n"))
    if wants_json(arguments):
        say_json(_as_json(links))
        return DONE
    _say_left_out(links)
    if arguments.static is not None or arguments.out is not None:
        count = len(links.sorted.good)
        text = ngettext("{count} short link written.", "{count} short links written.", count)
        say(text.format(count=count))
    return DONE


def _say_left_out(links: "ShortLinks") -> None:
    """Name what got no rule, beside the rules and never among them."""
    for code in links.sorted.twice:
        complain(_("Two print runs have the code {code}: it leads nowhere.").format(code=code))
    if links.sorted.refused:
        count = len(links.sorted.refused)
        text = ngettext(
            "{count} short link has no address that a rule may lead to, and was left out.",
            "{count} short links have no address that a rule may lead to, and were left out.",
            count,
        )
        complain(text.format(count=count))


def _as_json(links: "ShortLinks") -> dict[str, Any]:
    return {
        "base": links.base,
        "redirects": [{"code": item.code, "target": item.target} for item in links.sorted.good],
        "twice": list(links.sorted.twice),
        "refused": len(links.sorted.refused),
    }
