"""The second copy: where it goes, when it was made, and what keeps it from being made."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.tasks import Progress, WorkContext
from stojnica.services.written_time import written_duration, written_number
from stojnica.storage.copies import (
    KEPT_DAYS,
    MadeCopy,
    begun_copies,
    copies_with_erased,
    expire,
    expire_files_before_steps,
    is_whole,
    known_copies,
    make_copy,
    mark_of,
    remember_begun,
    remember_copies,
    settle_begun,
    take_away,
)
from stojnica.storage.copy_faults import place_fault, place_gone
from stojnica.storage.engine import check_file
from stojnica.storage.home import OpenStore
from stojnica.storage.memory import recall, remember
from stojnica.storage.reachable import is_folder
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SETTINGS = "copies_settings"
TROUBLE = "copies_trouble"
DAMAGED = "store_damaged"
DISK_FULL = "disk_full"
FOLDER = "Stojnica"
MINUTES = (5, 10, 30)
DAYS = (7, 14, 30)
"""What can be chosen: how often one is made, and when all but the newest go."""
MINUTE_US = 60_000_000
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class CopySettings:
    """Hold what was chosen for this laptop: a second place ("" for none), how often, and kept how long."""

    place: str = ""
    minutes: int = 10
    days: int = KEPT_DAYS


@dataclass(frozen=True, slots=True)
class CopiesInShort:
    """Hold what the status line and the check before leaving say about copies.

    `here` and `there` are the newest copy on this laptop and at the chosen place. `trouble` is a constant
    word for what kept the last one from being made: of the store, or of the chosen place. `holds_erased`
    names a folder with a copy from before somebody was erased, "" for none.
    """

    settings: CopySettings = CopySettings()
    here: MadeCopy | None = None
    there: MadeCopy | None = None
    number_here: int = 0
    number_there: int = 0
    trouble: str = ""
    holds_erased: str = ""

    @property
    def last(self) -> MadeCopy | None:
        """Give the newest copy that would survive the loss of this laptop, or else the newest one here."""
        return self.there or self.here

    @property
    def is_damaged(self) -> bool:
        """Tell whether the store itself is damaged."""
        return self.trouble == DAMAGED


NO_COPIES = CopiesInShort()


def copy_settings(connection: "Connection") -> CopySettings:
    """Give what was chosen; what isn't of the right kind takes its default."""
    kept = recall(connection, SETTINGS, {})
    known: dict[str, Any] = {
        name: value
        for name, value in (kept.items() if isinstance(kept, Mapping) else ())
        if name in CopySettings.__slots__ and type(value) is type(getattr(CopySettings(), name))
    }
    return replace(CopySettings(), **known)


def copies_in_short(connection: "Connection") -> CopiesInShort:
    """Look at what is noted; touches no stick, for a reader must not wait for one."""
    settings = copy_settings(connection)
    there = [item for item in known_copies(connection) if item.folder == settings.place]
    here = [item for item in known_copies(connection) if Path(item.folder).name == _HERE]
    return CopiesInShort(
        settings,
        here[-1] if here else None,
        there[-1] if there else None,
        len(here),
        len(there),
        str(recall(connection, TROUBLE, "")),
        next((item.folder for item in copies_with_erased(connection)), ""),
    )


_HERE = "copies"


@dataclass(frozen=True, slots=True)
class CopyOutcome:
    """Hold the newest copy of each place, and what went wrong; without a fault all places have one."""

    made: tuple[MadeCopy, ...]
    faults: tuple[UserFacingError, ...]


