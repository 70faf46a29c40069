"""The short link of a print run on the page *Flyers*: what is known of it, preparing it, seeing it work."""

from collections.abc import Callable
from dataclasses import dataclass

from stojnica.domain.print_run import PrintRun
from stojnica.domain.redirects import short_link
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.message import Message, Tone
from stojnica.services.print_runs import KnownRuns, RunWish, forget_seen, note_seen, prepare_run
from stojnica.services.short_link_check import LinkFinding, look_at_short_link
from stojnica.services.tasks import TaskRunner
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.store import Store
from stojnica.sync.short_links import LinkLook

PREPARE, LOOK = "prepare", "look"


@dataclass(frozen=True, slots=True)
class ShortLink:
    """Hold what the page shows of it; `step` is what can be done next, `tone` good, wait or bad."""

    sentence: str = ""
    tone: str = ""
    step: str = ""
    is_looking: bool = False
    printed: str = ""


def short_link_of(
    known: KnownRuns, base: str, wish: RunWish, zone_name: str, said: Message | None = None
) -> ShortLink:
    """Say in words what is known; without a base of the office only what was printed.

    `said` is what a look over the network said just now, and goes before what was known.
    """
    printed = _printed(known)
    if not base:
        return ShortLink(printed=printed)
    if not any(run.code == wish.code for run in known.runs):
        return ShortLink("", "", PREPARE, printed=printed)
    if said is not None:
        return ShortLink(said.text, said.tone, LOOK, printed=printed)
    at = known.seen.get(wish.code)
    if at is None:
        text = _("{link}: not seen to work yet, so the whole link is printed. The office sets it up.")
        link = short_link(base, wish.code).removeprefix("https://")
        return ShortLink(text.format(link=link), "wait", LOOK, printed=printed)
    moment = local_time(at, zone_name)
    text = _("Seen to work on {day} at {time}.").format(
        day=written_short_day(moment.date()), time=written_clock(moment)
    )
    return ShortLink(text, "good", LOOK, printed=printed)


def _printed(known: KnownRuns) -> str:
    pieces = sum(run.pieces for run in known.runs)
    if not pieces:
        return ""
    text = ngettext("{count} piece printed on this laptop", "{count} pieces printed on this laptop", pieces)
    return text.format(count=written_number(pieces))


class ShortLinkDesk:
    """Prepare a run's short link and look whether it works; `done` is told what to say then."""

    def __init__(
        self,
        store: Store,
        runner: TaskRunner,
        look: LinkLook,
        done: Callable[[Message | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._runner = runner
        self._look = look
        self._done = done
        self._failed = failed

    def prepare(self, wish: RunWish) -> None:
        """Keep its code and where it leads."""
        self._runner.when(prepare_run(self._store, wish), lambda _run: self._done(None), self._failed)

    def look(self, base: str, run: PrintRun) -> None:
        """Ask the web server, off the UI thread, and remember what it said."""
        self._runner.submit(
            lambda _context: look_at_short_link(self._look, base, run),
            lambda finding: self._found(run, finding),
            self._failed,
        )

    def _found(self, run: PrintRun, finding: LinkFinding) -> None:
        if finding.works:
            self._runner.when(note_seen(self._store, run.code), lambda _at: self._done(None), self._failed)
            return
        message = Message(Tone.WAIT if not finding.is_known else Tone.BAD, finding.sentence)
        if finding.is_known:
            future = forget_seen(self._store, run.code)
            self._runner.when(future, lambda _none: self._done(message), self._failed)
        else:
            self._done(message)
