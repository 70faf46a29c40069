"""A fact: something that happened, frozen as canonical bytes that are never written anew."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from stojnica.domain.canonical import NotCanonicalError, checked, parse_canonical, spelled

MAX_BODY_BYTES = 256 * 1024
MAX_SUPERSEDES = 256
MAX_SHORT_TEXT = 200
MAX_VERSION = 1_000
HASH_BYTES = 32
SALT_BYTES = 16
_FIELDS = {
    *("fact_id", "kind", "version", "subject_id", "supersedes", "event_id", "captured_at"),
    *("offset", "monotonic", "operator", "channel", "data", "salt"),
}
_KIND = re.compile(r"[a-z][a-z_]{0,63}")
_HEX = re.compile(r"[0-9a-f]*")
_INT64 = 1 << 63


class BadFactError(ValueError):
    """Tell why bytes are no fact; `reason` is a constant word without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one fact's evidence.

    `captured_at` and `monotonic` are microseconds (UTC, and of the running machine); `offset_min` is
    minutes east of UTC. Clocks are told, and decide nothing.
    """

    fact_id: UUID
    kind: str
    subject_id: UUID
    data: Mapping[str, Any]
    captured_at: int
    event_id: UUID | None = None
    version: int = 1
    supersedes: tuple[bytes, ...] = ()
    offset_min: int = 0
    monotonic: int = 0
    operator: str = ""
    channel: str = ""
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))


@dataclass(frozen=True, slots=True)
class StoredFact:
    """Hold a fact with its envelope; `fact` is what `body` says, `seq` counts from 1 in its incarnation."""

    branch_id: UUID
    incarnation: UUID
    seq: int
    content_hash: bytes
    body: bytes
    fact: Fact


def content_hash(body: bytes) -> bytes:
    """Give the SHA-256 of a body."""
    return hashlib.sha256(body).digest()


def encode(fact: Fact) -> bytes:
    """Write a fact as its body; `decode` takes back whatever this writes.

    Raises:
        BadFactError: it doesn't fit into the bounds, or holds what JSON can't spell in one way.
    """
    return sealed(fact)[0]


def sealed(fact: Fact) -> tuple[bytes, Fact]:
    """Write a fact as its body, and give it as `decode` would read it: nothing in it is shared any more.

    Raises:
        BadFactError: as `encode`.
    """
    _check_bounds(fact)
    try:
        _operator, _channel, data = checked([fact.operator, fact.channel, fact.data])
    except NotCanonicalError as error:
        raise BadFactError(error.reason) from error
    fact = replace(fact, data=data, supersedes=tuple(sorted(fact.supersedes)))
    body = spelled(
        {
            "fact_id": str(fact.fact_id),
            "kind": fact.kind,
            "version": fact.version,
            "subject_id": str(fact.subject_id),
            "supersedes": [item.hex() for item in fact.supersedes],
            "event_id": str(fact.event_id) if fact.event_id else None,
            "captured_at": fact.captured_at,
            "offset": fact.offset_min,
            "monotonic": fact.monotonic,
            "operator": fact.operator,
            "channel": fact.channel,
            "data": data,
            "salt": fact.salt.hex(),
        }
    )
    if len(body) > MAX_BODY_BYTES:
        raise BadFactError("too_large")
    return body, fact


def decode(body: bytes) -> Fact:
    """Read a body back; what a stranger sent is checked field by field.

    Raises:
        BadFactError: these bytes are no fact of ours.
    """
    if len(body) > MAX_BODY_BYTES:
        raise BadFactError("too_large")
    try:
        raw = parse_canonical(body)
    except ValueError as error:
        raise BadFactError("not_canonical_json") from error
    if not isinstance(raw, dict) or set(raw) != _FIELDS:
        raise BadFactError("fields")
    kind = raw["kind"]
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise BadFactError("kind")
    if not isinstance(raw["data"], dict):
        raise BadFactError("data")
    fact = Fact(
        fact_id=_uuid(raw["fact_id"], "fact_id"),
        kind=kind,
        version=_integer(raw["version"], "version"),
        subject_id=_uuid(raw["subject_id"], "subject_id"),
        supersedes=_hashes(raw["supersedes"]),
        event_id=None if raw["event_id"] is None else _uuid(raw["event_id"], "event_id"),
        captured_at=_integer(raw["captured_at"], "captured_at"),
        offset_min=_integer(raw["offset"], "offset"),
        monotonic=_integer(raw["monotonic"], "monotonic"),
        operator=_text(raw["operator"], "operator"),
        channel=_text(raw["channel"], "channel"),
        data=raw["data"],
        salt=_hex(raw["salt"], "salt", SALT_BYTES),
    )
    _check_bounds(fact)
    return fact


def _check_bounds(fact: Fact) -> None:
    if not _KIND.fullmatch(fact.kind):
        raise BadFactError("kind")
    if not 1 <= fact.version <= MAX_VERSION:
        raise BadFactError("version")
    if not -_INT64 <= fact.captured_at < _INT64:
        raise BadFactError("captured_at")
    if not -_INT64 <= fact.monotonic < _INT64:
        raise BadFactError("monotonic")
    if not -1440 <= fact.offset_min <= 1440:
        raise BadFactError("offset")
    if len(fact.operator) > MAX_SHORT_TEXT:
        raise BadFactError("operator")
    if len(fact.channel) > MAX_SHORT_TEXT:
        raise BadFactError("channel")
    if len(fact.salt) != SALT_BYTES:
        raise BadFactError("salt")
    hashes = fact.supersedes
    if len(hashes) > MAX_SUPERSEDES or len(set(hashes)) < len(hashes):
        raise BadFactError("supersedes")
    if any(len(item) != HASH_BYTES for item in hashes):
        raise BadFactError("supersedes")


def _uuid(value: object, name: str) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise BadFactError(name)
    try:
        parsed = UUID(value)
    except ValueError as error:
        raise BadFactError(name) from error
    if str(parsed) != value:
        raise BadFactError(name)
    return parsed


def _integer(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadFactError(name)
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadFactError(name)
    return value


def _hex(value: object, name: str, size: int) -> bytes:
    # bytes.fromhex would also take spaces and capitals, and one value would have two spellings.
    if not isinstance(value, str) or len(value) != 2 * size or not _HEX.fullmatch(value):
        raise BadFactError(name)
    return bytes.fromhex(value)


def _hashes(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_SUPERSEDES:
        raise BadFactError("supersedes")
    hashes = tuple(_hex(item, "supersedes", HASH_BYTES) for item in value)
    if list(hashes) != sorted(hashes):
        raise BadFactError("supersedes")
    return hashes
