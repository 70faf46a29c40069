"""The papers of an event on the page *Team*: chosen, looked at, saved or printed with the numbers of now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.event import Event
from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.printing.paper import PAPER_MM
from stojnica.printing.render import page_count, page_png
from stojnica.records.event_queries import known_event
from stojnica.services.changes import Change
from stojnica.services.flyer_preview import PREVIEW_DPI, PreviewPage, sharper_png
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.on_paper import PrintablePages, printable_pages
from stojnica.services.papers import (
    EVENT_SHEET,
    PAPERS,
    ROWS,
    MadePaper,
    PaperWish,
    file_name,
    languages_of,
    make_paper,
)
from stojnica.services.printer_watch import sent_to
from stojnica.services.stand import StandContext, current_event_id
from stojnica.services.tasks import WorkContext
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import written_number
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class PapersState:
    """Hold what is chosen; `pages` are rendered once seen, and "" in `sheets` before there are any."""

    is_loaded: bool = False
    is_working: bool = False
    kind: str = EVENT_SHEET
    event_id: UUID | None = None
    event_name: str = ""
    languages: tuple[str, ...] = ()
    language: str = "sl"
    rows: int = ROWS[0]
    with_age: bool = False
    pages: tuple[PreviewPage, ...] = ()
    sheets: str = ""
    suggested_name: str = ""
    paper_mm: tuple[float, float] = PAPER_MM
    message: Message | None = None


class PapersViewModel(ViewModel[PapersState]):
    """Make the papers of the chosen event, or of one that is looked at; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(_settled(PapersState(language=current_language()), None))
        self._context = context
        self._event: Event | None = None
        self._wanted: UUID | None = None
        self._looks = LatestOnly()
        self._previews = LatestOnly()
        self._closer = LatestOnly()
        self._shown: bytes = b""
        self._is_seen = False
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again at which event it is."""
        question, wanted = self._looks.ask(), self._wanted
        self._context.runner.when(
            self._context.store.read(lambda connection: _event_of(connection, wanted)),
            question.only(self._show),
            question.only(self.failed),
        )

    def look_at(self, event_id: UUID | None) -> None:
        """Make them of another event; None for the chosen one."""
        if event_id != self._wanted:
            self._wanted = event_id
            self.refresh()

    def see(self, is_seen: bool) -> None:
        """Say whether anybody sees the preview: nothing is rendered for nobody."""
        self._is_seen = is_seen
        if is_seen:
            self._preview()

    def choose(self, kind: str) -> None:
        """Choose a paper.

        Raises:
            KeyError: there is no such paper.
        """
        if kind not in PAPERS:
            raise KeyError(kind)
        self._change(replace(self.state, kind=kind, pages=(), sheets=""))

    def choose_language(self, language: str) -> None:
        """Choose the language of the paper: the funder's, or the participants'."""
        if language in self.state.languages:
            self._change(replace(self.state, language=language))

    def choose_rows(self, rows: int) -> None:
        """Choose how many can sign."""
        if rows in ROWS:
            self._change(replace(self.state, rows=rows))

    def ask_age(self, with_age: bool) -> None:
        """Say whether the list asks for an age group."""
        self._change(replace(self.state, with_age=with_age))

    def look_closer(self, page: int, dpi: float) -> None:
        """Show a page that somebody turned to, or one that they made larger."""
        pdf, pages = self._shown, self.state.pages
        if self.state.is_working or not 0 <= page < len(pages):
            return
        question = self._closer.ask()

        def show(png: bytes) -> None:
            if self._shown is pdf and self.state.pages:
                now = self.state.pages
                sharp = (*now[:page], replace(now[page], png=png), *now[page + 1 :])
                self._set(replace(self.state, pages=sharp))

        self._context.runner.submit(
            lambda _context: sharper_png(pdf, page, dpi, PAPER_MM),
            question.only(show),
            question.only(self.failed),
        )

    def save(self, path: Path) -> None:
        """Write the paper as PDF, with the numbers of this moment."""
        make = self._maker()
        if make is None:
            return
        self._set(replace(self.state, message=None))

        def write(_context: WorkContext) -> MadePaper:
            made = make()
            made.save(path)
            return made

        def saved(made: MadePaper) -> None:
            text = _("Saved as {file}.").format(file=path.name)
            self._say(Message(Tone.WAIT if made.hint else Tone.GOOD, text, next_step=made.hint))

        self._context.runner.submit(write, saved, self.failed)

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the pages off the UI thread and hand them over."""
        make = self._maker()
        if make is not None:
            self._context.runner.submit(
                lambda context: printable_pages(make().pdf, context=context), ready, self.failed
            )

    def printed(self, printer_name: str) -> None:
        """Say that the printer has it."""
        self._say(sent_to(printer_name))
        self._context.printer_watch.watch(printer_name, self._say)

    def failed(self, error: Exception) -> None:
        """Say what went wrong, here or at the printer."""
        self._set(replace(self.state, is_working=False, message=failure_message(error)))

    def _maker(self) -> Callable[[], MadePaper] | None:
        state, store, clock = self.state, self._context.store, self._context.clock
        if state.event_id is None:
            return None
        wish = PaperWish(state.kind, state.event_id, state.language, state.rows, state.with_age)
        return lambda: make_paper(store, clock, wish)

    def _change(self, state: PapersState) -> None:
        self._set(replace(_settled(state, self._event), message=None))
        self._preview()

    def _preview(self) -> None:
        make = self._maker()
        if make is None or not self._is_seen:
            return
        question = self._previews.ask()
        self._set(replace(self.state, is_working=True))
        self._context.runner.submit(
            lambda _context: _preview_of(make()),
            question.only(self._show_preview),
            question.only(self.failed),
        )

    def _show_preview(self, preview: "_Preview") -> None:
        self._shown = preview.pdf
        message = Message(Tone.WAIT, preview.hint) if preview.hint else None
        self._set(
            replace(
                self.state,
                is_working=False,
                pages=preview.pages,
                sheets=_sheets(len(preview.pages)),
                message=message or self.state.message,
            )
        )

    def _show(self, event: Event | None) -> None:
        self._event = event
        state = replace(
            self.state,
            is_loaded=True,
            event_id=event.event_id if event else None,
            event_name=event.name if event else "",
        )
        if event is None or state.event_id != self.state.event_id:
            state = replace(state, pages=(), sheets="", message=None)
        self._set(_settled(state, event))
        self._preview()

    def _say(self, message: Message) -> None:
        self._set(replace(self.state, message=message))

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & {Change.EVENTS}:
            self.refresh()


