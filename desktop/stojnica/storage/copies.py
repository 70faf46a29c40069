"""Encrypted copies of the store: made beside the work, read back, and the oldest taken away again.

A copy is a pair, `stojnica-STORE-LIFE-NUMBER.db` and the same name with `.slots.json`: whoever can open the
store can open it, and nobody else. The number alone says which is newer; no clock does.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import sqlcipher3.dbapi2
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.errors import CancelledError
from stojnica.on_disk import settle
from stojnica.storage.copies_leaving import salt_of
from stojnica.storage.copy_faults import check_largest, copy_unreadable, place_fault
from stojnica.storage.durable import write_durably
from stojnica.storage.engine import check_file, open_copy
from stojnica.storage.home import OpenStore
from stojnica.storage.made_copies import NAME, MadeCopy, part_of, slots_of
from stojnica.storage.slots import MAX_FILE_BYTES, load_slots
from stojnica.storage.stubs import erasures

STEP_PAGES = 200
PAUSE_S = 0.005
MAX_LOOKED_AT = 10_000
HALF = re.compile(r"stojnica-(?P<store>[0-9a-f]{8})-[0-9a-f]{12}-[0-9]{6,9}\.(db|slots\.json)\.part")
# Changes with everything that a copy is for; what copies note about themselves is left out. So is what
# changes only with facts and proofs, a hundred thousand of them: looking at these keeps lists waiting.
_MARK = (
    "SELECT hex(incarnation), head, hex(head_hash), '' FROM life"
    " UNION ALL SELECT 'facts', count(*), '', '' FROM fact"
    " UNION ALL SELECT 'receipts', count(*), '', '' FROM receipt"
    " UNION ALL SELECT 'briefing', max(version), '', '' FROM briefing"
    " UNION ALL SELECT name, 0, '', value FROM setting WHERE name NOT GLOB 'copies*'"
    " AND name NOT GLOB 'mark:*' AND name NOT GLOB 'proof_at:*' ORDER BY 1"
)
_HELD = "SELECT (SELECT count(*) FROM signup WHERE is_voided = 0), (SELECT count(*) FROM fact)"
_BYTES = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
_LIFE = "SELECT incarnation, head, head_hash FROM life WHERE is_current = 1"


Report = Callable[[int, int], None]
Note = Callable[[MadeCopy], None]


def _unheard(_done: int, _total: int) -> None:
    """Nobody follows it."""


def _unnoted(_copy: MadeCopy) -> None:
    """Nobody keeps it."""


class _Snapshot(NamedTuple):
    life: bytes
    head: int
    head_hash: bytes
    mark: str
    contacts: int
    facts: int
    erasures: int


def mark_of(connection: Connection) -> str:
    """Give a word that changes whenever something changed that a copy should have."""
    import hashlib

    rows = connection.exec_driver_sql(_MARK).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:32]


def make_copy(
    opened: OpenStore,
    folder: Path,
    known: Sequence[MadeCopy],
    report: Report = _unheard,
    note: Note = _unnoted,
    folder_id: str = "",
) -> MadeCopy:
    """Copy the store into a folder that exists, and read the copy back. Blocks the caller, and nobody else.

    Capture isn't held up: the copy is made in steps, from the state that was there when it began. `report`
    hears pages done and all pages after each step, and may raise to end it. `note` hears of the copy before
    its first byte is there, and once more before it gets its name: `settle_begun` finds what a kill leaves.
    `folder_id` is the folder's mark.

    Raises:
        UserFacingError: the place is full, gone or read-only; the store, or the finished copy, is damaged.
        CancelledError: the store is being closed, or a stop was asked for.
    """

    def work(connection: Connection) -> MadeCopy:
        check_file(connection)
        connection.rollback()
        snapshot = _snapshot(connection)
        store_id = load_slots(opened.home.slots).store_id.hex
        names = _names_in(folder)
        _remove_leftovers(folder, names, store_id[:8])
        number = 1 + _highest_number(names, store_id[:8], known)
        path = folder / f"stojnica-{store_id[:8]}-{snapshot.life.hex()[-12:]}-{number:06d}.db"
        begun = MadeCopy(
            *(str(folder), path.name, "", number, opened.store.clock.now_us()),
            *(snapshot.mark, snapshot.contacts, snapshot.facts, snapshot.erasures, folder_id),
        )
        note(begun)
        return _write(opened, connection, begun, snapshot, report, note)

    return opened.store.look_slowly(work).result()


def _snapshot(connection: Connection) -> _Snapshot:
    """Begin a transaction that sees the store as it is now until the copy is through."""
    life, head, head_hash = connection.exec_driver_sql(_LIFE).one()
    contacts, facts = connection.exec_driver_sql(_HELD).one()
    return _Snapshot(life, head, head_hash, mark_of(connection), contacts, facts, erasures(connection))


def _names_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry, _place in zip(os.scandir(folder), range(MAX_LOOKED_AT), strict=False)]
    except OSError as error:
        raise place_fault(error, folder) from error


def _remove_leftovers(folder: Path, names: Sequence[str], store: str) -> None:
    """Take away what copies of this store left half when their stick was pulled, or the program killed.

    It would lie there for good, take the room of the next copy, and hold people who are erased since.
    """
    for name in names:
        half = HALF.fullmatch(name)
        if half is not None and half["store"] == store:
            with contextlib.suppress(OSError):
                (folder / name).unlink()


def _highest_number(names: Sequence[str], store: str, known: Sequence[MadeCopy]) -> int:
    numbers = [item.number for item in known]
    matches = (NAME.fullmatch(name) for name in names)
    numbers += [int(found["number"]) for found in matches if found and found["store"] == store]
    return max(numbers, default=0)


def _write(
    opened: OpenStore,
    connection: Connection,
    begun: MadeCopy,
    snapshot: _Snapshot,
    report: Report,
    note: Note,
) -> MadeCopy:
    path, part = begun.path, part_of(begun)
    try:
        part.unlink(missing_ok=True)
        _back_up(opened, connection, part, report)
        _settle(part)
        _read_back(part, opened.key, snapshot)
        made = replace(begun, salt=salt_of(part), made_at=opened.store.clock.now_us())
        failpoint.reached("copy.before_note")
        # First: a copy that isn't known here would be one that no erasure finds.
        note(made)
        failpoint.reached("copy.after_note")
        # The key before the name: a copy that is there can be opened.
        write_durably(slots_of(path), opened.home.slots.read_bytes()[:MAX_FILE_BYTES])
        failpoint.reached("copy.before_name")
        part.replace(path)
        failpoint.reached("copy.after_name")
        settle(path)
        return made
    except (OSError, sqlcipher3.dbapi2.Error) as error:
        raise place_fault(error, path.parent) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _back_up(opened: OpenStore, connection: Connection, part: Path, report: Report) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    check_largest(part, connection.exec_driver_sql(_BYTES).scalar_one())
    # With its key set before anything is written, the copy is encrypted page for page; without, SQLCipher
    # refuses to begin.
    target = open_copy(part, opened.key, is_new=True)

    def go_on(_status: int, remaining: int, total: int) -> None:
        if opened.store.is_closing:
            raise CancelledError
        failpoint.reached("copy.between_steps")
        report(total - remaining, total)
        if opened.store.is_capturing():
            time.sleep(PAUSE_S)

    try:
        # A half copy is thrown away: nothing beside it has to be kept for a way back.
        target.execute("PRAGMA journal_mode=OFF")
        target.execute("PRAGMA synchronous=OFF")
        driver: Any = connection.connection.driver_connection
        driver.backup(target, pages=STEP_PAGES, progress=go_on)
    finally:
        target.close()


def _settle(part: Path) -> None:
    """Have the file on the device, and let the system forget what it remembers of it."""
    with part.open("r+b") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read_back(path: Path, key: bytes, snapshot: _Snapshot) -> None:
    if copy_head(path, key) != (snapshot.life, snapshot.head, snapshot.head_hash):
        raise copy_unreadable()


def copy_head(path: Path, key: bytes) -> tuple[bytes, int, bytes]:
    """Read a copy whole, and give its life, the number of its last fact and that fact's hash.

    Raises:
        UserFacingError: it is damaged.
    """
    connection = open_copy(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if connection.execute("PRAGMA cipher_integrity_check").fetchall():
            raise copy_unreadable()
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise copy_unreadable()
        life, head, head_hash = connection.execute(_LIFE).fetchone()
        return bytes(life), int(head), bytes(head_hash)
    except (sqlcipher3.dbapi2.Error, TypeError) as error:
        raise copy_unreadable() from error
    finally:
        connection.close()
