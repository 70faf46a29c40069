"""Ids that are made by us, never by a database."""

import hashlib
import secrets
import time
from uuid import UUID

NIL = UUID(int=0)


def new_id(now_ms: int | None = None) -> UUID:
    """Make a UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits.

    Only the random part makes it unique, so a wrong clock does no harm.
    """
    milliseconds = (time.time_ns() // 1_000_000 if now_ms is None else now_ms) & ((1 << 48) - 1)
    random_bits = secrets.randbits(74)
    value = milliseconds << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def derived_id(branch: UUID, kind: str, name: str) -> UUID:
    """Give the same id each time for one named thing of a branch (UUIDv8, RFC 9562, 5.8, over SHA-256)."""
    digest = hashlib.sha256(b"\0".join([branch.bytes, kind.encode(), name.encode()])).digest()
    value = int.from_bytes(digest[:16], "big")
    value = (value & ~(0xF << 76)) | (0x8 << 76)
    value = (value & ~(0b11 << 62)) | (0b10 << 62)
    return UUID(int=value)
