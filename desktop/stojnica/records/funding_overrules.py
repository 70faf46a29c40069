"""Which rules of EU funding were overruled, for which piece, by whom and why."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.funding_overrule import FundingOverrule, overrule_from
from stojnica.domain.order import SubjectHistory
from stojnica.records.typed_prints import FUNDING_OVERRULE

MAX_LISTED = 500
_NAMES = ("rule", "piece", "item", "template", "size", "language", "measured", "reason")


@dataclass(frozen=True, slots=True)
class KnownOverrule:
    """Hold one decision as it stands; `captured_at` is µs UTC."""

    subject_id: UUID
    event_id: UUID | None
    captured_at: int
    operator: str
    overrule: FundingOverrule


def funding_overrule_rows(history: SubjectHistory) -> list[dict[str, Any]]:
    """Give the decision; one that was taken back stays, marked."""
    told = [
        item
        for item in history.facts
        if item.fact.kind == kinds.FUNDING_OVERRULED and overrule_from(item.fact.data) is not None
    ]
    if not told:
        return []
    fact = max(history.latest(told), key=lambda item: item.content_hash).fact
    overrule = overrule_from(fact.data)
    assert overrule is not None
    return [
        overrule.data()
        | {
            "event_id": fact.event_id,
            "captured_at": fact.captured_at,
            "operator": fact.operator,
            "is_voided": any(item.fact.kind == kinds.VOIDED for item in history.facts),
        }
    ]


def overrules_of(connection: Connection, branch_id: UUID, event_id: UUID) -> tuple[KnownOverrule, ...]:
    """Give what holds for an event's pieces, the newest first, at most five hundred."""
    table = FUNDING_OVERRULE.c
    query = (
        sa.select(
            *(table.subject_id, table.event_id, table.captured_at, table.operator),
            *(table[name] for name in _NAMES),
        )
        .where(table.branch_id == branch_id, table.event_id == event_id, table.is_voided == sa.false())
        .order_by(table.captured_at.desc(), table.subject_id.desc())
        .limit(MAX_LISTED)
    )
    return tuple(map(_known, connection.execute(query)))


def _known(row: sa.Row[Any]) -> KnownOverrule:
    overrule = FundingOverrule(**{name: row._mapping[name] for name in _NAMES})
    return KnownOverrule(row.subject_id, row.event_id, row.captured_at, row.operator, overrule)
