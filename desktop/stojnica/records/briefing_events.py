"""The office's events on a laptop: from the briefing, and above what the laptop said itself."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.ids import derived_id
from stojnica.records.projection import event_values
from stojnica.records.typed import EVENT, PROJECTION_VERSION

MAX_EVENTS = 1_000


def event_id_of(branch_id: UUID, item: dict[str, Any]) -> UUID:
    """Give the id of an event in the organisation's document: as written, or derived from its slug."""
    text = str(item.get("id", ""))
    try:
        return UUID(text)
    except ValueError:
        return derived_id(branch_id, "event", text)


def apply_briefing_events(
    connection: Connection,
    branch_id: UUID,
    events: Iterable[Any],
    project: Callable[[Connection, UUID, UUID], None],
) -> None:
    """Replace the events of the last briefing; `project` brings an own one back that it no longer names."""
    items = [item for item in events if isinstance(item, dict)][:MAX_EVENTS]
    coming = {event_id_of(branch_id, item): item for item in items}
    of_briefing = (EVENT.c.branch_id == branch_id) & (EVENT.c.origin == "briefing")
    gone = set(connection.execute(sa.select(EVENT.c.subject_id).where(of_briefing)).scalars()) - set(coming)
    connection.execute(sa.delete(EVENT).where(of_briefing))
    for event_id, item in coming.items():
        connection.execute(
            sa.delete(EVENT).where(EVENT.c.branch_id == branch_id, EVENT.c.subject_id == event_id)
        )
        connection.execute(
            sa.insert(EVENT).values(
                branch_id=branch_id,
                subject_id=event_id,
                origin="briefing",
                is_voided=False,
                projection_version=PROJECTION_VERSION,
                **event_values(event_id, item),
            )
        )
    for event_id in gone:
        project(connection, branch_id, event_id)
