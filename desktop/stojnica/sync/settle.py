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
    own = credentials if credentials.has_own_password else _replace_password(session, credentials)
    public_key = _public_key(own.device_key)
    mac = vouch_for_device(own.secret, public_key)
    session.transport.enrolled(public_key, mac)
    failpoint.reached("settle.after_key")
    _keep(session, replace(own, is_settled=True, secret=b"", device_mac=mac))


def _replace_password(session: SyncSession, credentials: Credentials) -> Credentials:
    # One that was kept before goes first: the server may yet hear of it, long after we gave up waiting.
    wanted = credentials.next_password or secrets.token_urlsafe(32)
    _keep(session, replace(credentials, next_password=wanted))
    failpoint.reached("settle.before_password")
    session.transport.replace_password(wanted)
    failpoint.reached("settle.after_password")
    own = replace(credentials, password=wanted, next_password="", has_own_password=True)
    _keep(session, own)
    return own


def _keep(session: SyncSession, credentials: Credentials) -> None:
    session.write(lambda connection: keep_credentials(connection, credentials))


def _public_key(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
