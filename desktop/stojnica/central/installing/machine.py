"""What the installation may do to a machine: few things, each written down."""

import contextlib
import errno
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

_ASK_SECONDS = 60
_CHANGE_SECONDS = 1_800
_NOT_FOUND = 127


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold how a command ended, and what it said."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class WantedFile:
    """Say what a file should hold, whose it is, and who may read it."""

    path: Path
    content: bytes
    owner: str = "root"
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class WantedFolder:
    """Say whose a folder is, and who may look into it."""

    path: Path
    owner: str = "root"
    mode: int = 0o755


@dataclass(frozen=True, slots=True)
class Traits:
    """Say whose a file or folder is, its mode, and when it was changed (seconds since 1970)."""

    owner: str
    mode: int
    changed_at: float


class Machine(Protocol):
    """Look at a machine, and change it; `journal` names each change, in order."""

    journal: list[str]

    def is_root(self) -> bool:
        """Tell whether changes are allowed."""

    def has_systemd(self) -> bool:
        """Tell whether systemd runs here."""

    def has_user(self, name: str) -> bool:
        """Tell whether the system knows a user."""

    def memory_bytes(self) -> int:
        """Give the size of the memory."""

    def free_bytes(self, path: Path) -> int:
        """Give what is free on the disk where a path is, or will be."""

    def port_is_free(self, port: int) -> bool:
        """Tell whether nobody listens there."""

    def read(self, path: Path) -> bytes | None:
        """Give what a file holds, or None when there is none."""

    def names_in(self, folder: Path) -> tuple[str, ...]:
        """Give what is in a folder, sorted; nothing when there is none."""

    def traits(self, path: Path) -> Traits | None:
        """Describe a file or folder, if there is one."""

    def ask(self, command: Sequence[str]) -> Answer:
        """Run a command that changes nothing."""

    def change(self, command: Sequence[str]) -> Answer:
        """Run a command that changes the machine."""

    def write(self, file: WantedFile) -> None:
        """Replace a file, durably: a crash leaves the old one or the new one."""

    def make_folder(self, folder: WantedFolder) -> None:
        """Make a folder, or give one that is there to its owner."""


def is_as_wanted(machine: Machine, wanted: WantedFile | WantedFolder) -> bool:
    """Tell whether a file or folder needs no change."""
    traits = machine.traits(wanted.path)
    if traits is None or (traits.owner, traits.mode) != (wanted.owner, wanted.mode):
        return False
    return isinstance(wanted, WantedFolder) or machine.read(wanted.path) == wanted.content


class ThisMachine:
    """The machine that the program runs on."""

    def __init__(self) -> None:
        self.journal: list[str] = []

    def is_root(self) -> bool:
        """Tell whether changes are allowed."""
        return hasattr(os, "geteuid") and os.geteuid() == 0

    def has_systemd(self) -> bool:
        """Tell whether systemd runs here, as sd_booted(3) does."""
        return Path("/run/systemd/system").is_dir()

    def has_user(self, name: str) -> bool:
        """Tell whether the system knows a user."""
        import pwd  # POSIX alone has it.

        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def memory_bytes(self) -> int:
        """Give the size of the memory."""
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    def free_bytes(self, path: Path) -> int:
        """Give what is free on the disk where a path is, or will be."""
        return shutil.disk_usage(next(place for place in (path, *path.parents) if place.exists())).free

    def port_is_free(self, port: int) -> bool:
        """Tell whether nobody listens there."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except OSError:
                return False
            return True

    def read(self, path: Path) -> bytes | None:
        """Give what a file holds, or None when there is none."""
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names_in(self, folder: Path) -> tuple[str, ...]:
        """Give what is in a folder, sorted; nothing when there is none."""
        try:
            return tuple(sorted(path.name for path in folder.iterdir()))
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def traits(self, path: Path) -> Traits | None:
        """Describe a file or folder, if there is one; a link is described as such, and fits nothing."""
        try:
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Traits(_user_name(status.st_uid), status.st_mode & 0o7777, status.st_mtime)

    def ask(self, command: Sequence[str]) -> Answer:
        """Run a command that changes nothing."""
        return _run(command, _ASK_SECONDS)

    def change(self, command: Sequence[str]) -> Answer:
        """Run a command that changes the machine."""
        self.journal.append(" ".join(command))
        return _run(command, _CHANGE_SECONDS)

    def write(self, file: WantedFile) -> None:
        """Replace a file: new file, fsync, rename, fsync of the folder."""
        self.journal.append(str(file.path))
        part = file.path.with_name(file.path.name + ".part")
        part.unlink(missing_ok=True)
        # The folder may be another user's: nothing that lies there is followed or opened.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(part, flags, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(file.content)
                stream.flush()
                os.fchown(stream.fileno(), *_ids_of(file.owner))
                os.fchmod(stream.fileno(), file.mode)
                os.fsync(stream.fileno())
            part.replace(file.path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(file.path.parent)

    def make_folder(self, folder: WantedFolder) -> None:
        """Make a folder, or give one that is there to its owner."""
        self.journal.append(str(folder.path))
        with contextlib.suppress(FileExistsError):
            folder.path.mkdir(mode=0o700)
        descriptor = os.open(folder.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchown(descriptor, *_ids_of(folder.owner))
            os.fchmod(descriptor, folder.mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync_folder(folder.path.parent)


def told_in_words(error: OSError) -> UserFacingError:
    """Turn what the disk answers into words."""
    path = str(error.filename or "")
    safe = _("What is done so far does no harm, and no data was touched.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserFacingError(
            _("The disk is full."),
            safe=safe,
            next_step=_("Make room, then run the same command again: it goes on from here."),
            code="disk_full",
        )
    return UserFacingError(
        _("{file} can't be read or written.").format(file=path),
        safe=safe,
        next_step=_("Look at that place, then run the same command again: it goes on from here."),
        code="unwritable_file",
    )


def _run(command: Sequence[str], seconds: float) -> Answer:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    # A file, no pipe: a server that a command starts may keep its output open for ever.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                timeout=seconds,
                check=False,
                # Ctrl-C must not leave half a cluster: what was begun is finished.
                start_new_session=True,
            )
            code = done.returncode
        except FileNotFoundError:
            return Answer(_NOT_FOUND, "")
        except subprocess.TimeoutExpired:
            code = 124
        output.seek(0)
        return Answer(code, output.read().decode("utf-8", "replace"))


def _user_name(number: int) -> str:
    import pwd  # POSIX alone has it.

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _ids_of(user: str) -> tuple[int, int]:
    import pwd  # POSIX alone has it.

    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
