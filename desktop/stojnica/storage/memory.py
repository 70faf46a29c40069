"""What the store remembers by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.storage.tables import SETTING


def remember(connection: Connection, name: str, value: object) -> None:
    """Keep a value under a name; it must be whole numbers, texts, flags, lists and objects of such."""
    body = canonical_bytes({"value": value})
    statement = insert(SETTING).values(name=name, value=body)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": body}))


def recall(connection: Connection, name: str, default: object = None) -> Any:
    """Give what is kept under a name."""
    row = connection.execute(sa.select(SETTING.c.value).where(SETTING.c.name == name)).first()
    if row is None:
        return default
    parsed = parse_canonical(row.value)
    assert isinstance(parsed, dict)
    return parsed["value"]


def forget(connection: Connection, name: str) -> None:
    """Drop what is kept under a name."""
    connection.execute(sa.delete(SETTING).where(SETTING.c.name == name))
