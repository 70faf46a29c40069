"""The counters of a stand: three that every stand has, and the organisation's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from stojnica.domain.organisation import OrganisationDocument, text_in
from stojnica.domain.tally import CONVERSATION, FLYER, REACHED
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class StandCounter:
    """Hold a counter as it is called in the language of the program."""

    id: str
    title: str
    counts_as: str = ""


def common_counters() -> tuple[StandCounter, ...]:
    """Give those that every stand has."""
    return (
        StandCounter(REACHED, _("People reached")),
        StandCounter(CONVERSATION, _("Conversations")),
        StandCounter(FLYER, _("Flyers handed out")),
    )


def stand_counters(document: OrganisationDocument) -> tuple[StandCounter, ...]:
    """Give all counters, in the order of their keys."""
    language = current_language()
    own = (StandCounter(item.id, text_in(item.title, language), item.counts_as) for item in document.counters)
    return (*common_counters(), *own)


def counter_among(counters: Iterable[StandCounter], counter_id: str) -> StandCounter | None:
    """Find a counter."""
    return next((item for item in counters if item.id == counter_id), None)
