"""Where people write to us from home: the web form with the event's code, on cards and on the kiosk alike."""

from dataclasses import dataclass

from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.printing.campaign import campaign_link, shown_address

ITEM = "take-home"


@dataclass(frozen=True, slots=True)
class HomeAddress:
    """Hold what goes into a code, and what is read below it."""

    link: str
    shown: str


def home_address(
    document: OrganisationDocument, event: Event, language: str, item: str = ITEM
) -> HomeAddress | None:
    """Give the web form, else the website; None when the office has named neither.

    Raises:
        UserFacingError: the address can't be used in a code.
    """
    url = document.organisation.web_form or document.organisation.website
    if not url:
        return None
    link = campaign_link(url, event_code=event.code, project=event.project, item=item, variant=language)
    return HomeAddress(link, shown_address(url))
