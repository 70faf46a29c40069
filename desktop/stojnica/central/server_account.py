"""Who runs the embedded server, and where: PostgreSQL refuses to run as root.

No permission or owner is changed of anything but folders that are made here.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_PLACE = "postgres"
_ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Account:
    """Say how the server's processes are started.

    `prefix` goes before each command; `uid` and `gid` are those to change to, if any; `place` is the
    private folder that holds everything of the server; `binaries` the folder of its programs.
    """

    place: Path
    binaries: Path
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder that was just made to the server's user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_account(data_dir: Path, binaries: Path) -> Account:
    """Find a user that may run the server and reach its folder.

    A normal user runs it as is. Root runs it in a user namespace, where the same rights to files go with
    a number that isn't 0. Where namespaces are refused (in most containers) another user runs it: the
    owner of the folder, `postgres` or `nobody`, with folder and programs in a temporary folder when that
    user can't reach them.
    """
    place = data_dir / _PLACE
    if os.name == "nt" or os.geteuid() != 0:
        place.mkdir(mode=0o700, exist_ok=True)
        return Account(place, binaries)
    elsewhere = _remembered(data_dir)
    if elsewhere is not None:
        return _with_reachable_binaries(elsewhere, binaries)
    if place.exists() and place.stat().st_uid != 0:
        return _with_reachable_binaries(place, binaries)
    if _namespace_works(data_dir, binaries):
        place.mkdir(mode=0o700, exist_ok=True)
        return Account(place, binaries, prefix=_NAMESPACE)
    return _as_another_user(data_dir, binaries)


def _namespace_works(data_dir: Path, binaries: Path) -> bool:
    check = 'test "$(id -u)" -ne 0 && test -w "$1" && test -x "$1" && test -x "$2"'
    command = [*_NAMESPACE, "sh", "-c", check, "sh", str(data_dir), str(binaries / "postgres")]
    return _succeeds(command)


def _as_another_user(data_dir: Path, binaries: Path) -> Account:
    candidates = list(_other_users(data_dir))
    for uid, _ in candidates:
        if _reaches(uid, data_dir):
            place = data_dir / _PLACE
            break
    else:
        uid = candidates[-1][0]
        place = Path(tempfile.mkdtemp(prefix="stojnica-server-"))
        (data_dir / _ELSEWHERE).write_text(str(place), encoding="utf-8")
    gid = dict(candidates)[uid]
    place.mkdir(mode=0o700, exist_ok=True)
    os.chown(place, uid, gid)
    return _with_reachable_binaries(place, binaries)


def _with_reachable_binaries(place: Path, binaries: Path) -> Account:
    status = place.stat()
    uid, gid = status.st_uid, status.st_gid
    if not _reaches(uid, binaries / "postgres"):
        copied = place / "programs"
        if not (copied / "bin" / "postgres").exists():
            shutil.copytree(binaries.parent, copied, symlinks=True, dirs_exist_ok=True)
            for path in (copied, *copied.rglob("*")):
                os.chown(path, uid, gid, follow_symlinks=False)
        binaries = copied / "bin"
    return Account(place, binaries, uid=uid, gid=gid)


def _remembered(data_dir: Path) -> Path | None:
    note = data_dir / _ELSEWHERE
    if not note.exists():
        return None
    place = Path(note.read_text(encoding="utf-8"))
    if place.is_dir() and not place.is_symlink() and place.stat().st_uid != 0:
        return place
    return None


def _other_users(data_dir: Path) -> Iterator[tuple[int, int]]:
    import pwd  # POSIX alone has it.

    for folder in (data_dir, *data_dir.parents):
        status = folder.stat()
        if status.st_uid != 0:
            yield status.st_uid, status.st_gid
            break
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        yield entry.pw_uid, entry.pw_gid
    yield 65534, 65534


def _reaches(uid: int, path: Path) -> bool:
    return _succeeds(["test", "-x", str(path)], uid)


def _succeeds(command: list[str], uid: int | None = None) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
            cwd="/",
            user=uid,
            group=uid,
            extra_groups=None if uid is None else [],
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
