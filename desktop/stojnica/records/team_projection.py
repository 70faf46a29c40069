"""What the facts of a team add up to: shifts, handovers, and the end of a stand."""

from typing import Any

from stojnica.domain import kinds
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.fact import StoredFact
from stojnica.domain.handover import debrief_from, handover_from
from stojnica.domain.order import SubjectHistory
from stojnica.domain.shift import end_from, shift_from

Rows = list[dict[str, Any]]


def shift_rows(history: SubjectHistory) -> Rows:
    """Give the shift as it was begun and, when it was, ended."""
    begun = _newest(history, kinds.SHIFT_STARTED)
    if begun is None:
        return []
    fact = begun.fact
    shift = shift_from(fact.data)
    ended = _newest(history, kinds.SHIFT_ENDED)
    end = None
    if ended is not None:
        end = end_from(ended.fact.data, ended.fact.captured_at, fact.captured_at)
    return [
        {
            "event_id": fact.event_id,
            "member_id": shift.member_id,
            "name": shift.name,
            "is_experienced": shift.is_experienced,
            "work": shift.work,
            "started_at": fact.captured_at,
            "ended_at": end,
            "is_voided": _is_voided(history),
        }
    ]


def handover_rows(history: SubjectHistory) -> Rows:
    """Give the handover, bounded and without what no handover holds."""
    told = _newest(history, kinds.HANDED_OVER)
    if told is None:
        return []
    fact = told.fact
    return [
        {
            "event_id": fact.event_id,
            "captured_at": fact.captured_at,
            "operator": fact.operator,
            "data": canonical_bytes(handover_from(fact.data).data()),
            "is_voided": _is_voided(history),
        }
    ]


def closing_rows(history: SubjectHistory) -> Rows:
    """Give the end of a stand, with the newest debrief."""
    closed = _newest(history, kinds.STAND_CLOSED)
    if closed is None:
        return []
    fact = closed.fact
    told = _newest(history, kinds.DEBRIEFED)
    return [
        {
            "event_id": fact.event_id,
            "closed_at": fact.captured_at,
            "operator": fact.operator,
            "is_voided": _is_voided(history),
        }
        | debrief_from(told.fact.data if told else {}).data()
    ]


def _newest(history: SubjectHistory, kind: str) -> StoredFact | None:
    told = [item for item in history.facts if item.fact.kind == kind]
    if not told:
        return None
    return max(history.latest(told), key=lambda item: item.content_hash)


def _is_voided(history: SubjectHistory) -> bool:
    return any(item.fact.kind == kinds.VOIDED for item in history.facts)
