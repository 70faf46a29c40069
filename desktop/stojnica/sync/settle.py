"""The first connection: a password that only this laptop knows, and a key of its own."""

import secrets
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica import failpoint
from stojnica.central.signing import vouch_for_device
from stojnica.sync.credentials import Credentials, keep_credentials
from stojnica.sync.session import SyncSession


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
    session.transport.enrolled(public_key, vouch_for_device(taken.secret, public_key))
    failpoint.reached("settle.after_key")
    session.write(
        lambda connection: keep_credentials(connection, replace(taken, is_settled=True, secret=b""))
    )


def _public_key(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
