"""What screens ask about events."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain.event import Event
from stojnica.records.typed import EVENT

_SHOWN = (EVENT.c.is_voided == sa.false(),)

_THIS = (
    EVENT.c.branch_id == sa.bindparam("branch"),
    EVENT.c.subject_id == sa.bindparam("event"),
    *_SHOWN,
)
# Built once: each look of each page begins with the event.
_EVENT = sa.select(EVENT).where(*_THIS)
_TIME_ZONE = sa.select(EVENT.c.time_zone).where(*_THIS)


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
    row = connection.execute(_EVENT, {"branch": branch_id, "event": event_id}).first()
    return None if row is None else _known(row)


def time_zone_of(connection: Connection, branch_id: UUID, event_id: UUID) -> str | None:
    """Give the name of an event's time zone, or None when there is no such event, or it is voided."""
    zone_name: str | None = connection.execute(_TIME_ZONE, {"branch": branch_id, "event": event_id}).scalar()
    return zone_name


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
            description=row.description,
            is_closed=row.is_closed,
        ),
        is_from_office=row.origin != "own",
    )
