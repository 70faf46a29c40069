"""Turn what came in into typed rows; any number of projectors may run at once."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.central.bury import bury_late
from stojnica.central.connect import driver_of, office_engine, told_plainly
from stojnica.central.marks import bury_marked
from stojnica.central.roles import PROJECTOR
from stojnica.central.trust import FactKey, Verdict, judge_subjects
from stojnica.central.withdrawals import hold_withdrawals, wake_taken_back, weighed
from stojnica.domain.order import SubjectHistory
from stojnica.records.base import HUB
from stojnica.records.contact_withdrawals import CONTACT_WITHDRAWAL
from stojnica.records.projection import rows_of
from stojnica.records.typed import PROJECTION_VERSION, TYPED_TABLES

log = logging.getLogger(__name__)

BATCH = 200
_ATTEMPTS = 6
_TRY_AGAIN = {"40001", "40P01"}
T = TypeVar("T")

# Taken and deleted in one step, and back again if the transaction doesn't end well.
_TAKE = sa.text(
    "DELETE FROM hub.inbox WHERE branch_id = :branch AND inbox_id = ANY (ARRAY("
    " SELECT i.inbox_id FROM hub.inbox i WHERE i.branch_id = :branch"
    " ORDER BY i.branch_id, i.inbox_id LIMIT 1 FOR UPDATE SKIP LOCKED))"
    " RETURNING fact_ids, hashes, subject_ids"
)
# One projector at a time for each subject: otherwise the one that read less could write last. The row is
# gone again at the end; who waited for it makes it anew, and reads what the other one had left behind.
# In one order for all: two projectors that meet wait for each other and never deadlock.
_HOLD = sa.text(
    "INSERT INTO hub.projecting (branch_id, subject_id) SELECT :branch, s FROM unnest(:subjects) AS u(s)"
    " ORDER BY s ON CONFLICT (branch_id, subject_id) DO UPDATE SET subject_id = excluded.subject_id"
)
# Before the subjects: an erasure that waits for this holds nothing that is waited for here.
_HOLD_BRANCH = sa.text("SELECT office_api.hold_branch(:branch)")
_LET_GO = sa.text("DELETE FROM hub.projecting WHERE branch_id = :branch AND subject_id = ANY (:subjects)")
_RELEASE = sa.text("DELETE FROM hub.quarantine WHERE branch_id = :branch AND subject_id = ANY (:subjects)")
_SET_ASIDE = sa.text(
    "INSERT INTO hub.quarantine (branch_id, fact_id, content_hash, subject_id, reason, at)"
    " VALUES (:branch, :fact_id, :content_hash, :subject, :reason, :at)"
    " ON CONFLICT (branch_id, fact_id, content_hash) DO NOTHING"
)
_CLEAR = [
    sa.delete(table).where(
        table.c.branch_id == sa.bindparam("branch"),
        table.c.subject_id == sa.any_(sa.bindparam("subjects")),
    )
    for table in TYPED_TABLES
]
# What a fact's content can break, and no fault of the network or of other sessions.
_CONTENT_ERRORS = (
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    sa.exc.DataError,
    sa.exc.IntegrityError,
    psycopg.DataError,
    psycopg.IntegrityError,
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
    facts = subjects = 0
    with told_plainly(), office_engine(url).connect() as connection:
        branches = _in_transaction(connection, _branches)
        for branch_id in branches:
            batch = partial(_project_batch, branch_id)
            while True:
                taken, finished = _in_transaction(connection, batch)
                facts += taken
                subjects += finished
                if taken == 0:
                    break
        quarantined = _in_transaction(connection, _count_quarantine)
    log.info("projected %d facts of %d subjects", facts, subjects)
    return Projected(facts, subjects, quarantined)


def _in_transaction(connection: Connection, work: Callable[[Connection], T]) -> T:
    """Run one transaction as the projector; again when others were in the way."""
    for attempt in range(_ATTEMPTS):
        try:
            with connection.begin():
                _become_projector(connection)
                return work(connection)
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN or attempt + 1 == _ATTEMPTS:
                raise
        except psycopg.Error as error:
            if error.sqlstate not in _TRY_AGAIN or attempt + 1 == _ATTEMPTS:
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
    came = _take(connection, branch_id)
    if not came:
        return 0, 0
    failpoint.reached("project.after_take")
    names = {"branch": branch_id, "subjects": sorted(came)}
    connection.execute(_HOLD_BRANCH, {"branch": branch_id})
    connection.execute(_HOLD, names)
    bury_late(connection, branch_id, sorted(came))
    verdicts = judge_subjects(connection, branch_id, sorted(came))
    try:
        _write(connection, branch_id, verdicts)
    except _CONTENT_ERRORS:
        verdicts = _one_by_one(connection, branch_id, verdicts, came)
    connection.execute(_RELEASE, names)
    _set_aside(connection, branch_id, verdicts)
    connection.execute(_LET_GO, names)
    failpoint.reached("project.before_commit")
    return sum(map(len, came.values())), len(came)


def _take(connection: Connection, branch_id: UUID) -> dict[UUID, list[FactKey]]:
    """Take whole pushes, by subject, until they make a batch."""
    came: dict[UUID, list[FactKey]] = {}
    taken = 0
    while taken < BATCH:
        row = connection.execute(_TAKE, {"branch": branch_id}).one_or_none()
        if row is None:
            break
        for fact_id, digest, subject_id in zip(row.fact_ids, row.hashes, row.subject_ids, strict=True):
            came.setdefault(subject_id, []).append((fact_id, bytes(digest)))
        taken += len(row.fact_ids)
    return came


def _write(connection: Connection, branch_id: UUID, verdicts: Mapping[UUID, Verdict]) -> None:
    """Replace the typed rows of these subjects, all of them or none."""
    histories = {subject_id: SubjectHistory(verdict.trusted) for subject_id, verdict in verdicts.items()}
    made = {subject_id: rows_of(history) for subject_id, history in histories.items()}
    bury_marked(connection, branch_id, histories, made)
    hold_withdrawals(connection, branch_id, made.values())
    found: dict[sa.Table, list[dict[str, Any]]] = {}
    for subject_id, by_table in weighed(connection, branch_id, histories, made):
        shared = {"branch_id": branch_id, "subject_id": subject_id, "projection_version": PROJECTION_VERSION}
        for table, rows in by_table.items():
            found.setdefault(table, []).extend(shared | row for row in rows)
    with connection.begin_nested():
        for statement in _CLEAR:
            connection.execute(statement, {"branch": branch_id, "subjects": list(verdicts)})
        for table, rows in found.items():
            _copy(connection, table, rows)
        wake_taken_back(connection, branch_id, found.get(CONTACT_WITHDRAWAL, ()))


def _copy(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows at a fifth of what an INSERT for each costs."""
    if not rows:
        return
    names = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(HUB, table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with driver_of(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def _one_by_one(
    connection: Connection,
    branch_id: UUID,
    verdicts: Mapping[UUID, Verdict],
    came: Mapping[UUID, Sequence[FactKey]],
) -> dict[UUID, Verdict]:
    """Find the subject that can't be written: the facts that came for it are set aside, all others count."""
    found: dict[UUID, Verdict] = {}
    for subject_id, verdict in verdicts.items():
        try:
            _write(connection, branch_id, {subject_id: verdict})
            found[subject_id] = verdict
        except _CONTENT_ERRORS:
            log.warning("a subject with %d new facts can't be projected", len(came[subject_id]))
            aside = dict.fromkeys(came[subject_id], "projection")
            found[subject_id] = Verdict((), {**verdict.set_aside, **aside})
    return found


def _set_aside(connection: Connection, branch_id: UUID, verdicts: Mapping[UUID, Verdict]) -> None:
    at = time.time_ns() // 1_000
    rows = [
        {
            "branch": branch_id,
            "subject": subject_id,
            "fact_id": fact_id,
            "content_hash": digest,
            "reason": reason,
            "at": at,
        }
        for subject_id, verdict in verdicts.items()
        for (fact_id, digest), reason in verdict.set_aside.items()
    ]
    if rows:
        connection.execute(_SET_ASIDE, rows)
