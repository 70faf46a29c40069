"""Seeing a short link work before it is printed: asked when somebody presses it, and once by itself."""

from dataclasses import dataclass
from urllib.parse import urljoin

from stojnica.domain.print_run import PrintRun
from stojnica.domain.redirects import short_link
from stojnica.domain.short_link_answer import leads_to
from stojnica.i18n import gettext as _
from stojnica.sync.short_links import LinkLook, LinkUnreachableError


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """Say whether a short link works; `sentence` is for the page, "" when it does.

    `is_known` is false when nobody could tell: without internet nothing is said about the link.
    """

    works: bool
    is_known: bool = True
    sentence: str = ""


def look_at_short_link(look: LinkLook, base: str, run: PrintRun) -> LinkFinding:
    """Ask the web server once, or twice where it adds a slash first. Blocks for seconds at most."""
    link = short_link(base, run.code)
    try:
        found = urljoin(link, leads_to(look.look(link)))
        if found == link + "/":
            # Servers of plain files lead to the folder first.
            found = leads_to(look.look(found))
    except LinkUnreachableError as error:
        return _unreachable(error.reason)
    if found == run.target:
        return LinkFinding(True)
    if found in ("", link):
        text = _("The short link leads nowhere yet. The office sets it up with “stojnica central redirects”.")
        return LinkFinding(False, sentence=text)
    return LinkFinding(
        False, sentence=_("The short link leads elsewhere. Ask the office to set it up again.")
    )


def _unreachable(reason: str) -> LinkFinding:
    if reason in ("network", "answer"):
        return LinkFinding(
            False, is_known=False, sentence=_("There is no way to the short link's web server just now.")
        )
    return LinkFinding(False, sentence=_("The short link's web server has no valid certificate."))
