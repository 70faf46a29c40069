"""What is wanted of the server, and where its parts are put."""

import ipaddress
import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

HEADER = "Written by Stojnica. Don't change it here: `stojnica central install` writes it anew."
CONF_ROOT = Path("/etc/postgresql")
DATA_ROOT = Path("/var/lib/postgresql")
SOCKETS = Path("/var/run/postgresql")
POSTGRES = "postgres"
NOTE_FORMAT = 1
# What is a name in a systemd unit, in pg_hba.conf and in the system's list of users alike.
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*")


def this_program() -> tuple[str, ...]:
    """Give the words that start this very program."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "stojnica")


@dataclass(frozen=True, slots=True)
class Layout:
    """Say where everything goes; `program` is what the timers start."""

    folder: Path = Path("/etc/stojnica")
    units: Path = Path("/etc/systemd/system")
    backups: Path = Path("/var/backups/stojnica")
    cluster: str = "stojnica"
    database: str = "stojnica"
    service_user: str = "stojnica"
    program: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in (self.cluster, self.database, self.service_user):
            if not _PLAIN_NAME.fullmatch(name) or name in ("root", POSTGRES):
                raise _wrong_name(name)

    @property
    def note(self) -> Path:
        """Give the file that remembers what was asked for."""
        return self.folder / "server.json"

    @property
    def authority(self) -> Path:
        """Give the file with the authority's key and certificate, for root's eyes only."""
        return self.folder / "authority" / "authority.pem"

    @property
    def ca(self) -> Path:
        """Give the authority's certificate, which anybody may read and laptops get."""
        return self.folder / "ca.pem"

    @property
    def server_pem(self) -> Path:
        """Give the server's certificate and key: one file, so that they always fit."""
        return self.folder / "server" / "server.pem"

    @property
    def office_url(self) -> Path:
        """Give the file with the office's address of the database, password included."""
        return self.folder / "office.url"

    @property
    def public_keys(self) -> Path:
        """Give the folder where a person may put the organisation's public keys."""
        return self.folder / "keys"

    @property
    def office_role(self) -> str:
        """Name the login that owns the database and lets laptops in."""
        return f"{self.service_user}_office"


@dataclass(frozen=True, slots=True)
class Wish:
    """Say what a person asked for: the organisation, the names of the server, its port."""

    name: str
    hosts: tuple[str, ...]
    port: int = 5432


@dataclass(frozen=True, slots=True)
class Note:
    """Remember what was asked for, and that a cluster of this name is ours."""

    name: str
    hosts: tuple[str, ...]
    port: int
    cluster: str

    def content(self) -> bytes:
        """Give the file's bytes."""
        raw = {"about": HEADER, "format": NOTE_FORMAT, "kind": "stojnica server"} | asdict(self)
        return json.dumps(raw, ensure_ascii=False, indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Server:
    """Name the cluster that runs, or will run, the organisation's database."""

    layout: Layout
    wish: Wish
    major: int

    @property
    def conf(self) -> Path:
        """Give the folder of the cluster's settings."""
        return CONF_ROOT / str(self.major) / self.layout.cluster

    @property
    def drop_in(self) -> Path:
        """Give the file with our settings."""
        return self.conf / "conf.d" / "stojnica.conf"

    @property
    def default_data(self) -> Path:
        """Give the folder where Debian puts the data of a new cluster."""
        return DATA_ROOT / str(self.major) / self.layout.cluster

    def local_url(self, role: str, database: str = "") -> str:
        """Give the address over the socket, where the system vouches for who calls: no password."""
        query = urlencode({"host": str(SOCKETS), "port": self.wish.port, "user": role}, safe="/")
        return f"postgresql:///{database or self.layout.database}?{query}"

    def office_address(self, password: str) -> str:
        """Give the address for the office, over the network."""
        host = self.wish.hosts[0]
        host = f"[{host}]" if ":" in host else host
        query = urlencode(
            {
                "sslmode": "verify-full",
                "sslrootcert": str(self.layout.ca),
                "channel_binding": "require",
            },
            safe="/",
        )
        login = f"{self.layout.office_role}:{quote(password, safe='')}"
        return f"postgresql://{login}@{host}:{self.wish.port}/{self.layout.database}?{query}"


def read_note(content: bytes | None) -> Note | None:
    """Read what was remembered.

    Raises:
        UserFacingError: the file is there and can't be understood.
    """
    if content is None:
        return None
    try:
        raw = json.loads(content)
        if raw["format"] != NOTE_FORMAT:
            raise ValueError("format")
        return Note(str(raw["name"]), tuple(map(str, raw["hosts"])), int(raw["port"]), str(raw["cluster"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UserFacingError(
            _("What this server was set up with can't be read: server.json is damaged."),
            safe=_("Nothing was changed."),
            next_step=_("Take the file from a copy of the server, or write to those who made Stojnica."),
            code="note_damaged",
        ) from error


def make_wish(
    note: Note | None, *, name: str = "", hosts: tuple[str, ...] = (), port: int | None = None
) -> Wish:
    """Put together what is asked for now and what was asked for before.

    Raises:
        UserFacingError: something is missing, no name of a host, or another port than laptops know.
    """
    name = name.strip() or (note.name if note else "")
    hosts = tuple(dict.fromkeys(host.strip().lower() for host in hosts)) or (note.hosts if note else ())
    if not name or not name.isprintable() or len(name) > 200:
        raise _incomplete(
            _("The server needs the organisation's name."), '--name "Organisation"', "name_missing"
        )
    if not hosts:
        raise _incomplete(
            _("Laptops need a name by which they reach the server."),
            "--host hub.example.org",
            "host_missing",
        )
    for host in hosts:
        _check_host(host)
    if note is not None and port not in (None, note.port):
        raise UserFacingError(
            _("Laptops know this server at port {port} already.").format(port=note.port),
            safe=_("Nothing was changed."),
            next_step=_("Leave --port out."),
            code="port_known",
        )
    port = port or (note.port if note else 5432)
    if not 1024 <= port <= 65_535:
        raise _incomplete(_("The port must be a number from 1024 to 65535."), "--port 5432", "port")
    return Wish(name, hosts, port)


def _check_host(host: str) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not _HOST_NAME.fullmatch(host):
            raise _incomplete(
                _("“{host}” is neither a host's name nor an address.").format(host=host),
                "--host hub.example.org",
                "host",
            ) from None


def _incomplete(what: str, example: str, code: str) -> UserFacingError:
    return UserFacingError(
        what,
        safe=_("Nothing was changed."),
        next_step=_("Give it like this: {example}").format(example=example),
        code=code,
    )


def _wrong_name(name: str) -> UserFacingError:
    return UserFacingError(
        _("“{name}” can't be the name of a cluster.").format(name=name),
        safe=_("Nothing was changed."),
        next_step=_("Use small letters and digits, with a letter first."),
        code="cluster_name",
    )