class _Noted(NamedTuple):
    known: tuple[MadeCopy, ...]
    begun: tuple[MadeCopy, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    only_if_changed: bool
    context: WorkContext | None = None

    def report(self, done: int, total: int) -> None:
        if self.context is not None:
            self.context.report(Progress("copy", done, total))


class CopyKeeper:
    """Make copies on this laptop and at the chosen place, one at a time, and take the oldest away.

    Any thread but those of the store and of the screen: a stick can be slow.
    """

    def __init__(self, opened: OpenStore) -> None:
        self._opened = opened
        self._turn = threading.Lock()
        self._unnoted: _Noted | None = None

    @property
    def here(self) -> Path:
        """Give the folder of copies beside the store."""
        return self._opened.home.folder / _HERE

    def copy(self, context: WorkContext | None = None, *, only_if_changed: bool = False) -> CopyOutcome:
        """Make a copy at each place; `only_if_changed` takes one that holds the same for it.

        Raises:
            CancelledError: a stop was asked for, or the store is being closed.
        """
        with self._turn:
            self._settle_begun()
            return self._copy_each(_Wish(only_if_changed, context))

    def renew(self) -> bool:
        """Make copies anew where one may hold somebody who was erased; tell whether none is left.

        One on a stick that isn't plugged in is left: the next copy there, or calling this again, goes on. A
        copy that is being made now is waited for.

        Raises:
            CancelledError: the store is being closed.
        """
        with self._turn:
            self._settle_begun()
            if self._with_erased():
                self._copy_each(_Wish(only_if_changed=True))
            return not self._with_erased()

    def expire(self) -> None:
        """Take away what is too old by what is chosen now; waits for a copy that is being made.

        What lies on a stick that isn't plugged in goes with the next copy there.
        """
        with self._turn:
            store = self._opened.store
            settings = store.read(copy_settings).result()
            left, begun = self._noted()
            for folder in sorted({item.folder for item in left}):
                left = expire(left, Path(folder), now_us=store.clock.now_us(), days=settings.days)
            self._note(left, begun)

    def _copy_each(self, wish: _Wish) -> CopyOutcome:
        settings = self._opened.store.read(copy_settings).result()
        made: list[MadeCopy] = []
        faults: list[UserFacingError] = []
        places = [self.here, *([Path(settings.place)] if settings.place else ())]
        for folder in places:
            try:
                made.append(self._copy_into(folder, settings.days, wish))
            except UserFacingError as error:
                faults.append(error)
                if error.code == DAMAGED:
                    break
        if made:
            self._clear_earlier_places(places)
        self._note_trouble(faults[-1].code if faults else "")
        return CopyOutcome(tuple(made), tuple(faults))

    def _clear_earlier_places(self, places: Sequence[Path]) -> None:
        """Take away what holds somebody erased where no copies are made any more, if it can be reached."""
        used = {str(folder) for folder in places}
        leaving = [item for item in self._with_erased() if item.folder not in used]
        if leaving:
            known, begun = self._noted()
            self._note(take_away(known, leaving), begun)

    def _with_erased(self) -> tuple[MadeCopy, ...]:
        return self._opened.store.read(copies_with_erased).result()

    def look_whole(self) -> None:
        """Read the whole store once; copies do so as well, but nothing may have changed for days.

        Raises:
            UserFacingError: it is damaged.
        """
        try:
            self._opened.store.look_slowly(check_file).result()
        except UserFacingError as error:
            self._note_trouble(error.code)
            raise

    def _copy_into(self, folder: Path, days: int, wish: _Wish) -> MadeCopy:
        store = self._opened.store
        known, mark = self._noted().known, store.read(mark_of).result()
        old = {item for item in self._with_erased() if item.folder == str(folder)}
        try:
            if folder == self.here:
                folder.mkdir(mode=0o700, exist_ok=True)
            elif not is_folder(folder):
                raise place_gone(folder)
            newest = next((item for item in reversed(known) if item.folder == str(folder)), None)
            is_same = newest is not None and newest.mark == mark and not old and is_whole(newest)
            if wish.only_if_changed and newest is not None and is_same:
                return newest
        except OSError as error:
            raise place_fault(error, folder) from error
        try:
            made = make_copy(self._opened, folder, known, wish.report, self._note_begun)
        except (UserFacingError, CancelledError):
            with contextlib.suppress(UserFacingError, RuntimeError):
                # A store that is full or being closed looks at it before the next copy.
                self._settle_begun()
            raise
        now_us = store.clock.now_us()
        left = expire((*known, made), folder, now_us=now_us, days=days)
        expire_files_before_steps(self._opened.home.database, now_us=now_us, days=days)
        self._note(left, self._begun_besides(made))
        return made

    def _note_begun(self, copy: MadeCopy) -> None:
        self._note(self._noted().known, (*self._begun_besides(copy), copy))

    def _begun_besides(self, copy: MadeCopy) -> tuple[MadeCopy, ...]:
        return tuple(item for item in self._noted().begun if item.path != copy.path)

    def _settle_begun(self) -> None:
        """Find out what became of copies whose making was cut short, or whose stick was pulled."""
        known, begun = self._noted()
        if begun or self._unnoted is not None:
            whole, away = settle_begun(begun)
            self._note((*known, *whole), away)

    def _noted(self) -> "_Noted":
        if self._unnoted is not None:
            return self._unnoted
        return self._opened.store.read(lambda one: _Noted(known_copies(one), begun_copies(one))).result()

    def _note(self, known: Sequence[MadeCopy], begun: Sequence[MadeCopy]) -> None:
        """Keep which copies there are; what this disk has no room for is kept when it has.

        A laptop whose own disk is full needs its copy on the stick more than any other.
        """

        def keep(unit: UnitOfWork) -> None:
            remember_copies(unit.connection, known)
            remember_begun(unit.connection, begun)

        try:
            self._write(keep)
            self._unnoted = None
        except UserFacingError as error:
            if error.code != DISK_FULL:
                raise
            self._unnoted = _Noted(tuple(known), tuple(begun))

    def _note_trouble(self, code: str) -> None:
        with contextlib.suppress(UserFacingError):
            # A damaged or full store may refuse even this; it was told to who asked.
            if self._opened.store.read(lambda one: recall(one, TROUBLE, "")).result() != code:
                self._write(lambda unit: remember(unit.connection, TROUBLE, code))

    def _write(self, change: Any) -> None:
        def job(unit: UnitOfWork) -> None:
            change(unit)
            unit.commit()

        self._opened.store.write(job, Priority.BACKGROUND).result()


def choose_copy_place(store: Store, chosen: Path) -> str:
    """Take a folder or stick as second place for copies: a folder of ours in it. Blocks the caller.

    Raises:
        UserFacingError: nothing can be written there.
    """
    folder = chosen if chosen.name == FOLDER else chosen / FOLDER
    try:
        if not is_folder(chosen):
            raise place_gone(chosen)
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".stojnica-") as file:
            file.write(b"stojnica")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise place_fault(error, chosen) from error
    change_copy_settings(store, place=str(folder.absolute())).result()
    return str(folder)


def change_copy_settings(store: Store, **changed: object) -> "Future[CopySettings]":
    """Keep other settings of copies; those that aren't named stay. Without a place, its trouble is over."""

    def keep(unit: UnitOfWork) -> CopySettings:
        known: dict[str, Any] = dict(changed)
        settings = replace(copy_settings(unit.connection), **known)
        kept = {name: getattr(settings, name) for name in CopySettings.__slots__}
        remember(unit.connection, SETTINGS, kept)
        if "place" in changed and recall(unit.connection, TROUBLE, "") != DAMAGED:
            remember(unit.connection, TROUBLE, "")
        unit.commit()
        return settings

    return store.write(keep, Priority.BACKGROUND)


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
