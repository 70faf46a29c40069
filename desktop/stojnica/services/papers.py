"""The papers of an event: each is made from one look at the store, in the language that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import speaking
from stojnica.services.event_report import event_report
from stojnica.services.event_sheet import event_sheet_pdf
from stojnica.storage.durable import write_durably
from stojnica.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EVENT_SHEET = "event_sheet"


@dataclass(frozen=True, slots=True)
class PaperWish:
    """Hold which paper, for which event, and in which language."""

    kind: str
    event_id: UUID
    language: str


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


def make_paper(store: Store, clock: Clock, wish: PaperWish) -> MadePaper:
    """Make a paper; call it off the UI thread.

    Raises:
        KeyError: there is no such paper.
        UserFacingError: there is no such event, or the project's funding profile can't be printed.
    """
    look = _MAKERS[wish.kind]
    with speaking(wish.language):
        return store.read(lambda connection: look(connection, clock, wish.event_id)).result()()


def _event_sheet(connection: "Connection", clock: Clock, event_id: UUID) -> Callable[[], MadePaper]:
    report = event_report(connection, clock, event_id)
    return lambda: MadePaper(event_sheet_pdf(report), _("event-sheet") + f"-{report.event.code}.pdf")


# Reading is the reader thread's, setting the page is not: each maker gives what is still to be done.
_MAKERS: dict[str, Callable[["Connection", Clock, UUID], Callable[[], MadePaper]]] = {
    EVENT_SHEET: _event_sheet,
}
