"""Opening a copy on another laptop: by its passphrase, or by a key of the organisation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.central.keys import PROTECTED_FILE
from stojnica.domain.clock import Clock, SystemClock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.copy_settings import SETTINGS, TROUBLE
from stojnica.services.office_vault import open_office
from stojnica.services.stand import HOME_ZONE
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day
from stojnica.storage.home import StoreHome
from stojnica.storage.memory import forget, remember
from stojnica.storage.restore import Opened, Restored, find_copies, key_by_identity, restore_store
from stojnica.storage.slots import Argon2Cost, SlotFile, copy_of, load_slots, slot_opened_by, with_passphrase
from stojnica.sync.classify import COPY_NOTICED
from stojnica.sync.old_copy import note_copy

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MAX_IDENTITY_BYTES = 64 * 1024
IDENTITY = "AGE-SECRET-KEY-"


@dataclass(frozen=True, slots=True, repr=False)
class NewPassphrase:
    """Hold the words that open the restored store, when nobody here knows the old ones."""

    words: str
    cost: Argon2Cost | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CopyWish:
    """Hold which copy is opened, and the words that open it from then on.

    Without an `identity` these are its own; with one of the organisation they are new.
    """

    source: Path
    words: str
    identity: str = ""


def restore_copy(wish: CopyWish, folder: Path, *, cost: Argon2Cost | None = None) -> Restored:
    """Restore a copy as it is wished. Takes seconds.

    Raises:
        UserFacingError: as the two ways below.
    """
    if wish.identity:
        return restore_by_identity(wish.source, folder, wish.identity, NewPassphrase(wish.words, cost))
    return restore_by_passphrase(wish.source, folder, wish.words)


def restore_by_passphrase(
    source: Path, folder: Path, passphrase: str, *, clock: Clock | None = None
) -> Restored:
    """Restore a copy, which opens with its own passphrase as before. Takes seconds.

    Raises:
        UserFacingError: there is a store in the folder; no whole copy; another passphrase.
    """

    def open_slots(slots: SlotFile) -> Opened:
        opened = slot_opened_by(slots, passphrase)
        if opened is None:
            raise _other_words()
        return Opened(opened.key, slots)

    return _restore(source, folder, open_slots, clock)


def restore_by_identity(
    source: Path, folder: Path, identity: str, new: NewPassphrase, *, clock: Clock | None = None
) -> Restored:
    """Restore a copy with the organisation's key; it opens with new words, too. Takes seconds.

    Raises:
        UserFacingError: there is a store in the folder; no whole copy; a key of others.
    """

    def open_slots(slots: SlotFile) -> Opened:
        key = key_by_identity(slots, identity)
        return Opened(key, with_passphrase(slots, key, new.words, cost=new.cost))

    return _restore(source, folder, open_slots, clock)


def _other_words() -> UserFacingError:
    """Tell whose words are meant: whoever stands at another laptop types those of that one first."""
    return UserFacingError(
        _("These words don't open the copy."),
        safe=_("The copy was only read."),
        next_step=_(
            "Type the words of the laptop that the copy is of, in their order."
            " If nobody has them, the office can open the copy with its key."
        ),
        code="wrong_passphrase",
    )


def _restore(
    source: Path, folder: Path, open_slots: Callable[[SlotFile], Opened], clock: Clock | None
) -> Restored:
    return restore_store(source, StoreHome(folder), open_slots, _note, clock or SystemClock())


def _note(connection: "Connection") -> None:
    """Have it told with the next delivery that this is a copy; where its own copies go is chosen anew."""
    remember(connection, COPY_NOTICED, True)
    note_copy(connection)
    forget(connection, SETTINGS)
    forget(connection, TROUBLE)


def read_identity(file: Path) -> str:
    """Read the first key of an age identity file.

    Raises:
        UserFacingError: there is none in it.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_IDENTITY_BYTES).decode("ascii")
    except (OSError, UnicodeDecodeError):
        text = ""
    for line in text.splitlines():
        if line.strip().startswith(IDENTITY):
            return line.strip()
    raise UserFacingError(
        _("There is no key of the organisation in {name}.").format(name=file.name),
        next_step=_("Give the file whose line begins with AGE-SECRET-KEY."),
        code="no_identity",
    )


def is_protected_key(file: Path) -> bool:
    """Tell whether a coordinator's words are needed for a key file of the office."""
    return file.name in (PROTECTED_FILE, copy_of(Path(PROTECTED_FILE)).name)


def identity_for(source: Path, file: Path, words: str) -> str:
    """Give the office's identity out of a key file, if it opens a copy there. Takes a second if protected.

    Raises:
        UserFacingError: there is no key in the file, the words aren't a coordinator's, or it is of others.
    """
    if is_protected_key(file):
        identity = open_office(file.parent, words).secrets.identity
    else:
        identity = read_identity(file)
    faults: list[UserFacingError] = []
    for pair in find_copies(source):
        try:
            key_by_identity(load_slots(pair.slots), identity)
        except UserFacingError as error:
            faults.append(error)
        else:
            return identity
    raise faults[0]


def restored_text(restored: Restored) -> str:
    """Say how many contacts were restored, and until when the copy goes."""
    if not restored.facts:
        return _("The copy is open. It holds nothing that was collected.")
    local = local_time(restored.until, HOME_ZONE)
    text = ngettext(
        "The copy is open, with {count} contact. Its last entry is of {day}, {time}.",
        "The copy is open, with {count} contacts. Its last entry is of {day}, {time}.",
        restored.contacts,
    )
    return text.format(
        count=written_number(restored.contacts),
        day=written_short_day(local.date()),
        time=written_clock(local),
    )


def passed_over_text(restored: Restored) -> str:
    """Say that newer copies were damaged; "" when there were none."""
    number = len(restored.passed_over)
    if not number:
        return ""
    text = ngettext(
        "{count} newer copy is damaged; it was left as it is.",
        "{count} newer copies are damaged; they were left as they are.",
        number,
    )
    return text.format(count=written_number(number))


def holding_more_text(restored: Restored) -> str:
    """Say which copies beside it hold what it doesn't, and what to do with them; "" when there are none."""
    number = len(restored.holding_more)
    if not number:
        return ""
    text = ngettext(
        "{count} other copy in that place holds records that this one doesn’t have: {files}. Open it, too, on"
        " another laptop or in an empty folder, and send to the office from there.",
        "{count} other copies in that place hold records that this one doesn’t have: {files}. Open them, too,"
        " each on another laptop or in an empty folder, and send to the office from there.",
        number,
    )
    return text.format(
        count=written_number(number), files=", ".join(path.name for path in restored.holding_more)
    )
