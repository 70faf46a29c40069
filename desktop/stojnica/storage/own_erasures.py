"""What was erased in this file and said so, signed, for files like it; and what those said."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.records.facts import FACT
from stojnica.storage.memory import recall, remember
from stojnica.storage.outbox import Key

STATED = "erasures_stated"
STATEMENTS = "erasure_statements"
MOST_KEPT = 5_000
_PERSONS = (kinds.SIGNED_UP, kinds.CONTACT_WITHDREW)
_ASKED_AT_ONCE = 200


def unstated(connection: Connection, keys: Iterable[Key]) -> list[Key]:
    """Give those of which no statement is known, in their order."""
    stated = frozenset(recall(connection, STATED, []))
    return [key for key in keys if _short(key) not in stated]


def known_statements(connection: Connection) -> list[UUID]:
    """Give the statements that this file made or has followed."""
    return [UUID(one) for one in recall(connection, STATEMENTS, [])]


def note_statement(connection: Connection, statement_id: UUID, keys: Iterable[Key]) -> None:
    """Note that a statement about these was made, or followed: nothing of it is to be said again."""
    stated: list[str] = recall(connection, STATED, [])
    remember(connection, STATED, sorted({*stated, *map(_short, keys)}))
    known = [one for one in recall(connection, STATEMENTS, []) if one != str(statement_id)]
    remember(connection, STATEMENTS, [*known, str(statement_id)][-MOST_KEPT:])


def persons_of(connection: Connection, branch_id: UUID, keys: Sequence[Key]) -> tuple[UUID, ...]:
    """Give the persons here whom these very facts began, whatever else is known about them."""
    wanted = frozenset(keys)
    found: dict[UUID, None] = {}
    for begin in range(0, len(keys), _ASKED_AT_ONCE):
        ids = [fact_id for fact_id, _hash in keys[begin : begin + _ASKED_AT_ONCE]]
        query = sa.select(FACT.c.fact_id, FACT.c.content_hash, FACT.c.subject_id).where(
            FACT.c.branch_id == branch_id, FACT.c.fact_id.in_(ids), FACT.c.kind.in_(_PERSONS)
        )
        found |= {
            row.subject_id: None
            for row in connection.execute(query)
            if (row.fact_id, row.content_hash) in wanted
        }
    return tuple(found)


def _short(key: Key) -> str:
    # Sixteen digits tell apart what one file erases; as a whole they would make the note four times as large.
    return key[1][:8].hex()
