"""The verifier of a new password, so that the server never gets the password itself."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from unicodedata import normalize

ITERATIONS = 4096


def verifier_of(password: str) -> str:
    """Give the SCRAM-SHA-256 verifier (RFC 5803) of a password, normalised as SASLprep (RFC 4013) does.

    Not by libpq: it takes the number of iterations from the server, and one that says two billion would keep
    this laptop busy for half an hour.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", normalize("NFKC", password).encode(), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored = b64encode(hashlib.sha256(client_key).digest()).decode()
    return f"SCRAM-SHA-256${ITERATIONS}:{b64encode(salt).decode()}${stored}:{b64encode(server_key).decode()}"
