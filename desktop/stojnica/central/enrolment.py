"""The enrolment file: what lets one laptop in, sealed with a one-time code; without any database."""

import base64
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyrage
from pyrage import passphrase

from stojnica.central.keys import check_recipient
from stojnica.central.signing import is_briefing_of
from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.domain.spoken_code import is_code, new_code, plain_code
from stojnica.i18n import gettext as _

MAX_FILE_BYTES = 4 * 1024 * 1024
KIND = "stojnica enrolment"
VERIFY_FULL = "verify-full"
NO_TLS = "none"
# As age writes it: how often a code is stretched is a power of two, with a kibibyte of memory for each.
_AGE_HEADER = re.compile(rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([0-9]{1,2})\n")
MOST_WORK = 21


@dataclass(frozen=True, slots=True)
class ServerHost:
    """Name one way to the server: a host name, an address, or the folder of its socket."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """Hold all that a laptop needs to reach its office and to know it again.

    `signing_key` (Ed25519 public) and `recipients` (age) are the organisation's; `secret` (32 bytes) vouches
    once for the laptop's own key. `ca_pem` is "" without TLS. Instants are µs UTC.
    """

    branch_id: UUID
    device_id: UUID
    server_id: UUID
    name: str
    hosts: tuple[ServerHost, ...]
    database: str
    role: str
    password: str
    tls_mode: str
    ca_pem: str
    signing_key: bytes
    recipients: tuple[str, ...]
    secret: bytes
    created_at: int
    valid_until: int
    briefing: bytes | None = None
    briefing_signature: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class EnrolmentFile:
    """Hold the sealed file, and the code that goes another way."""

    data: bytes
    code: str
    device_id: UUID
    name: str
    has_tls: bool


def seal(enrolment: Enrolment, code: str | None = None) -> EnrolmentFile:
    """Encrypt an enrolment with a one-time code; takes one to three seconds, by design of age."""
    code = code or new_code()
    data = passphrase.encrypt(canonical_bytes(_raw(enrolment)), plain_code(code))
    has_tls = enrolment.tls_mode == VERIFY_FULL
    return EnrolmentFile(data, code, enrolment.device_id, enrolment.name, has_tls)


def open_enrolment(data: bytes, code: str, *, now_us: int | None = None) -> Enrolment:
    """Decrypt and check an enrolment file; takes one to three seconds.

    `now_us` is the laptop's clock, and only decides how early an expired file is told apart: a file that a
    wrong clock lets through is refused by the centre.

    Raises:
        UserFacingError: no such file, a wrong code, damaged, expired, or a server without protection.
    """
    head = _AGE_HEADER.match(data) if len(data) <= MAX_FILE_BYTES else None
    # The library goes on to eight gibibytes and a minute, where it can; ours ask for half a gibibyte at most.
    if head is None or int(head[1]) > MOST_WORK:
        raise _not_a_file()
    if not is_code(code):
        raise _wrong_code()
    try:
        content = passphrase.decrypt(data, plain_code(code))
    except pyrage.DecryptError as error:
        raise (_wrong_code() if str(error) == "Decryption failed" else _not_a_file()) from error
    except Exception as error:  # pyrage's errors share no base below Exception.
        raise _not_a_file() from error
    try:
        enrolment = _read(parse_canonical(content, MAX_FILE_BYTES))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _not_a_file() from error
    if now_us is not None and now_us > enrolment.valid_until:
        raise _expired()
    return enrolment


def is_this_machine(host: str) -> bool:
    """Tell whether a host is the folder of a socket or a loopback address."""
    if host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _raw(item: Enrolment) -> dict[str, Any]:
    briefing = None
    if item.briefing is not None:
        briefing = {
            "body": base64.b64encode(item.briefing).decode(),
            "signature": base64.b64encode(item.briefing_signature).decode(),
        }
    return {
        "format": 1,
        "kind": KIND,
        "branch_id": str(item.branch_id),
        "device_id": str(item.device_id),
        "server_id": str(item.server_id),
        "name": item.name,
        "hosts": [{"host": way.host, "port": way.port} for way in item.hosts],
        "database": item.database,
        "role": item.role,
        "password": item.password,
        "tls": {"mode": item.tls_mode, "ca": item.ca_pem},
        "signing_key": item.signing_key.hex(),
        "recipients": list(item.recipients),
        "secret": item.secret.hex(),
        "created_at": item.created_at,
        "valid_until": item.valid_until,
        "briefing": briefing,
    }


def _read(raw: Mapping[str, Any]) -> Enrolment:
    if raw["format"] != 1 or raw["kind"] != KIND:
        raise ValueError("kind")
    sealed = raw["briefing"]
    enrolment = Enrolment(
        branch_id=UUID(raw["branch_id"]),
        device_id=UUID(raw["device_id"]),
        server_id=UUID(raw["server_id"]),
        name=_text(raw["name"], 200),
        hosts=tuple(ServerHost(_text(way["host"], 255), _number(way["port"])) for way in raw["hosts"]),
        database=_text(raw["database"], 63),
        role=_text(raw["role"], 63),
        password=_text(raw["password"], 200),
        tls_mode=_text(raw["tls"]["mode"], 20),
        ca_pem=_text(raw["tls"]["ca"], 64 * 1024, 0),
        signing_key=bytes.fromhex(raw["signing_key"]),
        recipients=tuple(_text(item, 200) for item in raw["recipients"]),
        secret=bytes.fromhex(raw["secret"]),
        created_at=_number(raw["created_at"]),
        valid_until=_number(raw["valid_until"]),
        briefing=None if sealed is None else base64.b64decode(sealed["body"], validate=True),
        briefing_signature=b"" if sealed is None else base64.b64decode(sealed["signature"], validate=True),
    )
    _check(enrolment)
    return enrolment


def _check(item: Enrolment) -> None:
    if not 1 <= len(item.hosts) <= 8 or any(not 1 <= way.port <= 65_535 for way in item.hosts):
        raise ValueError("hosts")
    if len(item.signing_key) != 32 or len(item.secret) != 32 or not 2 <= len(item.recipients) <= 8:
        raise ValueError("keys")
    for recipient in item.recipients:
        check_recipient(recipient)
    if item.tls_mode == VERIFY_FULL:
        if "BEGIN CERTIFICATE" not in item.ca_pem or not item.ca_pem.isascii():
            raise ValueError("ca")
    elif item.tls_mode != NO_TLS or not all(is_this_machine(way.host) for way in item.hosts):
        raise ValueError("tls")
    if item.briefing is not None and not is_briefing_of(
        item.signing_key, item.briefing, item.briefing_signature
    ):
        raise ValueError("briefing")


def _text(value: object, longest: int, shortest: int = 1) -> str:
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise ValueError("text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("number")
    return value


def _not_a_file() -> UserFacingError:
    return UserFacingError(
        _("This is no enrolment file, or it was damaged on its way."),
        safe=_("Nothing was changed."),
        next_step=_("Copy the file again, or ask the office for a new one."),
        code="enrolment_damaged",
    )


def _wrong_code() -> UserFacingError:
    return UserFacingError(
        _("The code doesn't open this enrolment file."),
        safe=_("Nothing was changed."),
        next_step=_("Check the code letter by letter, and that it belongs to this file."),
        code="enrolment_code",
    )


def _expired() -> UserFacingError:
    return UserFacingError(
        _("The enrolment file has expired."),
        safe=_("Nothing was changed. What was collected is on this laptop."),
        next_step=_("Check this computer's date, or ask the office for a new file."),
        code="enrolment_expired",
    )
