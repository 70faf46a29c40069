"""Printing slips in the window: what they will look like, how many, and what of them is missing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.print_run import Piece
from stojnica.domain.slip_number import LARGEST, SlipNumber
from stojnica.domain.slip_run import MOST_IN_A_RUN
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.printing.render import page_png
from stojnica.printing.slip_paper import PAPERS
from stojnica.printing.slip_sheet import SlipRulesError, print_slips, slip_fingerprint
from stojnica.records.funding_overrules import KnownOverrule
from stojnica.services.changes import Change
from stojnica.services.funding_overrule import (
    FundingCase,
    OverruleDesk,
    funding_case,
    held_for,
    overruled_line,
)
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.on_paper import PrintablePages
from stojnica.services.printer_watch import sent_to
from stojnica.services.signup_choices import language_choices
from stojnica.services.slip_content import SlipSource, planned_slip, slip_languages
from stojnica.services.slip_letters import laptop_letter
from stojnica.services.slip_runs import (
    MadeRun,
    RunWish,
    next_number,
    pages_of_run,
    print_run,
    slip_source,
    take_back,
)
from stojnica.services.slip_tally import slip_tally
from stojnica.services.stand import HOME_ZONE, StandContext
from stojnica.services.tasks import Progress, Task
from stojnica.services.view_model import LatestOnly, ViewModel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

PREVIEW_DPI = 110
MOST_MISSING = 12
USUAL_COUNT = 48
_CONCERNED = frozenset({Change.CONTACTS, Change.EVENTS, Change.ORGANISATION})


@dataclass(frozen=True, slots=True)
class SlipPrintState:
    """Hold what is asked before a print, the paper as it will be, and how far earlier runs are."""

    is_loaded: bool = False
    languages: tuple[tuple[str, str], ...] = ()
    language: str = ""
    count: str = str(USUAL_COUNT)
    count_problem: str = ""
    is_full: bool = False
    next_text: str = ""
    note: str = ""
    preview_png: bytes = b""
    is_drawing: bool = False
    is_printing: bool = False
    can_print: bool = False
    sheet_mm: tuple[float, float] = PAPERS[0].sheet_mm
    suggested_name: str = ""
    lines: tuple[str, ...] = ()
    case: FundingCase | None = None
    overruled: tuple[str, ...] = ()
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    source: SlipSource
    letter: str
    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    note: str
    png: bytes
    held: tuple[KnownOverrule, ...]
    sheet_mm: tuple[float, float]


class SlipPrintViewModel(ViewModel[SlipPrintState]):
    """Show the paper, then give numbers out and write the PDF; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(SlipPrintState())
        self._context = context
        self._looks = LatestOnly()
        self._drawings = LatestOnly()
        self._task: Task | None = None
        self._at_printer: MadeRun | None = None
        self._event_id: UUID | None = None
        self._ground: _Ground | None = None
        self._held: tuple[KnownOverrule, ...] = ()
        self.overruling = OverruleDesk(context.store, context.runner, self.refresh)
        context.changes.subscribe(self._heard)

    @property
    def progress(self) -> Progress | None:
        """Give how far the print is."""
        return self._task.progress if self._task else None

    def cancel(self) -> None:
        """Stop a print; its numbers stay used up, and nobody waits for them."""
        if self._task is not None:
            self._task.cancel()

    def begin(self, event_id: UUID) -> None:
        """Look at an event's slips."""
        if self.state.is_printing:
            return
        if event_id != self._event_id:
            self._ground = None
            self._set(SlipPrintState())
        self._event_id = event_id
        self._set(replace(self.state, message=None))
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is printed and what is missing."""
        event_id = self._event_id
        if event_id is None:
            return
        question = self._looks.ask()
        look = partial(_look, event_id=event_id, now_us=self._context.clock.now_us())
        self._context.runner.when(
            self._context.store.read(look), question.only(self._show), question.only(self._failed)
        )

    def choose_language(self, language: str) -> None:
        """Print in another language."""
        self._redraw(replace(self.state, language=language))

    def choose_full(self, is_full: bool) -> None:
        """Ask everything, or what the kiosk asks."""
        self._redraw(replace(self.state, is_full=is_full))

    def let_rules_hold(self) -> None:
        """Take back what was overruled for the slip that is shown."""
        self.overruling.take_back(self._held)

    def type_count(self, text: str) -> None:
        """Put how many are to be printed, as it is typed."""
        self._set(self._with_next(replace(self.state, count=text, count_problem="")))

    def may_print(self) -> bool:
        """Tell whether a file may be asked for; else say at the place what is missing."""
        if self._count() is None:
            text = _("Between 1 and {most} slips can be printed at once.").format(most=MOST_IN_A_RUN)
            self._set(replace(self.state, count_problem=text))
            return False
        return self.state.can_print and not self.state.is_printing

    def save(self, path: Path) -> None:
        """Give numbers out and write the PDF where the person chose."""
        wish, store = self._begin_run(), self._context.store
        if wish is not None:
            self._task = self._context.runner.submit(
                lambda context: print_run(store, wish, path, context),
                partial(self._saved, path),
                self._not_printed,
            )

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Give numbers out, and hand the pages over; they count only when the printer takes them."""
        wish, store = self._begin_run(), self._context.store
        if wish is not None:
            self._task = self._context.runner.submit(
                lambda context: pages_of_run(store, wish, context),
                partial(self._rendered, ready),
                self._not_printed,
            )

    def printed(self, printer_name: str) -> None:
        """Say that the printer has them, and look after it for a while."""
        made, self._at_printer = self._at_printer, None
        message = sent_to(printer_name)
        if made is not None:
            text = _("{span} was sent to the printer {name}.")
            message = Message(Tone.GOOD, text.format(span=made.run.span, name=printer_name))
        self._end_run(message)
        self._context.printer_watch.watch(printer_name, self._say)

    def failed(self, error: Exception) -> None:
        """Say why the printer didn't take them; nobody waits for their numbers."""
        made, self._at_printer = self._at_printer, None
        if made is not None:
            future = take_back(self._context.store, made.run)
            self._context.runner.when(future, lambda _done: self.refresh(), self._failed)
        self._not_printed(error)

    def _begin_run(self) -> RunWish | None:
        event_id, count = self._event_id, self._count()
        if event_id is None or count is None or not self.may_print():
            return None
        state = self.state
        self._set(replace(state, is_printing=True, message=None))
        return RunWish(event_id, state.language, count, is_full=state.is_full)

    def _rendered(
        self, ready: Callable[[PrintablePages], None], answer: tuple[MadeRun, PrintablePages]
    ) -> None:
        self._task = None
        self._at_printer, pages = answer
        ready(pages)

    def _heard(self, changed: frozenset[Change]) -> None:
        if self._event_id is not None and changed & _CONCERNED:
            self.refresh()

    def _show(self, ground: _Ground) -> None:
        languages = slip_languages(ground.source)
        language = self.state.language if self.state.language in languages else next(iter(languages), "")
        is_same = self._ground is not None and (self._ground.source, self._ground.first) == (
            ground.source,
            ground.first,
        )
        self._ground = ground
        state = replace(
            self.state,
            is_loaded=True,
            languages=language_choices(languages),
            language=language,
            lines=ground.lines,
        )
        if is_same and language == self.state.language:
            self._set(state)
        else:
            self._redraw(state)

    def _redraw(self, state: SlipPrintState) -> None:
        ground = self._ground
        if ground is None or not state.language:
            missing = Message(
                Tone.WAIT,
                _("In no language are all wordings there and confirmed."),
                next_step=_("Send to the office to fetch them, or ask there."),
            )
            self._set(replace(state, can_print=False, message=missing if ground else state.message))
            return
        self._held = ()
        # What a rule of the EU said of the slip before is over with it.
        message = None if state.case else state.message
        state = replace(state, is_drawing=True, can_print=False, case=None, overruled=(), message=message)
        self._set(self._with_next(state))
        question = self._drawings.ask()
        self._context.runner.submit(
            lambda _context: _draw(ground, state.language, state.is_full),
            question.only(self._drawn),
            question.only(self._not_drawn),
        )

    def _drawn(self, drawn: _Drawn) -> None:
        self._held = drawn.held
        zone_name = self._ground.source.event.time_zone if self._ground else HOME_ZONE
        overruled = tuple(overruled_line(item, zone_name) for item in drawn.held)
        state = replace(self.state, note=drawn.note, preview_png=drawn.png, sheet_mm=drawn.sheet_mm)
        self._set(replace(state, is_drawing=False, can_print=True, overruled=overruled))

    def _not_drawn(self, error: Exception) -> None:
        case = None
        if isinstance(error, SlipRulesError) and self._event_id is not None:
            piece = Piece("", "slip", "", self.state.language)
            case = funding_case(self._event_id, piece, error.piece, error.broken)
        self._set(replace(self.state, is_drawing=False, preview_png=b"", note="", case=case))
        self._failed(error)

    def _saved(self, path: Path, made: MadeRun) -> None:
        text = ngettext(
            "{span} is in {file}, on {count} sheet. Print it at its true size, not “fit to page”.",
            "{span} is in {file}, on {count} sheets. Print them at their true size, not “fit to page”.",
            made.sheets,
        ).format(span=made.run.span, file=path.name, count=made.sheets)
        self._end_run(Message(Tone.GOOD, text))

    def _end_run(self, message: Message) -> None:
        self._task = None
        self._set(replace(self.state, is_printing=False, message=message))
        self._context.changes.tell(Change.DELIVERY)
        self.refresh()

    def _say(self, message: Message) -> None:
        self._set(replace(self.state, message=message))

    def _not_printed(self, error: Exception) -> None:
        self._task = None
        self._set(replace(self.state, is_printing=False))
        self._failed(error)
        self.refresh()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserFacingError):
            self._set(replace(self.state, is_loaded=True, message=message_of(error)))
            return
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))

    def _with_next(self, state: SlipPrintState) -> SlipPrintState:
        ground = self._ground
        if ground is None or ground.first > LARGEST:
            return replace(state, next_text="", suggested_name="")
        first = SlipNumber(ground.letter, ground.first)
        text = _("The next number is {number}.").format(number=first)
        name = f"{ground.source.event.code}-{first.payload[:-1]}-{state.language}.pdf"
        return replace(state, next_text=text, suggested_name=name)

    def _count(self) -> int | None:
        text = self.state.count.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            return None
        return int(text) if 1 <= int(text) <= MOST_IN_A_RUN else None


def _look(connection: "Connection", *, event_id: UUID, now_us: int) -> _Ground:
    letter = laptop_letter(connection)
    return _Ground(
        source=slip_source(connection, event_id=event_id, now_us=now_us),
        letter=letter,
        first=next_number(connection, letter),
        lines=slip_tally(connection, event_id).lines(MOST_MISSING),
    )


def _draw(ground: _Ground, language: str, is_full: bool) -> _Drawn:
    planned = planned_slip(ground.source, language, is_full=is_full)
    first = min(ground.first, LARGEST - 3)
    shown = [SlipNumber(ground.letter, first + place) for place in range(planned.layout.paper.up)]
    source = ground.source
    png = page_png(print_slips(planned.content, shown, overruled=source.overruled).pdf, 0, PREVIEW_DPI)
    held = held_for(source.overrules, slip_fingerprint(planned.content, planned.layout))
    return _Drawn(planned.note, png, held, planned.layout.paper.sheet_mm)
