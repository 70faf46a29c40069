"""A machine in memory, as Debian's programs leave it, for the logic of the installation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stojnica.central.installing.acts import database_change
from stojnica.central.installing.layout import CONF_ROOT, DATA_ROOT, Server
from stojnica.central.installing.machine import Answer, Traits, WantedFile, WantedFolder
from stojnica.central.installing.survey import CREATE, PROGRAMS, Check, Inside

DEBIAN = b'ID=debian\nVERSION_ID="12"\n'
POLICY = "postgresql:\n  Installed: (none)\n  Candidate: 15+248+deb12u1\n"


class PowerCutError(Exception):
    """The machine went dark."""


@dataclass(frozen=True)
class Entry:
    """A file, or a folder when `content` is None."""

    content: bytes | None
    owner: str
    mode: int
    changed_at: float


class PretendMachine:
    """Keep files, users and clusters in memory; `cut_after` changes the power goes."""

    def __init__(self, *, with_systemd: bool = True) -> None:
        self.journal: list[str] = []
        self.now = 1.0
        self.root = True
        self.systemd = with_systemd
        self.memory = 2 * 1024**3
        self.free = 10**10
        self.taken_ports: set[int] = set()
        self.users = {"root"}
        self.active: set[str] = set()
        self.files: dict[Path, Entry] = {}
        self.clusters: dict[tuple[int, str], dict[str, Any]] = {}
        self.policy = POLICY
        self.failing: dict[str, str] = {}
        self.cut_after: int | None = None
        self.put(Path("/etc/os-release"), DEBIAN)

    def put(self, path: Path, content: bytes | None, owner: str = "root", mode: int = 0o644) -> None:
        self.now += 1
        self.files[path] = Entry(content, owner, mode, self.now)

    def install_packages(self) -> None:
        self.users.add("postgres")
        self.put(CREATE, b"", mode=0o755)
        self.put(PROGRAMS / "15" / "bin" / "postgres", b"", mode=0o755)

    def add_cluster(self, name: str, port: int, *, major: int = 15, running: bool = False) -> None:
        data = DATA_ROOT / str(major) / name
        self.clusters[major, name] = {"port": port, "running": running, "started": 0.0, "loaded": 0.0}
        for file in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            self.put(CONF_ROOT / str(major) / name / file, b"# Debian's\n", "postgres", 0o640)
        self.put(data / "PG_VERSION", b"15\n", "postgres", 0o600)

    def is_root(self) -> bool:
        return self.root

    def has_systemd(self) -> bool:
        return self.systemd

    def has_user(self, name: str) -> bool:
        return name in self.users

    def memory_bytes(self) -> int:
        return self.memory

    def free_bytes(self, path: Path) -> int:
        return self.free

    def port_is_free(self, port: int) -> bool:
        return port not in self.taken_ports

    def read(self, path: Path) -> bytes | None:
        entry = self.files.get(path)
        return None if entry is None else entry.content

    def names_in(self, folder: Path) -> tuple[str, ...]:
        depth = len(folder.parts)
        return tuple(sorted({path.parts[depth] for path in self.files if folder in path.parents}))

    def traits(self, path: Path) -> Traits | None:
        entry = self.files.get(path)
        if entry is not None:
            return Traits(entry.owner, entry.mode, entry.changed_at)
        return Traits("root", 0o755, 0) if any(path in other.parents for other in self.files) else None

    def ask(self, command: Sequence[str]) -> Answer:
        match list(command):
            case ["pg_lsclusters", "--json"] if self.traits(CREATE):
                return Answer(0, json.dumps([self._listed(*key) for key in self.clusters]))
            case ["apt-cache", "policy", "postgresql"]:
                return Answer(0, self.policy)
            case ["systemctl", "is-active" | "is-enabled", unit]:
                return Answer(0 if unit in self.active else 3, "")
        return Answer(127, "")

    def change(self, command: Sequence[str]) -> Answer:
        self._note(" ".join(command))
        if command[0] in self.failing:
            return Answer(100, self.failing[command[0]])
        match list(command):
            case ["apt-get", "install", *_rest]:
                self.install_packages()
            case ["useradd", *_options, name]:
                self.users.add(name)
            case ["pg_createcluster", "--port", port, *_options, major, name, "--", _sums, _local, _host]:
                self.add_cluster(name, int(port), major=int(major))
            case ["pg_dropcluster", major, name]:
                self._drop(int(major), name)
            case ["rm", "-r", *_options, folder]:
                self._remove(Path(folder))
            case ["pg_ctlcluster", major, name, verb]:
                self._control(self.clusters[int(major), name], DATA_ROOT / major / name, verb)
            case ["systemctl", "restart", *units]:
                self.active.update(units)
        return Answer(0, "")

    def write(self, file: WantedFile) -> None:
        assert file.owner in self.users
        self._note(str(file.path))
        self.put(file.path, file.content, file.owner, file.mode)

    def make_folder(self, folder: WantedFolder) -> None:
        assert folder.owner in self.users
        self._note(str(folder.path))
        self.put(folder.path, None, folder.owner, folder.mode)

    def _note(self, change: str) -> None:
        if self.cut_after is not None and len(self.journal) >= self.cut_after:
            raise PowerCutError
        self.journal.append(change)

    def _listed(self, major: int, name: str) -> dict[str, Any]:
        one = self.clusters[major, name]
        return {
            "version": major,
            "cluster": name,
            "port": str(one["port"]),
            "running": int(one["running"]),
            "pgdata": str(DATA_ROOT / str(major) / name),
        }

    def _control(self, cluster: dict[str, Any], data: Path, verb: str) -> None:
        self.now += 1
        cluster["loaded"] = self.now
        if verb != "reload":
            cluster |= {"running": True, "started": self.now}
            self.put(data / "postmaster.opts", b"", "postgres", 0o600)

    def _drop(self, major: int, name: str) -> None:
        del self.clusters[major, name]
        self._remove(DATA_ROOT / str(major) / name)
        for file in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            self.files.pop(CONF_ROOT / str(major) / name / file, None)

    def _remove(self, folder: Path) -> None:
        for path in [path for path in self.files if path == folder or folder in path.parents]:
            del self.files[path]


class PretendHub:
    """Keep in memory what is in the database."""

    def __init__(self, machine: PretendMachine) -> None:
        self._machine = machine
        self.password: str | None = None
        self.name: str | None = None

    def look(self, server: Server, password: str | None) -> Inside | None:
        cluster = self._machine.clusters[server.major, server.layout.cluster]
        return Inside(
            cluster["started"],
            cluster["loaded"],
            is_complete=self.name == server.wish.name,
            is_known=password is not None and password == self.password,
        )

    def set_up(self, server: Server, password: str | None) -> None:
        assert self._machine.clusters[server.major, server.layout.cluster]["running"]
        self._machine._note(database_change(server))
        self.password = password or self.password
        self.name = server.wish.name

    def check(self, server: Server, password: str | None) -> tuple[Check, ...]:
        return ()


def outline(machine: PretendMachine) -> dict[str, tuple[str, int]]:
    """Give what is where, whose it is and who may read it, whatever keys are in it."""
    return {str(path): (entry.owner, entry.mode) for path, entry in machine.files.items()}
