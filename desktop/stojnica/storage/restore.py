"""Opening a copy: on this or another laptop, as a new life of the store, beside nothing that is there."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import disk_usage
from typing import BinaryIO, NamedTuple

from sqlalchemy.engine import Connection

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import begin_part, open_plain, sync_folder
from stojnica.storage.copies import MAX_LOOKED_AT
from stojnica.storage.copy_faults import copy_unreadable, place_fault, place_full, source_gone
from stojnica.storage.faults import store_unreachable
from stojnica.storage.home import PAGE_BYTES, StoreHome
from stojnica.storage.made_copies import BEGUN, COPIES, NAME, SAID_GONE, SLOTS_END, slots_of
from stojnica.storage.memory import forget
from stojnica.storage.other_lives import holding_more
from stojnica.storage.reachable import is_file
from stojnica.storage.slots import (
    KEY_BYTES,
    ORGANISATION,
    SlotFile,
    copy_of,
    load_slots,
    save_slots,
)
from stojnica.storage.store import Store, begin_life
from stojnica.storage.unit import UnitOfWork

FOLDERS = ("Stojnica", "copies")
_UNTIL = "SELECT count(*), coalesce(max(captured_at), 0) FROM fact"
_HEADS = "SELECT incarnation, head FROM life"
_CONTACTS = "SELECT count(*) FROM signup WHERE is_voided = 0"
# What may be wrong with one copy, while an older one is whole.
_PIECE = 1024 * 1024
_NEXT_ONE = frozenset({"store_damaged", "slots_damaged", "copy_unreadable", "copy_source_gone"})


class Pair(NamedTuple):
    """Name a copy and its key file."""

    database: Path
    slots: Path


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """Hold what is needed to open a copy: its key, and the key file that the new home gets."""

    key: bytes
    slots: SlotFile


@dataclass(frozen=True, slots=True)
class Restored:
    """Tell what was restored, from which file, and which newer ones were damaged; `until` is µs UTC.

    `holding_more` are copies beside it with records that it doesn't have, one of each life.
    """

    file: Path
    contacts: int
    facts: int
    until: int
    passed_over: tuple[Path, ...]
    holding_more: tuple[Path, ...] = ()


def restore_store(
    source: Path,
    home: StoreHome,
    open_slots: Callable[[SlotFile], Opened],
    note: Callable[[Connection], None],
    clock: Clock,
) -> Restored:
    """Put the newest whole copy of a file or folder into a home that is empty. Takes seconds.

    Old facts keep life and number, and how far they came as it was known then; new ones get a life of their
    own. `note` may keep something in the same transaction. A crash leaves no store, or a whole one; the
    source is only read.

    Raises:
        UserFacingError: there is a store already; no copy, or none that is whole; the key doesn't fit.
    """
    pairs = list(find_copies(source))
    passed_over: list[Path] = []
    with place_for_store(home):
        for pair in pairs:
            try:
                others = [one.database for one in pairs[pairs.index(pair) + 1 :]]
                return _restore(pair, home, open_slots, note, clock, (tuple(passed_over), others))
            except UserFacingError as error:
                if error.code not in _NEXT_ONE or pair == pairs[-1]:
                    raise
                passed_over.append(pair.database)
    raise copy_unreadable()


@contextmanager
def place_for_store(home: StoreHome) -> Iterator[None]:
    """Hold a home without a store for what is done inside, and take away what an attempt leaves.

    Raises:
        UserFacingError: there is a store, the folder can't be written to, or another program has it.
    """
    if home.exists():
        raise _store_there()
    try:
        lock = home.lock()
        lock.acquire()
    except OSError as error:
        raise store_unreachable() from error
    if home.exists():
        # Until the lock was ours, another program may have made one.
        lock.release()
        raise _store_there()
    try:
        _clear(home)
        yield
    except OSError as error:
        raise place_fault(error, home.folder) from error
    finally:
        _clear(home)
        lock.release()


def find_copies(source: Path) -> Iterator[Pair]:
    """Give the copies that a file or folder holds, newest first.

    Raises:
        UserFacingError: there is none, or copies of several laptops lie there; the stick was pulled.
    """
    try:
        found = _pairs_in(source) if source.is_dir() else _pair_at(source)
    except OSError as error:
        raise source_gone(source) from error
    if not found:
        raise UserFacingError(
            _("There is no copy in {place}.").format(place=source),
            next_step=_("Give a file named stojnica-….db, or the folder it is in."),
            code="no_copy",
        )
    yield from found


def _pair_at(file: Path) -> list[Pair]:
    if file.name.endswith(SLOTS_END):
        file = file.with_name(file.name.removesuffix(SLOTS_END) + ".db")
    if not file.is_file():
        return []
    own = slots_of(file)
    return [Pair(file, own if own.exists() else file.with_name("slots.json"))]


def _pairs_in(folder: Path) -> list[Pair]:
    pairs: list[Pair] = []
    home = StoreHome(folder)
    if home.database.exists() and home.slots.exists():
        pairs.append(Pair(home.database, home.slots))
    numbered: list[tuple[int, Path]] = []
    stores: set[str] = set()
    for place in (folder, *(folder / name for name in FOLDERS)):
        for path, _place in zip(place.glob("stojnica-*.db"), range(MAX_LOOKED_AT), strict=False):
            named = NAME.fullmatch(path.name)
            if named is not None:
                numbered.append((int(named["number"]), path))
                stores.add(named["store"])
    if len(stores) > 1:
        raise UserFacingError(
            _("Copies of several laptops are in {folder}.").format(folder=folder),
            safe=_("Nothing was changed."),
            next_step=_("Name the file you want: the letters after stojnica- tell the laptop."),
            code="several_copies",
        )
    return pairs + [Pair(path, slots_of(path)) for _number, path in sorted(numbered, reverse=True)]


def _restore(
    pair: Pair,
    home: StoreHome,
    open_slots: Callable[[SlotFile], Opened],
    note: Callable[[Connection], None],
    clock: Clock,
    beside: tuple[tuple[Path, ...], Sequence[Path]],
) -> Restored:
    opened = open_slots(_slots_beside(pair))
    _clear(home)
    _fetch(pair.database, home.unborn)
    store = Store(home.unborn, opened.key, clock)
    try:
        store.prepare()

        lives = store.read(_heads).result()

        def begin(unit: UnitOfWork) -> tuple[int, int, int]:
            begin_life(unit.connection, clock)
            # They are another laptop's from now on: this one must never take them away.
            forget(unit.connection, COPIES)
            forget(unit.connection, BEGUN)
            forget(unit.connection, SAID_GONE)
            note(unit.connection)
            facts, until = unit.connection.exec_driver_sql(_UNTIL).one()
            contacts = unit.connection.exec_driver_sql(_CONTACTS).scalar_one()
            unit.commit()
            return contacts, facts, until

        contacts, facts, until = store.write(begin).result()
    finally:
        store.close()
    save_slots(home.slots, opened.slots)
    home.unborn.replace(home.database)
    sync_folder(home.folder)
    passed_over, others = beside
    more = holding_more(others, opened.key, lives)
    return Restored(pair.database, contacts, facts, until, passed_over, more)


def _heads(connection: Connection) -> dict[bytes, int]:
    return {bytes(life): int(head) for life, head in connection.exec_driver_sql(_HEADS)}


def _slots_beside(pair: Pair) -> SlotFile:
    """Read the key file of a copy; where it is torn, another one of the same store holds the same key."""
    try:
        return load_slots(pair.slots)
    except UserFacingError as error:
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
            raise source_gone(pair.slots) from error
        for other in _others_with_its_key(pair):
            with suppress(UserFacingError):
                return load_slots(other)
        raise


def _others_with_its_key(pair: Pair) -> list[Path]:
    """Give the other key files of a store, the newest first; they may open it for other people."""
    named = NAME.fullmatch(pair.database.name)
    if named is None:
        return [copy_of(pair.slots)]
    numbered: list[tuple[int, Path]] = []
    try:
        for path in islice(pair.database.parent.glob(f"*{SLOTS_END}"), MAX_LOOKED_AT):
            other = NAME.fullmatch(path.name.removesuffix(SLOTS_END) + ".db")
            if other is not None and other["store"] == named["store"]:
                numbered.append((int(other["number"]), path))
    except OSError as error:
        raise source_gone(pair.slots) from error
    return [path for _number, path in sorted(numbered, reverse=True)]


def _fetch(source: Path, target: Path) -> None:
    """Copy the file, and the log beside it when a whole home was given."""
    logged = source.with_name(source.name + "-wal")
    try:
        pieces = [(source, target)]
        if logged.exists():
            pieces.append((logged, target.with_name(target.name + "-wal")))
        # Whoever prepared a stick may have put there what never ends.
        if not all(path.is_file() for path, _goal in pieces) or source.stat().st_size < PAGE_BYTES:
            raise copy_unreadable()
        if sum(path.stat().st_size for path, _goal in pieces) > disk_usage(target.parent).free:
            raise place_full(target.parent)
        for path, goal in pieces:
            with open_plain(path) as read, begin_part(goal) as write:
                write.writelines(_pieces(read, source))
                write.flush()
                os.fsync(write.fileno())
    except OSError as error:
        if not is_file(source):
            raise source_gone(source) from error
        raise place_fault(error, target.parent) from error


def _pieces(read: BinaryIO, source: Path) -> Iterator[bytes]:
    """Give what is in a file; where the stick is worn, an older copy may be whole."""
    try:
        while piece := read.read(_PIECE):
            yield piece
    except OSError as error:
        raise (copy_unreadable() if is_file(source) else source_gone(source)) from error


def _clear(home: StoreHome) -> None:
    """Take away what an attempt left; never the store's own file."""
    for leftover in home.folder.glob(home.unborn.name + "*"):
        if not (leftover == home.unborn and home.slots.exists()):
            leftover.unlink()


def key_by_identity(slots: SlotFile, identity: str) -> bytes:
    """Give a store's key by one of the organisation's age identities.

    Raises:
        UserFacingError: it is none of this store's.
    """
    import pyrage

    try:
        known = pyrage.x25519.Identity.from_str(identity)
        for slot in slots.of_kind(ORGANISATION):
            opened: bytes = pyrage.decrypt(bytes.fromhex(slot.details["wrapped"]), [known])
            if len(opened) == 16 + KEY_BYTES and opened[:16] == slots.store_id.bytes:
                return opened[16:]
    except (pyrage.DecryptError, pyrage.IdentityError, KeyError, TypeError, ValueError):
        pass
    raise UserFacingError(
        _("This key of the organisation doesn’t open this copy."),
        safe=_("Nothing was changed."),
        next_step=_("Take the organisation’s other key, or the passphrase of the laptop."),
        code="wrong_identity",
    )


def _store_there() -> UserFacingError:
    return UserFacingError(
        _("There is a store in this folder already."),
        safe=_("It was not touched."),
        next_step=_("Restore into an empty folder: --home FOLDER."),
        code="store_exists",
    )
