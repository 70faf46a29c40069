"""A fact: something that happened, frozen as canonical bytes that are never written anew."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from stojnica.domain.canonical import canonical_bytes, parse_canonical

MAX_BODY_BYTES = 256 * 1024
MAX_SUPERSEDES = 256
HASH_BYTES = 32
_FIELDS = {
    *("fact_id", "kind", "version", "subject_id", "supersedes", "event_id", "captured_at"),
    *("offset", "monotonic", "operator", "channel", "data", "salt"),
}
_KIND = re.compile(r"[a-z][a-z_]{0,63}")
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
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))


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
    """Write a fact as its body.

    Raises:
        BadFactError: it doesn't fit into the bounds.
    """
    body = canonical_bytes(
        {
            "fact_id": str(fact.fact_id),
            "kind": fact.kind,
            "version": fact.version,
            "subject_id": str(fact.subject_id),
            "supersedes": sorted(item.hex() for item in fact.supersedes),
            "event_id": str(fact.event_id) if fact.event_id else None,
            "captured_at": fact.captured_at,
            "offset": fact.offset_min,
            "monotonic": fact.monotonic,
            "operator": fact.operator,
            "channel": fact.channel,
            "data": dict(fact.data),
            "salt": fact.salt.hex(),
        }
    )
    if len(body) > MAX_BODY_BYTES:
        raise BadFactError("too_large")
    return body


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
    return Fact(
        fact_id=_uuid(raw["fact_id"], "fact_id"),
        kind=kind,
        version=_integer(raw["version"], "version", low=1, high=1000),
        subject_id=_uuid(raw["subject_id"], "subject_id"),
        supersedes=_hashes(raw["supersedes"]),
        event_id=None if raw["event_id"] is None else _uuid(raw["event_id"], "event_id"),
        captured_at=_integer(raw["captured_at"], "captured_at"),
        offset_min=_integer(raw["offset"], "offset", low=-1440, high=1440),
        monotonic=_integer(raw["monotonic"], "monotonic"),
        operator=_short_text(raw["operator"], "operator"),
        channel=_short_text(raw["channel"], "channel"),
        data=raw["data"],
        salt=_hex(raw["salt"], "salt", 16),
    )


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


def _integer(value: object, name: str, low: int = -_INT64, high: int = _INT64 - 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadFactError(name)
    return value


def _short_text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise BadFactError(name)
    return value


def _hex(value: object, name: str, size: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size or value != value.lower():
        raise BadFactError(name)
    try:
        return bytes.fromhex(value)
    except ValueError as error:
        raise BadFactError(name) from error


def _hashes(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_SUPERSEDES:
        raise BadFactError("supersedes")
    return tuple(_hex(item, "supersedes", HASH_BYTES) for item in value)
