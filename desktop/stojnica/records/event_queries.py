"""What screens ask about events."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain.event import Event
from stojnica.records.typed import EVENT

_SHOWN = (EVENT.c.is_voided == sa.false(),)


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """Hold an event, and whether the office decided it: then this laptop doesn't change it."""

    event: Event
    is_from_office: bool


def known_events(connection: Connection, branch_id: UUID) -> list[KnownEvent]:
    """Give all events that aren't voided, the earliest first."""
    query = sa.select(EVENT).where(EVENT.c.branch_id == branch_id, *_SHOWN).order_by(EVENT.c.starts)
    return [_known(row) for row in connection.execute(query)]


def known_event(connection: Connection, branch_id: UUID, event_id: UUID) -> KnownEvent | None:
    """Give one event, or None when there is none of this id, or it is voided."""
    query = sa.select(EVENT).where(EVENT.c.branch_id == branch_id, EVENT.c.subject_id == event_id, *_SHOWN)
    row = connection.execute(query).first()
    return None if row is None else _known(row)


def _known(row: Row[Any]) -> KnownEvent:
    return KnownEvent(
        event=Event(
            event_id=row.subject_id,
            name=row.name,
            code=row.code,
            place=row.place,
            city=row.city,
            country=row.country,
            mode=row.mode,
            starts=row.starts,
            ends=row.ends,
            time_zone=row.time_zone,
            goal_reached=row.goal_reached,
            project=row.project,
            is_closed=row.is_closed,
        ),
        is_from_office=row.origin != "own",
    )
