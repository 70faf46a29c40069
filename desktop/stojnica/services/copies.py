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
    found_again,
    is_whole,
    settle_begun,
    take_away,
    turned_up,
)
from stojnica.storage.copy_faults import copies_are_there, place_fault, place_gone
from stojnica.storage.copy_folders import UNMARKED, is_folder_of, mark_folder
from stojnica.storage.engine import check_file
from stojnica.storage.home import OpenStore
from stojnica.storage.made_copies import (
    MadeCopy,
    begun_copies,
    copies_with_erased,
    known_copies,
    remember_begun,
    remember_copies,
    remember_said_gone,
    said_gone,
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
            left = take_away(leaving, leaving)
            gone = {(item.path, item.salt) for item in leaving if item not in left}
            self._note([item for item in known if (item.path, item.salt) not in gone], begun)
            said = self._said()
            still = tuple(item for item in said if (item.path, item.salt) not in gone)
            if still != said:
                self._keep_said(still)

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
        try:
            folder_id = self._reach(folder)
            known = self._look_again(folder, folder_id)
            newest = next((item for item in reversed(known) if item.is_of(folder, folder_id)), None)
            if wish.only_if_changed and newest is not None and self._is_good(newest, folder, folder_id):
                return newest
        except OSError as error:
            raise place_fault(error, folder) from error
        try:
            made = make_copy(self._opened, folder, known, wish.report, self._note_begun, folder_id)
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

    def _reach(self, folder: Path) -> str:
        """Give the mark of the folder that is there now; beside the store there is no other than the one."""
        if folder == self.here:
            folder.mkdir(mode=0o700, exist_ok=True)
            return ""
        if not is_folder(folder):
            raise place_gone(folder)
        return mark_folder(folder)

    def _look_again(self, folder: Path, folder_id: str) -> tuple[MadeCopy, ...]:
        """Note what lies in a folder that came back, also what was said to be gone; give what is known."""
        (known, begun), said = self._noted(), self._said()
        back, away = turned_up(said, folder, folder_id)
        now = tuple(sorted(found_again((*known, *back), folder, folder_id), key=lambda item: item.number))
        if now != known:
            self._note(now, begun)
        if away != said:
            self._keep_said(away)
        return now

    def _is_good(self, newest: MadeCopy, folder: Path, folder_id: str) -> bool:
        """Tell whether a copy holds the same as the store, and none beside it somebody too many.

        One that nobody can say is gone isn't waited for: a new copy each time wouldn't make it go.
        """
        said = self._said()
        is_old = any(
            item.is_of(folder, folder_id) and item not in said and (folder_id != UNMARKED or is_whole(item))
            for item in self._with_erased()
        )
        return not is_old and newest.mark == self._opened.store.read(mark_of).result() and is_whole(newest)

    def say_gone(self, folder: str, folder_id: str) -> None:
        """Take a person's word that a stick or folder of copies exists no more, or was emptied.

        It is no longer asked for. Unless it is here to be looked at, `renew` never takes this for renewed:
        the office hears that copies may be left, as nobody but that person can know. Found again, they are
        known again. What lies beside the store is never meant.

        Raises:
            UserFacingError: it is connected, and its copies are there; the disk is full.
        """
        with self._turn:
            known, begun = self._noted()
            meant = [
                item
                for item in (*known, *begun)
                if (item.folder, item.folder_id) == (folder, folder_id) and folder != str(self.here)
            ]
            said = () if _is_empty(Path(folder), folder_id, meant) else meant

            def keep(unit: UnitOfWork) -> None:
                remember_copies(unit.connection, [item for item in known if item not in meant])
                remember_begun(unit.connection, [item for item in begun if item not in meant])
                remember_said_gone(unit.connection, [*said_gone(unit.connection), *said])

            self._write(keep)
            self._unnoted = None

    def _said(self) -> tuple[MadeCopy, ...]:
        return self._opened.store.read(said_gone).result()

    def _keep_said(self, copies: Sequence[MadeCopy]) -> None:
        with contextlib.suppress(UserFacingError):
            # What stays said by mistake on a full disk is found again with the next copy.
            self._write(lambda unit: remember_said_gone(unit.connection, copies))

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


def _is_empty(folder: Path, folder_id: str, copies: Sequence[MadeCopy]) -> bool:
    """Look whether this very folder is here without these copies; False when it can't be told.

    Raises:
        UserFacingError: they are there.
    """
    try:
        is_there = any(item.salt and is_whole(item) for item in copies)
        is_seen = is_folder(folder) and is_folder_of(folder, folder_id)
    except OSError:
        return False
    if is_there:
        raise copies_are_there(folder)
    return is_seen
