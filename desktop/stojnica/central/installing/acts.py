"""How each step of the installation is done."""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from stojnica.central import certificates
from stojnica.central.installing import files
from stojnica.central.installing.layout import HEADER, POSTGRES, Server
from stojnica.central.installing.machine import (
    Answer,
    Machine,
    WantedFile,
    WantedFolder,
    is_as_wanted,
)
from stojnica.central.installing.survey import CREATE, Cluster, Hub, was_ever_started
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

# Somebody comes by once a year: what would end before the next visit is renewed at this one.
RENEW_DAYS = 400
NO_MAIN_CLUSTER = WantedFile(
    Path("/etc/postgresql-common/createcluster.d/stojnica.conf"),
    f"# {HEADER}\ncreate_main_cluster = false\n".encode(),
)
APT = (
    ("apt-get", "update"),
    ("apt-get", "install", "--yes", "--no-install-recommends", "postgresql", "postgresql-common"),
)


def write_all(machine: Machine, folders: Iterable[WantedFolder], wanted: Iterable[WantedFile]) -> None:
    """Make folders, then files."""
    for folder in folders:
        machine.make_folder(folder)
    for file in wanted:
        machine.write(file)


def install_packages(
    machine: Machine, folders: Sequence[WantedFolder], wanted: Sequence[WantedFile], major: int
) -> None:
    """Install Debian's PostgreSQL, without a cluster that nobody asked for.

    Raises:
        UserFacingError: apt-get failed, or brought another version than was planned.
    """
    write_all(machine, folders, wanted)
    for command in APT:
        _must(machine.change(command), command)
    if machine.traits(CREATE) is None or machine.traits(files.server_program(major)) is None:
        raise UserFacingError(
            _("The packages of this system brought another PostgreSQL than it had announced."),
            safe=_("It was installed, and nothing else was changed."),
            next_step=_("Run the same command again: it looks anew."),
            code="other_version",
        )


def useradd(name: str) -> tuple[str, ...]:
    """Give the command that makes a user without a password, a shell or a home."""
    home = f"/var/lib/{name}"
    return (
        "useradd",
        "--system",
        "--user-group",
        "--home-dir",
        home,
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        name,
    )


def make_user(machine: Machine, command: Sequence[str] | None, folder: WantedFolder) -> None:
    """Make the timers' user, and the folder that its backups go to."""
    if command is not None:
        _must(machine.change(command), command)
    machine.make_folder(folder)


def make_authority(machine: Machine, server: Server, folder: WantedFolder) -> None:
    """Make the authority once; the public half comes last and says that it is complete."""
    layout = server.layout
    machine.make_folder(folder)
    there = machine.read(layout.authority)
    if there is None:
        pair = certificates.make_authority(server.wish.name)
        there = pair.certificate + pair.key
        machine.write(WantedFile(layout.authority, there, mode=0o600))
    machine.write(WantedFile(layout.ca, certificates.split_pair(there).certificate))


def certificate_is_in_order(machine: Machine, server: Server) -> bool:
    """Tell whether the server's certificate fits its names and authority, and lasts."""
    content, authority = machine.read(server.layout.server_pem), machine.read(server.layout.ca)
    if content is None or authority is None:
        return False
    wanted = WantedFile(server.layout.server_pem, content, POSTGRES, 0o600)
    return is_as_wanted(machine, wanted) and certificates.is_servers(
        content, authority, server.wish.hosts, days=RENEW_DAYS
    )


def make_certificate(machine: Machine, server: Server, folder: WantedFolder) -> None:
    """Sign a certificate for the names of the server.

    Raises:
        UserFacingError: the authority's key isn't on this machine.
    """
    content = machine.read(server.layout.authority)
    if content is None:
        raise UserFacingError(
            _("The key of the certificate authority isn't in its place."),
            safe=_("The server goes on with the certificate that it has."),
            next_step=_("Put it back as {file}, then run the same command again.").format(
                file=server.layout.authority
            ),
            code="authority_missing",
        )
    pair = certificates.make_server_certificate(certificates.split_pair(content), server.wish.hosts)
    if not is_as_wanted(machine, folder):
        machine.make_folder(folder)
    machine.write(WantedFile(server.layout.server_pem, pair.certificate + pair.key, POSTGRES, 0o600))


def createcluster(server: Server) -> tuple[str, ...]:
    """Give Debian's command for a new cluster: UTF-8, sorted by code points, with checksums."""
    return (
        "pg_createcluster",
        "--port",
        str(server.wish.port),
        "--encoding",
        "UTF8",
        "--locale",
        "C",
        str(server.major),
        server.layout.cluster,
        "--",
        "--data-checksums",
        "--auth-local=peer",
        "--auth-host=scram-sha-256",
    )


