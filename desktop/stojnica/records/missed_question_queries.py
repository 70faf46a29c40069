"""Questions that nobody at the stand could answer."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.records.typed import MISSED_QUESTION

MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """Hold one of them; `captured_at` is µs UTC."""

    subject_id: UUID
    event_id: UUID | None
    captured_at: int
    language: str
    text: str


def missed_questions(connection: Connection, branch_id: UUID, since: int) -> tuple[MissedQuestion, ...]:
    """Give those since an instant, newest first, at most fifty; what was taken back isn't among them."""
    table = MISSED_QUESTION.c
    query = (
        sa.select(table.subject_id, table.event_id, table.captured_at, table.language, table.text)
        .where(table.branch_id == branch_id, table.captured_at >= since)
        .order_by(table.captured_at.desc(), table.subject_id.desc())
        .limit(MAX_LISTED)
    )
    return tuple(MissedQuestion(*row) for row in connection.execute(query))