def paper_title(kind: str) -> str:
    """Name a paper."""
    names = {
        EVENT_SHEET: _("Event sheet"),
        "attendance": _("List to sign"),
        "packing": _("Lists to tick"),
        "badges": _("Name badges"),
    }
    return names[kind]


def paper_purpose(kind: str) -> str:
    """Say what a paper is for."""
    texts = {
        EVENT_SHEET: _("For the funder: what this day came to, in numbers and without names."),
        "attendance": _("Numbered rows for a workshop or a talk: a first name and a signature."),
        "packing": _("What to pack, set up and put away, as it is ticked now."),
        "badges": _("Ten on a sheet, for those in the list under “Who is here”; the rest to write on."),
    }
    return texts[kind]


def _settled(state: PapersState, event: Event | None) -> PapersState:
    """Fit the language and the name of the file to what is chosen."""
    languages = languages_of(state.kind)
    language = state.language if state.language in languages else current_language()
    name = file_name(state.kind, event.code, language) if event else ""
    return replace(state, languages=languages, language=language, suggested_name=name)


def _event_of(connection: "Connection", wanted: UUID | None) -> Event | None:
    event_id = wanted or current_event_id(connection)
    known = None if event_id is None else known_event(connection, branch_of(connection), event_id)
    return known.event if known else None


@dataclass(frozen=True, slots=True)
class _Preview:
    pdf: bytes
    pages: tuple[PreviewPage, ...]
    hint: str


def _preview_of(made: MadePaper) -> _Preview:
    """Render the first page; the others when somebody turns to them: a long list has ten."""
    first = PreviewPage(page_png(made.pdf, 0, PREVIEW_DPI), PAPER_MM)
    others = tuple(PreviewPage(b"", PAPER_MM) for _page in range(1, page_count(made.pdf)))
    return _Preview(made.pdf, (first, *others), made.hint)


def _sheets(number: int) -> str:
    text = ngettext("{count} sheet of A4", "{count} sheets of A4", number)
    return text.format(count=written_number(number))
