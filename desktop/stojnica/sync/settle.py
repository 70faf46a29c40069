"""The first connection: a password that only this laptop knows, and a key of its own."""

import hashlib
import hmac
import secrets
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stojnica import failpoint
from stojnica.sync.credentials import Credentials, keep_credentials
from stojnica.sync.session import SyncSession

DEVICE_KEY_PREFIX = b"stojnica device key\0"


def settle_enrolment(session: SyncSession, credentials: Credentials) -> None:
    """Use the enrolment file up: after this, a copy of it opens nothing.

    The new password is kept before the server hears of it; whichever of the two a crash leaves valid is
    found at the next connection.
    """
    if credentials.is_settled:
        return
    fresh = replace(credentials, next_password=secrets.token_urlsafe(32))
    session.write(lambda connection: keep_credentials(connection, fresh))
    failpoint.reached("settle.before_password")
    session.transport.replace_password(fresh.next_password)
    failpoint.reached("settle.after_password")
    taken = replace(fresh, password=fresh.next_password, next_password="")
    session.write(lambda connection: keep_credentials(connection, taken))
    public_key = _public_key(taken.device_key)
    mac = hmac.new(taken.secret, DEVICE_KEY_PREFIX + public_key, hashlib.sha256).digest()
    session.transport.enrolled(public_key, mac)
    failpoint.reached("settle.after_key")
    session.write(
        lambda connection: keep_credentials(connection, replace(taken, is_settled=True, secret=b""))
    )


def _public_key(private: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
