"""The file of a backup: written as a stream, in clear or as an age file, and read back as one.

pyrage encrypts and decrypts in pieces (measured: 11 MiB of memory for 300 MB): nothing of an encrypted
backup is ever in clear on the disk, and none is too large.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage
from pyrage import x25519

from stojnica.central.keys import IDENTITY_FILES, OpenKeys, is_protected, open_protected
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import settle

CLEAR, SEALED = ".dump", ".dump.age"
PART = ".part"
_NAMED_DIGITS = 12
_NAME = re.compile(r"stojnica-[0-9a-f]{8}-\d{8}T\d{9}Z-[0-9A-F]{4}-([0-9a-f]{12})\.dump(?:\.age)?")
_AGE = b"age-encryption.org/v1"
_CHUNK = 1024 * 1024
_MAX_IDENTITY_BYTES = 64 * 1024
Told = Callable[[int], None]


class Source(Protocol):
    """Give bytes, as an open file does."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most so many; none at the end."""


class Sink(Protocol):
    """Take bytes, as an open file does."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""


class _Tap:
    """Pass bytes on, count them, and remember the fault that a foreign library would disguise."""

    def __init__(self, stream: Any, told: Told = lambda _count: None, *, is_hashed: bool = False) -> None:
        self._stream = stream
        self._told = told
        self._is_hashed = is_hashed
        self._hash = sha256()
        self.count = 0
        self.fault: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        return self._passed(lambda: self._stream.read(size))

    def write(self, data: bytes) -> int:
        def work() -> bytes:
            self._stream.write(data)
            return data

        return len(self._passed(work))

    def flush(self) -> None:
        """Do nothing: who opened the stream flushes it."""

    def digest(self) -> bytes:
        return self._hash.digest()

    def _passed(self, work: Callable[[], bytes]) -> bytes:
        try:
            data = work()
            if self._is_hashed:
                self._hash.update(data)
            self.count += len(data)
            self._told(self.count)
        except BaseException as error:
            # The first one: a library that goes on after it only meets consequences.
            self.fault = self.fault or error
            raise
        return data


@dataclass(slots=True)
class Part:
    """Hold a file that is being written; at its end it is called `path`."""

    file: IO[bytes]
    path: Path


@contextmanager
def part_file(path: Path) -> Iterator[Part]:
    """Open the part of a file, for its owner alone; at the end it gets its name, or goes if anything failed.

    It is locked while it is open, so that another run can tell it from one that was left behind.
    """
    part = path.with_name(path.name + PART)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _lock(file)
            written = Part(file, path)
            yield written
        part.replace(written.path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    settle(written.path)


def write_stream(source: Source, file: IO[bytes], recipients: Sequence[str], told: Told) -> bytes:
    """Write a stream to a file, encrypted if there are recipients, down to the disk; gives its SHA-256."""
    reader, writer = _Tap(source, told), _Tap(file, is_hashed=True)
    if recipients:
        try:
            sealed_to = [x25519.Recipient.from_str(text) for text in recipients]
            pyrage.encrypt_io(reader, writer, sealed_to)
        except Exception:
            _raise_the_fault(reader, writer)
            raise
    else:
        while piece := reader.read(_CHUNK):
            writer.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return writer.digest()


def name_of(stem: str, moment: datetime, code: str, file_hash: bytes, *, is_sealed: bool) -> str:
    """Give a name that sorts by time, shows the code, and begins to tell the file's own SHA-256."""
    stamp = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}Z"
    return f"{stem}-{stamp}-{code}-{file_hash.hex()[:_NAMED_DIGITS]}{SEALED if is_sealed else CLEAR}"


def check_hash(file: IO[bytes], beginning: bytes) -> bytes:
    """Give a file's SHA-256, which has to begin like this.

    pg_restore notices what changed in rows, and not what changed in a function or a right.

    Raises:
        UserFacingError: it doesn't.
    """
    file.seek(0)
    found = sha256()
    while piece := file.read(_CHUNK):
        found.update(piece)
    if not found.digest().startswith(beginning):
        raise damaged_file()
    return found.digest()


