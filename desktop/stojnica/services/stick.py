"""Delivering without internet: a file on a stick for the office, and the office's receipt back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.on_disk import open_plain
from stojnica.services.changes import Change, Changes
from stojnica.services.delivery_state import is_compared_by_all
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.tasks import Progress, Task, TaskRunner, WorkContext, known_error
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.stick_files import StickFile, stick_files
from stojnica.storage.stick_waiting import waiting_files
from stojnica.storage.store import Store
from stojnica.sync.orders import no_copies_renewed
from stojnica.sync.receipt_file import MAX_RECEIPT_BYTES
from stojnica.sync.stick_export import Written, export_to_stick
from stojnica.sync.stick_file import SUFFIX
from stojnica.sync.stick_receipt import Received, receive

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SHOWN_FILES = 3
IDLE, WRITING, RECEIVING = "idle", "writing", "receiving"


@dataclass(frozen=True, slots=True)
class StickLine:
    """Hold one file that waits for its receipt."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class StickState:
    """Hold what the card shows; `lines` are the newest files whose receipt is still worth something."""

    phase: str = IDLE
    message: Message | None = None
    lines: tuple[StickLine, ...] = ()
    can_receive: bool = False

    @property
    def is_busy(self) -> bool:
        """Tell whether something is under way."""
        return self.phase != IDLE


class StickViewModel(ViewModel[StickState]):
    """Write files to sticks and take receipts in; UI thread alone.

    `received` is called when a receipt confirmed something, after it was told as a change; `renew_copies`
    when it had somebody erased, in a thread of the runner.
    """

    def __init__(
        self,
        store: Store,
        runner: TaskRunner,
        changes: Changes,
        received: Callable[[], None],
        zone_name: str = "Europe/Ljubljana",
        renew_copies: Callable[[], bool] = no_copies_renewed,
    ) -> None:
        super().__init__(StickState())
        self._store = store
        self._runner = runner
        self._changes = changes
        self._hear_received = received
        self._renew_copies = renew_copies
        self._zone_name = zone_name
        self._task: Task | None = None
        # What goes over the internet, or came in a later file, waits for no receipt any more.
        changes.subscribe(self._hear)

    @property
    def progress(self) -> Progress | None:
        """Give how far the work is; polled every 100 ms while busy."""
        return self._task.progress if self._task is not None and self.state.is_busy else None

    def refresh(self) -> None:
        """Look again which files wait for their receipt."""
        self._runner.when(self._store.read(_look), self._show_files, self._not_shown)

    def write_to(self, folder: Path) -> None:
        """Write what the office doesn't have to a stick; everything, where only that brings a proof."""
        if self.state.is_busy:
            return
        self._set(replace(self.state, phase=WRITING, message=None))
        self._task = self._runner.submit(
            lambda context: self._export(folder, context),
            self._written,
            self._failed,
        )

    def _export(self, folder: Path, context: WorkContext) -> Written:
        is_all = self._store.read(is_compared_by_all).result()
        return export_to_stick(self._store, folder, WorkSteps(context), is_all=is_all)

    def receive(self, path: Path) -> None:
        """Take in the office's receipt."""
        if self.state.is_busy:
            return
        self._set(replace(self.state, phase=RECEIVING, message=None))
        self._task = self._runner.submit(
            lambda _context: receive(self._store, read_receipt_file(path), self._renew_copies),
            self._received,
            self._failed,
        )

    def cancel(self) -> None:
        """Stop after the batch that is being written; no file stays behind."""
        if self._task is not None:
            self._task.cancel()

    def _hear(self, changed: frozenset[Change]) -> None:
        if Change.DELIVERY in changed:
            self.refresh()

    def _show_files(self, looked: "_Files") -> None:
        lines = tuple(self._line(one) for one in looked.waiting[:_SHOWN_FILES])
        self._set(replace(self.state, lines=lines, can_receive=looked.has_any))

    def _line(self, one: StickFile) -> StickLine:
        moment = local_time(one.made_at, self._zone_name)
        return StickLine(
            # Its ending tells nobody at the stand anything, and would break the line.
            one.name.removesuffix(SUFFIX),
            _("{contacts} · {day} at {hour}").format(
                contacts=_contacts(one.contacts),
                day=written_short_day(moment.date()),
                hour=written_clock(moment),
            ),
        )

    def _written(self, written: Written) -> None:
        self._end(written_message(written))

    def _received(self, received: Received) -> None:
        self._end(received_message(received))
        gone = (Change.CONTACTS, Change.COUNTS) if received.erased else ()
        self._changes.tell(Change.DELIVERY, *gone)
        self._hear_received()

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is None:
            message = Message(
                Tone.WAIT, _("Stopped. No file was left on the stick; everything is still here.")
            )
        self._end(message)

    def _end(self, message: Message) -> None:
        self._task = None
        self._set(replace(self.state, phase=IDLE, message=message))
        self.refresh()

    @staticmethod
    def _not_shown(error: Exception) -> None:
        # A store that can't be read is told by the page itself.
        known_error(error)


