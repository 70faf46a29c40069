"""The papers of an event: each is made from one look at the store, in the language that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.i18n import STAFF_LANGUAGES, speaking
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import known_event
from stojnica.services.checklists import lists_of
from stojnica.services.event_report import event_report
from stojnica.services.event_sheet import event_sheet_pdf
from stojnica.services.events import unknown_event
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
    """Hold a paper as PDF, and the name that its file gets."""

    pdf: bytes
    name: str

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


Setting = Callable[[], MadePaper]


def languages_of(kind: str) -> tuple[str, ...]:
    """Give the languages of a paper: the team's own, or all that participants may read."""
    return paper_languages() if kind in (ATTENDANCE, BADGES) else STAFF_LANGUAGES


def make_paper(store: Store, clock: Clock, wish: PaperWish) -> MadePaper:
    """Make a paper; call it off the UI thread.

    Raises:
        KeyError: there is no such paper.
        UserFacingError: there is no such event, or the project's funding profile can't be printed.
    """
    look = _MAKERS[wish.kind]

    def read(connection: "Connection") -> Setting:
        # Each thread speaks its own language.
        with speaking(wish.language):
            return look(connection, clock, wish)

    setting = store.read(read).result()
    with speaking(wish.language):
        return setting()


def _event_sheet(connection: "Connection", clock: Clock, wish: PaperWish) -> Setting:
    report = event_report(connection, clock, wish.event_id)
    return lambda: MadePaper(event_sheet_pdf(report), _("event-sheet") + f"-{report.event.code}.pdf")


def _attendance(connection: "Connection", _clock: Clock, wish: PaperWish) -> Setting:
    document, event = _event_of(connection, wish)
    name = f"{printed_words(wish.language)['file']}-{event.code}.pdf"
    return lambda: MadePaper(attendance_pdf(document, event, wish.rows, with_age=wish.with_age), name)


def _packing(connection: "Connection", _clock: Clock, wish: PaperWish) -> Setting:
    document, event = _event_of(connection, wish)
    lists = lists_of(connection, document, event.event_id)
    return lambda: MadePaper(packing_pdf(document, event, lists), _("lists") + f"-{event.code}.pdf")


def _badges(connection: "Connection", _clock: Clock, wish: PaperWish) -> Setting:
    document, event = _event_of(connection, wish)
    team = members(connection)
    return lambda: MadePaper(badges_pdf(document, event, team), _("badges") + f"-{event.code}.pdf")


def _event_of(connection: "Connection", wish: PaperWish) -> tuple[OrganisationDocument, Event]:
    known = known_event(connection, branch_of(connection), wish.event_id)
    if known is None:
        raise unknown_event()
    return shown_organisation(connection).document, known.event


# Reading is the reader thread's, setting the page is not: each gives what is still to be done.
_MAKERS: dict[str, Callable[["Connection", Clock, PaperWish], Setting]] = {
    EVENT_SHEET: _event_sheet,
    ATTENDANCE: _attendance,
    PACKING: _packing,
    BADGES: _badges,
}
