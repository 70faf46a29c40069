"""Print runs on the page *Flyers*: what is known of a run's short link, preparing it, seeing it work."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from stojnica.domain.print_run import Printed
from stojnica.domain.redirects import short_link
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.message import Message, Tone
from stojnica.services.print_runs import (
    KnownRuns,
    RunWish,
    forget_seen,
    known_runs,
    note_printed,
    note_seen,
    prepare_run,
)
from stojnica.services.short_link_check import LinkFinding, look_at_short_link
from stojnica.services.tasks import TaskRunner
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.store import Store
from stojnica.sync.short_links import FixedLook, LinkLook

PREPARE, LOOK = "prepare", "look"
MOST_LOOKS = 50
"""How many short links are looked at unasked at most, as long as the program runs."""


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


class RunDesk:
    """Keep what happens to an event's print runs, and look whether short links work; UI thread alone.

    `changed` is called whenever there is something new to show.
    """

    def __init__(
        self,
        store: Store,
        runner: TaskRunner,
        look: LinkLook | None,
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.known = KnownRuns()
        self.fresh_code = ""
        self._store = store
        self._runner = runner
        # Without a web of its own, as in a practice, nothing is looked at unasked.
        self._looks_by_itself = look is not None
        self._look = look or FixedLook()
        self._looked_at: set[str] = set()
        self._changed = changed
        self._failed = failed
        self._event_id: UUID | None = None
        self._shown_code = ""
        self._said: Message | None = None

    def follow(self, event_id: UUID | None, known: KnownRuns) -> None:
        """Work for this event from now on."""
        self._event_id, self.known = event_id, known

    def show(self, code: str) -> None:
        """Have the run of this code on the page; what was said of another one is over."""
        if code != self._shown_code:
            self._said = None
        self._shown_code = self.fresh_code = code

    def short(self, base: str, wish: RunWish, zone_name: str) -> ShortLink:
        """Give what the page shows of a run's short link."""
        return short_link_of(self.known, base, wish, zone_name, self._said)

    def keep_printed(self, wish: RunWish, printed: Printed) -> None:
        """Keep that a run was printed or saved."""
        # Its code is given out from now on, whatever is chosen before the store has answered.
        self.fresh_code = ""
        future = note_printed(self._store, wish, printed)
        self._runner.when(future, lambda _run: self._reread(), self._failed)

    def prepare(self, wish: RunWish, base: str = "") -> None:
        """Keep a run's code and where it leads, so that the office can set its short link up."""
        self.fresh_code = ""
        self._runner.when(
            prepare_run(self._store, wish), lambda _run: self._prepared(base, wish.code), self._failed
        )

    def look_once(self, base: str, code: str) -> None:
        """Look unasked whether a prepared run's short link works, once as long as the program runs.

        Only good news is told: without internet, or before the office has set it up, nothing has changed.
        """
        run = next((run for run in self.known.runs if run.code == code and not run.is_printed), None)
        is_new = code not in self._looked_at and code not in self.known.seen
        if not (self._looks_by_itself and base and run and is_new):
            return
        if len(self._looked_at) < MOST_LOOKS:
            self._looked_at.add(code)
            self._runner.submit(
                lambda _context: look_at_short_link(self._look, base, run),
                lambda finding: self._found(code, finding) if finding.works else None,
                _say_nothing,
            )

    def look(self, base: str, code: str) -> bool:
        """Ask the web server, off the UI thread, and remember what it said; False for a code of no run."""
        run = next((run for run in self.known.runs if run.code == code), None)
        if run is None or not base:
            return False
        self._runner.submit(
            lambda _context: look_at_short_link(self._look, base, run),
            lambda finding: self._found(code, finding),
            self._failed,
        )
        return True

    def _prepared(self, base: str, code: str) -> None:
        self._say(None, lambda: self.look_once(base, code))

    def _found(self, code: str, finding: LinkFinding) -> None:
        if finding.works:
            self._runner.when(note_seen(self._store, code), lambda _at: self._say(None), self._failed)
            return
        said = Message(Tone.BAD if finding.is_known else Tone.WAIT, finding.sentence)
        if finding.is_known:
            future = forget_seen(self._store, code)
            self._runner.when(future, lambda _none: self._say(said), self._failed)
        else:
            self._say(said)

    def _say(self, said: Message | None, then: Callable[[], None] | None = None) -> None:
        self._said = said
        self._reread(then)

    def _reread(self, then: Callable[[], None] | None = None) -> None:
        event_id = self._event_id
        future = self._store.read(lambda connection: known_runs(connection, event_id))

        def take(known: KnownRuns) -> None:
            self._take(event_id, known)
            if then is not None:
                then()

        self._runner.when(future, take, self._failed)

    def _take(self, event_id: UUID | None, known: KnownRuns) -> None:
        # Of an event that was left meanwhile nothing is shown with the next one.
        if event_id == self._event_id:
            self.known = known
            self._changed()


def _say_nothing(_error: Exception) -> None:
    """Nobody asked for this look."""