@dataclass(frozen=True, slots=True)
class _Files:
    """Hold the files whose receipt is still worth something, and whether any was ever written."""

    waiting: list[StickFile]
    has_any: bool


def _look(connection: "Connection") -> _Files:
    files = stick_files(connection)
    # Where all is confirmed and nothing was compared, any receipt may bring the comparison.
    if is_compared_by_all(connection):
        return _Files([one for one in files if not one.is_received], bool(files))
    return _Files(waiting_files(connection), bool(files))


class WorkSteps:
    """Hand the steps on as progress, and hear the stop; on the command line there is nobody to hear."""

    def __init__(self, context: WorkContext | None) -> None:
        self._context = context

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Publish it."""
        if self._context is not None:
            self._context.report(Progress(name, done, total))


def read_receipt_file(path: Path) -> bytes:
    """Read a receipt as it came, bounded.

    Raises:
        UserFacingError: it can't be read.
    """
    try:
        with open_plain(path) as file:
            return file.read(MAX_RECEIPT_BYTES + 1)
    except OSError as error:
        raise UserFacingError(
            _("The receipt can't be read."),
            safe=_("Nothing was changed."),
            next_step=_("Check the name of the file, and that the stick is still plugged in."),
            code="unreadable_file",
        ) from error


def stage_words(stage: str) -> str:
    """Say what is being done; the panel beside it shows the counts."""
    texts = {
        "look": _("Looking what the office doesn't have yet …"),
        "write": _("Writing the encrypted file …"),
        "check": _("Reading the file back from the stick …"),
    }
    return texts.get(stage, _("One moment …"))


def written_message(written: Written) -> Message:
    """Say what lies on the stick, how large it is, and what to do with it; the list below names the file."""
    size = written_size(sum(one.size for one in written.files))
    if written.contacts:
        what = ngettext(
            "{count} contact is in the encrypted file ({size}).",
            "{count} contacts are in the encrypted file ({size}).",
            written.contacts,
        ).format(count=written_number(written.contacts), size=size)
    elif not written.facts:
        what = ngettext(
            "{count} erased record is told of in the encrypted file ({size}).",
            "{count} erased records are told of in the encrypted file ({size}).",
            written.erased,
        ).format(count=written_number(written.erased), size=size)
    else:
        what = ngettext(
            "{count} record is in the encrypted file ({size}).",
            "{count} records are in the encrypted file ({size}).",
            written.facts,
        ).format(count=written_number(written.facts), size=size)
    more = len(written.files) - 1
    if more:
        text = ngettext("{count} more file belongs to it.", "{count} more files belong to it.", more)
        what = f"{what} {text.format(count=more)}"
    return Message(
        Tone.GOOD,
        what,
        safe=_("Everything stays here until the office's receipt comes back."),
        next_step=_("Eject the stick and give it to somebody who goes to the office."),
    )


def received_message(received: Received) -> Message:
    """Say what the receipt confirmed, with the code that the office sees."""
    code = received.whole_code or received.code
    if received.facts == received.of_facts:
        what = ngettext(
            "The office has all that is in {name}: {done} of {total} record · {code}",
            "The office has all that is in {name}: {done} of {total} records · {code}",
            received.of_facts,
        )
        tone = Tone.GOOD
    else:
        what = ngettext(
            "The office has {done} of {total} record of {name} · {code}. The rest waits here.",
            "The office has {done} of {total} records of {name} · {code}. The rest waits here.",
            received.of_facts,
        )
        tone = Tone.WAIT
    said = what.format(
        name=received.name.removesuffix(SUFFIX),
        done=written_number(received.facts),
        total=written_number(received.of_facts),
        code=code,
    )
    if not received.orders:
        return Message(tone, said)
    return Message(tone, said.rstrip(".") + ".", next_step=orders_words(received))


def orders_words(received: Received) -> str:
    """Say what the office's receipt had erased here, and that the office has to hear so."""
    if not received.erased:
        return _(
            "The office ordered somebody to be erased; nothing of them was here. Write to a stick once more,"
            " so that the office hears of it."
        )
    text = ngettext(
        "By order of the office {count} record was erased here. Write to a stick once more, so that the"
        " office hears of it.",
        "By order of the office {count} records were erased here. Write to a stick once more, so that the"
        " office hears of it.",
        received.erased,
    )
    return text.format(count=written_number(received.erased))


def written_size(count: int) -> str:
    """Give a number of bytes for people."""
    if count < 1_000_000:
        return _("{count} KB").format(count=written_number(max(1, round(count / 1000))))
    return _("{count} MB").format(count=written_number(round(count / 1_000_000)))


def _contacts(count: int) -> str:
    return ngettext("{count} contact", "{count} contacts", count).format(count=written_number(count))
