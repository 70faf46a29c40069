"""Facts that arrive at a database one by one, and what its tables hold then."""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from stojnica.domain.fact import Fact, StoredFact, content_hash, decode, encode
from stojnica.records.facts import FACT, fact_values
from stojnica.records.projection import project_subject
from stojnica.records.typed import TYPED_TABLES

BRANCH, OTHER_BRANCH, EVENT = UUID(int=1), UUID(int=2), UUID(int=3)


SUBJECTS = [UUID(int=10), UUID(int=11)]


LIVES = [UUID(int=20), UUID(int=21), UUID(int=22)]


def arrive(connection: Connection, item: StoredFact) -> None:
    """Take a fact in as the centre does: one that is there already changes nothing."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(FACT).values(**fact_values(item)).on_conflict_do_nothing())
    project_subject(connection, item.branch_id, item.fact.subject_id)


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
        for table in TYPED_TABLES
    }


def told(
    kind: str,
    data: dict[str, Any],
    *,
    seen: Sequence[StoredFact] = (),
    life: UUID = LIVES[0],
    seq: int = 1,
    branch: UUID = BRANCH,
    **more: Any,
) -> StoredFact:
    fact = Fact(
        more.pop("fact_id", UUID(int=random.getrandbits(64))),
        kind,
        more.pop("subject", SUBJECTS[0]),
        data,
        captured_at=5,
        supersedes=tuple(item.content_hash for item in seen),
        **more,
    )
    body = encode(fact)
    return StoredFact(branch, life, seq, content_hash(body), body, decode(body))


def row_of(connection: Connection, table: str) -> Any:
    (named,) = [item for item in TYPED_TABLES if item.name == table]
    return connection.execute(sa.select(named)).one()
