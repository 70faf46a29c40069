"""What is still to be done on a machine, step by step, each in words before it happens."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from stojnica.central.installing import acts, files
from stojnica.central.installing.layout import Note
from stojnica.central.installing.machine import Machine, WantedFile, WantedFolder, is_as_wanted
from stojnica.central.installing.survey import Found, Hub
from stojnica.central.keys import PUBLIC_FILE
from stojnica.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one thing to do: what is said about it, what exactly it changes, and how it is done."""

    name: str
    words: str
    changes: tuple[str, ...]
    act: Callable[[], None]


def make_plan(machine: Machine, hub: Hub, found: Found) -> tuple[Step, ...]:
    """Give the steps that are still needed, in their order; nothing is changed here."""
    steps: list[Step] = []
    steps += _note(machine, found)
    steps += _packages(machine, found)
    steps += _service_user(machine, found)
    steps += _authority(machine, found)
    steps += _cluster(machine, found)
    certificate = _certificate(machine, found)
    settings = _settings(machine, found)
    access = _access(machine, found)
    steps += [*certificate, *settings, *access]
    steps += _start(machine, found, is_restart=bool(settings), is_reload=bool(certificate or access))
    steps += _database(machine, hub, found)
    steps += _timers(machine, found)
    return tuple(steps)


def _note(machine: Machine, found: Found) -> Iterable[Step]:
    layout, wish = found.server.layout, found.server.wish
    folder = WantedFolder(layout.folder)
    note = WantedFile(layout.note, Note(wish.name, wish.hosts, wish.port, layout.cluster).content())
    words = _("Remember in {file} what was asked for: {name}, {hosts}, port {port}.").format(
        file=layout.note, name=wish.name, hosts=", ".join(wish.hosts), port=wish.port
    )
    return _writing("note", words, machine, [folder], [note])


def _packages(machine: Machine, found: Found) -> Iterable[Step]:
    if found.has_packages:
        return
    # Debian makes a cluster “main” at port 5432 with the package; ours is the only one wanted here.
    wanted = [] if found.has_any_cluster else [acts.NO_MAIN_CLUSTER]
    folders = [
        WantedFolder(path)
        for file in wanted
        for path in (file.path.parent.parent, file.path.parent)
        if machine.traits(path) is None
    ]
    yield Step(
        "packages",
        _("Install PostgreSQL {major} from the packages of this system.").format(major=found.server.major),
        (
            *(str(folder.path) for folder in folders),
            *(str(file.path) for file in wanted),
            *map(" ".join, acts.APT),
        ),
        partial(acts.install_packages, machine, folders, wanted, found.server.major),
    )


def _service_user(machine: Machine, found: Found) -> Iterable[Step]:
    layout = found.server.layout
    folder = WantedFolder(layout.backups, layout.service_user, 0o700)
    command = acts.useradd(layout.service_user)
    is_new = not machine.has_user(layout.service_user)
    if is_new or not is_as_wanted(machine, folder):
        yield Step(
            "user",
            _("Let the timers work as the system's user {user}, and keep backups in {folder}.").format(
                user=layout.service_user, folder=layout.backups
            ),
            (*([" ".join(command)] if is_new else []), str(folder.path)),
            partial(acts.make_user, machine, command if is_new else None, folder),
        )


def _authority(machine: Machine, found: Found) -> Iterable[Step]:
    layout = found.server.layout
    if machine.read(layout.ca) is not None:
        return
    folder = WantedFolder(layout.authority.parent, mode=0o700)
    yield Step(
        "authority",
        _("Make the organisation's own certificate authority; its key is for root alone, in {file}.").format(
            file=layout.authority
        ),
        (
            str(folder.path),
            *([] if machine.read(layout.authority) is not None else [str(layout.authority)]),
            str(layout.ca),
        ),
        partial(acts.make_authority, machine, found.server, folder),
    )


def _cluster(machine: Machine, found: Found) -> Iterable[Step]:
    server = found.server
    commands: list[tuple[str, ...]] = []
    if found.cluster is not None:
        if not acts.is_unfinished(machine, server, found.cluster):
            return
        commands.append(("pg_dropcluster", str(server.major), server.layout.cluster))
    elif found.leftover is not None:
        commands.append(("rm", "-r", "--one-file-system", "--", str(found.leftover)))
    commands.append(acts.createcluster(server))
    yield Step(
        "cluster",
        _("Make a cluster {name} of its own at port {port}, with checksums; other clusters stay.").format(
            name=server.layout.cluster, port=server.wish.port
        ),
        tuple(map(" ".join, commands)),
        partial(acts.make_cluster, machine, commands),
    )


