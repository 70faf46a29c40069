"""Finding contacts by what somebody says of themselves, through an index, in bounded time."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.initials import initials_of
from stojnica.domain.name_search import after
from stojnica.records.contact_queries import ContactLine
from stojnica.records.typed import SIGNUP, SIGNUP_WORD

LOOKED_AT = 5_000
"""So many entries of the index are looked at for one beginning: more than that is no search yet."""


def find_contacts(
    connection: Connection, branch_id: UUID, terms: Sequence[str], limit: int, *, with_names: bool = False
) -> list[ContactLine]:
    """Give the newest contacts of this laptop in which each of the terms begins a word; none for no term.

    The first term should be the longest one: it is the one that is looked up.
    """
    if not terms:
        return []
    hits = sa.select(SIGNUP_WORD.c.subject_id, SIGNUP_WORD.c.captured_at).where(
        SIGNUP_WORD.c.branch_id == branch_id, *_begins(SIGNUP_WORD, terms[0])
    )
    few = hits.limit(LOOKED_AT).subquery()
    query = (
        sa.select(few.c.subject_id, few.c.captured_at)
        .distinct()
        .order_by(few.c.captured_at.desc(), few.c.subject_id)
        .limit(limit)
    )
    for position, term in enumerate(terms[1:]):
        other = SIGNUP_WORD.alias(f"other_{position}")
        also = sa.select(sa.literal(1)).where(
            other.c.branch_id == branch_id, other.c.subject_id == few.c.subject_id, *_begins(other, term)
        )
        query = query.where(also.exists())
    subjects = [row.subject_id for row in connection.execute(query)]
    lines = [_line(connection, branch_id, subject_id, with_names) for subject_id in subjects]
    return [line for line in lines if line is not None]


def _begins(table: sa.FromClause, term: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.word >= term, table.c.word < after(term)


def _line(connection: Connection, branch_id: UUID, subject_id: UUID, with_names: bool) -> ContactLine | None:
    mine = (SIGNUP.c.branch_id == branch_id) & (SIGNUP.c.subject_id == subject_id)
    columns = (SIGNUP.c.captured_at, SIGNUP.c.channel, SIGNUP.c.first_name, SIGNUP.c.last_name)
    row = connection.execute(sa.select(*columns).where(mine)).first()
    if row is None:
        return None
    return ContactLine(
        subject_id=subject_id,
        captured_at=row.captured_at,
        initials=initials_of(row.first_name, row.last_name),
        channel=row.channel,
        name=f"{row.first_name} {row.last_name}".strip() if with_names else "",
    )
