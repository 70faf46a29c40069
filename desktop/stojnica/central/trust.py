"""Which of a subject's facts count: whole, honest about themselves, and said by one who may say so.

The answer depends on all facts and deliveries of the subject, never on the order in which the projector met
them: a correction that arrives before its sign-up waits in quarantine and counts once the sign-up is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.fact import BadFactError, StoredFact, content_hash
from stojnica.domain.kinds import Role, may_author
from stojnica.records.facts import FACT, stored_fact

FactKey = tuple[UUID, bytes]
# A subject begins with one of these; what begins it a second time has to come from the same hand.
BEGINNING_KINDS = (
    frozenset({kinds.SIGNED_UP, kinds.COUNTED, kinds.QUESTION_MISSED, kinds.EVENT_CREATED})
    | frozenset({kinds.CONTACT_WITHDREW})
    | frozenset({kinds.SHIFT_STARTED, kinds.HANDED_OVER, kinds.STAND_CLOSED, kinds.SLIPS_PRINTED})
    | frozenset({kinds.GROUP_VISITED, kinds.FUNDING_OVERRULED, kinds.PRINT_PREPARED, kinds.FILE_CHUNK})
    | frozenset({kinds.RECOVERY_SEALED})
    | kinds.OFFICE_KINDS
)

_FACTS = sa.select(FACT).where(
    FACT.c.branch_id == sa.bindparam("branch"), FACT.c.subject_id == sa.any_(sa.bindparam("subjects"))
)
# The facts of these subjects times the few devices of the branch, then one look each: without MATERIALIZED,
# and before the tables were analysed, all deliveries of a device are read for each subject.
_DELIVERIES = sa.text(
    "WITH asked AS MATERIALIZED ("
    "  SELECT f.subject_id, f.fact_id, f.content_hash, v.device_id, v.kind"
    "  FROM hub.fact f CROSS JOIN hub.device v"
    "  WHERE f.branch_id = :branch AND f.subject_id = ANY (:subjects) AND v.branch_id = :branch)"
    " SELECT a.subject_id, d.fact_id, d.content_hash, d.device_id, d.received_at, a.kind FROM asked a"
    " JOIN hub.delivery d ON d.branch_id = :branch AND d.device_id = a.device_id"
    " AND d.fact_id = a.fact_id AND d.content_hash = a.content_hash"
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Say who brought a fact, in which role, and when (µs UTC by the server's clock)."""

    device_id: UUID
    role: Role
    received_at: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold the facts that count, and why each other one doesn't (a constant word)."""

    trusted: tuple[StoredFact, ...]
    set_aside: Mapping[FactKey, str] = field(default_factory=dict)


def judge_subjects(
    connection: Connection, branch_id: UUID, subject_ids: Sequence[UUID]
) -> dict[UUID, Verdict]:
    """Read all facts and deliveries of some subjects, and judge each subject for itself."""
    names = {"branch": branch_id, "subjects": list(subject_ids)}
    rows: dict[UUID, list[Any]] = {subject_id: [] for subject_id in subject_ids}
    for row in connection.execute(_FACTS, names).all():
        rows[row.subject_id].append(row)
    deliveries: dict[UUID, dict[FactKey, list[Delivery]]] = {subject_id: {} for subject_id in subject_ids}
    for row in connection.execute(_DELIVERIES, names).all():
        key = (row.fact_id, bytes(row.content_hash))
        came = Delivery(row.device_id, Role(row.kind), row.received_at)
        deliveries[row.subject_id].setdefault(key, []).append(came)
    return {subject_id: judge(rows[subject_id], deliveries[subject_id]) for subject_id in subject_ids}


def judge(rows: Iterable[Any], deliveries: Mapping[FactKey, Sequence[Delivery]]) -> Verdict:
    """Sort the rows of one subject into facts that count and facts that are set aside."""
    set_aside: dict[FactKey, str] = {}
    whole: list[StoredFact] = []
    for row in rows:
        key = (row.fact_id, bytes(row.content_hash))
        try:
            item = stored_fact(row)
        except BadFactError as error:
            set_aside[key] = f"body: {error.reason}"
            continue
        fault = _fault(row, item)
        if fault:
            set_aside[key] = fault
        else:
            whole.append(item)
    owners = _owners(whole, deliveries)
    trusted: list[StoredFact] = []
    for item in whole:
        if any(_may_say(item.fact.kind, by, owners) for by in deliveries.get(_key(item), ())):
            trusted.append(item)
        else:
            set_aside[_key(item)] = "author"
    return Verdict(tuple(trusted), set_aside)


def _key(item: StoredFact) -> FactKey:
    return item.fact.fact_id, item.content_hash


def _fault(row: Any, item: StoredFact) -> str:
    """Name what is wrong between a body and the columns beside it, or "" when they agree."""
    if content_hash(item.body) != item.content_hash:
        return "hash"
    fact = item.fact
    copies = (
        row.fact_id == fact.fact_id
        and row.kind == fact.kind
        and row.subject_id == fact.subject_id
        and row.event_id == fact.event_id
        and row.captured_at == fact.captured_at
    )
    return "" if copies else "copies"


def _owners(facts: Iterable[StoredFact], deliveries: Mapping[FactKey, Sequence[Delivery]]) -> set[UUID]:
    """Give the devices that brought the beginning of the subject first."""
    began = [
        by
        for item in facts
        if item.fact.kind in BEGINNING_KINDS
        for by in deliveries.get(_key(item), ())
        if may_author(by.role, item.fact.kind, subject_is_own=True)
    ]
    first = min((by.received_at for by in began), default=0)
    return {by.device_id for by in began if by.received_at == first}


def _may_say(kind: str, by: Delivery, owners: set[UUID]) -> bool:
    is_own = by.device_id in owners
    if kind in BEGINNING_KINDS and by.role is Role.LAPTOP and not is_own:
        return False
    return may_author(by.role, kind, subject_is_own=is_own)
