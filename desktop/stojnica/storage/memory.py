"""What the store remembers by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.storage.tables import SETTING

_RECALL = sa.select(SETTING.c.value).where(SETTING.c.name == sa.bindparam("wanted"))


def remember(connection: Connection, name: str, value: object) -> None:
    """Keep a value under a name; it must be whole numbers, texts, flags, lists and objects of such."""
    body = canonical_bytes({"value": value})
    statement = insert(SETTING).values(name=name, value=body)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": body}))


def recall(connection: Connection, name: str, default: object = None) -> Any:
    """Give what is kept under a name."""
    row = connection.execute(_RECALL, {"wanted": name}).first()
    return default if row is None else value_of(row.value)


def recall_body(connection: Connection, name: str) -> bytes | None:
    """Give what is kept under a name as it lies there, for who has read the same before."""
    row = connection.execute(_RECALL, {"wanted": name}).first()
    return None if row is None else bytes(row.value)


def value_of(body: bytes) -> Any:
    """Read what is kept in the column `value`."""
    parsed = parse_canonical(body)
    assert isinstance(parsed, dict)
    return parsed["value"]


def forget(connection: Connection, name: str) -> None:
    """Drop what is kept under a name."""
    connection.execute(sa.delete(SETTING).where(SETTING.c.name == name))
