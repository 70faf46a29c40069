"""The pieces of a person's files: those that are here, and a name for each of those that aren't."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.records.facts import FACT
from stojnica.storage.outbox import Key
from stojnica.storage.tables import STUB
from stojnica.storage.unit import UnitOfWork


def pieces_here(connection: Connection, branch_id: UUID, subjects: Iterable[UUID]) -> list[Key]:
    """Give the pieces of files that are in this one: whatever else somebody named as a piece stays."""
    found: list[Key] = []
    for subject_id in subjects:
        query = sa.select(FACT.c.fact_id, FACT.c.content_hash).where(
            FACT.c.branch_id == branch_id, FACT.c.subject_id == subject_id, FACT.c.kind == kinds.FILE_CHUNK
        )
        found += [(row.fact_id, row.content_hash) for row in connection.execute(query)]
    return found


def name_pieces(unit: UnitOfWork, subjects: Iterable[UUID]) -> int:
    """Record an empty fact under the id of each piece, for the stub that is to stand there; gives how many.

    A scan may be half kept when its person is erased. Another laptop with the same files can complete it:
    its pieces come with ids that nobody here knows, but about the same subjects. Of these the centre gets
    tombstones, as it has one of each person's id.
    """
    named = 0
    for subject_id in sorted(subjects):
        if not _is_known(unit.connection, unit.branch_id, subject_id):
            unit.record(kinds.FILE_CHUNK, subject_id, {}, fact_id=subject_id)
            named += 1
    unit.flush()
    return named


def _is_known(connection: Connection, branch_id: UUID, subject_id: UUID) -> bool:
    """Tell whether there is a fact or a stub of this id, or the subject is no piece of a file at all."""
    asked = [
        sa.select(sa.literal(1)).where(
            FACT.c.branch_id == branch_id,
            FACT.c.subject_id == subject_id,
            FACT.c.kind != kinds.FILE_CHUNK,
        ),
        *(
            sa.select(sa.literal(1)).where(table.c.branch_id == branch_id, table.c.fact_id == subject_id)
            for table in (FACT, STUB)
        ),
    ]
    return any(connection.execute(query.limit(1)).first() is not None for query in asked)
