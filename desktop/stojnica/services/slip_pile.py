"""A pile of slips before it is taken in: what was printed on them, when they were filled in, and where."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.age import bands_for
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.pile import PAPER, WEB, pile_evidence, read_versions
from stojnica.domain.signup import ConsentEvidence, SignUpRules
from stojnica.domain.slip_reading import read_day
from stojnica.domain.slip_run import SlipRun
from stojnica.i18n import gettext as _
from stojnica.i18n import in_usual_order
from stojnica.records.event_queries import known_event
from stojnica.records.slip_queries import runs_of_event
from stojnica.services.events import unknown_event
from stojnica.services.sample import starter_document
from stojnica.services.shown_organisation import ShownOrganisation, shown_organisation
from stojnica.services.wording_sets import WordingSet, languages_there, wording_sets
from stojnica.services.written_time import local_time
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Pile:
    """Say how a pile was collected; what nobody knows is "".

    `versions` is "3" for every purpose, or "newsletter=3,contact=2". Without `language` it is Slovene, or
    whatever the organisation has wordings in. `letter` is that of the slips where the sheet has digits alone.
    """

    channel: str = PAPER
    collected_on: str = ""
    versions: str = ""
    language: str = ""
    operator: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class PileGround:
    """Hold what answers about a pile are checked against.

    `sets` are the wordings to choose from, `runs` the slips that this laptop printed for the event.
    """

    event: Event
    document: OrganisationDocument
    language: str
    today: date
    sets: tuple[WordingSet, ...]
    runs: tuple[SlipRun, ...] = ()

    def check_day(self, written: str) -> str:
        """Read the day of collection as "YYYY-MM-DD"; "" when nothing is written.

        Raises:
            UserFacingError: it is no day, or is to come.
        """
        day = read_day(written, self.today)
        if day is None:
            raise UserFacingError(
                _("The day of collection can't be read, or is to come."),
                safe=_not_taken(),
                next_step=_("Write it like 2026-09-20, or leave it out when nobody knows it."),
                code="collected_on",
            )
        return day

    def check_versions(self, written: str) -> None:
        """Check an answer that can still be given again.

        Raises:
            UserFacingError: it is no version, or there is no wording of it.
        """
        if written.strip() and not self._wordings(read_versions(written, self.document)):
            raise UserFacingError(
                _("There is no such wording on this laptop."),
                next_step=_("Choose one of the list, or leave it out when nobody knows it."),
                code="wording",
            )

    def evidence(self, pile: Pile, purposes: Collection[str]) -> ConsentEvidence:
        """Give how the pile proves what was agreed to; a box that isn't on the slip was never left empty.

        Raises:
            UserFacingError: the day or the version can't be read.
        """
        versions = read_versions(pile.versions, self.document) if pile.versions.strip() else {}
        return pile_evidence(
            self.document,
            language=self.language,
            versions={purpose: number for purpose, number in versions.items() if purpose in purposes},
            collected_on=self.check_day(pile.collected_on),
            evidence=WEB if pile.channel == WEB else PAPER,
        )

    def signup_rules(self) -> SignUpRules:
        """Give what the rows are checked against."""
        country = self.event.country or self.document.organisation.country
        return SignUpRules(
            purposes=self.document.purposes,
            bands=bands_for(country, self.document.consent_age),
            region=country,
            is_present=False,
        )

    def _wordings(self, versions: dict[str, int]) -> list[object]:
        found = (self.document.wording(*pair, self.language) for pair in versions.items())
        return [item for item in found if item is not None]


def pile_ground(connection: "Connection", event_id: UUID, now_us: int, language: str = "") -> PileGround:
    """Look at what holds for a pile of an event; an event that is over, or closed, still takes slips.

    Raises:
        UserFacingError: there is no such event, or no wording in this language.
    """
    known = known_event(connection, branch_of(connection), event_id)
    if known is None:
        raise unknown_event()
    document = _document(shown_organisation(connection))
    there = in_usual_order(item.language for item in document.wordings)
    if language and there and language not in there:
        raise UserFacingError(
            _("There are no wordings in this language."),
            safe=_not_taken(),
            next_step=languages_there(there),
            code="slip_language",
        )
    spoken = language or next(iter(there), "sl")
    today = local_time(now_us, known.event.time_zone).date()
    runs = runs_of_event(connection, branch_of(connection), event_id)
    return PileGround(known.event, document, spoken, today, wording_sets(document, spoken), runs)


def _document(shown: ShownOrganisation) -> OrganisationDocument:
    """Give what rows are read by; before an office said anything, the shipped lists without wordings."""
    document = shown.document
    if document.wordings:
        return document
    # Slips may be older than the enrolment: they are kept, and proven when they are taken in again after it.
    starter = parse_document(starter_document(""))
    return replace(starter, organisation=document.organisation, wordings=())


def _not_taken() -> str:
    return _("Nothing was taken in, and the file is as it was.")
