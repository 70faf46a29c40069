"""Copies leave: by number, by age, after an erasure, and half ones; each only where it is known to lie."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stojnica.storage.copy_folders import is_folder_of
from stojnica.storage.made_copies import NAME, MadeCopy, part_of, slots_of
from stojnica.storage.reachable import is_folder

KEPT = 5
KEPT_DAYS = 30
SALT_BYTES = 16
DAY_US = 24 * 3600 * 1_000_000


def settle_begun(begun: Sequence[MadeCopy]) -> tuple[tuple[MadeCopy, ...], tuple[MadeCopy, ...]]:
    """Look how the making of these copies ended; none of them may be under way.

    Gives those that are whole, and those that can't be looked at just now. What is half is taken away.
    """
    whole: list[MadeCopy] = []
    away: list[MadeCopy] = []
    for item in begun:
        try:
            if NAME.fullmatch(item.name) is None:
                continue
            if not Path(item.folder).is_dir():
                away.append(item)
            elif item.salt and is_whole(item):
                whole.append(item)
            elif not is_folder_of(Path(item.folder), item.folder_id):
                away.append(item)
            else:
                part_of(item).unlink(missing_ok=True)
                if not item.path.exists():
                    slots_of(item.path).unlink(missing_ok=True)
        except OSError:
            away.append(item)
    return tuple(whole), tuple(away)


def expire(
    copies: Sequence[MadeCopy], folder: Path, *, now_us: int, days: int, kept: int = KEPT
) -> tuple[MadeCopy, ...]:
    """Take away copies in a folder beyond the newest `kept`, and those older than `days`; give what is left.

    What was made before somebody was erased whom the newest no longer holds goes too. Never the newest, and
    never a file that isn't, to the byte that no other file has, one of these copies. What can't be taken away
    just now stays noted, and is tried again. Of several sticks under one path each keeps its own.
    """
    here = [item for item in copies if item.folder == str(folder)]
    too_old = now_us - days * DAY_US
    leaving: list[MadeCopy] = []
    for mark in {item.folder_id for item in here}:
        newest_first = sorted(
            (item for item in here if item.folder_id == mark), key=lambda item: item.number, reverse=True
        )
        leaving += [
            item
            for place, item in enumerate(newest_first)
            if place >= kept
            or (place > 0 and (item.made_at < too_old or item.erasures < newest_first[0].erasures))
        ]
    return take_away(copies, leaving)


def found_again(copies: Sequence[MadeCopy], folder: Path, mark: str) -> tuple[MadeCopy, ...]:
    """Give the copies as they are known with this folder in reach: those in it get its mark and path.

    A stick may be mounted elsewhere today, its mark may have been lost, and earlier versions noted none. Only
    a copy that is seen there is changed.

    Raises:
        OSError: the place doesn't answer.
    """

    def seen(item: MadeCopy) -> MadeCopy:
        here = replace(item, folder=str(folder), folder_id=mark)
        may_be_here = item.folder_id == mark or item.folder == str(folder)
        return here if may_be_here and here != item and is_whole(here) else item

    return tuple(seen(item) for item in copies)


def turned_up(
    said: Sequence[MadeCopy], folder: Path, mark: str
) -> tuple[tuple[MadeCopy, ...], tuple[MadeCopy, ...]]:
    """Look which copies that were said to be gone lie in a folder after all; give them, and all others.

    What is seen not to be there, in that very folder, is among neither.

    Raises:
        OSError: the place doesn't answer.
    """
    back: list[MadeCopy] = []
    away: list[MadeCopy] = []
    for item in said:
        here = replace(item, folder=str(folder), folder_id=mark)
        is_same = item.folder_id == mark and is_folder_of(folder, mark)
        if (is_same or item.folder == str(folder)) and item.salt and is_whole(here):
            back.append(here)
        elif not (is_same and mark):
            away.append(item)
    return tuple(back), tuple(away)


def take_away(copies: Sequence[MadeCopy], leaving: Sequence[MadeCopy]) -> tuple[MadeCopy, ...]:
    """Take these copies away, each where it can be reached; give what is left of all."""
    gone = {(item.path, item.salt) for item in leaving if _take_away(item)}
    return tuple(item for item in copies if (item.path, item.salt) not in gone)


def expire_files_before_steps(database: Path, *, now_us: int, days: int) -> None:
    """Take away what migrations kept of the file (`stojnica.db.before-…`), once it is older than `days`.

    They are for going back to the program of then, and hold people like any other copy.
    """
    for path in database.parent.glob(f"{database.name}.before-s[0-9][0-9][0-9][0-9]"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime_ns // 1000 < now_us - days * DAY_US:
                path.unlink()


def _take_away(copy: MadeCopy) -> bool:
    """Delete one pair; tell whether nothing of ours is left under that name.

    What isn't there is gone only if this is the very folder: another stick under its path proves nothing.
    """
    if NAME.fullmatch(copy.name) is None or not is_folder(Path(copy.folder)):
        return False
    try:
        if not is_whole(copy):
            return is_folder_of(Path(copy.folder), copy.folder_id)
        copy.path.unlink()
        slots_of(copy.path).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def is_whole(copy: MadeCopy) -> bool:
    """Tell whether a noted copy is there, by the bytes that no other file has.

    Raises:
        OSError: the place doesn't answer.
    """
    if copy.path.is_symlink() or not copy.path.is_file():
        return False
    return salt_of(copy.path) == copy.salt


def salt_of(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(SALT_BYTES).hex()
