"""The numbers of slips whose contact was erased: nobody is to look for them, or to type them in again."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.slip_number import SlipNumber, read_slip_number
from stojnica.records.typed import SIGNUP
from stojnica.storage.memory import recall, remember

ERASED_SLIPS = "erased_slips"
MOST = 2_000


def note_slip_of(connection: Connection, branch_id: UUID, subject_id: UUID) -> None:
    """Note the number of a contact that is about to be erased, and nothing else of it."""
    query = sa.select(SIGNUP.c.event_id, SIGNUP.c.slip_number).where(
        SIGNUP.c.branch_id == branch_id, SIGNUP.c.subject_id == subject_id, SIGNUP.c.is_voided == sa.false()
    )
    row = connection.execute(query).first()
    number = None if row is None or row.event_id is None else read_slip_number(row.slip_number).value
    if row is None or number is None:
        return
    kept = recall(connection, ERASED_SLIPS, {})
    of_event = kept.get(str(row.event_id), [])
    remember(connection, ERASED_SLIPS, kept | {str(row.event_id): [*of_event, str(number)][-MOST:]})


def erased_slips(connection: Connection, event_id: UUID) -> frozenset[SlipNumber]:
    """Give the numbers of an event whose contact was erased."""
    kept = recall(connection, ERASED_SLIPS, {}).get(str(event_id), [])
    return frozenset(number for one in kept if (number := read_slip_number(one).value) is not None)
