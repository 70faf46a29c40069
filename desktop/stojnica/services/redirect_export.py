"""Redirect rules on their way to a web server: a file for nginx or Apache, or pages in a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.domain.errors import UserFacingError
from stojnica.domain.redirects import (
    Redirect,
    SortedRedirects,
    apache_rules,
    nginx_rules,
    sorted_redirects,
    static_pages,
)
from stojnica.domain.web_target import is_short_base
from stojnica.i18n import gettext as _
from stojnica.records.print_runs import all_runs
from stojnica.services.shown_organisation import shown_organisation
from stojnica.storage.durable import write_durably
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NGINX, APACHE = "nginx", "apache"
_READABLE_BY_SERVERS = 0o644


@dataclass(frozen=True, slots=True)
class ShortLinks:
    """Hold where short links begin, and their sorted rules."""

    base: str
    sorted: SortedRedirects

    def rules(self, server: str) -> str:
        """Write the rules for a server: "nginx" or "apache"."""
        return {NGINX: nginx_rules, APACHE: apache_rules}[server](self.base, self.sorted.good)


def checked_short_links(base: str, redirects: Iterable[Redirect]) -> ShortLinks:
    """Sort the rules below a base.

    Raises:
        UserFacingError: short links can't begin with this.
    """
    if not is_short_base(base):
        unknown, wrong = _("It isn't known what short links begin with."), _("Short links can't begin so.")
        raise UserFacingError(
            wrong if base else unknown,
            safe=_("Nothing was written."),
            next_step=_(
                "Put short_links with a base like https://example.org/l/ into the organisation's document."
            ),
            code="no_base",
        )
    return ShortLinks(base, sorted_redirects(redirects))


def own_short_links(connection: "Connection") -> ShortLinks:
    """Give the rules for the print runs of this laptop.

    Raises:
        UserFacingError: the office has no short links.
    """
    runs = all_runs(connection, branch_of(connection))
    base = shown_organisation(connection).document.short_links
    found = (Redirect(run.code, run.target, f"{run.piece.flyer} · {run.piece.language}") for run in runs)
    return checked_short_links(base, found)


def write_rules(links: ShortLinks, server: str, path: Path) -> None:
    """Write the rules into a file.

    Raises:
        UserFacingError: it can't be written there.
    """
    _write(path, links.rules(server).encode())


def write_pages(links: ShortLinks, folder: Path) -> int:
    """Write a page for each code below a folder, and leave what else lies there; gives their number.

    Raises:
        UserFacingError: they can't be written there.
    """
    pages = static_pages(links.sorted.good)
    for name, page in pages.items():
        _write(folder / name, page)
    return len(pages)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, content)
        path.chmod(_READABLE_BY_SERVERS)
    except OSError as error:
        raise UserFacingError(
            _("The rules can't be written to {file}.").format(file=path.name),
            safe=_("What was written before is whole."),
            next_step=_("Choose another folder, with room in it."),
            code="unwritable_file",
        ) from error
