"""Look at a machine without changing it: what is there already, and what stands in the way."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stojnica.central.installing.layout import DATA_ROOT, Layout, Note, Server, make_wish, read_note
from stojnica.central.installing.machine import Machine
from stojnica.central.server_binaries import OLDEST_MAJOR
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

PROGRAMS = Path("/usr/lib/postgresql")
CREATE = Path("/usr/bin/pg_createcluster")
OS_RELEASE = Path("/etc/os-release")
LEAST_FREE_BYTES = 500_000_000
_OLDEST = {"debian": 12.0, "ubuntu": 23.04}
_CANDIDATE = re.compile(r"^\s*Candidate: (?:\d+:)?(\d+)[+.~-]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Describe a cluster as Debian's programs see it."""

    major: int
    name: str
    port: int
    is_running: bool
    data: Path


@dataclass(frozen=True, slots=True)
class Inside:
    """Say what is in the running database; instants are seconds since 1970.

    `is_known`: the password in the office's file is the one that the login has; without a file it can't be
    told, and nothing is to be done about it.
    """

    started_at: float
    loaded_at: float
    is_complete: bool
    is_known: bool


class Hub(Protocol):
    """Look into the database of a server, and set it up; `journal` is the machine's."""

    def look(self, server: Server, password: str | None) -> Inside | None:
        """Say what is in it; None when it can't be asked."""

    def set_up(self, server: Server, password: str | None) -> None:
        """Make what is missing: logins, database, schema, rights; `password` is the office's."""

    def check(self, server: Server, password: str | None) -> tuple["Check", ...]:
        """Try the finished server as laptops and strangers do."""


@dataclass(frozen=True, slots=True)
class Check:
    """Say how one thing stands; `next_step` is empty when it is fine."""

    text: str
    next_step: str = ""

    @property
    def is_fine(self) -> bool:
        """Tell whether nothing is to be done."""
        return not self.next_step


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Hold what a look at the machine gave.

    `leftover` is a data folder of ours without a cluster, from a run that was cut short; `inside` is None
    when the database doesn't run or can't be asked.
    """

    server: Server
    note: Note | None
    has_packages: bool
    has_any_cluster: bool
    cluster: Cluster | None
    leftover: Path | None
    password: str | None
    inside: Inside | None


def survey(
    machine: Machine,
    hub: Hub,
    layout: Layout,
    *,
    name: str = "",
    hosts: tuple[str, ...] = (),
    port: int | None = None,
) -> Found:
    """Look at everything that the plan depends on.

    Raises:
        UserFacingError: not root, no Debian, the wish is incomplete, or something of others is in the way.
    """
    _check_system(machine)
    note = read_note(machine.read(layout.note))
    wish = make_wish(note, name=name, hosts=hosts, port=port)
    if note is not None and note.cluster != layout.cluster:
        raise _other_cluster_known(note.cluster)
    clusters = _clusters(machine)
    has_packages = machine.traits(CREATE) is not None and bool(_majors(machine))
    cluster = _ours(layout, note, clusters)
    major = cluster.major if cluster else _newest_major(machine, has_packages)
    server = Server(layout, wish, major)
    leftover = None if cluster else _leftover(machine, server, note)
    _check_room(machine, server, cluster, clusters)
    password = read_password(machine, server)
    inside = hub.look(server, password) if cluster and cluster.is_running else None
    return Found(
        server=server,
        note=note,
        has_packages=has_packages,
        has_any_cluster=bool(clusters),
        cluster=cluster,
        leftover=leftover,
        password=password,
        inside=inside,
    )


def was_ever_started(machine: Machine, data: Path) -> bool:
    """Tell whether a server ever ran on this folder: each start leaves this file, making one doesn't."""
    return machine.traits(data / "postmaster.opts") is not None


