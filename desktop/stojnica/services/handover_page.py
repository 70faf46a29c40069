"""The part *Handover* of the page *Team*: figures of the moment, open matters, and the paper for it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import FIGURES, Handover
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.team_sheet import TeamSheet
from stojnica.records.team_queries import KnownHandover, newest_handover
from stojnica.services.changes import Change
from stojnica.services.handover import (
    LISTS,
    TO_ORDER,
    UNANSWERED,
    Kept,
    add_line,
    draft_of,
    hand_over,
    mark_matter,
    note_other,
    remove_line,
    texts_of,
)
from stojnica.services.handover_sheet import figure_title, handover_pdf, sheet_of
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.on_paper import PrintablePages, printable_pages
from stojnica.services.printer_watch import sent_to
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.durable import write_durably

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CONCERNED = frozenset({Change.CONTACTS, Change.COUNTS, Change.EVENTS, Change.TEAM})


@dataclass(frozen=True, slots=True)
class FigureLine:
    """Hold one figure: of this laptop, of the other as it was typed, and together."""

    name: str
    title: str
    here: str
    other: str
    together: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """Hold one line of a list."""

    text: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class HandoverState:
    """Hold what the page shows; `problem` is said at the field `problem_at`: a figure or a list."""

    is_loaded: bool = False
    event_id: UUID | None = None
    subtitle: str = ""
    figures: tuple[FigureLine, ...] = ()
    matters: tuple[ListLine, ...] = ()
    to_order: tuple[ListLine, ...] = ()
    unanswered: tuple[ListLine, ...] = ()
    last: str = ""
    problem: str = ""
    problem_at: str = ""
    is_working: bool = False
    suggested_name: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    now: StandNow
    draft: Handover | None
    last: KnownHandover | None


class HandoverViewModel(ViewModel[HandoverState]):
    """Write, keep and print a handover; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(HandoverState())
        self._context = context
        self._latest = LatestOnly()
        self._look: _Look | None = None
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again."""
        question = self._latest.ask()
        self._context.runner.when(
            self._context.store.read(_look), question.only(self._show), question.only(self._failed)
        )

    def add(self, name: str, text: str) -> None:
        """Put a line on a list."""
        self._change(lambda event_id: add_line(self._context.store, event_id, name, text))

    def remove(self, name: str, text: str) -> None:
        """Take a line off a list."""
        self._change(lambda event_id: remove_line(self._context.store, event_id, name, text))

    def mark(self, text: str, is_done: bool) -> None:
        """Say that a matter is done, or open again."""
        self._change(lambda event_id: mark_matter(self._context.store, event_id, text, is_done))

    def note_other(self, name: str, typed: str) -> None:
        """Keep a figure of the other laptop."""
        line = next((item for item in self.state.figures if item.name == name), None)
        if line is not None and line.other == typed.strip():
            if self.state.problem_at == name:
                self._set(replace(self.state, problem="", problem_at=""))
        elif line is not None:
            self._change(lambda event_id: note_other(self._context.store, event_id, name, typed))

    def hand_over(self) -> None:
        """Keep it as a fact."""
        if self.state.event_id is None or self.state.is_working:
            return
        self._set(replace(self.state, is_working=True, message=None, problem="", problem_at=""))
        future = hand_over(self._context.store, self.state.event_id)
        self._context.runner.when(future, self._handed_over, self._failed)

    def save(self, path: Path) -> None:
        """Write the page as PDF."""
        sheet = self._sheet()
        if sheet is not None:
            self._context.runner.submit(
                lambda _context: _write(path, handover_pdf(sheet)),
                lambda _done: self._say(Message(Tone.GOOD, _("Saved: {file}").format(file=path.name))),
                self._failed,
            )

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the pages off the UI thread and hand them over."""
        sheet = self._sheet()
        if sheet is not None:
            self._context.runner.submit(
                lambda _context: printable_pages(handover_pdf(sheet)), ready, self._failed
            )

    def printed(self, printer_name: str) -> None:
        """Say that the printer has it."""
        self._say(sent_to(printer_name))
        self._context.printer_watch.watch(printer_name, self._say)

    def failed(self, error: Exception) -> None:
        """Say what went wrong at the printer."""
        self._failed(error)

    def _sheet(self) -> TeamSheet | None:
        look = self._look
        if look is None or look.now.event is None or look.draft is None:
            return None
        return sheet_of(look.draft, look.now, self._context.clock.now_us(), current_language())

    def _change(self, make: "Callable[[UUID], Future[None]]") -> None:
        if self.state.event_id is not None:
            self._context.runner.when(make(self.state.event_id), self._changed, self._failed)

    def _changed(self, _nothing: object) -> None:
        self._set(replace(self.state, problem="", problem_at="", message=None))
        self.refresh()

    def _handed_over(self, kept: Kept) -> None:
        zone_name = self._look.now.zone_name if self._look else "UTC"
        time = written_clock(local_time(kept.captured_at, zone_name))
        message = Message(
            Tone.GOOD,
            _("Handed over at {time}.").format(time=time),
            next_step=_("Whoever goes now presses “goes” under Who is here."),
        )
        self._set(replace(self.state, is_working=False, message=message))
        self._context.changes.tell(Change.TEAM)

    def _say(self, message: Message) -> None:
        self._set(replace(self.state, message=message))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserFacingError) and error.code in (*FIGURES, *LISTS):
            self._set(replace(self.state, problem=error.what, problem_at=error.code, is_working=False))
            return
        self._set(replace(self.state, is_working=False))
        message = failure_message(error)
        if message is not None:
            self._say(message)

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        self._look = look
        event, draft = look.now.event, look.draft
        if event is None or draft is None:
            self._set(HandoverState(is_loaded=True))
            return
        lines = partial(_lines, draft)
        self._set(
            replace(
                self.state,
                is_loaded=True,
                event_id=event.event_id,
                subtitle=event.name,
                figures=tuple(_figure(draft, name) for name in draft.shown),
                matters=tuple(ListLine(item.text, item.is_done) for item in draft.matters),
                to_order=lines(TO_ORDER),
                unanswered=lines(UNANSWERED),
                last=_last_words(look),
                suggested_name=_("handover") + f"-{event.code}.pdf",
            )
        )


