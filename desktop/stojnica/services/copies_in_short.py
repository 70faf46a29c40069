"""What is noted of copies, for the status line, the checks and *Settings*, and how it is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.copy_settings import DAMAGED, TROUBLE, CopySettings, copy_settings
from stojnica.services.written_time import written_duration, written_number
from stojnica.storage.made_copies import MadeCopy, begun_copies, copies_with_erased, known_copies, said_gone
from stojnica.storage.memory import recall

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HERE = "copies"
MINUTE_US = 60_000_000
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """Hold what is noted of one stick or folder beside this laptop: how many copies, and the newest of them.

    `holds_erased`: one may hold somebody who was erased since.
    """

    folder: str
    folder_id: str
    number: int
    newest: MadeCopy
    holds_erased: bool


@dataclass(frozen=True, slots=True)
class CopiesInShort:
    """Hold what the status line and the check before leaving say about copies.

    `here` and `there` are the newest copy on this laptop and at the chosen place. `trouble` is a constant
    word for what kept the last one from being made: of the store, or of the chosen place. `holds_erased`
    names a folder with a copy from before somebody was erased, "" for none, or none but what a person said
    to be gone. `places` are the sticks and folders with copies, the one that was used last at the end.
    """

    settings: CopySettings = field(default_factory=CopySettings)
    here: MadeCopy | None = None
    there: MadeCopy | None = None
    number_here: int = 0
    number_there: int = 0
    trouble: str = ""
    holds_erased: str = ""
    places: tuple[CopyPlace, ...] = ()

    @property
    def last(self) -> MadeCopy | None:
        """Give the newest copy that would survive the loss of this laptop, or else the newest one here."""
        return self.there or self.here

    @property
    def is_damaged(self) -> bool:
        """Tell whether the store itself is damaged."""
        return self.trouble == DAMAGED


NO_COPIES = CopiesInShort()


def copies_in_short(connection: "Connection") -> CopiesInShort:
    """Look at what is noted; touches no stick, for a reader must not wait for one."""
    settings, known = copy_settings(connection), known_copies(connection)
    there = [item for item in known if item.folder == settings.place]
    # Of several sticks that were mounted there, the one that was used last.
    there = [item for item in there if item.folder_id == there[-1].folder_id]
    here = [item for item in known if _is_here(item)]
    said = set(said_gone(connection))
    with_erased = [item for item in copies_with_erased(connection) if item not in said]
    return CopiesInShort(
        settings,
        here[-1] if here else None,
        there[-1] if there else None,
        len(here),
        len(there),
        str(recall(connection, TROUBLE, "")),
        next((item.folder for item in with_erased), ""),
        _places((*known, *begun_copies(connection)), with_erased),
    )


def _is_here(copy: MadeCopy) -> bool:
    return Path(copy.folder).name == HERE


def _places(copies: Sequence[MadeCopy], with_erased: Sequence[MadeCopy]) -> tuple[CopyPlace, ...]:
    by_place: dict[tuple[str, str], list[MadeCopy]] = {}
    for item in sorted(copies, key=lambda one: one.number, reverse=True):
        if not _is_here(item):
            by_place.setdefault((item.folder, item.folder_id), []).append(item)
    found = [
        CopyPlace(*place, len(items), items[0], any(item in with_erased for item in items))
        for place, items in by_place.items()
    ]
    return tuple(reversed(found))


def written_age(made_at: int, now_us: int) -> str:
    """Write how long ago a copy was made: "just now", "8 min ago", "2 days ago"."""
    minutes = max(0, now_us - made_at) // MINUTE_US
    if minutes == 0:
        return _("just now")
    if minutes < DAY_MINUTES:
        return _("{duration} ago").format(duration=written_duration(minutes * MINUTE_US))
    days = minutes // DAY_MINUTES
    return ngettext("{count} day ago", "{count} days ago", days).format(count=written_number(days))


def copy_segment(copies: CopiesInShort, now_us: int) -> tuple[str, str]:
    """Give tone and text of the status line; the age is strong."""
    if copies.is_damaged:
        return "bad", _("**The file with the contacts is damaged**: look at Settings")
    if copies.last is None:
        return ("wait" if copies.trouble else "", _("No copy yet"))
    age = f"**{written_age(copies.last.made_at, now_us)}**"
    if copies.holds_erased:
        return "wait", _("Somebody who was erased is still in a copy: look at Settings")
    if copies.settings.place and copies.there is None and copies.here is not None:
        return "wait", _("Copy only on this laptop: {age}").format(age=age)
    if copies.trouble:
        return "wait", _("Last copy: {age}; look at Settings").format(age=age)
    return "", _("Copy: {age}").format(age=age)
