"""Taking names of the team off this laptop, once the office has them for sure and they were here long enough.

What was recorded keeps all else, so that hours, counts and reports stay as they are (`storage/nameless`).
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.fact import BadFactError, StoredFact, decode
from stojnica.domain.team_names import NAMING_KINDS, is_of_team, may_name_team, names_team
from stojnica.storage.nameless import keep_nameless, nameless_of, project_whole
from stojnica.storage.proof_times import newest_proof
from stojnica.storage.purge import Held, held_of, may_go, with_delivery
from stojnica.storage.purge_plan import PurgePlan, plan_of
from stojnica.storage.stubs import make_stubs
from stojnica.storage.tables import PROVEN, PURGED
from stojnica.storage.unit import UnitOfWork, branch_of

_PLACES = ", ".join("?" * len(NAMING_KINDS))
# What is about a visitor goes with the contact, by its days; and whoever is on a shift that goes on is here.
_FACTS = (
    "SELECT fact.subject_id, delivery.proven_in, min(delivery.state = ?), min(delivery.is_covered)"
    " FROM fact JOIN delivery"
    " ON delivery.fact_id = fact.fact_id AND delivery.content_hash = fact.content_hash"
    " WHERE fact.branch_id = ? AND fact.subject_id IN"
    " (SELECT subject_id FROM fact WHERE branch_id = ? GROUP BY subject_id HAVING"
    f" min(kind IN ({_PLACES})) = 1)"
    " AND NOT EXISTS (SELECT 1 FROM shift WHERE shift.branch_id = fact.branch_id"
    " AND shift.subject_id = fact.subject_id AND shift.ended_at IS NULL AND shift.is_voided = 0)"
    " GROUP BY fact.subject_id, delivery.proven_in"
)


def names_plan(connection: Connection, kept_us: int) -> PurgePlan:
    """Look at all that a team recorded; reads much, so not where somebody waits.

    Whether it names anybody is asked of what would go now: of the rest, shifts alone are counted.
    """
    branch = branch_of(connection).bytes
    shifts = {
        row[0]
        for row in connection.exec_driver_sql(
            "SELECT subject_id FROM shift WHERE branch_id = ? AND name <> ''", (branch,)
        )
    }
    rows = connection.exec_driver_sql(_FACTS, (PROVEN, branch, branch, *sorted(NAMING_KINDS)))
    told = [tuple(row) for row in rows]
    everything = plan_of(connection, told, kept_us)
    of_shifts = plan_of(connection, [row for row in told if row[0] in shifts], kept_us)
    return replace(of_shifts, due=_named(connection, everything.due), untimed=everything.untimed)


def _named(connection: Connection, due: Iterable[UUID]) -> tuple[UUID, ...]:
    """Give those that may name somebody, without opening them: a stand counts thousands."""
    wanted = {one.bytes: set[str]() for one in due}
    if not wanted:
        return ()
    branch_id = branch_of(connection)
    rows = connection.exec_driver_sql(
        f"SELECT subject_id, kind, body FROM fact WHERE branch_id = ? AND kind IN ({_PLACES})",
        (branch_id.bytes, *sorted(NAMING_KINDS)),
    )
    naming = set()
    for subject, kind, body in rows:
        if subject in wanted:
            wanted[subject].add(kind)
            if may_name_team(kind, body):
                naming.add(subject)
    # What began with a fact whose name is gone, or is about somebody who was erased, is looked at by itself.
    return tuple(
        one
        for one in (UUID(bytes=subject) for subject in sorted(naming))
        if is_of_team(wanted[one.bytes]) or _naming(connection, branch_id, one)[1]
    )


def take_names(unit: UnitOfWork, subject_ids: Iterable[UUID], kept_us: int) -> int:
    """Take the names out of what was recorded about these; gives of how many. In the caller's transaction.

    Each is looked at again here, whoever chose it, as contacts are.
    """
    newest = newest_proof(unit.connection)
    if newest is None:
        return 0
    gone = 0
    for subject_id in subject_ids:
        held, naming = _naming(unit.connection, unit.branch_id, subject_id)
        if naming and may_go(unit.connection, held, newest, kept_us):
            _take(unit, subject_id, naming)
            failpoint.reached("purge.between_names")
            gone += 1
    return gone


def _naming(connection: Connection, branch_id: UUID, subject_id: UUID) -> tuple[Held, list[StoredFact]]:
    """Give all that is here about a subject, and what of it names somebody: nothing for what stays."""
    rows = with_delivery(connection, branch_id, [subject_id])
    items: list[StoredFact] = []
    for row in rows:
        with suppress(BadFactError):
            place = (row.branch_id, row.incarnation, row.seq, row.content_hash, row.body)
            items.append(StoredFact(*place, decode(row.body)))
    held = held_of([item.fact for item in items], rows, is_readable=len(items) == len(rows))
    before = {item.fact.kind for item in nameless_of(connection, branch_id, subject_id)}
    if not is_of_team({row.kind for row in rows} | before) or _is_kept(connection, subject_id):
        return held, []
    return held, [item for item in items if names_team(item.fact)]


def _is_kept(connection: Connection, subject_id: UUID) -> bool:
    query = (
        "SELECT 1 FROM signup WHERE subject_id = ?"
        " UNION ALL SELECT 1 FROM shift WHERE subject_id = ? AND ended_at IS NULL AND is_voided = 0"
    )
    return connection.exec_driver_sql(query, (subject_id.bytes,) * 2).first() is not None


def _take(unit: UnitOfWork, subject_id: UUID, naming: list[StoredFact]) -> None:
    connection, branch_id = unit.connection, unit.branch_id
    keep_nameless(connection, naming)
    make_stubs(connection, branch_id, [(item.fact.fact_id, item.content_hash) for item in naming], PURGED)
    project_whole(connection, branch_id, subject_id)