def _look(connection: "Connection") -> _Look:
    now = stand_now(connection)
    if now.event is None:
        return _Look(now, None, None)
    event_id = now.event.event_id
    draft = draft_of(connection, now.branch_id, event_id)
    return _Look(now, draft, newest_handover(connection, now.branch_id, event_id))


def _figure(draft: Handover, name: str) -> FigureLine:
    here, other = draft.figures.get(name, 0), draft.other.get(name)
    return FigureLine(
        name=name,
        title=figure_title(name, draft.figures.get("groups", 0)),
        here=written_number(here),
        other="" if other is None else written_number(other),
        together=written_number(here + (other or 0)),
    )


def _lines(draft: Handover, name: str) -> tuple[ListLine, ...]:
    return tuple(ListLine(text) for text in texts_of(draft, name))


def _last_words(look: _Look) -> str:
    if look.last is None:
        return _("Not handed over yet at this event.")
    moment = local_time(look.last.captured_at, look.now.zone_name)
    text = _("Last handed over on {day} at {time}.")
    words = text.format(day=written_short_day(moment.date()), time=written_clock(moment))
    return f"{words} {look.last.operator}".strip()


def _write(path: Path, pdf: bytes) -> None:
    try:
        write_durably(path, pdf)
    except OSError as error:
        raise UserFacingError(
            _("The page can't be written to {file}.").format(file=path.name),
            safe=_("Nothing else was changed."),
            next_step=_("Choose another folder, with room in it."),
            code="unwritable_file",
        ) from error
