"""What the store remembers by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.storage.tables import SETTING

# A visitor waits for some of these: as plain text they take a third of the time of built statements.
_RECALL = "SELECT value FROM setting WHERE name = ?"
_REMEMBER = (
    "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def remember(connection: Connection, name: str, value: object) -> None:
    """Keep a value under a name; it must be whole numbers, texts, flags, lists and objects of such."""
    connection.exec_driver_sql(_REMEMBER, (name, canonical_bytes({"value": value})))


def recall(connection: Connection, name: str, default: object = None) -> Any:
    """Give what is kept under a name."""
    body = recall_body(connection, name)
    return default if body is None else value_of(body)


def recall_body(connection: Connection, name: str) -> bytes | None:
    """Give what is kept under a name as it lies there, for who has read the same before."""
    body: bytes | None = connection.exec_driver_sql(_RECALL, (name,)).scalar()
    return body


def recalled_names(connection: Connection, start: str) -> list[str]:
    """Give the names that begin so, and are not just this."""
    query = "SELECT name FROM setting WHERE name > ? AND name < ?"
    return list(connection.exec_driver_sql(query, (start, start + "~")).scalars())


def value_of(body: bytes) -> Any:
    """Read what is kept in the column `value`."""
    parsed = parse_canonical(body)
    assert isinstance(parsed, dict)
    return parsed["value"]


def forget(connection: Connection, name: str) -> None:
    """Drop what is kept under a name."""
    connection.execute(sa.delete(SETTING).where(SETTING.c.name == name))
