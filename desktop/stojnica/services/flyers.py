"""The page of flyers: what is chosen, made anew with each choice, saved and handed to a printer."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from stojnica.domain.print_run import MOST_PIECES, TO_FILE, Printed
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.ruler_page import make_ruler_page
from stojnica.printing.sheets import natural_edge
from stojnica.services.flyer_content import (
    back_languages,
    flyer_choices,
)
from stojnica.services.flyer_files import file_name_for
from stojnica.services.flyer_paper import (
    FlyerWish,
    PaperChoices,
    paper_choices,
)
from stojnica.services.flyer_preview import PreviewPage, marked_pages, preview_pages, sharper_png
from stojnica.services.funding_overrule import FundingCase, OverruleDesk, overruled_line
from stojnica.services.made_flyer import (
    DrawnPiece,
    FlyerScene,
    MadeFlyer,
    draw_flyer_of,
    read_scene,
    settled,
    spoken_languages,
    without_flyer,
)
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.offered_codes import code_choices
from stojnica.services.on_paper import PrintablePages, printable_pages
from stojnica.services.printer_watch import PrinterWatch, sent_to
from stojnica.services.printers import FixedPrinters
from stojnica.services.run_desk import RunDesk, ShortLink
from stojnica.services.shown_organisation import NOTHING_DECIDED
from stojnica.services.stand import HOME_ZONE
from stojnica.services.tasks import Task, TaskRunner
from stojnica.services.view_model import LatestOnly, Question, ViewModel
from stojnica.storage.store import Store
from stojnica.sync.short_links import LinkLook


@dataclass(frozen=True, slots=True)
class FlyersState:
    """Hold what the page shows; `pages` are the rendered pages, `is_drawn` while these are being checked."""

    is_ready: bool = False
    is_working: bool = False
    is_drawn: bool = False
    event_name: str = ""
    languages: tuple[str, ...] = ()
    language: str = "sl"
    second: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    flyer_id: str = ""
    template_id: str = ""
    size: str = ""
    up: int = 0
    is_black: bool = False
    backs: tuple[str, ...] = ()
    back: str = ""
    edge: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    leads: str = ""
    paper: PaperChoices = field(default_factory=PaperChoices)
    paper_mm: tuple[float, float] = (0.0, 0.0)
    pages: tuple[PreviewPage, ...] = ()
    link: str = ""
    problems: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    is_printable: bool = False
    case: FundingCase | None = None
    overruled: tuple[str, ...] = ()
    message: Message | None = None
    suggested_name: str = ""
    short: ShortLink = field(default_factory=ShortLink)


class FlyersViewModel(ViewModel[FlyersState]):
    """Show a flyer as it will be printed; UI thread alone."""

    def __init__(
        self,
        store: Store,
        runner: TaskRunner,
        language: str = "sl",
        watch: PrinterWatch | None = None,
        look: LinkLook | None = None,
    ) -> None:
        super().__init__(FlyersState(language=language))
        self._watch = watch or PrinterWatch(runner, FixedPrinters(None))
        self._store = store
        self._runner = runner
        self._scene = FlyerScene(NOTHING_DECIDED, None)
        self._made: MadeFlyer | None = None
        self._at_printer: MadeFlyer | None = None
        self._newest = LatestOnly()
        self.overruling = OverruleDesk(store, runner, self.refresh)
        self._desk = RunDesk(store, runner, look, self._show_runs, self.failed)
        self._closer = LatestOnly()
        self._making: Task | None = None
        self._edge = ""
        self._file_kind = ""

    def refresh(self) -> None:
        """Look again at the event and the office's flyers."""
        future: Future[FlyerScene] = self._store.read(read_scene)
        self._runner.when(future, self._show_scene, self.failed)

    def choose_flyer(self, flyer_id: str) -> None:
        """Show another flyer, on the paper that is chosen."""
        # What the office chose for the new one holds until somebody chooses again.
        self._remake(replace(self.state, flyer_id=flyer_id, leads=""))

    def choose_language(self, language: str) -> None:
        """Show it in another language."""
        self._remake(replace(self.state, language=language))

    def choose_second(self, language: str) -> None:
        """Show another language beside the first."""
        self._remake(replace(self.state, second=language))

    def choose_template(self, template_id: str) -> None:
        """Show it as another kind of paper: a flyer, a poster, a sign."""
        self._remake(replace(self.state, template_id=template_id, size="", up=0))

    def choose_size(self, size: str) -> None:
        """Show it in another size."""
        self._remake(replace(self.state, size=size, up=0))

    def choose_code(self, leads: str) -> None:
        """Have its code lead somewhere else that the organisation has; "" is what the office chose."""
        self._remake(replace(self.state, leads=leads))

    def choose_ink(self, is_black: bool) -> None:
        """Show it as it is printed in black alone, or in colours."""
        self._remake(replace(self.state, is_black=is_black))

    def choose_up(self, up: int) -> None:
        """Show another number of pieces on a sheet."""
        self._remake(replace(self.state, up=up))

    def let_rules_hold(self) -> None:
        """Take back what was overruled for the piece that is shown."""
        if self._made is not None:
            self.overruling.take_back(self._made.overruled)

    def choose_back(self, language: str) -> None:
        """Print another language on the back; none leaves it white."""
        self._remake(replace(self.state, back=language))

    def look_closer(self, page: int, dpi: float) -> None:
        """Show a page sharper, for somebody who has made it larger."""
        made, pages = self._made, self.state.pages
        if made is None or not 0 <= page < len(pages) or self.state.is_working:
            return
        question = self._closer.ask()

        def show(png: bytes) -> None:
            if self._made is made:
                sharp = (*pages[:page], replace(pages[page], png=png), *pages[page + 1 :])
                self._set(replace(self.state, pages=sharp))

        self._runner.submit(
            lambda _context: sharper_png(made.checked.pdf, page, dpi, pages[page].size_mm),
            question.only(show),
            question.only(self.failed),
        )

    def turn_at(self, edge: str) -> None:
        """Turn the paper at this edge when the next print is rendered."""
        self._edge = edge

    def render_test_page(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the page that tries a printer, and hand it over."""
        self._runner.submit(
            lambda context: printable_pages(make_ruler_page(), context=context), ready, self.failed
        )

    def save(self, path: Path) -> None:
        """Write the PDF, or the file for others that was asked for, where the person chose."""
        made, kind = self._made, self._file_kind
        self._file_kind = ""
        if made is None:
            return
        self._runner.submit(
            lambda _context: made.save(path, kind), lambda _done: self._saved(path, made), self.failed
        )

    def want_file(self, kind: str) -> str:
        """Have the next save write a file for others; gives the name to propose for it."""
        self._file_kind = kind
        return file_name_for(kind, self.state.suggested_name)

    def render_for_printer(self, ready: Callable[[PrintablePages], None]) -> None:
        """Render the page off the UI thread and hand it over; what isn't printable says so instead."""
        made, edge, scene = self._made, self._edge, self._scene
        self._at_printer = made
        if made is not None:
            self._runner.submit(
                lambda context: printable_pages(made.turned_at(scene, edge).printable_pdf(), context=context),
                ready,
                self.failed,
            )

    def printed(self, printer_name: str) -> None:
        """Say that the printer has it."""
        self._say(sent_to(printer_name))
        self._watch.watch(printer_name, self._say)

    def copies_printed(self, copies: int) -> None:
        """Keep how many sheets the printer got of what was rendered for it last."""
        made = self._at_printer
        if made is not None:
            pieces = min(max(1, copies) * made.checked.up, MOST_PIECES)
            self._desk.keep_printed(made.run, Printed(pieces, is_short=made.is_short))

    def prepare_short_link(self) -> None:
        """Keep the code of this run, so that the office can set its short link up."""
        if self._made is not None:
            self._desk.prepare(self._made.run, self._base(self._made))

    def check_short_link(self) -> None:
        """Look over the network whether the short link works."""
        if self._made and self._desk.look(self._scene.document.short_links, self._made.run.code):
            self._set(replace(self.state, short=replace(self.state.short, is_looking=True)))

    def _show_runs(self) -> None:
        """Show what is new of the runs; the page stays as it is, unless its code changes."""
        self._scene = replace(self._scene, known=self._desk.known)
        self._set(replace(self.state, short=self._short()))
        made = self._made
        if made is not None and made.is_link and made.link != self._scene.link_of(made.run):
            self._remake(self.state, self.state.message)

    def _short(self) -> ShortLink:
        made, event = self._made, self._scene.event
        if made is None or event is None:
            return ShortLink()
        return self._desk.short(self._base(made), made.run, event.time_zone)

    def _base(self, made: MadeFlyer) -> str:
        return self._scene.document.short_links if made.is_link else ""

    def _say(self, message: Message) -> None:
        self._set(replace(self.state, message=message))

    def _show_scene(self, scene: FlyerScene) -> None:
        self._scene = scene
        self._desk.follow(scene.event.event_id if scene.event else None, scene.known)
        languages = spoken_languages(scene)
        language = self.state.language if self.state.language in languages else next(iter(languages), "sl")
        self._remake(
            replace(
                self.state,
                is_ready=True,
                event_name=scene.event.name if scene.event else "",
                languages=languages,
                language=language,
            )
        )

    def _remake(self, wanted: FlyersState, message: Message | None = None) -> None:
        choices = tuple(flyer_choices(self._scene.document, wanted.language))
        known = [flyer_id for flyer_id, _title in choices]
        flyer_id = wanted.flyer_id if wanted.flyer_id in known else next(iter(known), "")
        backs = back_languages(self._scene.document, flyer_id, wanted.language)
        back = wanted.back if wanted.back in backs else ""
        if not flyer_id:
            wanted = replace(wanted, template_id=self._without_flyer(wanted.template_id))
        wish = settled(
            self._scene,
            FlyerWish(
                wanted.language,
                flyer_id,
                wanted.template_id,
                wanted.size,
                wanted.up,
                back,
                second=wanted.second,
                is_black=wanted.is_black,
                leads=wanted.leads,
            ),
        )
        wanted = replace(
            wanted,
            choices=choices,
            flyer_id=flyer_id,
            template_id=wish.template_id,
            second=wish.second,
            size=wish.template().size,
            up=wish.pieces(),
            backs=backs,
            back=back,
            leads=wish.leads,
            codes=code_choices(self._scene.document, wish.design(), flyer_id, current_language()),
            paper=paper_choices(wish),
            message=message,
        )
        if not self._scene.event or not wish.can_be(wish.design()):
            self._made = None
            self._set(replace(wanted, is_working=False, pages=(), is_printable=False))
            return
        self._set(replace(wanted, is_working=True, is_drawn=False))
        question = self._newest.ask()
        scene, code = self._scene, self._desk.fresh_code
        if self._making is not None:
            # What has not begun yet is not begun: a row of quick choices makes the last one alone.
            self._making.cancel()
        self._making = self._runner.submit(
            lambda _context: _draw(scene, wish, code),
            question.only(partial(self._show_drawn, question)),
            question.only(self.failed),
        )

    def _without_flyer(self, template_id: str) -> str:
        """Give a piece that the office's flyers aren't needed for: this one, else the first that there is."""
        there = [design.id for design in without_flyer(self._scene)]
        return template_id if template_id in there else next(iter(there), "")

    def _show_drawn(self, question: Question, drawn: tuple[DrawnPiece, tuple[PreviewPage, ...]]) -> None:
        """Show it at once, and scan it while it is looked at; nothing is printed before."""
        piece, pages = drawn
        self._made = None
        self._set(replace(self.state, pages=pages, paper_mm=pages[0].size_mm, is_drawn=True))
        self._making = self._runner.submit(
            lambda _context: _check(piece, pages),
            question.only(self._show_made),
            question.only(self.failed),
        )

    def _show_made(self, answer: tuple[MadeFlyer, tuple[PreviewPage, ...]]) -> None:
        made, pages = answer
        self._made = made
        self._desk.show(made.run.code)
        problems = made.checked.problems
        self._desk.look_once(self._base(made), made.run.code)
        self._set(
            replace(
                self.state,
                is_working=False,
                pages=pages,
                link=made.link,
                problems=tuple(item.message for item in problems if item.is_blocking),
                hints=(
                    *(item.message for item in problems if not item.is_blocking),
                    *self._scene.templates.wrong,
                    *_still_missing(self.state),
                ),
                is_printable=made.checked.is_printable,
                case=made.case,
                overruled=tuple(overruled_line(item, self._zone_name) for item in made.overruled),
                suggested_name=made.name,
                paper_mm=made.paper_mm,
                short=self._short(),
                edge=natural_edge(made.wish.sheet()) if made.wish.back else "",
            )
        )

    @property
    def _zone_name(self) -> str:
        return self._scene.event.time_zone if self._scene.event else HOME_ZONE

    def _saved(self, path: Path, made: MadeFlyer) -> None:
        text = _("Saved as {file}.").format(file=path.name)
        self._set(replace(self.state, message=Message(Tone.GOOD, text)))
        self._desk.keep_printed(made.run, Printed(0, TO_FILE, made.is_short))

    def failed(self, error: Exception) -> None:
        """Say what went wrong, here or at the printer."""
        short = replace(self.state.short, is_looking=False)
        self._set(replace(self.state, is_working=False, short=short, message=failure_message(error)))


def _still_missing(state: FlyersState) -> tuple[str, ...]:
    if state.choices:
        return ()
    return (_("Flyers come from the office: send there once to fetch them. This piece needs none."),)


def _draw(scene: FlyerScene, wish: FlyerWish, code: str) -> tuple[DrawnPiece, tuple[PreviewPage, ...]]:
    piece = draw_flyer_of(scene, wish, code)
    return piece, preview_pages(piece.drawn, piece.wish)


def _check(piece: DrawnPiece, pages: tuple[PreviewPage, ...]) -> tuple[MadeFlyer, tuple[PreviewPage, ...]]:
    made = piece.checked()
    return made, marked_pages(pages, made.checked, made.wish)
