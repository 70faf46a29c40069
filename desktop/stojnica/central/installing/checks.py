"""Try a finished server as laptops, strangers and timers do, and say how each thing stands."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from stojnica.central.certificates import days_left
from stojnica.central.connect import CONNECT_SECONDS, connect, told_plainly
from stojnica.central.installing import files
from stojnica.central.installing.acts import is_newer, reloadable
from stojnica.central.installing.layout import POSTGRES, Server
from stojnica.central.installing.machine import Machine
from stojnica.central.installing.survey import Check
from stojnica.central.roles import still_open
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

_LEAST_AUTHORITY_DAYS = 365
_READ_SECONDS = 10


def check_server(machine: Machine, server: Server, password: str | None) -> tuple[Check, ...]:
    """Give a line for each thing that a server is relied on for.

    Raises:
        UserFacingError: the database can't be asked at all.
    """
    _wait_until_read(machine, server)
    found = [*_network(server, password)]
    with told_plainly(), connect(server.local_url(POSTGRES)) as connection:
        found += _settings(connection)
        found += _open_to_all(connection)
    found += _certificates(machine, server)
    found += _timers(machine, server)
    return tuple(found)


def _wait_until_read(machine: Machine, server: Server) -> None:
    """Give a server that was told to read its files again the moment that it takes."""
    for _attempt in range(_READ_SECONDS * 20):
        with told_plainly(), connect(server.local_url(POSTGRES)) as connection:
            row = connection.execute("SELECT extract(epoch FROM pg_conf_load_time())::float8").fetchone()
        if row is not None and not is_newer(machine, reloadable(server), row[0]):
            return
        time.sleep(0.05)


def _network(server: Server, password: str | None) -> Iterator[Check]:
    if password is None:
        yield Check(
            _("The office's address isn't on this server, so that the way over the network wasn't tried."),
            _("Try it from the office: stojnica central status URL"),
        )
    else:
        for host in server.wish.hosts:
            text = _("Laptops reach {host} with TLS, and the certificate fits.").format(host=host)
            yield Check(text, _reach(server, password, host))
    text = _("Without TLS nobody gets in.")
    yield Check(text, "" if _is_refused_in_clear(server) else _change_the_access(server))


def _reach(server: Server, password: str, host: str) -> str:
    """Connect as from another machine; give what to do when that fails."""
    try:
        with psycopg.connect(
            server.office_address(password), host=host, hostaddr="127.0.0.1", connect_timeout=CONNECT_SECONDS
        ) as connection:
            row = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
            if row is not None and row[0]:
                return ""
    except psycopg.Error:
        pass
    return _("It failed. Run the same command again; if that doesn't help, look into the server's log.")


def _is_refused_in_clear(server: Server) -> bool:
    try:
        psycopg.connect(
            host="127.0.0.1",
            port=server.wish.port,
            dbname=server.layout.database,
            user=server.layout.office_role,
            password="none",
            sslmode="disable",
            connect_timeout=CONNECT_SECONDS,
        ).close()
    except psycopg.OperationalError as error:
        # Before any password is asked for.
        return "no pg_hba.conf entry" in str(error)
    return False


def _change_the_access(server: Server) -> str:
    return _("Look at {file}: only the lines that this command writes belong there.").format(
        file=server.conf / "pg_hba.conf"
    )


def _settings(connection: psycopg.Connection[Any]) -> Iterator[Check]:
    wanted = {**files.RELIED_ON, "data_checksums": "on"}
    rows = connection.execute(
        "SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [list(wanted)]
    ).fetchall()
    there = dict(rows)
    wrong = sorted(name for name, value in wanted.items() if there.get(name) != value)
    text = _("What is confirmed to a laptop is on the disk, with checksums.")
    if wrong:
        yield Check(
            text,
            _("Somebody set this otherwise, probably with ALTER SYSTEM: {names}. Set it back.").format(
                names=", ".join(wrong)
            ),
        )
    else:
        yield Check(text)


def _open_to_all(connection: psycopg.Connection[Any]) -> Iterator[Check]:
    text = _("A laptop's login may call the functions for laptops, and nothing else.")
    found = still_open(connection)
    if found:
        yield Check(
            text, _("A superuser should still take from everyone: {item}").format(item=", ".join(found))
        )
    else:
        yield Check(text)


def _certificates(machine: Machine, server: Server) -> Iterator[Check]:
    layout = server.layout
    left = days_left(machine.read(layout.server_pem) or b"")
    text = ngettext(
        "The server's certificate is good for {count} more day.",
        "The server's certificate is good for {count} more days.",
        left,
    )
    yield Check(text.format(count=left))
    left = days_left(machine.read(layout.ca) or b"")
    text = ngettext(
        "The certificate authority is good for {count} more day.",
        "The certificate authority is good for {count} more days.",
        left,
    )
    is_short = left < _LEAST_AUTHORITY_DAYS
    yield Check(
        text.format(count=left),
        _("Plan a new one, and enrol the laptops again before it ends.") if is_short else "",
    )


def _timers(machine: Machine, server: Server) -> Iterator[Check]:
    user = server.layout.service_user
    text = _("The timers' user can start the program.")
    as_user = ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups")
    answer = machine.ask([*as_user, *server.layout.program, "--version"])
    if answer.code == 0:
        yield Check(text)
    else:
        where = _("Install Stojnica where everybody may read it, for example in /opt, not in {place}.")
        yield Check(text, where.format(place=Path(server.layout.program[0]).parent))
    text = _("The timers run.")
    if machine.has_systemd():
        names = files.unit_names(server)
        is_on = all(machine.ask(["systemctl", "is-active", name]).code == 0 for name in names)
        yield Check(text, "" if is_on else _("Look at: systemctl status {name}").format(name=names[0]))
    else:
        yield Check(
            text, _("systemd doesn't run here: the timers are written down, and start only where it does.")
        )
