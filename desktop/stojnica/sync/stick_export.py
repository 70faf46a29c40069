"""Write what the office doesn't have to a stick, as an age file that only the office can open.

Nothing becomes of the facts by this: only the office's receipt changes how far they have come.
"""

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.central.backup_file import part_file, remove_leftovers, write_stream
from stojnica.central.signing import vouch_for_device
from stojnica.storage.stick_files import RawFact, StickFile, are_there, keep_stick_file, raw_facts, stubs
from stojnica.storage.stick_stubs import digest_of_stubs, ranges_of_stubs
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync import stick_faults as faults
from stojnica.sync.credentials import Credentials, credentials_of
from stojnica.sync.faults import not_enrolled
from stojnica.sync.statements import lots_of, signed_statement
from stojnica.sync.stick_file import SUFFIX, frames, pack_batch
from stojnica.sync.stick_manifest import Manifest, code_of, digests_of, written_manifest
from stojnica.sync.stick_plan import Part, Plan, plan_files

_MAX_NAME = 12
_PIECE = 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


class StickContext(Protocol):
    """Hear how far it is."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Publish the step (look, write, check).

        Raises:
            CancelledError: a person asked for a stop; no file is left behind.
        """


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Hold a file that was written, and read back."""

    path: Path
    file_id: UUID
    facts: int
    code: str
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """Hold what an export came to; `erased` counts what was erased and isn't known to the office.

    There is more than one file only beyond a gibibyte, 200,000 records, or 5,000 that were erased.
    """

    files: tuple[WrittenFile, ...]
    contacts: int
    facts: int
    erased: int = 0


def export_to_stick(store: Store, folder: Path, context: StickContext, *, is_all: bool = False) -> Written:
    """Write what isn't proven, or everything, into a folder. Blocks; the store is read in small steps.

    Each file appears under its name only when it is whole and on the disk, and is read back then.

    Raises:
        UserFacingError: not enrolled, nothing to write, no room, or the stick was pulled.
        CancelledError: a person asked for a stop.
    """
    credentials = store.read(credentials_of).result()
    if credentials is None or len(credentials.recipients) < 2:
        raise not_enrolled()
    context.step("look")
    plan = store.read(lambda connection: plan_files(connection, is_all=is_all)).result()
    if not plan.facts and not plan.untold and not plan.orders:
        raise faults.nothing_to_write()
    try:
        # Before room is asked for: half a file of a stick that was pulled can be what takes it.
        remove_leftovers(folder, _stem(credentials.name))
        if shutil.disk_usage(folder).free < plan.size + _PIECE:
            raise faults.no_room()
        files: list[WrittenFile] = []
        for part in plan.parts:
            done = sum(file.facts for file in files)
            files.append(_Writing(store, credentials, plan, part, context, done).write(folder))
    except OSError as error:
        raise faults.no_room() if error.errno in _NO_ROOM else faults.gone() from error
    return Written(tuple(files), plan.contacts, plan.facts, plan.untold)


class _Writing:
    """Write one file."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        plan: Plan,
        part: Part,
        context: StickContext,
        done: int,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._plan = plan
        self._part = part
        self._context = context
        self._done = done

    def write(self, folder: Path) -> WrittenFile:
        """Write it, and compare what lies on the stick with what was written."""
        key = Ed25519PrivateKey.from_private_bytes(self._credentials.device_key)
        digest = sha256(digests_of(self._part.hashes())).digest()
        manifest = self._manifest(digest, key)
        path = _free_path(folder, self._credentials.name, manifest)
        with part_file(path) as part:
            content = frames(written_manifest(manifest), self._batches(), key)
            file_hash = write_stream(
                _Pieces(content), part.file, self._credentials.recipients, lambda _count: None
            )
            failpoint.reached("stick.before_remember")
            # First: a file that isn't known here would be one whose receipt can't be taken.
            self._remember(path, manifest)
            failpoint.reached("stick.before_name")
        failpoint.reached("stick.after_name")
        self._context.step("check", self._done + manifest.facts, self._plan.facts)
        if _hash_on_disk(path) != file_hash:
            with suppress(OSError):
                path.unlink()
            raise faults.reads_differently()
        return WrittenFile(path, manifest.file_id, manifest.facts, manifest.code, path.stat().st_size)

    def _manifest(self, digest: bytes, key: Ed25519PrivateKey) -> Manifest:
        own, public_key = self._credentials, key.public_key().public_bytes_raw()
        erased = [one.key for one in self._part.erased]
        return Manifest(
            file_id=uuid4(),
            branch_id=own.branch_id,
            device_id=own.device_id,
            name=own.name,
            made_at=self._store.clock.now_us(),
            facts=self._part.facts,
            contacts=self._plan.contacts,
            batches=len(self._part.begins),
            digest=digest,
            ranges=self._part.ranges(),
            lives=self._plan.lives,
            recipients=own.recipients,
            device_key=public_key,
            mac=vouch_for_device(own.secret, public_key) if own.secret else own.device_mac,
            held=self._plan.held,
            erased=self._part.erased,
            orders=self._plan.orders,
            late=self._plan.late,
            erased_signed=tuple(
                signed_statement(key, own.branch_id, lot).signature for lot in lots_of(erased)
            ),
        )

    def _batches(self) -> Iterator[bytes]:
        done = self._done
        for place, begin in enumerate(self._part.begins):
            self._context.step("write", done + begin, self._plan.facts)
            failpoint.reached("stick.between_batches")
            yield self._part.packed[place] if self._part.packed else pack_batch(self._rows(place))

    def _rows(self, place: int) -> Sequence[RawFact]:
        keys, branch_id = self._part.batch(place), self._credentials.branch_id
        wanted, ids = set(keys), [fact_id for fact_id, _hash in keys]
        rows = self._store.read(lambda connection: raw_facts(connection, branch_id, ids)).result()
        if len(rows) != len(keys):
            rows = [row for row in rows if (row[0], row[1]) in wanted]
        if len(rows) != len(keys):
            raise faults.changed_meanwhile()
        return rows

    def _remember(self, path: Path, manifest: Manifest) -> None:
        item = StickFile(
            file_id=manifest.file_id,
            name=path.name,
            made_at=manifest.made_at,
            facts=manifest.facts,
            contacts=manifest.contacts,
            digest=manifest.digest,
            ranges=manifest.ranges,
            erased=len(manifest.erased),
            erased_digest=digest_of_stubs(one.key for one in manifest.erased),
            erased_ranges=ranges_of_stubs(manifest.erased),
        )

        def keep(unit: UnitOfWork) -> None:
            if stubs(unit.connection) != self._plan.gone and not self._is_all_there(unit.connection):
                raise faults.changed_meanwhile()
            keep_stick_file(unit.connection, item)
            unit.commit()

        self._store.write(keep, Priority.BACKGROUND).result()

    def _is_all_there(self, connection: Connection) -> bool:
        """Tell whether no fact of this file was erased since the look at the store."""
        branch_id = self._credentials.branch_id
        batches = map(self._part.batch, range(len(self._part.begins)))
        return all(are_there(connection, branch_id, keys) for keys in batches)


class _Pieces:
    """Let pieces be read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        found = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(found) :]
        return bytes(found)


def _hash_on_disk(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            # What was just written would come from memory, and prove nothing of the stick.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file_digest(file, "sha256").digest()


def _free_path(folder: Path, name: str, manifest: Manifest) -> Path:
    """Give a name that FAT takes: who, when, and the code that the office will see."""
    day = datetime.fromtimestamp(max(manifest.made_at, 0) // 1_000_000, UTC)
    stem = f"{_stem(name)}-{day:%Y%m%d}-{code_of(manifest.digest)}"
    for number in range(1, 1000):
        path = folder / (f"{stem}{SUFFIX}" if number == 1 else f"{stem}-{number}{SUFFIX}")
        if not path.exists() and not path.with_name(path.name + ".part").exists():
            return path
    raise faults.gone()


def _stem(name: str) -> str:
    return f"stojnica-{plain_name(name)}"


def plain_name(name: str) -> str:
    """Give a laptop's name in letters that every file system takes."""
    folded = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^A-Z0-9]+", "", folded.encode("ascii", "ignore").decode().upper())
    return plain[:_MAX_NAME] or "LAPTOP"
