"""Where a visitor can read on: links of the chosen interests, as codes for the own phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from stojnica.domain.age import AgeBand
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.form import is_offered
from stojnica.domain.organisation import OrganisationDocument, text_in
from stojnica.printing.qr import encode_qr
from stojnica.services.home_address import home_address

MAX_LINKS = 3


@dataclass(frozen=True, slots=True)
class InterestLink:
    """Hold one link: its title, its address in letters, and the dark runs of its code.

    `runs` are (column, row from the top, length) in a square of `modules`.
    """

    title: str
    address: str
    modules: int
    runs: tuple[tuple[int, int, int], ...]


def links_of(
    document: OrganisationDocument, interests: Sequence[str], language: str, band: AgeBand | None = None
) -> tuple[InterestLink, ...]:
    """Give the links of what was chosen and fits the age, each address once; else the website."""
    chosen = [
        item
        for item in document.interests
        if item.id in interests and item.url and is_offered(item.from_age, band)
    ]
    wanted = {item.url: text_in(item.title, language) for item in reversed(chosen)}
    if not wanted and document.organisation.website:
        wanted = {document.organisation.website: document.organisation.short_name}
    return tuple(_link(title, url) for url, title in list(reversed(wanted.items()))[:MAX_LINKS])


def home_links(document: OrganisationDocument, event: Event, language: str) -> tuple[InterestLink, ...]:
    """Give where a child and a guardian write to us together from home, as on a take-home card."""
    try:
        home = home_address(document, event, language)
    except UserFacingError:
        home = None  # Too long for a code with the event in it: the website is better than nothing.
    if home is None:
        return links_of(document, (), language)
    code = encode_qr(home.link)
    return (InterestLink(document.organisation.short_name, home.shown, code.modules, code.runs),)


def _link(title: str, url: str) -> InterestLink:
    code = encode_qr(url)
    address = url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return InterestLink(title, address, code.modules, code.runs)
