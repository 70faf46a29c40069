"""What may leave this laptop, when, and what keeps the rest: contacts, shifts. Changes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.canonical import parse_canonical
from stojnica.storage.proof_times import newest_proof, proof_times
from stojnica.storage.tables import PROVEN
from stojnica.storage.unit import branch_of


@dataclass(frozen=True, slots=True)
class Leaving:
    """Say how many contacts leave once the centre's clock shows `at` (µs UTC) at a delivery."""

    at: int
    contacts: int


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """Hold what may go now, what goes later, and what isn't at the office, or in no backup there yet.

    `asked` are those that the office has erased and wants to have erased here: no proof or backup is to be
    waited for any more, and they go when somebody says yes, or with their days if those are over before.
    `now` is the centre's time of the last delivery, None before the first. `untimed` are proofs that came
    without such a time: their days begin with the next delivery.
    """

    due: tuple[UUID, ...] = ()
    later: tuple[Leaving, ...] = ()
    unproven: int = 0
    uncovered: int = 0
    untimed: tuple[UUID, ...] = ()
    now: int | None = None
    asked: tuple[UUID, ...] = ()

    @property
    def contacts(self) -> int:
        """Count all contacts that it is about."""
        later = sum(item.contacts for item in self.later)
        return len(self.due) + later + self.unproven + self.uncovered + len(self.asked)


Told = tuple[bytes, bytes | None, int, int]
"""A subject, the session that proved some of its facts, and whether all these are proven, and covered."""


@dataclass(slots=True)
class _Way:
    """Hold how far the slowest fact of one contact has come; `at` is the latest proof's time."""

    is_proven: bool = True
    is_covered: bool = True
    is_timed: bool = True
    is_in_newest: bool = False
    at: int = 0

    def is_over(self, now: int | None, kept_us: int) -> bool:
        """Tell whether its days here are over, and the office has it for sure."""
        is_safe = self.is_proven and self.is_covered and self.is_timed and not self.is_in_newest
        return is_safe and now is not None and now - self.at >= kept_us


# Contacts first and fact by fact from there: beginning with all deliveries takes the same for one event.
_FACTS = (
    "SELECT signup.subject_id, delivery.proven_in, min(delivery.state = ?), min(delivery.is_covered)"
    " FROM signup JOIN fact ON fact.branch_id = signup.branch_id AND fact.subject_id = signup.subject_id"
    " JOIN delivery ON delivery.fact_id = fact.fact_id AND delivery.content_hash = fact.content_hash"
    " WHERE signup.branch_id = ? GROUP BY signup.subject_id, delivery.proven_in"
)
_FILES = (
    "SELECT attachment.subject_id, attachment.chunks FROM attachment JOIN signup"
    " ON signup.branch_id = attachment.branch_id AND signup.subject_id = attachment.subject_id"
    " WHERE attachment.branch_id = ?"
)
_PIECES = (
    "SELECT delivery.proven_in, delivery.state = ?, delivery.is_covered FROM fact JOIN delivery"
    " ON delivery.fact_id = fact.fact_id AND delivery.content_hash = fact.content_hash"
    " WHERE fact.branch_id = ? AND fact.subject_id = ?"
)


def purge_plan(connection: Connection, kept_us: int, asked: frozenset[UUID] = frozenset()) -> PurgePlan:
    """Look at every contact; reads the whole file's deliveries, so not where somebody waits.

    `asked`: those whom the office wants to have erased.
    """
    branch = branch_of(connection).bytes
    driven = connection.exec_driver_sql
    told: list[Told] = [tuple(row) for row in driven(_FACTS, (PROVEN, branch))]
    for subject, chunks in driven(_FILES, (branch,)).all():
        for chunk in _chunks(chunks):
            told += [(subject, *row) for row in driven(_PIECES, (PROVEN, branch, chunk.bytes))]
    return plan_of(connection, told, kept_us, asked)


def plan_of(
    connection: Connection, told: Iterable[Told], kept_us: int, asked: frozenset[UUID] = frozenset()
) -> PurgePlan:
    """Add up how far facts have come, subject by subject."""
    newest = newest_proof(connection)
    times = proof_times(connection)
    ways: dict[bytes, _Way] = {}
    untimed: set[UUID] = set()
    for subject, session, is_proven, is_covered in told:
        way = ways.setdefault(subject, _Way())
        way.is_proven &= bool(is_proven)
        way.is_covered &= bool(is_covered)
        if not is_proven or session is None:
            continue
        proof = UUID(bytes=session)
        way.is_in_newest |= newest is not None and proof == newest.session
        at = times.get(proof)
        if at is None:
            untimed.add(proof)
            way.is_timed = False
        else:
            way.at = max(way.at, at)
    wanted = {one.bytes for one in asked}
    plan = _added_up(ways, None if newest is None else newest.at, kept_us, wanted)
    return replace(plan, untimed=tuple(sorted(untimed)))


def _added_up(ways: dict[bytes, _Way], now: int | None, kept_us: int, wanted: set[bytes]) -> PurgePlan:
    due: list[UUID] = []
    asked: list[UUID] = []
    later: Counter[int] = Counter()
    unproven = uncovered = 0
    for subject, way in ways.items():
        if way.is_over(now, kept_us):
            due.append(UUID(bytes=subject))
        elif subject in wanted:
            asked.append(UUID(bytes=subject))
        elif not way.is_proven or now is None:
            # Without a proof over a line no later one has looked at it again.
            unproven += 1
        elif not way.is_covered:
            uncovered += 1
        elif not way.is_timed:
            # Its days begin with the next delivery; the last one is the nearest that is known.
            later[now + kept_us] += 1
        else:
            later[way.at + kept_us] += 1
    return PurgePlan(
        tuple(sorted(due)),
        tuple(Leaving(at, count) for at, count in sorted(later.items())),
        unproven,
        uncovered,
        now=now,
        asked=tuple(sorted(asked)),
    )


def _chunks(written: str) -> list[UUID]:
    named = parse_canonical(written.encode())
    return [UUID(one) for one in named] if isinstance(named, list) else []
