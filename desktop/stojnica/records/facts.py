"""Facts in a database: the evidence, and copies of a few fields for indexes."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.orm import Mapped, mapped_column

from stojnica.domain.fact import StoredFact, decode
from stojnica.records.base import HUB, Base, Bytes, Id, Instant, Text, Whole, table_of
from stojnica.records.rows import insert_rows


class FactRow(Base):
    """Map one fact; the same id with another body is another row, and both are kept."""

    __tablename__ = "fact"

    branch_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Id)
    event_id: Mapped[UUID | None] = mapped_column(Id)
    incarnation: Mapped[UUID] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Whole)
    captured_at: Mapped[int] = mapped_column(Instant)
    body: Mapped[bytes] = mapped_column(Bytes)

    __table_args__ = (
        sa.Index("ix_fact_subject", "branch_id", "subject_id"),
        sa.Index("ix_fact_incarnation", "branch_id", "incarnation", "seq"),
        {"schema": HUB, "sqlite_strict": True},
    )


FACT = table_of(FactRow)
# Built once: building a statement anew costs three times what running it does.
_OF_SUBJECT = sa.select(
    FACT.c.branch_id, FACT.c.incarnation, FACT.c.seq, FACT.c.content_hash, FACT.c.body
).where(FACT.c.branch_id == sa.bindparam("branch"), FACT.c.subject_id == sa.bindparam("subject"))


def stored_fact(row: Row[Any] | Any) -> StoredFact:
    """Read a row of the fact table back into a value.

    Raises:
        BadFactError: the body is no fact.
    """
    return StoredFact(
        branch_id=row.branch_id,
        incarnation=row.incarnation,
        seq=row.seq,
        content_hash=row.content_hash,
        body=row.body,
        fact=decode(row.body),
    )


def fact_values(item: StoredFact) -> dict[str, Any]:
    """Give the columns of a fact's row."""
    fact = item.fact
    return {
        "branch_id": item.branch_id,
        "fact_id": fact.fact_id,
        "content_hash": item.content_hash,
        "kind": fact.kind,
        "subject_id": fact.subject_id,
        "event_id": fact.event_id,
        "incarnation": item.incarnation,
        "seq": item.seq,
        "captured_at": fact.captured_at,
        "body": item.body,
    }


def insert_facts(connection: Connection, items: Sequence[StoredFact]) -> None:
    """Insert facts, none of which may be there yet."""
    insert_rows(connection, FACT, [fact_values(item) for item in items])


def facts_of_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> list[StoredFact]:
    """Give all facts about one subject, in no particular order."""
    rows = connection.execute(_OF_SUBJECT, {"branch": branch_id, "subject": subject_id})
    return [stored_fact(row) for row in rows]


def subjects(connection: Connection, branch_id: UUID) -> Iterable[UUID]:
    """Give every subject of a branch once, streamed."""
    query = sa.select(FACT.c.subject_id).where(FACT.c.branch_id == branch_id).distinct()
    return connection.execute(query.execution_options(yield_per=1000)).scalars()
