"""Finding contacts by what somebody says of themselves, through an index, in bounded time."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
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
    asked: dict[str, Any] = {"branch": branch_id, "most": limit, "looked_at": LOOKED_AT}
    for place, term in enumerate(terms):
        asked |= {f"from_{place}": term, f"before_{place}": after(term)}
    return [
        ContactLine(
            subject_id=row.subject_id,
            captured_at=row.captured_at,
            initials=initials_of(row.first_name, row.last_name),
            channel=row.channel,
            name=f"{row.first_name} {row.last_name}".strip() if with_names else "",
        )
        for row in connection.execute(_search_for(len(terms)), asked)
    ]


@lru_cache(maxsize=8)
def _search_for(number: int) -> sa.Select[Any]:
    """Build the search for so many terms, once: each letter that somebody types asks again."""
    branch = sa.bindparam("branch", type_=SIGNUP.c.branch_id.type)
    hits = sa.select(SIGNUP_WORD.c.subject_id, SIGNUP_WORD.c.captured_at).where(
        SIGNUP_WORD.c.branch_id == branch, *_begins(SIGNUP_WORD, 0)
    )
    few = hits.limit(sa.bindparam("looked_at", type_=sa.Integer)).subquery("few")
    newest = (
        sa.select(few.c.subject_id, few.c.captured_at)
        .distinct()
        .order_by(few.c.captured_at.desc(), few.c.subject_id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
    for place in range(1, number):
        other = SIGNUP_WORD.alias(f"other_{place - 1}")
        also = sa.select(sa.literal(1)).where(
            other.c.branch_id == branch, other.c.subject_id == few.c.subject_id, *_begins(other, place)
        )
        newest = newest.where(also.exists())
    found = newest.subquery("found")
    return (
        sa.select(
            *(SIGNUP.c[name] for name in ("subject_id", "captured_at", "channel", "first_name", "last_name"))
        )
        .join(found, (SIGNUP.c.branch_id == branch) & (SIGNUP.c.subject_id == found.c.subject_id))
        .order_by(found.c.captured_at.desc(), found.c.subject_id)
    )


def _begins(table: sa.FromClause, place: int) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.word >= sa.bindparam(f"from_{place}"), table.c.word < sa.bindparam(f"before_{place}")
