"""Whether something carries the organisation's signature."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BRIEFING_PREFIX = b"stojnica briefing\0"


def is_signed_by(body: bytes, signature: bytes, public_key: bytes) -> bool:
    """Check an Ed25519 signature (RFC 8032) over a briefing's bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, BRIEFING_PREFIX + body)
    except (InvalidSignature, ValueError):
        return False
    return True
