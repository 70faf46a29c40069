"""The sealed recovery code: how it travels, readable for the organisation's identities alone."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.spoken_code import is_code

MOST_SEALED_BYTES = 8 * 1024
_AGE_HEADER = b"age-encryption.org/v1\n"
_KIND = "stojnica recovery"
_MOST_SLOT_LETTERS = 64


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryCode:
    """Hold what is sealed: the code, and the slot of which store it opens."""

    store_id: UUID
    slot_id: str
    code: str


def recovery_body(item: RecoveryCode) -> bytes:
    """Give the bytes to seal."""
    return canonical_bytes(
        {"kind": _KIND, "store_id": str(item.store_id), "slot": item.slot_id, "code": item.code}
    )


def recovery_from(body: bytes) -> RecoveryCode | None:
    """Read what was sealed; None when no laptop of ours can have sealed it."""
    try:
        raw = parse_canonical(body, MOST_SEALED_BYTES)
        if not isinstance(raw, Mapping) or raw["kind"] != _KIND:
            return None
        item = RecoveryCode(UUID(raw["store_id"]), str(raw["slot"])[:_MOST_SLOT_LETTERS], str(raw["code"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return item if is_code(item.code) else None


def sealed_data(sealed: bytes) -> dict[str, Any]:
    """Give what the fact keeps: the ciphertext, and nothing beside it."""
    return {"sealed": base64.b64encode(sealed).decode()}


def sealed_from(data: Mapping[str, Any]) -> bytes | None:
    """Read the ciphertext from a fact's data; None when no laptop of ours can have said it."""
    text = data.get("sealed")
    if not isinstance(text, str) or len(text) > MOST_SEALED_BYTES:
        return None
    try:
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return sealed if sealed.startswith(_AGE_HEADER) else None
