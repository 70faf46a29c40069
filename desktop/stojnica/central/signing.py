"""What the organisation signs, and what a laptop signs and vouches for; without any database."""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

BRIEFING_PREFIX = b"stojnica briefing\0"
ERASE_ORDER_PREFIX = b"stojnica erase order\0"
ERASED_HERE_PREFIX = b"stojnica erased here\0"
DEVICE_KEY_PREFIX = b"stojnica device key\0"


def sign_briefing(key: Ed25519PrivateKey, body: bytes) -> bytes:
    """Sign a briefing's bytes (Ed25519, RFC 8032); the prefix keeps it from passing for anything else."""
    return key.sign(BRIEFING_PREFIX + body)


def is_briefing_of(public_key: bytes, body: bytes, signature: bytes) -> bool:
    """Tell whether a briefing carries the signature of this organisation."""
    return _is_signed(public_key, BRIEFING_PREFIX + body, signature)


def sign_erase_order(key: Ed25519PrivateKey, body: bytes) -> bytes:
    """Sign an order to erase somebody, as a briefing is signed."""
    return key.sign(ERASE_ORDER_PREFIX + body)


def is_erase_order_of(public_key: bytes, body: bytes, signature: bytes) -> bool:
    """Tell whether an order to erase carries the signature of this organisation."""
    return _is_signed(public_key, ERASE_ORDER_PREFIX + body, signature)


def sign_erased(key: Ed25519PrivateKey, body: bytes) -> bytes:
    """Sign what a laptop says it erased, by its own key."""
    return key.sign(ERASED_HERE_PREFIX + body)


def is_erased_said_by(public_key: bytes, body: bytes, signature: bytes) -> bool:
    """Tell whether a laptop with this key, or a copy of it, said that it erased this."""
    return _is_signed(public_key, ERASED_HERE_PREFIX + body, signature)


def _is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def vouch_for_device(secret: bytes, public_key: bytes) -> bytes:
    """Give the MAC by which an enrolment's secret vouches for the laptop's own key (HMAC-SHA-256)."""
    return hmac.digest(secret, DEVICE_KEY_PREFIX + public_key, "sha256")
