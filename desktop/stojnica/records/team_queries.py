"""What screens ask about a team: who is here, how long everybody was, what was handed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain.canonical import parse_canonical
from stojnica.domain.handover import Debrief, Handover, debrief_from, handover_from
from stojnica.records.typed import HANDOVER, SHIFT, STAND_CLOSING


@dataclass(frozen=True, slots=True)
class KnownShift:
    """Hold one shift; instants are µs UTC, `ended_at` is None while it goes on."""

    subject_id: UUID
    event_id: UUID | None
    member_id: str
    name: str
    is_experienced: bool
    work: str
    started_at: int
    ended_at: int | None

    def worked_us(self, now: int) -> int:
        """Give how long it was, or has been until now."""
        return max(0, (now if self.ended_at is None else self.ended_at) - self.started_at)


@dataclass(frozen=True, slots=True)
class KnownHandover:
    """Hold a handover that was kept."""

    subject_id: UUID
    captured_at: int
    operator: str
    handover: Handover


@dataclass(frozen=True, slots=True)
class StandClosing:
    """Hold when a stand was closed, and what was noted since."""

    subject_id: UUID
    event_id: UUID | None
    closed_at: int
    debrief: Debrief


def shifts_of(connection: Connection, branch_id: UUID, event_id: UUID) -> list[KnownShift]:
    """Give the shifts of an event, the first one first."""
    return _shifts(connection, branch_id, SHIFT.c.event_id == event_id)


def open_shifts(connection: Connection, branch_id: UUID) -> list[KnownShift]:
    """Give the shifts that go on, at whichever event."""
    return _shifts(connection, branch_id, SHIFT.c.ended_at.is_(None))


def worked_by_member(connection: Connection, branch_id: UUID) -> Mapping[str, int]:
    """Give how long each was on shifts that have ended, at all events (µs)."""
    query = (
        sa.select(SHIFT.c.member_id, sa.func.sum(SHIFT.c.ended_at - SHIFT.c.started_at))
        .where(SHIFT.c.branch_id == branch_id, SHIFT.c.is_voided == sa.false(), SHIFT.c.ended_at.is_not(None))
        .group_by(SHIFT.c.member_id)
    )
    return {member_id: int(worked) for member_id, worked in connection.execute(query)}


def member_names(connection: Connection, branch_id: UUID) -> Mapping[str, bool]:
    """Give everybody who was in a shift, by number, and whether any shift still has the name."""
    named = sa.func.max(SHIFT.c.name != "")
    query = sa.select(SHIFT.c.member_id, named).where(SHIFT.c.branch_id == branch_id)
    rows = connection.execute(query.group_by(SHIFT.c.member_id))
    return {member_id: bool(is_named) for member_id, is_named in rows}


def event_names(connection: Connection, branch_id: UUID) -> Mapping[UUID, bool]:
    """Give every event that had a shift, and whether any of these still has a name."""
    named = sa.func.max(SHIFT.c.name != "")
    query = sa.select(SHIFT.c.event_id, named).where(
        SHIFT.c.branch_id == branch_id, SHIFT.c.event_id.is_not(None)
    )
    rows = connection.execute(query.group_by(SHIFT.c.event_id))
    return {event_id: bool(is_named) for event_id, is_named in rows if event_id is not None}


def newest_handover(connection: Connection, branch_id: UUID, event_id: UUID) -> KnownHandover | None:
    """Give the newest handover at an event."""
    query = (
        sa.select(HANDOVER)
        .where(
            HANDOVER.c.branch_id == branch_id,
            HANDOVER.c.event_id == event_id,
            HANDOVER.c.is_voided == sa.false(),
        )
        .order_by(HANDOVER.c.captured_at.desc(), HANDOVER.c.subject_id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    data = parse_canonical(row.data)
    told = handover_from(data if isinstance(data, dict) else {})
    return KnownHandover(row.subject_id, row.captured_at, row.operator, told)


def stand_closings(connection: Connection, branch_id: UUID) -> list[StandClosing]:
    """Give the stands that were closed, the newest first."""
    query = (
        sa.select(STAND_CLOSING)
        .where(STAND_CLOSING.c.branch_id == branch_id, STAND_CLOSING.c.is_voided == sa.false())
        .order_by(STAND_CLOSING.c.closed_at.desc())
    )
    return [
        StandClosing(row.subject_id, row.event_id, row.closed_at, debrief_from(row._asdict()))
        for row in connection.execute(query)
    ]


def _shifts(connection: Connection, branch_id: UUID, where: sa.ColumnElement[bool]) -> list[KnownShift]:
    query = (
        sa.select(SHIFT)
        .where(SHIFT.c.branch_id == branch_id, SHIFT.c.is_voided == sa.false(), where)
        .order_by(SHIFT.c.started_at, SHIFT.c.subject_id)
    )
    return [_shift(row) for row in connection.execute(query)]


def _shift(row: Row[Any]) -> KnownShift:
    return KnownShift(
        subject_id=row.subject_id,
        event_id=row.event_id,
        member_id=row.member_id,
        name=row.name,
        is_experienced=row.is_experienced,
        work=row.work,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
