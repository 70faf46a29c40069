"""Scans of filled-in slips: each page finds its contact by the code on it, and is kept with it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from stojnica.domain.attachment import JPEG, SLIP_SCAN
from stojnica.domain.errors import UserFacingError
from stojnica.domain.slip_number import SlipNumber, read_slip_number
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.on_disk import open_plain
from stojnica.printing.photo import LARGEST_BYTES
from stojnica.printing.scanned_page import MOST_PAGES, BadScanError, ScannedPage, scanned_pages
from stojnica.records.slip_queries import contacts_by_number
from stojnica.services.attachments import attach_file
from stojnica.services.capture import CONTACT_UNKNOWN
from stojnica.services.changes import Change
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.stand import StandContext
from stojnica.services.tasks import Progress, Task, WorkContext
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import written_number
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

MOST_FILES = 500
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ScansTaken:
    """Say what came of some files: pages kept, pages that were there, and what is wrong with others."""

    kept: int = 0
    known: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipScansState:
    """Hold what the card shows; `lines` name pages that somebody has to look at."""

    is_working: bool = False
    message: Message | None = None
    lines: tuple[str, ...] = ()


class SlipScansViewModel(ViewModel[SlipScansState]):
    """Take scans in for the event whose slips are typed in; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(SlipScansState())
        self._context = context
        self._event_id: UUID | None = None
        self._task: Task | None = None

    def begin(self, event_id: UUID) -> None:
        """Take scans for this event from now on."""
        if event_id != self._event_id:
            self._event_id = event_id
            self._set(SlipScansState())

    def take(self, paths: Sequence[Path]) -> None:
        """Take files in; each page finds its contact by its code."""
        event_id, store = self._event_id, self._context.store
        if event_id is None or self.state.is_working or not paths:
            return
        self._set(SlipScansState(is_working=True))
        self._task = self._context.runner.submit(
            lambda context: take_scans(store, event_id, paths, context), self._taken, self._failed
        )

    def progress(self) -> Progress | None:
        """Give how far it is."""
        return self._task.progress if self._task is not None and self.state.is_working else None

    def stop(self) -> None:
        """Stop after the page that is being kept; what is kept stays."""
        if self._task is not None:
            self._task.cancel()

    def _taken(self, taken: ScansTaken) -> None:
        message = Message(Tone.WAIT if taken.problems else Tone.GOOD, said_of(taken))
        self._set(SlipScansState(message=message, lines=_shown(taken.problems)))
        self._context.changes.tell(Change.CONTACTS)

    def _failed(self, error: Exception) -> None:
        self._set(replace(SlipScansState(), message=failure_message(error)))


def take_scans(store: Store, event_id: UUID, paths: Sequence[Path], context: WorkContext) -> ScansTaken:
    """Keep each page of these files with the contact whose number it shows. Blocks; not on the UI thread.

    Raises:
        UserFacingError: the disk is full; pages before it are kept.
        CancelledError: a stop was asked for; pages before it are kept.
    """
    desk = _Desk(store, event_id, context)
    for place, path in enumerate(paths[:MOST_FILES]):
        desk.take_file(path, Progress("scans", place, len(paths)))
    if len(paths) > MOST_FILES:
        text = _("Only the first {count} files were taken.").format(count=written_number(MOST_FILES))
        desk.problems.append(text)
    return ScansTaken(desk.kept, desk.known, tuple(desk.problems))


def said_of(taken: ScansTaken) -> str:
    """Say how many pages were kept, and how many were there."""
    text = ngettext(
        "{count} scan is kept with its contact.", "{count} scans are kept with their contacts.", taken.kept
    )
    sentences = [text.format(count=written_number(taken.kept))]
    if taken.known:
        text = ngettext("{count} was there already.", "{count} were there already.", taken.known)
        sentences.append(text.format(count=written_number(taken.known)))
    return " ".join(sentences)


