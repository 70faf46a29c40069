"""Which folder of copies it is: sticks come and go under one path, and only a mark in it tells them apart.

The mark is of the stick and its folder: whatever laptops copy there share it. It says nothing about anybody.
"""

import contextlib
import re
import secrets
import stat
from pathlib import Path

from stojnica.on_disk import open_plain
from stojnica.storage.durable import write_durably

MARK = ".stojnica-copies"
UNMARKED = "unmarked"
"""Stands for a folder that takes no mark: nothing that is missing there is ever taken for gone."""
_ID = re.compile(rb"([0-9a-f]{32})\s?")
_MOST_BYTES = 64


def folder_id(folder: Path) -> str:
    """Give the mark of a folder of copies; "" when it has none, or something that only looks like one.

    Raises:
        OSError: the place doesn't answer.
    """
    path = folder / MARK
    try:
        # Whoever had the stick before may have put a link there, or what never ends.
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with open_plain(path) as file:
            found = _ID.fullmatch(file.read(_MOST_BYTES))
    except FileNotFoundError:
        return ""
    return found[1].decode() if found else ""


def mark_folder(folder: Path) -> str:
    """Give the mark of a folder, which gets one if it has none; `UNMARKED` where that can't be.

    Two laptops that begin in the same moment on a network drive may each write one: what is read back counts
    for both, and whoever noted the other asks a person sooner or later, but is never told too much.
    """
    try:
        known = folder_id(folder)
        if not known:
            write_durably(folder / MARK, secrets.token_hex(16).encode())
            # It holds no secret, and another laptop's user must be able to read it.
            with contextlib.suppress(OSError):
                (folder / MARK).chmod(0o644)
            known = folder_id(folder)
    except OSError:
        return UNMARKED
    return known or UNMARKED


def is_folder_of(folder: Path, mark: str) -> bool:
    """Tell whether this very folder is looked at; without a mark, as of earlier versions, its path tells.

    Raises:
        OSError: the place doesn't answer.
    """
    return not mark or (mark != UNMARKED and folder_id(folder) == mark)