def named_hash(path: Path) -> bytes:
    """Give the beginning of the SHA-256 that a file's name tells; nothing, if it was renamed."""
    match = _NAME.fullmatch(path.name)
    return bytes.fromhex(match[1]) if match else b""


def read_stream(file: IO[bytes], sink: Sink, identities: Sequence[x25519.Identity]) -> None:
    """Write a file's content to a stream, decrypted if it is encrypted.

    Raises:
        UserFacingError: it is encrypted for others, or was damaged on the way.
    """
    file.seek(0)
    is_sealed = file.read(len(_AGE)) == _AGE
    file.seek(0)
    reader, writer = _Tap(file), _Tap(sink)
    if not is_sealed:
        while piece := reader.read(_CHUNK):
            writer.write(piece)
        return
    if not identities:
        raise _no_identity()
    try:
        pyrage.decrypt_io(reader, writer, list(identities))
    except pyrage.DecryptError as error:
        _raise_the_fault(reader, writer)
        if "No matching keys" in str(error):
            raise _no_identity() from error
        raise damaged_file() from error
    except Exception as error:
        _raise_the_fault(reader, writer)
        raise damaged_file() from error


def has_backups(folder: Path) -> bool:
    """Tell whether backups of ours lie in a folder."""
    return any(_NAME.fullmatch(path.name) for path in folder.glob("stojnica-*"))


def load_identities(folder: Path, open_keys: OpenKeys | None = None) -> list[x25519.Identity]:
    """Read the organisation's age identities that are in a folder; one is enough to open a backup.

    Raises:
        UserFacingError: there is none that can be read, or they are protected and can't be opened.
    """
    if is_protected(folder):
        return list(open_protected(folder, open_keys).identities)
    found: list[x25519.Identity] = []
    for name in IDENTITY_FILES:
        try:
            with (folder / name).open("rb") as file:
                text = file.read(_MAX_IDENTITY_BYTES).decode("ascii")
        except (OSError, UnicodeDecodeError):
            continue
        for line in text.splitlines():
            if line.startswith("AGE-SECRET-KEY-"):
                with suppress(pyrage.IdentityError):
                    found.append(x25519.Identity.from_str(line.strip()))
    if not found:
        raise UserFacingError(
            _("There is no identity in {folder} that opens backups.").format(folder=folder),
            safe=_("Nothing was changed."),
            next_step=_("Give a folder with {first} or {second} in it.").format(
                first=IDENTITY_FILES[0], second=IDENTITY_FILES[1]
            ),
            code="identity_missing",
        )
    return found


def remove_leftovers(folder: Path, stem: str) -> None:
    """Remove parts that no run is writing any more; a stem is how the names of one database's files begin."""
    for part in folder.glob(f"{stem}-*{PART}"):
        with suppress(OSError), part.open("r+b") as file:
            _lock(file)
            part.unlink()


def prune(folder: Path, stem: str, keep: int) -> list[Path]:
    """Remove all but the newest files of one database; their names carry the time, and sort by it."""
    files = sorted(path for path in folder.glob(f"{stem}-*") if _NAME.fullmatch(path.name))
    gone = files[:-keep]
    for path in gone:
        path.unlink()
    return gone


def damaged_file() -> UserFacingError:
    """Say that a file can't be restored as it is."""
    return UserFacingError(
        _("The backup is damaged or incomplete: it can't be restored."),
        safe=_("Nothing was changed."),
        next_step=_("Take another copy of it, or another backup."),
        code="backup_damaged",
    )


def _no_identity() -> UserFacingError:
    return UserFacingError(
        _("The backup is encrypted, and no identity was given that opens it."),
        safe=_("Nothing was changed."),
        next_step=_("Give the folder of the organisation's identities with --keys."),
        code="identity_missing",
    )


def _raise_the_fault(*taps: _Tap) -> None:
    for tap in taps:
        if tap.fault is not None:
            raise tap.fault


def _lock(file: IO[Any]) -> None:
    """Hold a file for this process; on Windows an open file can't be removed anyway."""
    if os.name == "nt":
        return
    import fcntl  # POSIX alone has it.

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
