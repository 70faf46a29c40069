"""Marks of addresses and numbers by this laptop's own random key: they tell the same person, and no name.

They leave with the contacts: whoever has the open laptop has the key too, and could ask of any address
whether somebody with it was here.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.duplicate import ContactKeys
from stojnica.storage.memory import forget, recall, remember

KEY = "marks_key"
MOST = 8
"""A family shares a number; the newest few are enough for a question."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Hold one earlier contact, and what is the same: "email", "phone" or both. `captured_at` is µs UTC."""

    subject_id: UUID
    captured_at: int
    same: tuple[str, ...]


def mark_contact(connection: Connection, subject_id: UUID, captured_at: int, keys: ContactKeys) -> None:
    """Keep the marks of a contact, in the caller's transaction."""
    marks = _marks(_own_key(connection), keys)
    for name in marks.values():
        kept = [item for item in recall(connection, name, []) if item[0] != str(subject_id)]
        remember(connection, name, [[str(subject_id), captured_at], *kept][:MOST])


def marked_contacts(connection: Connection, keys: ContactKeys) -> list[Marked]:
    """Give the contacts of this laptop that have the same address or number, from whichever event."""
    found: dict[UUID, Marked] = {}
    for same, name in names_of_marks(connection, keys).items():
        for subject, captured_at in recall(connection, name, []):
            subject_id = UUID(subject)
            before = found[subject_id].same if subject_id in found else ()
            found[subject_id] = Marked(subject_id, captured_at, (*before, same))
    return list(found.values())


def names_of_marks(connection: Connection, keys: ContactKeys) -> dict[str, str]:
    """Give the names under which the marks of an address and a number lie; none before the first mark."""
    key = recall(connection, KEY)
    return _marks(bytes.fromhex(key), keys) if key else {}


def _own_key(connection: Connection) -> bytes:
    kept = recall(connection, KEY)
    if kept is None:
        kept = secrets.token_hex(32)
        remember(connection, KEY, kept)
    return bytes.fromhex(kept)


def _marks(key: bytes, keys: ContactKeys) -> dict[str, str]:
    """Give the name under which each mark is kept; the kind goes in, so that no two kinds ever meet."""
    values = {"email": keys.email, "phone": keys.phone}
    return {
        same: "mark:" + hmac.new(key, f"{same}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
        for same, value in values.items()
        if value
    }


def drop_marks_of(connection: Connection, subject_id: UUID, keys: Iterable[ContactKeys]) -> None:
    """Forget the marks of a contact, of which all addresses and numbers are known: no search through all."""
    names = [name for one in keys for name in names_of_marks(connection, one).values()]
    _drop(connection, subject_id, names)


def drop_marks(connection: Connection, subject_id: UUID) -> None:
    """Forget every mark of a contact, whatever address or number it was made of."""
    # SQLite looks through the values itself: to read a hundred thousand of them would keep a visitor waiting.
    rows = connection.exec_driver_sql(
        "SELECT name FROM setting WHERE name LIKE 'mark:%' AND instr(value, ?) > 0",
        (str(subject_id).encode(),),
    )
    _drop(connection, subject_id, [row[0] for row in rows])


def _drop(connection: Connection, subject_id: UUID, names: Iterable[str]) -> None:
    for name in names:
        kept = [item for item in recall(connection, name, []) if item[0] != str(subject_id)]
        if kept:
            remember(connection, name, kept)
        else:
            forget(connection, name)