@dataclass(slots=True)
class _Desk:
    store: Store
    event_id: UUID
    context: WorkContext
    kept: int = 0
    known: int = 0
    problems: list[str] = field(default_factory=list)
    contacts: dict[SlipNumber, UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.contacts = self.store.read(
            lambda connection: contacts_by_number(connection, branch_of(connection), self.event_id)
        ).result()

    def take_file(self, path: Path, progress: Progress) -> None:
        """Take all pages of one file; what is wrong with one of them stops no other."""
        self.context.report(progress)
        try:
            for page, found in enumerate(scanned_pages(_read(path)), 1):
                self.context.report(progress)
                self._take_page(f"{path.name[:60]}, {page}", found)
        except BadScanError as error:
            self.problems.append(f"{path.name[:60]}: {_wrong(error)}")

    def _take_page(self, name: str, found: ScannedPage | BadScanError) -> None:
        if isinstance(found, BadScanError):
            self.problems.append(f"{name}: {_wrong(found)}")
            return
        numbers = list(_numbers(found.codes))
        if len(numbers) != 1:
            self.problems.append(f"{name}: {_without_one(len(numbers))}")
            return
        contact = self.contacts.get(numbers[0])
        if contact is None:
            text = _("{number} isn't typed in yet for this event.").format(number=numbers[0])
            self.problems.append(f"{name}: {text}")
            return
        self._keep(name, contact, found)

    def _keep(self, name: str, contact: UUID, found: ScannedPage) -> None:
        try:
            is_new = attach_file(
                self.store, contact, found.jpeg, purpose=SLIP_SCAN, media_type=JPEG, event_id=self.event_id
            )
        except UserFacingError as error:
            if error.code != CONTACT_UNKNOWN:
                raise
            # They were erased while the scans were read: it stops no other page.
            self.problems.append(f"{name}: {error.what}")
            return
        self.kept += is_new
        self.known += not is_new


def _numbers(codes: Sequence[str]) -> Iterator[SlipNumber]:
    for text in dict.fromkeys(codes):
        number = read_slip_number(text).value
        # Other codes may be on a desk, too; ours holds nothing but the number with its check letter.
        if number is not None and text == number.payload:
            yield number


def _without_one(count: int) -> str:
    if count:
        return _(
            "There is more than one slip on it. Scan each by itself, so that nobody's data lies with another."
        )
    return _("No code of a slip could be read on it. Scan it again, straight and whole.")


def _wrong(error: BadScanError) -> str:
    words: dict[str, Callable[[], str]] = {
        "pages": lambda: _("It has more than {count} pages. Scan in several parts.").format(
            count=written_number(MOST_PAGES)
        ),
        "size": lambda: _("The file is empty, or too large."),
        "pixels": lambda: _("The picture has too many dots. Scan with 200 dpi."),
        "slow": lambda: _("The page takes too long to draw. Scan it as a picture."),
        "unreadable": lambda: _("The file can't be read."),
    }
    found = words.get(error.reason)
    return found() if found else _("This is no JPEG, PNG or PDF, or it is damaged.")


def _read(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise BadScanError("unreadable") from error
    if len(data) > LARGEST_BYTES:
        raise BadScanError("size")
    return data


def _shown(problems: Sequence[str]) -> tuple[str, ...]:
    rest = len(problems) - _MOST_SHOWN
    if rest <= 0:
        return tuple(problems)
    text = ngettext("and {count} more page", "and {count} more pages", rest)
    return (*problems[:_MOST_SHOWN], text.format(count=written_number(rest)))


def check_scans_taken(taken: ScansTaken) -> None:
    """Raise when nothing was kept, for the command line.

    Raises:
        UserFacingError: no page could be kept.
    """
    if taken.kept or taken.known:
        return
    raise UserFacingError(
        _("No scan could be kept."),
        safe=_("Nothing was changed."),
        next_step=" ".join(taken.problems[:1]),
        code="no_scan",
    )
