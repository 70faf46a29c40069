"""What became of the rows of imported sheets: which are in, and which consents still lack their proof."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from stojnica.records.typed import CONSENT, SIGNUP
from stojnica.storage.tables import SHEET_ROW

TAKEN_OUTCOMES = ("taken", "warned")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """Hold what is kept of one row: of one that needs attention nothing else, and no subject."""

    event_id: UUID
    row_mark: bytes
    imported_at: int
    row_number: int
    slip_number: str
    outcome: str
    reason: str
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Unproven:
    """Hold a contact from a sheet, and the purposes that it agreed to without a proof."""

    subject_id: UUID
    purposes: set[str] = field(default_factory=set)


def taken_marks(connection: Connection, event_id: UUID) -> set[bytes]:
    """Give the marks of all rows that are in an event."""
    query = sa.select(SHEET_ROW.c.row_mark).where(
        SHEET_ROW.c.event_id == event_id, SHEET_ROW.c.outcome.in_(TAKEN_OUTCOMES)
    )
    return set(connection.execute(query).scalars())


def marks_among(connection: Connection, event_id: UUID, marks: Collection[bytes]) -> set[bytes]:
    """Give those of a few hundred marks at most whose rows are in an event."""
    query = sa.select(SHEET_ROW.c.row_mark).where(
        SHEET_ROW.c.event_id == event_id,
        SHEET_ROW.c.row_mark.in_(tuple(marks)),
        SHEET_ROW.c.subject_id.is_not(None),
    )
    return set(connection.execute(query).scalars())


def keep_rows(connection: Connection, rows: Sequence[KeptRow]) -> None:
    """Keep what became of rows; the same row again is updated, unless it is in already."""
    if not rows:
        return
    statement = insert(SHEET_ROW)
    fresh = {
        column.name: statement.excluded[column.name] for column in SHEET_ROW.c if column.name not in _KEY
    }
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(_KEY), set_=fresh, where=SHEET_ROW.c.subject_id.is_(None)
        ),
        [asdict(row) for row in rows],
    )


def unproven_rows(connection: Connection, branch_id: UUID, event_id: UUID) -> Mapping[bytes, Unproven]:
    """Give, by the row's mark, contacts of an event's sheets with consents that hold but lack a proof."""
    joined = SHEET_ROW.join(
        CONSENT, (CONSENT.c.subject_id == SHEET_ROW.c.subject_id) & (CONSENT.c.branch_id == branch_id)
    ).join(SIGNUP, (SIGNUP.c.subject_id == SHEET_ROW.c.subject_id) & (SIGNUP.c.branch_id == branch_id))
    query = (
        sa.select(SHEET_ROW.c.row_mark, SHEET_ROW.c.subject_id, CONSENT.c.purpose)
        .select_from(joined)
        .where(
            SHEET_ROW.c.event_id == event_id,
            SHEET_ROW.c.outcome.in_(TAKEN_OUTCOMES),
            SIGNUP.c.is_voided == sa.false(),
            CONSENT.c.is_granted == sa.true(),
            CONSENT.c.is_unproven == sa.true(),
        )
    )
    found: dict[bytes, Unproven] = {}
    for row in connection.execute(query):
        found.setdefault(row.row_mark, Unproven(row.subject_id)).purposes.add(row.purpose)
    return found


_KEY = ("event_id", "row_mark")
