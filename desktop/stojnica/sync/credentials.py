"""How this laptop gets in at the centre; kept inside the encrypted store alone."""

from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.central.enrolment import Enrolment
from stojnica.storage.memory import recall, remember

NAME = "credentials"


@dataclass(frozen=True, slots=True)
class Host:
    """Name one way to the server: a host name, or the folder of a socket."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Hold what the enrolment file gave, and what became of it.

    `next_password` is one that the server may have taken already: it is tried when the other fails.
    `has_own_password`: the server took one that only we know. `is_settled`: it has our own key as well, so
    the file is used up. `device_mac` stays: a centre that was restored to before that can be told once more.
    """

    branch_id: UUID
    device_id: UUID
    server_id: UUID
    name: str
    hosts: tuple[Host, ...]
    database: str
    role: str
    password: str
    tls_mode: str
    ca_pem: str
    signing_key: bytes
    recipients: tuple[str, ...]
    secret: bytes
    device_key: bytes
    next_password: str = ""
    has_own_password: bool = False
    is_settled: bool = False
    device_mac: bytes = b""


def credentials_from(item: Enrolment, device_key: bytes) -> Credentials:
    """Take what an enrolment file gave, and this laptop's own key (Ed25519 private, 32 bytes)."""
    return Credentials(
        branch_id=item.branch_id,
        device_id=item.device_id,
        server_id=item.server_id,
        name=item.name,
        hosts=tuple(Host(way.host, way.port) for way in item.hosts),
        database=item.database,
        role=item.role,
        password=item.password,
        tls_mode=item.tls_mode,
        ca_pem=item.ca_pem,
        signing_key=item.signing_key,
        recipients=item.recipients,
        secret=item.secret,
        device_key=device_key,
    )


def keep_credentials(connection: Connection, credentials: Credentials) -> None:
    """Keep them in the store."""
    raw: dict[str, Any] = asdict(credentials)
    for name, value in raw.items():
        if isinstance(value, UUID):
            raw[name] = str(value)
        elif isinstance(value, bytes):
            raw[name] = value.hex()
        elif isinstance(value, tuple):
            raw[name] = list(value)
    remember(connection, NAME, raw)


def credentials_of(connection: Connection) -> Credentials | None:
    """Give them; `None` before enrolment."""
    raw = recall(connection, NAME)
    if raw is None:
        return None
    known = {item.name for item in fields(Credentials)}
    values = {name: value for name, value in raw.items() if name in known}
    for name in ("branch_id", "device_id", "server_id"):
        values[name] = UUID(values[name])
    for name in ("signing_key", "secret", "device_key", "device_mac"):
        values[name] = bytes.fromhex(values.get(name, ""))
    values["hosts"] = tuple(Host(item["host"], item["port"]) for item in values["hosts"])
    values["recipients"] = tuple(values["recipients"])
    return Credentials(**values)
