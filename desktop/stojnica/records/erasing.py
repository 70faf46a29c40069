"""Taking the typed rows of a subject away: what rows are made of is gone."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.records.typed import TYPED_TABLES


def clear_subject(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Delete all typed rows of a subject; facts that are left may be projected anew."""
    for table in TYPED_TABLES:
        connection.execute(
            sa.delete(table).where(table.c.branch_id == branch_id, table.c.subject_id == subject_id)
        )
