"""The second copy: where it goes, when it was made, and what keeps it from being made."""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.services.copies_in_short import HERE
from stojnica.services.copy_settings import DAMAGED, TROUBLE, copy_settings
from stojnica.services.tasks import Progress, WorkContext
from stojnica.storage.copies import make_copy, mark_of
from stojnica.storage.copies_leaving import (
    expire,
    expire_files_before_steps,
    is_whole,
    settle_begun,
    take_away,
)
from stojnica.storage.copy_faults import place_fault, place_gone
from stojnica.storage.engine import check_file
from stojnica.storage.home import OpenStore
from stojnica.storage.made_copies import (
    MadeCopy,
    begun_copies,
    copies_with_erased,
    known_copies,
    remember_begun,
    remember_copies,
)
from stojnica.storage.memory import recall, remember
from stojnica.storage.reachable import is_folder
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

DISK_FULL = "disk_full"


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
        return self._opened.home.folder / HERE

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
