"""Take-home cards in the window: how many, in which language, what the sheet looks like, save and print."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from stojnica.i18n import current_language, ngettext
from stojnica.i18n import gettext as _
from stojnica.printing.render import page_png
from stojnica.services.funding_overrule import FundingCase, OverruleDesk, overruled_line
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.on_paper import PrintablePages
from stojnica.services.print_runs import note_printed
from stojnica.services.printer_watch import sent_to
from stojnica.services.signup_choices import language_choices
from stojnica.services.stand import HOME_ZONE, StandContext
from stojnica.services.take_home import (
    MOST_CARDS,
    ON_A_SHEET,
    CardScene,
    CardWish,
    MadeCards,
    make_cards,
    read_card_scene,
)
from stojnica.services.tasks import WorkContext
from stojnica.services.view_model import LatestOnly, ViewModel

PREVIEW_DPI = 110


@dataclass(frozen=True, slots=True)
class TakeHomeState:
    """Hold what is asked before a print, and the first sheet as it will be."""

    is_loaded: bool = False
    languages: tuple[tuple[str, str], ...] = ()
    language: str = ""
    count: str = "1"
    count_problem: str = ""
    sheets: str = ""
    preview_png: bytes = b""
    is_drawing: bool = False
    can_print: bool = False
    suggested_name: str = ""
    problems: tuple[str, ...] = ()
    case: FundingCase | None = None
    overruled: tuple[str, ...] = ()
    message: Message | None = None


class TakeHomeViewModel(ViewModel[TakeHomeState]):
    """Show cards as they will be printed; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(TakeHomeState())
        self._context = context
        self._looks = LatestOnly()
        self._drawings = LatestOnly()
        self._scene = CardScene()
        self._band = ""
        self._made: MadeCards | None = None
        self._at_printer: MadeCards | None = None
        self._code = ""
        self.overruling = OverruleDesk(context.store, context.runner, self.refresh)

    def begin(self, count: int = 1, band: str = "") -> None:
        """Show so many cards for an age band; the language stays as it was chosen last."""
        self._band, self._made = band, None
        state = TakeHomeState(count=str(count), language=self.state.language or current_language())
        self._set(state)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what the office and the team decided, and at what is printed."""
        question = self._looks.ask()
        future = self._context.store.read(read_card_scene)
        self._context.runner.when(future, question.only(self._show_scene), question.only(self.failed))

    def choose_language(self, language: str) -> None:
        """Print in another language."""
        self._redraw(replace(self.state, language=language))

    def type_count(self, text: str) -> None:
        """Put how many are to be printed, as it is typed."""
        self._redraw(replace(self.state, count=text, count_problem=""))

    def may_print(self) -> bool:
        """Tell whether a file or a printer may be asked for; else say at the place what is missing."""
        if self._count() is None:
            text = _("Between 1 and {most} cards can be printed at once.").format(most=MOST_CARDS)
            self._set(replace(self.state, count_problem=text))
        return self._made is not None and self.state.can_print

    def save(self, path: Path) -> None:
        """Write the PDF where the person chose."""
        made = self._made

        def write(_context: WorkContext) -> Path:
            assert made is not None
            made.save(path)
            return path

        if made is not None:
            self._context.runner.submit(write, lambda path: self._saved(path, made), self.failed)

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the sheets off the UI thread and hand them over."""
        made = self._made
        self._at_printer = made
        if made is not None:
            self._context.runner.submit(lambda _context: made.sheets(), ready, self.failed)

    def printed(self, printer_name: str) -> None:
        """Say that the printer has it."""
        self._say(sent_to(printer_name))
        self._context.printer_watch.watch(printer_name, self._say)

    def copies_printed(self, copies: int) -> None:
        """Keep how many cards the printer got of what was rendered for it last."""
        if self._at_printer is not None:
            self._keep(self._at_printer, max(1, copies))

    def let_rules_hold(self) -> None:
        """Take back what was overruled for the cards that are shown."""
        if self._made is not None:
            self.overruling.take_back(self._made.overruled)

    def failed(self, error: Exception) -> None:
        """Say what went wrong, here or at the printer."""
        self._set(replace(self.state, is_drawing=False, message=failure_message(error)))

    def _show_scene(self, scene: CardScene) -> None:
        self._scene = scene
        languages = scene.languages
        language = self.state.language if self.state.language in languages else languages[0]
        self._redraw(
            replace(self.state, is_loaded=True, languages=language_choices(languages), language=language),
            self.state.message,
        )

    def _redraw(self, state: TakeHomeState, message: Message | None = None) -> None:
        question = self._drawings.ask()
        self._made = None
        self._set(replace(state, can_print=False, problems=(), case=None, overruled=(), message=message))
        count = self._count()
        if not state.is_loaded or count is None:
            self._set(replace(self.state, sheets="", is_drawing=False))
            return
        wish = CardWish(state.language, count, self._band)
        self._set(replace(self.state, is_drawing=True, sheets=_sheets(count)))
        self._context.runner.submit(
            partial(_drawn, self._scene, wish, self._code),
            question.only(self._show_made),
            question.only(self.failed),
        )

    def _show_made(self, answer: tuple[MadeCards, bytes]) -> None:
        made, preview = answer
        self._made, self._code = made, made.run.code
        zone_name = self._scene.event.time_zone if self._scene.event else HOME_ZONE
        self._set(
            replace(
                self.state,
                preview_png=preview,
                is_drawing=False,
                can_print=made.checked.is_printable,
                suggested_name=made.name,
                problems=tuple(item.message for item in made.checked.problems if item.is_blocking),
                case=made.case,
                overruled=tuple(overruled_line(item, zone_name) for item in made.overruled),
            )
        )

    def _count(self) -> int | None:
        digits = self.state.count.strip()
        if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
            return None
        return int(digits) if 0 < int(digits) <= MOST_CARDS else None

    def _keep(self, made: MadeCards, copies: int) -> None:
        # Its code is given out from now on, whatever is chosen before the store has answered.
        self._code = ""
        future = note_printed(self._context.store, made.run, made.printing(copies))
        self._context.runner.when(future, lambda _run: self.refresh(), self.failed)

    def _saved(self, path: Path, made: MadeCards) -> None:
        self._keep(made, 0)
        self._say(Message(Tone.GOOD, _("Saved as {file}.").format(file=path.name)))

    def _say(self, message: Message) -> None:
        self._set(replace(self.state, message=message))


def _sheets(count: int) -> str:
    sheets = -(-count // ON_A_SHEET)
    return ngettext(
        "{count} sheet of A4, eight cards on each, to be cut.",
        "{count} sheets of A4, eight cards on each, to be cut.",
        sheets,
    ).format(count=sheets)


def _drawn(scene: CardScene, wish: CardWish, code: str, _context: WorkContext) -> tuple[MadeCards, bytes]:
    made = make_cards(scene, wish, code)
    # What can't be printed is shown all the same: the eye finds what the words name.
    return made, page_png(made.checked.pdf, 0, PREVIEW_DPI)
