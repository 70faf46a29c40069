"""What the facts of a group visit add up to, and what screens ask about visits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from stojnica.domain import kinds
from stojnica.domain.fact import StoredFact
from stojnica.domain.group_visit import FIELDS, GroupVisit, visit_from
from stojnica.domain.initials import initials_of
from stojnica.domain.order import SubjectHistory
from stojnica.domain.tally import REACHED
from stojnica.records.typed import GROUP_VISIT, SIGNUP, TALLY

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """Hold one visit as it stands; `initials` are the teacher's, "" when no contact is kept.

    `is_counted`: its pupils are among the people reached; whoever undid that press took them out.
    """

    subject_id: UUID
    event_id: UUID | None
    captured_at: int
    visit: GroupVisit
    initials: str = ""
    is_counted: bool = False
    is_voided: bool = False


@dataclass(frozen=True, slots=True)
class VisitTotals:
    """Hold how many groups were here, and how many pupils in them."""

    visits: int = 0
    pupils: int = 0


def group_visit_rows(history: SubjectHistory) -> Rows:
    """Give the visit as it stands after corrections, each field by itself."""
    begun = [item for item in history.facts if item.fact.kind == kinds.GROUP_VISITED]
    if not begun:
        return []
    corrections = [item for item in history.facts if item.fact.kind == kinds.CORRECTED]
    row: dict[str, Any] = {}
    for name in FIELDS:
        told = [*begun, *(item for item in corrections if name in item.fact.data)]
        row[name], _differs = history.value(told, _reader(name), None)
    fact = max(history.latest(begun), key=lambda item: item.content_hash).fact
    return [
        row
        | {
            "event_id": fact.event_id,
            "captured_at": fact.captured_at,
            "operator": fact.operator,
            "is_voided": any(item.fact.kind == kinds.VOIDED for item in history.facts),
        }
    ]


def group_visits(connection: Connection, branch_id: UUID, event_id: UUID) -> list[KnownVisit]:
    """Give the visits at an event, the newest first."""
    query = (
        _known(branch_id)
        .where(GROUP_VISIT.c.event_id == event_id, GROUP_VISIT.c.is_voided == sa.false())
        .order_by(GROUP_VISIT.c.captured_at.desc(), GROUP_VISIT.c.subject_id.desc())
    )
    return [_visit(row) for row in connection.execute(query)]


def group_visit(connection: Connection, branch_id: UUID, subject_id: UUID) -> KnownVisit | None:
    """Give one visit, or None when there is none of this id."""
    row = connection.execute(_known(branch_id).where(GROUP_VISIT.c.subject_id == subject_id)).first()
    return None if row is None else _visit(row)


def visit_totals(connection: Connection, branch_id: UUID, event_id: UUID) -> VisitTotals:
    """Add up the visits at an event."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(GROUP_VISIT.c.pupils), 0)).where(
        GROUP_VISIT.c.branch_id == branch_id,
        GROUP_VISIT.c.event_id == event_id,
        GROUP_VISIT.c.is_voided == sa.false(),
    )
    visits, pupils = connection.execute(query).one()
    return VisitTotals(int(visits), int(pupils))


def counted_at_once(
    connection: Connection, branch_id: UUID, event_id: UUID, amount: int, since: int
) -> int | None:
    """Tell when so many were last counted at once by hand since an instant (µs UTC); None when never.

    Presses that belong to a visit aren't meant: they are its own.
    """
    visits = sa.select(GROUP_VISIT.c.press).where(
        GROUP_VISIT.c.branch_id == branch_id, GROUP_VISIT.c.press.is_not(None)
    )
    presses = (
        sa.select(TALLY.c.captured_at)
        .where(
            TALLY.c.branch_id == branch_id,
            TALLY.c.event_id == event_id,
            TALLY.c.counter == REACHED,
            TALLY.c.captured_at >= since,
            TALLY.c.subject_id.not_in(visits),
        )
        .group_by(TALLY.c.subject_id, TALLY.c.captured_at)
        .having(sa.func.sum(TALLY.c.amount) == amount)
        .order_by(TALLY.c.captured_at.desc())
        .limit(1)
    )
    return connection.execute(presses).scalar()


def _known(branch_id: UUID) -> sa.Select[Any]:
    """Ask for visits with the teacher's initials, and whether the press still counts."""
    teacher = (SIGNUP.c.branch_id == GROUP_VISIT.c.branch_id) & (SIGNUP.c.subject_id == GROUP_VISIT.c.teacher)
    press = sa.exists().where(
        TALLY.c.branch_id == GROUP_VISIT.c.branch_id, TALLY.c.subject_id == GROUP_VISIT.c.press
    )
    live = sa.and_(teacher, SIGNUP.c.is_voided == sa.false())
    return (
        sa.select(
            GROUP_VISIT,
            SIGNUP.c.first_name,
            SIGNUP.c.last_name,
            press.label("is_counted"),
        )
        .join(SIGNUP, live, isouter=True)
        .where(GROUP_VISIT.c.branch_id == branch_id)
    )


def _visit(row: Row[Any]) -> KnownVisit:
    is_kept = row.first_name is not None
    return KnownVisit(
        subject_id=row.subject_id,
        event_id=row.event_id,
        captured_at=row.captured_at,
        visit=GroupVisit(
            school=row.school,
            pupils=row.pupils,
            town=row.town,
            age_band=row.age_band,
            teacher=row.teacher if is_kept else None,
            press=row.press,
        ),
        initials=initials_of(row.first_name, row.last_name) if is_kept else "",
        is_counted=bool(row.is_counted),
        is_voided=row.is_voided,
    )


def _reader(name: str) -> Any:
    def read(item: StoredFact) -> object:
        return getattr(visit_from(item.fact.data), name)

    return read