def is_unfinished(machine: Machine, server: Server, cluster: Cluster) -> bool:
    """Tell whether making this cluster was cut short: it never ran, so that it holds nothing of anybody."""
    return (
        not cluster.is_running
        and machine.traits(server.drop_in) is None
        and not was_ever_started(machine, cluster.data)
    )


def make_cluster(machine: Machine, commands: Iterable[Sequence[str]]) -> None:
    """Take away what was left of an earlier try, and make the cluster."""
    for command in commands:
        _must(machine.change(command), command)


def kept_beside(path: Path) -> Path:
    """Give where the system's own version of a file is kept."""
    return path.with_name(f"{path.name}.before-stojnica")


def replace_access(machine: Machine, wanted: Iterable[WantedFile]) -> None:
    """Write who may come in; what was there before the first time is kept."""
    changed = list(wanted)
    for file in changed:
        kept = kept_beside(file.path)
        if machine.read(kept) is None:
            machine.write(WantedFile(kept, machine.read(file.path) or b"", file.owner, file.mode))
    for file in changed:
        machine.write(file)


def is_newer(machine: Machine, paths: Iterable[Path], than: float) -> bool:
    """Tell whether a file was changed after the server had last read it."""
    traits = [machine.traits(path) for path in paths]
    return any(one is not None and one.changed_at > than for one in traits)


def reloadable(server: Server) -> tuple[Path, ...]:
    """Give the files that a running server only has to read again."""
    return (server.layout.server_pem, server.conf / "pg_hba.conf", server.conf / "pg_ident.conf")


def control_cluster(machine: Machine, command: Sequence[str], server: Server) -> None:
    """Start, restart or reload.

    Raises:
        UserFacingError: the server doesn't come up.
    """
    answer = machine.change(command)
    if answer.code not in (0, 2):  # 2: it runs already, which is what was wanted.
        raise UserFacingError(
            _("The cluster {name} didn't start.").format(name=server.layout.cluster),
            safe=_("Its data is untouched."),
            next_step=_("The reason is in {file}.").format(
                file=f"/var/log/postgresql/postgresql-{server.major}-{server.layout.cluster}.log"
            ),
            code="server_failed",
        )


def office_file(server: Server, password: str) -> WantedFile:
    """Give the file with the office's address."""
    content = f"# {HEADER}\n{server.office_address(password)}\n".encode()
    return WantedFile(server.layout.office_url, content, mode=0o600)


def database_change(server: Server) -> str:
    """Name the change for the plan and the journal alike."""
    return f"database {server.layout.database}"


def set_up_database(machine: Machine, hub: Hub, server: Server, *, writes_file: bool, is_done: bool) -> None:
    """Note the password before the server learns of it, so that it can't be lost; then set all up."""
    from stojnica.central.installing.survey import read_password

    password = read_password(machine, server)
    if writes_file:
        password = password or secrets.token_urlsafe(32)
        machine.write(office_file(server, password))
    if not is_done:
        hub.set_up(server, password)


def timer_commands(machine: Machine, server: Server, *, is_changed: bool) -> list[tuple[str, ...]]:
    """Give what systemd has to be told; nothing where it doesn't run."""
    if not machine.has_systemd():
        return []
    names = files.unit_names(server)
    is_on = all(machine.ask(["systemctl", "is-active", name]).code == 0 for name in names) and all(
        machine.ask(["systemctl", "is-enabled", name]).code == 0 for name in names
    )
    if is_on and not is_changed:
        return []
    return [
        ("systemctl", "daemon-reload"),
        ("systemctl", "enable", *names),
        # What runs already shall run as it is written now.
        ("systemctl", "restart", *names),
    ]


def set_timers(machine: Machine, wanted: Iterable[WantedFile], commands: Iterable[Sequence[str]]) -> None:
    """Write the units and switch the timers on."""
    for file in wanted:
        machine.write(file)
    for command in commands:
        _must(machine.change(command), command)


def _must(answer: Answer, command: Sequence[str]) -> None:
    if answer.code == 0:
        return
    said = [line.strip() for line in answer.output.splitlines() if line.strip()]
    raise UserFacingError(
        _("The command {command} failed: {reason}").format(
            command=command[0], reason=said[-1] if said else answer.code
        ),
        safe=_("What is done so far does no harm, and no data was touched."),
        next_step=_("Repair what it complains about, then run the same command again: it goes on from here."),
        code="command_failed",
    )
