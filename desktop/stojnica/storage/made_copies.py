"""What a store notes of its copies: where each lies, what was in it, and whether it may still be there."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from stojnica.storage.memory import recall, remember
from stojnica.storage.stubs import erasures

COPIES = "copies"
BEGUN = "copies_begun"
SAID_GONE = "copies_said_gone"
MOST_SAID_GONE = 200
SLOTS_END = ".slots.json"
NAME = re.compile(r"stojnica-(?P<store>[0-9a-f]{8})-(?P<life>[0-9a-f]{12})-(?P<number>[0-9]{6,9})\.db")


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """Note one copy that this store made: `salt` is the file's own, which no other file has, "" until then.

    `made_at` (µs UTC, by this laptop's clock) is for showing and for expiry; `mark` says what was in it, and
    `erasures` how often somebody had been erased by then. `folder_id` is the mark of its folder, "" beside
    the store and in notes of earlier versions.
    """

    folder: str
    name: str
    salt: str
    number: int
    made_at: int
    mark: str
    contacts: int
    facts: int
    erasures: int = 0
    folder_id: str = ""

    @property
    def path(self) -> Path:
        """Give where it lies."""
        return Path(self.folder) / self.name

    def is_of(self, folder: Path, folder_id: str) -> bool:
        """Tell whether it was made in this very folder, as far as it was noted."""
        return self.folder == str(folder) and self.folder_id in ("", folder_id)


def slots_of(copy: Path) -> Path:
    """Give the key file that belongs to a copy."""
    return copy.with_name(copy.name.removesuffix(".db") + SLOTS_END)


def known_copies(connection: Connection) -> tuple[MadeCopy, ...]:
    """Give the copies that this store knows of, oldest first."""
    return tuple(MadeCopy(**item) for item in recall(connection, COPIES, []))


def remember_copies(connection: Connection, copies: Sequence[MadeCopy]) -> None:
    """Keep which copies there are; the caller commits."""
    remember(connection, COPIES, [asdict(item) for item in copies])


def copies_with_erased(connection: Connection) -> tuple[MadeCopy, ...]:
    """Give the copies that may hold somebody who was erased since they were made, half ones included.

    So do those of which a person said that they are gone: nobody here has seen it.
    """
    known = erasures(connection)
    noted = (*known_copies(connection), *begun_copies(connection), *said_gone(connection))
    return tuple(item for item in noted if item.erasures < known)


def said_gone(connection: Connection) -> tuple[MadeCopy, ...]:
    """Give the copies of which a person said that they exist no more."""
    return tuple(MadeCopy(**item) for item in recall(connection, SAID_GONE, []))


def remember_said_gone(connection: Connection, copies: Sequence[MadeCopy]) -> None:
    """Keep of which copies that was said; the caller commits.

    Of very many those that hold most stay: as long as one may hold somebody, it is said that one does.
    """
    kept = sorted(copies, key=lambda item: item.erasures)[:MOST_SAID_GONE]
    remember(connection, SAID_GONE, [asdict(item) for item in kept])


def begun_copies(connection: Connection) -> tuple[MadeCopy, ...]:
    """Give the copies of which it isn't known how their making ended."""
    return tuple(MadeCopy(**item) for item in recall(connection, BEGUN, []))


def remember_begun(connection: Connection, copies: Sequence[MadeCopy]) -> None:
    """Keep which copies are being made; the caller commits."""
    remember(connection, BEGUN, [asdict(item) for item in copies])


def part_of(copy: MadeCopy) -> Path:
    """Give where a copy lies until it is whole."""
    return copy.path.with_name(copy.name + ".part")
