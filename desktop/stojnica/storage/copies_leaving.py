"""Copies leave: by number, by age, after an erasure, and half ones; each only where it is known to lie."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

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
    just now stays noted, and is tried again.
    """
    here = sorted((item for item in copies if item.folder == str(folder)), key=lambda item: item.number)
    too_old = now_us - days * DAY_US
    leaving = [
        item
        for place, item in enumerate(reversed(here))
        if place >= kept or (place > 0 and (item.made_at < too_old or item.erasures < here[-1].erasures))
    ]
    return take_away(copies, leaving)


def take_away(copies: Sequence[MadeCopy], leaving: Sequence[MadeCopy]) -> tuple[MadeCopy, ...]:
    """Take these copies away, each where it can be reached; give what is left of all."""
    gone = {item.path for item in leaving if _take_away(item)}
    return tuple(item for item in copies if item.path not in gone)


def expire_files_before_steps(database: Path, *, now_us: int, days: int) -> None:
    """Take away what migrations kept of the file (`stojnica.db.before-…`), once it is older than `days`.

    They are for going back to the program of then, and hold people like any other copy.
    """
    for path in database.parent.glob(f"{database.name}.before-s[0-9][0-9][0-9][0-9]"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime_ns // 1000 < now_us - days * DAY_US:
                path.unlink()


def _take_away(copy: MadeCopy) -> bool:
    """Delete one pair; tell whether nothing of ours is left under that name."""
    if NAME.fullmatch(copy.name) is None or not is_folder(Path(copy.folder)):
        return False
    try:
        if is_whole(copy):
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