def _certificate(machine: Machine, found: Found) -> Sequence[Step]:
    server = found.server
    if acts.certificate_is_in_order(machine, server):
        return []
    folder = WantedFolder(server.layout.server_pem.parent)
    is_first = machine.traits(server.layout.server_pem) is None
    words = (
        _("Make the server's certificate for {hosts}.")
        if is_first
        else _("Renew the server's certificate for {hosts}; laptops notice nothing.")
    )
    return [
        Step(
            "certificate",
            words.format(hosts=", ".join(server.wish.hosts)),
            (*([] if is_as_wanted(machine, folder) else [str(folder.path)]), str(server.layout.server_pem)),
            partial(acts.make_certificate, machine, server, folder),
        )
    ]


def _settings(machine: Machine, found: Found) -> Sequence[Step]:
    file = files.settings_file(found.server, machine.memory_bytes())
    words = _("Write the cluster's settings to {file}.").format(file=file.path)
    return list(_writing("settings", words, machine, [], [file]))


def _access(machine: Machine, found: Found) -> Sequence[Step]:
    wanted = [files.access_file(found.server), files.identity_file(found.server)]
    changed = [file for file in wanted if not is_as_wanted(machine, file)]
    if not changed:
        return []
    kept = [acts.kept_beside(file.path) for file in changed]
    kept = [path for path in kept if machine.read(path) is None]
    return [
        Step(
            "access",
            _("Let nobody into the cluster but with TLS and a password; the old files are kept beside."),
            (*map(str, kept), *(str(file.path) for file in changed)),
            partial(acts.replace_access, machine, changed),
        )
    ]


def _start(machine: Machine, found: Found, *, is_restart: bool, is_reload: bool) -> Iterable[Step]:
    server, inside = found.server, found.inside
    if found.cluster is None or not found.cluster.is_running:
        verb, words = "start", _("Start the cluster.")
    elif is_restart or inside is None or acts.is_newer(machine, [server.drop_in], inside.started_at):
        verb, words = "restart", _("Restart the cluster; laptops that are connected try again by themselves.")
    elif is_reload or acts.is_newer(machine, acts.reloadable(server), inside.loaded_at):
        verb, words = "reload", _("Let the cluster read its files again; nobody is disconnected.")
    else:
        return
    command = ("pg_ctlcluster", str(server.major), server.layout.cluster, verb)
    yield Step(verb, words, (" ".join(command),), partial(acts.control_cluster, machine, command, server))


def _database(machine: Machine, hub: Hub, found: Found) -> Iterable[Step]:
    server, inside = found.server, found.inside
    layout = server.layout
    has_file = machine.traits(layout.office_url) is not None
    # A file that isn't there although all is complete was taken away by a person: that is their right.
    writes_file = has_file or not (inside is not None and inside.is_complete)
    if found.password is not None:
        writes_file = not is_as_wanted(machine, acts.office_file(server, found.password))
    is_done = inside is not None and inside.is_complete and (inside.is_known or not has_file)
    if is_done and not writes_file:
        return
    yield Step(
        "database",
        _("Set up the database {name}; the office's address of it goes to {file}, for root alone.").format(
            name=layout.database, file=layout.office_url
        ),
        (
            *([str(layout.office_url)] if writes_file else []),
            *([] if is_done else [acts.database_change(server)]),
        ),
        partial(acts.set_up_database, machine, hub, server, writes_file=writes_file, is_done=is_done),
    )


def _timers(machine: Machine, found: Found) -> Iterable[Step]:
    server = found.server
    is_sealed = machine.read(server.layout.public_keys / PUBLIC_FILE) is not None
    changed = [
        file for file in files.unit_files(server, is_sealed=is_sealed) if not is_as_wanted(machine, file)
    ]
    commands = acts.timer_commands(machine, server, is_changed=bool(changed))
    if changed or commands:
        yield Step(
            "timers",
            _("Let systemd add up what came in, make a backup each night, and watch over laptops' logins."),
            (*(str(file.path) for file in changed), *map(" ".join, commands)),
            partial(acts.set_timers, machine, changed, commands),
        )


def _writing(
    name: str,
    words: str,
    machine: Machine,
    folders: Sequence[WantedFolder],
    wanted: Sequence[WantedFile],
) -> Iterable[Step]:
    new_folders = [folder for folder in folders if not is_as_wanted(machine, folder)]
    changed = [file for file in wanted if not is_as_wanted(machine, file)]
    if new_folders or changed:
        places = (*(str(one.path) for one in new_folders), *(str(one.path) for one in changed))
        yield Step(name, words, places, partial(acts.write_all, machine, new_folders, changed))
