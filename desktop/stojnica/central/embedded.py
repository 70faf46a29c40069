"""A PostgreSQL server that starts by itself: for a trial, for tests, for an office without a server."""

import contextlib
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from stojnica.central.certificates import Pair
from stojnica.central.server_account import Account, choose_account
from stojnica.central.server_binaries import ServerBinaries, find_binaries
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

log = logging.getLogger(__name__)

USER = "stojnica"
DATABASE = "stojnica"
_READY_SECONDS = 60
_STOP_SECONDS = 30
_LONGEST_SOCKET_FOLDER = 85
# The shell holds the server as its child and reads from a pipe whose other end only our process has. When
# our process ends in whatever way, kill -9 included, the pipe closes and the server is told to stop.
_WATCH = """
exec 3<&0 </dev/null
trap 'kill -INT "$server" 2>/dev/null' TERM INT HUP
"$@" 3<&- & server=$!
( read -r _ <&3; kill -INT "$server" ) 2>/dev/null & watcher=$!
exec 3<&-
while kill -0 "$server" 2>/dev/null; do wait "$server"; status=$?; done
kill -KILL "$watcher" 2>/dev/null
rm -rf "$STOJNICA_SOCKETS"
exit "$status"
"""
_SETTINGS: dict[str, str] = {
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "jit": "off",
    # No personal data in the server's log: neither statements, nor parameters, nor details with key values.
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedServer:
    """Run a PostgreSQL server in a folder of its own, for as long as the context lasts.

    It listens on loopback and on a socket, with a random password; with `tls` it also speaks TLS, if it was
    built with it. The port stays the same from one start to the next when it is still free. Nothing is left
    running afterwards, also after kill -9 of this process. One thread at a time.

    `find` chooses the programs, given a major version when the folder asks for one. `with_namespaces=False`
    runs a root's server under another user although this system has user namespaces. `patience_s` is how
    long to wait for a server whose program was killed to come to its end.

    Raises:
        UserFacingError: no server is installed, it doesn't start, or one runs in that folder already.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        tls: Pair | None = None,
        find: Callable[[int | None], ServerBinaries] = find_binaries,
        with_namespaces: bool = True,
        patience_s: float = 10,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._tls = tls
        self._find = find
        self._with_namespaces = with_namespaces
        self._patience_s = patience_s
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None
        self._account: Account | None = None
        self._password = ""
        self.port = 0
        self.socket_dir = ""

    @property
    def url(self) -> str:
        """Give the address of the database, with user and password, over loopback."""
        return self.url_of(DATABASE)

    @property
    def log_path(self) -> Path:
        """Give the file that the server writes its log to; there is one once it was started."""
        assert self._account is not None
        return self._account.place / "server.log"

    def url_of(self, database: str) -> str:
        """Give the address of another database of the same server."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{quote(database)}"

    def __enter__(self) -> "EmbeddedServer":
        if self._process is None:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster if there is none yet, start it, and return when it answers."""
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock = _hold(self._data_dir / "server.lock", self._patience_s)
            binaries = self._find(None)
            self._account = self._choose(binaries)
            cluster = self._account.place / "data"
            made_by = _major_of(cluster)
            if made_by is not None and made_by != binaries.major:
                binaries = self._find(made_by)
                self._account = self._choose(binaries)
            self._password = self._read_or_make_password(self._account)
            programs = ServerBinaries(self._account.binaries, binaries.major)
            if made_by is None:
                self._make_cluster(self._account, programs, cluster)
            # The lock is ours, and a running server would hold it: what this file names is long gone.
            (cluster / "postmaster.pid").unlink(missing_ok=True)
            self._launch_on_a_free_port(self._account, programs, cluster)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and wait for its end; nothing happens when it doesn't run."""
        process, self._process = self._process, None
        try:
            if process is not None:
                _end(process)
        finally:
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def lose_database(self) -> None:
        """Throw the database away, as a broken disk does, and make an empty one; its roles stay."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        self._make_database()

    def discard(self) -> None:
        """Stop the server and remove its data; only for data that nobody wants to keep."""
        self.stop()
        if self._account is not None:
            shutil.rmtree(self._account.place, ignore_errors=True)
            if self._data_dir not in self._account.place.parents:
                self._account.place.parent.rmdir()
        shutil.rmtree(self._data_dir, ignore_errors=True)

    def _choose(self, binaries: ServerBinaries) -> Account:
        return choose_account(self._data_dir, binaries.folder, with_namespaces=self._with_namespaces)

    def _read_or_make_password(self, account: Account) -> str:
        path = account.place / "password"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24))
            account.own(path)
        return path.read_text(encoding="ascii")

    def _make_cluster(self, account: Account, programs: ServerBinaries, cluster: Path) -> None:
        shutil.rmtree(cluster, ignore_errors=True)  # Left by an attempt that was cut short.
        unfinished = account.place / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [
            *account.prefix,
            programs.program("initdb"),
            f"--pgdata={unfinished}",
            f"--username={USER}",
            f"--pwfile={account.place / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
        ]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,
            **_as_user(account),
        )
        if done.returncode != 0:
            with (account.place / "server.log").open("ab") as file:
                file.write(done.stdout)
            raise _did_not_start(account.place)
        unfinished.rename(cluster)

    def _launch_on_a_free_port(self, account: Account, programs: ServerBinaries, cluster: Path) -> None:
        note = self._data_dir / "port"
        wanted = int(note.read_text(encoding="ascii")) if note.exists() else 0
        for attempt in range(5):
            self.port = _free_port(wanted if attempt == 0 else 0)
            self._launch(account, programs, cluster)
            if self._wait_until_ready():
                note.write_text(str(self.port), encoding="ascii")
                return
            self.stop_process()
        raise _did_not_start(account.place)

    def stop_process(self) -> None:
        """End the process alone and keep the folder locked, so that another start may follow."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _launch(self, account: Account, programs: ServerBinaries, cluster: Path) -> None:
        self.socket_dir = "" if os.name == "nt" else _socket_folder(account)
        settings = {
            **self._settings,
            "port": str(self.port),
            "unix_socket_directories": self.socket_dir,
            "unix_socket_permissions": "0700",
        }
        if self._tls is not None:
            settings |= _tls_settings(account, self._tls)
        command = [*account.prefix, programs.program("postgres"), "-D", str(cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if os.name != "nt":
            command = ["sh", "-c", _WATCH, "stojnica-server", *command]
        log_path = account.place / "server.log"
        with log_path.open("ab") as log_file:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log_file,
                stderr=log_file,
                # The terminal's Ctrl-C must reach us alone: the server goes last.
                start_new_session=True,
                pass_fds=() if self._lock is None or os.name == "nt" else (self._lock.fileno(),),
                **_as_user(account, STOJNICA_SOCKETS=self.socket_dir),
            )

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                psycopg.connect(self.url_of("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _make_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            name = sql.Identifier(DATABASE)
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


def _as_user(account: Account, **extra: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if getattr(sys, "frozen", False):
        # A frozen program points the loader at its own libraries, which aren't the server's.
        environment.pop("LD_LIBRARY_PATH", None)
        if "LD_LIBRARY_PATH_ORIG" in environment:
            environment["LD_LIBRARY_PATH"] = environment["LD_LIBRARY_PATH_ORIG"]
    options: dict[str, Any] = {"cwd": account.place, "env": {**environment, "LC_ALL": "C", **extra}}
    if account.uid is not None:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return options


def _hold(path: Path, patience_s: float) -> IO[bytes]:
    """Lock the folder; server processes inherit the lock, so that it lasts as long as any of them."""
    file = path.open("ab")
    if os.name == "nt":
        return file
    import fcntl  # POSIX alone has it.

    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                file.close()
                raise UserFacingError(
                    _("A server is already running in this folder."),
                    safe=_("Nothing was changed."),
                    next_step=_("Stop the other one, or choose another folder."),
                    code="server_running",
                ) from None
            time.sleep(0.1)  # One whose program was killed may still be shutting down.
        else:
            return file


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if os.name == "nt":
        process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):  # A second Ctrl-C, too, leaves nothing running.
        with contextlib.suppress(ProcessLookupError):
            if os.name == "nt":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.warning("the embedded server had to be killed")


def _tls_settings(account: Account, pair: Pair) -> dict[str, str]:
    files = {"ssl_cert_file": ("server.crt", pair.certificate), "ssl_key_file": ("server.key", pair.key)}
    for name, content in files.values():
        path = account.place / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        account.own(path)
    return {"ssl": "on"} | {setting: str(account.place / name) for setting, (name, _pem) in files.items()}


def _major_of(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise _did_not_start(Path())


def _socket_folder(account: Account) -> str:
    # A socket's path may have 107 bytes, so that a deep folder needs a short one elsewhere.
    inside = account.place / "sockets"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
        inside.mkdir(mode=0o700, exist_ok=True)
        account.own(inside)
        return str(inside)
    folder = Path(tempfile.mkdtemp(prefix="stj-", dir="/tmp"))
    account.own(folder)
    return str(folder)


def _did_not_start(place: Path) -> UserFacingError:
    return UserFacingError(
        _("The database server didn't start."),
        safe=_("The data in its folder is untouched."),
        next_step=_("The reason is in {file}.").format(file=place / "server.log"),
        code="server_failed",
    )
