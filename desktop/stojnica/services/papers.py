"""The papers of an event: each is made from one look at the store, in the language that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.i18n import STAFF_LANGUAGES, speaking
from stojnica.i18n import gettext as _
from stojnica.printing.funding import FundingBand
from stojnica.records.event_queries import known_event
from stojnica.services.checklists import lists_of
from stojnica.services.event_report import event_report
from stojnica.services.event_sheet import event_sheet_pdf
from stojnica.services.events import unknown_event
from stojnica.services.flyer_content import funding_of
from stojnica.services.paper_words import paper_languages, printed_words
from stojnica.services.shown_organisation import shown_organisation
from stojnica.services.stand_papers import attendance_pdf, badges_pdf, packing_pdf
from stojnica.services.team import members
from stojnica.storage.durable import write_durably
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EVENT_SHEET, ATTENDANCE, PACKING, BADGES = "event_sheet", "attendance", "packing", "badges"
PAPERS = (EVENT_SHEET, ATTENDANCE, PACKING, BADGES)
ROWS = (20, 40, 100, 200)


@dataclass(frozen=True, slots=True)
class PaperWish:
    """Hold which paper, for which event, in which language; the rest is for the list to sign."""

    kind: str
    event_id: UUID
    language: str
    rows: int = ROWS[0]
    with_age: bool = False


@dataclass(frozen=True, slots=True)
class MadePaper:
    """Hold a paper as PDF, the name that its file gets, and what is to be looked at before it is used."""

    pdf: bytes
    name: str
    hint: str = ""

    def save(self, path: Path) -> None:
        """Write it to a file.

        Raises:
            UserFacingError: the file can't be written.
        """
        try:
            write_durably(path, self.pdf)
        except OSError as error:
            raise UserFacingError(
                _("The page can't be written to {file}.").format(file=path.name),
                safe=_("Nothing else was changed."),
                next_step=_("Choose another folder, with room in it."),
                code="unwritable_file",
            ) from error


Setting = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class _Look:
    """Hold what was read: the event, the office's document, and how its page is set."""

    document: OrganisationDocument
    event: Event
    set_page: Setting


def languages_of(kind: str) -> tuple[str, ...]:
    """Give the languages of a paper: the team's own, or all that participants may read."""
    return paper_languages() if kind in (ATTENDANCE, BADGES) else STAFF_LANGUAGES


def make_paper(store: Store, clock: Clock, wish: PaperWish) -> MadePaper:
    """Make a paper; call it off the UI thread.

    Raises:
        KeyError: there is no such paper.
        UserFacingError: there is no such event, or the project's funding profile can't be printed.
    """
    maker = _MAKERS[wish.kind]

    def read(connection: "Connection") -> _Look:
        document, event = _event_of(connection, wish)
        # Each thread speaks its own language; what goes wrong is said in the reader's.
        with speaking(wish.language):
            return _Look(document, event, maker(connection, clock, wish, document, event))

    look = store.read(read).result()
    hint = _hint(funding_of(look.document, look.event, wish.language))
    with speaking(wish.language):
        pdf = look.set_page()
    return MadePaper(pdf, file_name(wish.kind, look.event.code, wish.language), hint)


def _hint(funding: FundingBand | None) -> str:
    if funding is None or not funding.must_be_verified:
        return ""
    return _("Check the wording of EU funding in this language before the first use.")


def file_name(kind: str, code: str, language: str) -> str:
    """Propose a name for the file of a paper."""
    with speaking(language):
        names = {
            EVENT_SHEET: _("event-sheet"),
            ATTENDANCE: printed_words(language)["file"],
            PACKING: _("lists"),
            BADGES: _("badges"),
        }
    return f"{names[kind]}-{code}.pdf"


def _event_sheet(
    connection: "Connection", clock: Clock, wish: PaperWish, _document: OrganisationDocument, _event: Event
) -> Setting:
    return partial(event_sheet_pdf, event_report(connection, clock, wish.event_id))


def _attendance(
    _connection: "Connection", _clock: Clock, wish: PaperWish, document: OrganisationDocument, event: Event
) -> Setting:
    return partial(attendance_pdf, document, event, wish.rows, with_age=wish.with_age)


def _packing(
    connection: "Connection", _clock: Clock, _wish: PaperWish, document: OrganisationDocument, event: Event
) -> Setting:
    return partial(packing_pdf, document, event, lists_of(connection, document, event.event_id))


def _badges(
    connection: "Connection", _clock: Clock, _wish: PaperWish, document: OrganisationDocument, event: Event
) -> Setting:
    return partial(badges_pdf, document, event, members(connection))


def _event_of(connection: "Connection", wish: PaperWish) -> tuple[OrganisationDocument, Event]:
    known = known_event(connection, branch_of(connection), wish.event_id)
    if known is None:
        raise unknown_event()
    return shown_organisation(connection).document, known.event


# Reading is the reader thread's, setting the page is not: each gives what is still to be done.
_MAKERS: dict[str, Callable[["Connection", Clock, PaperWish, OrganisationDocument, Event], Setting]] = {
    EVENT_SHEET: _event_sheet,
    ATTENDANCE: _attendance,
    PACKING: _packing,
    BADGES: _badges,
}
