"""Turn what came in into typed rows; any number of projectors may run at once."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from stojnica.central.connect import office_engine, told_plainly
from stojnica.central.roles import PROJECTOR
from stojnica.central.trust import FactKey, Verdict, judge_subject
from stojnica.records.projection import project_facts

log = logging.getLogger(__name__)

BATCH = 200
_ATTEMPTS = 6
_TRY_AGAIN = {"40001", "40P01"}
T = TypeVar("T")

# In the order of ids, which is about that of making: what concerns one subject comes mostly together.
_TAKE = sa.text(
    "SELECT fact_id, content_hash, subject_id FROM hub.inbox WHERE branch_id = :branch"
    " ORDER BY branch_id, fact_id, content_hash LIMIT :batch FOR UPDATE SKIP LOCKED"
)
# One projector at a time for each subject: otherwise the one that read less could write last. The row is
# gone again at the end; who waited for it makes it anew, and reads what the other one had left behind.
_HOLD = sa.text(
    "INSERT INTO hub.projecting (branch_id, subject_id) VALUES (:branch, :subject)"
    " ON CONFLICT (branch_id, subject_id) DO UPDATE SET subject_id = excluded.subject_id"
)
_LET_GO = sa.text("DELETE FROM hub.projecting WHERE branch_id = :branch AND subject_id = :subject")
_DONE = sa.text(
    "DELETE FROM hub.inbox WHERE branch_id = :branch AND fact_id = :fact_id AND content_hash = :content_hash"
)
_RELEASE = sa.text("DELETE FROM hub.quarantine WHERE branch_id = :branch AND subject_id = :subject")
_SET_ASIDE = sa.text(
    "INSERT INTO hub.quarantine (branch_id, fact_id, content_hash, subject_id, reason, at)"
    " VALUES (:branch, :fact_id, :content_hash, :subject, :reason, :at)"
    " ON CONFLICT (branch_id, fact_id, content_hash) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Projected:
    """Say what one run did; `quarantined` is how many facts of the branch are set aside by now."""

    facts: int
    subjects: int
    quarantined: int


def project_all(url: str) -> Projected:
    """Work until the inbox holds nothing that another projector hasn't taken.

    A fact that can't be used is set aside with its reason, and stops nothing.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    engine = office_engine(url)
    facts = subjects = 0
    with told_plainly():
        branches = _in_transaction(engine, _branches)
        for branch_id in branches:
            batch = partial(_project_batch, branch_id)
            while True:
                taken, finished = _in_transaction(engine, batch)
                facts += taken
                subjects += finished
                if taken == 0:
                    break
        quarantined = _in_transaction(engine, _count_quarantine)
    log.info("projected %d facts of %d subjects", facts, subjects)
    return Projected(facts, subjects, quarantined)


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run one transaction as the projector; again when others were in the way."""
    for attempt in range(_ATTEMPTS):
        try:
            with engine.begin() as connection:
                _become_projector(connection)
                return work(connection)
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN or attempt + 1 == _ATTEMPTS:
                raise
        time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


def _become_projector(connection: Connection) -> None:
    may = connection.execute(
        sa.text("SELECT pg_has_role(current_user, :role, 'MEMBER')"), {"role": PROJECTOR}
    ).scalar_one()
    if may:
        connection.execute(sa.text(f"SET LOCAL ROLE {PROJECTOR}"))


def _branches(connection: Connection) -> list[UUID]:
    return list(connection.execute(sa.text("SELECT branch_id FROM hub.branch ORDER BY branch_id")).scalars())


def _count_quarantine(connection: Connection) -> int:
    return int(connection.execute(sa.text("SELECT count(*) FROM hub.quarantine")).scalar_one())


def _project_batch(branch_id: UUID, connection: Connection) -> tuple[int, int]:
    rows = connection.execute(_TAKE, {"branch": branch_id, "batch": BATCH}).all()
    by_subject: dict[UUID, list[FactKey]] = {}
    for row in rows:
        by_subject.setdefault(row.subject_id, []).append((row.fact_id, bytes(row.content_hash)))
    # In one order for all: two projectors that meet wait for each other and never deadlock.
    for subject_id in sorted(by_subject):
        _project_one(connection, branch_id, subject_id, by_subject[subject_id])
    return len(rows), len(by_subject)


def _project_one(connection: Connection, branch_id: UUID, subject_id: UUID, keys: list[FactKey]) -> None:
    names = {"branch": branch_id, "subject": subject_id}
    connection.execute(_HOLD, names)
    verdict = _use(connection, branch_id, subject_id, keys)
    connection.execute(_RELEASE, names)
    _set_aside(connection, names, verdict)
    connection.execute(
        _DONE,
        [names | {"fact_id": fact_id, "content_hash": digest} for fact_id, digest in keys],
    )
    connection.execute(_LET_GO, names)


def _use(connection: Connection, branch_id: UUID, subject_id: UUID, keys: list[FactKey]) -> Verdict:
    """Write the rows of one subject; what can't be written sets the facts that came aside."""
    try:
        with connection.begin_nested():
            verdict = judge_subject(connection, branch_id, subject_id)
            project_facts(connection, branch_id, subject_id, verdict.trusted)
            return verdict
    except (ArithmeticError, LookupError, TypeError, ValueError, sa.exc.DataError, sa.exc.IntegrityError):
        log.warning("a subject with %d new facts can't be projected", len(keys))
        return Verdict((), dict.fromkeys(keys, "projection"))


def _set_aside(connection: Connection, names: dict[str, Any], verdict: Verdict) -> None:
    at = time.time_ns() // 1_000
    rows = [
        names | {"fact_id": fact_id, "content_hash": digest, "reason": reason, "at": at}
        for (fact_id, digest), reason in verdict.set_aside.items()
    ]
    if rows:
        connection.execute(_SET_ASIDE, rows)