def read_password(machine: Machine, server: Server) -> str | None:
    """Give the password in the office's file, if there is one."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    content = machine.read(server.layout.office_url)
    if content is None:
        return None
    lines = [line for line in content.decode("utf-8", "replace").splitlines() if not line.startswith("#")]
    try:
        password = conninfo_to_dict("".join(lines)).get("password")
    except ProgrammingError:
        return None
    return str(password) if password else None


def _check_system(machine: Machine) -> None:
    safe = _("Nothing was changed.")
    if not machine.is_root():
        raise UserFacingError(
            _("Only root may set a server up."),
            safe=safe,
            next_step=_("Run the same command with sudo in front."),
            code="not_root",
        )
    lines = (machine.read(OS_RELEASE) or b"").decode("utf-8", "replace").splitlines()
    system = {key: value.strip('"') for key, _sign, value in (line.partition("=") for line in lines)}
    kinds = {system.get("ID", ""), *system.get("ID_LIKE", "").split()}
    version = _number(system.get("VERSION_ID", ""))
    oldest = _OLDEST.get(system.get("ID", ""))
    if not kinds & {"debian", "ubuntu"} or (oldest and version and version < oldest):
        raise UserFacingError(
            _("This command knows Debian 12 or later, and Ubuntu 24.04 or later."),
            safe=safe,
            next_step=_("Use such a server, or set PostgreSQL up by hand: stojnica central init URL"),
            code="not_debian",
        )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _clusters(machine: Machine) -> tuple[Cluster, ...]:
    answer = machine.ask(["pg_lsclusters", "--json"])
    if answer.code != 0:
        return ()
    try:
        listed: list[dict[str, Any]] = json.loads(answer.output or "[]")
        return tuple(
            Cluster(
                int(float(one["version"])),
                str(one["cluster"]),
                int(one["port"]),
                bool(int(one["running"])),
                Path(one.get("pgdata") or DATA_ROOT / str(one["version"]) / str(one["cluster"])),
            )
            for one in listed
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UserFacingError(
            _("What the program pg_lsclusters says about this machine can't be understood."),
            safe=_("Nothing was changed."),
            next_step=_("Run pg_lsclusters, and repair what it complains about."),
            code="clusters",
        ) from error


def _ours(layout: Layout, note: Note | None, clusters: tuple[Cluster, ...]) -> Cluster | None:
    """Give our cluster; after Debian's pg_upgradecluster there are two, and the newer one counts."""
    same = sorted((one for one in clusters if one.name == layout.cluster), key=lambda one: one.major)
    if not same:
        return None
    if note is None:
        raise UserFacingError(
            _("There is a cluster called {name} already, which this command didn't make.").format(
                name=layout.cluster
            ),
            safe=_("It was left alone. Nothing was changed."),
            next_step=_("Choose another name with --cluster."),
            code="foreign_cluster",
        )
    return same[-1]


def _leftover(machine: Machine, server: Server, note: Note | None) -> Path | None:
    data = server.default_data
    if machine.traits(data) is None or not machine.names_in(data):
        return None
    if note is None or was_ever_started(machine, data):
        raise UserFacingError(
            _("There is a folder with a database at {folder} already, which belongs to no cluster.").format(
                folder=data
            ),
            safe=_("It was left alone. Nothing was changed."),
            next_step=_("Put it aside if nobody needs it, or choose another name with --cluster."),
            code="foreign_data",
        )
    return data


def _majors(machine: Machine) -> list[int]:
    return [
        int(name)
        for name in machine.names_in(PROGRAMS)
        if name.isdigit() and machine.traits(PROGRAMS / name / "bin" / "postgres") is not None
    ]


def _newest_major(machine: Machine, has_packages: bool) -> int:
    if has_packages:
        major = max(_majors(machine))
    else:
        match = _CANDIDATE.search(machine.ask(["apt-cache", "policy", "postgresql"]).output)
        if match is None:
            raise UserFacingError(
                _("This system doesn't know yet which PostgreSQL it can install."),
                safe=_("Nothing was changed."),
                next_step=_("Run apt-get update, then the same command again."),
                code="no_package",
            )
        major = int(match[1])
    if major < OLDEST_MAJOR:
        raise UserFacingError(
            _("The PostgreSQL of this system is too old."),
            safe=_("Nothing was changed."),
            next_step=_("Stojnica needs PostgreSQL {major} or later.").format(major=OLDEST_MAJOR),
            code="server_version",
        )
    return major


def _check_room(
    machine: Machine, server: Server, cluster: Cluster | None, clusters: tuple[Cluster, ...]
) -> None:
    port = server.wish.port
    taken = any(one.port == port and one != cluster for one in clusters)
    runs = cluster is not None and cluster.is_running
    if cluster is not None and cluster.port != port:
        raise UserFacingError(
            _("The cluster {name} listens at port {port}, not at the one that laptops know.").format(
                name=cluster.name, port=cluster.port
            ),
            safe=_("Nothing was changed."),
            next_step=_("Set its port back: pg_conftool {major} {name} set port {known}").format(
                major=cluster.major, name=cluster.name, known=port
            ),
            code="port_changed",
        )
    if (taken and not runs) or (not runs and not machine.port_is_free(port)):
        raise UserFacingError(
            _("Another program or cluster of this machine has the port {port}.").format(port=port),
            safe=_("That one was left alone. Nothing was changed."),
            next_step=_("Choose another one: --port {port}. Open it in the firewall.").format(port=port + 1),
            code="port_taken",
        )
    if machine.free_bytes(DATA_ROOT) < LEAST_FREE_BYTES:
        raise UserFacingError(
            _("The disk has too little room left."),
            safe=_("Nothing was changed."),
            next_step=_("Make at least 500 MB of room, then run the same command again."),
            code="disk_full",
        )


def _other_cluster_known(name: str) -> UserFacingError:
    return UserFacingError(
        _("This folder belongs to the cluster {name}.").format(name=name),
        safe=_("Nothing was changed."),
        next_step=_("Give --cluster {name}, or another --folder.").format(name=name),
        code="other_cluster",
    )
