"""Step 6: compare the whole held set with the centre's, repair what differs, keep the receipt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.records.facts import FACT
from stojnica.records.gone_contacts import gone_number
from stojnica.records.typed import SIGNUP
from stojnica.storage.outbox import answered_facts, is_any_answered, mark, mark_proven, set_missing_aside
from stojnica.storage.proof_times import note_begun, note_ended
from stojnica.storage.tables import ANSWERED, DELIVERY, PROVEN, RECEIPT, WAITING
from stojnica.storage.unit import branch_of
from stojnica.sync.classify import note_changed_centre
from stojnica.sync.digest import BUCKETS, HeldDigests, short_code
from stojnica.sync.erase import tell_erased
from stojnica.sync.faults import interrupted, nonsense
from stojnica.sync.push import push_waiting
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import ProofAnswer

MAX_ROUNDS = 4
NAMED_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hold a proof: both sides show the same code. `proven_at` is the centre's µs UTC."""

    receipt_id: UUID
    code: str
    facts: int
    contacts: int
    extra: int
    covered: int
    proven_at: int


def prove_all(session: SyncSession) -> Receipt:
    """Prove that the centre holds all that it has answered for; push again what it misses.

    Raises:
        SyncError: the way is gone, or the centre's answers contradict each other.
    """
    for _round in range(MAX_ROUNDS):
        session.context.step("prove")
        held, contacts = session.read(_snapshot)
        digests = held.joined()
        answer = session.transport.prove(digests, held.count, contacts)
        if answer.differing and not _repair(session, held, answer):
            # Every differing bucket was shown to hold all that we have: ask for the receipt.
            answer = session.transport.prove(digests, held.count, contacts)
        if not answer.differing:
            return _keep(session, answer, digests, held.count, contacts)
        tell_erased(session)
        push_waiting(session)
    raise interrupted("proof_rounds")


def _snapshot(connection: Connection) -> tuple[HeldDigests, int]:
    contacts = connection.execute(
        sa.select(sa.func.count())
        .select_from(SIGNUP)
        .where(SIGNUP.c.is_voided == sa.false(), SIGNUP.c.subject_id.in_(_subjects_answered()))
    ).scalar_one()
    contacts += gone_number(connection, branch_of(connection))
    return HeldDigests(answered_facts(connection)), contacts


def _subjects_answered() -> sa.Select[tuple[UUID]]:
    return (
        sa.select(FACT.c.subject_id)
        .join(
            DELIVERY,
            (DELIVERY.c.fact_id == FACT.c.fact_id) & (DELIVERY.c.content_hash == FACT.c.content_hash),
        )
        .where(DELIVERY.c.state.in_((ANSWERED, PROVEN)), FACT.c.kind == "signed_up")
    )


def _repair(session: SyncSession, held: HeldDigests, answer: ProofAnswer) -> int:
    """Name what we hold in each bucket that differs; give how many facts the centre missed."""
    if answer.code is not None or any(not 0 <= bucket < BUCKETS for bucket in answer.differing):
        raise nonsense("proof")
    missing_in_all = 0
    for buckets, members in _groups(held, answer.differing):
        session.context.step("prove")
        missing = session.transport.prove_buckets(buckets, members)
        if not set(missing) <= set(members):
            raise nonsense("proof_bucket")
        if missing:
            _doubt(session, missing)
        missing_in_all += len(missing)
    session.moved.repaired += missing_in_all
    return missing_in_all


def _groups(
    held: HeldDigests, differing: Iterable[int]
) -> Iterator[tuple[list[int], list[tuple[UUID, bytes]]]]:
    """Give buckets with their members, as many at once as a slow line carries before the deadline."""
    buckets: list[int] = []
    members: list[tuple[UUID, bytes]] = []
    for bucket in dict.fromkeys(differing):
        more = held.members(bucket)
        if buckets and len(members) + len(more) > NAMED_AT_ONCE:
            yield buckets, members
            buckets, members = [], []
        buckets.append(bucket)
        members += more
    if buckets:
        yield buckets, members


def _doubt(session: SyncSession, missing: list[tuple[UUID, bytes]]) -> None:
    """Offer again what the centre had answered for and has no more; nothing counts as proven until then."""

    def keep(connection: Connection) -> None:
        note_changed_centre(connection)
        mark(connection, missing, WAITING)
        set_missing_aside(connection)

    session.write(keep)


def _keep(session: SyncSession, answer: ProofAnswer, digests: bytes, facts: int, contacts: int) -> Receipt:
    if answer.code != short_code(digests) or answer.receipt_id is None or answer.proven_at is None:
        raise nonsense("proof_code")
    receipt = Receipt(
        receipt_id=answer.receipt_id,
        code=answer.code,
        facts=facts,
        contacts=contacts,
        extra=max(answer.extra, 0),
        covered=min(max(answer.covered, 0), facts),
        proven_at=answer.proven_at,
    )

    def keep(connection: Connection) -> None:
        connection.execute(
            sa.insert(RECEIPT).values(
                receipt_id=receipt.receipt_id,
                proven_at=receipt.proven_at,
                facts=receipt.facts,
                contacts=receipt.contacts,
                covered=receipt.covered,
                extra=receipt.extra,
                code=receipt.code,
            )
        )

        note_ended(connection, session.session_id, receipt.proven_at)

    failpoint.reached("sync.before_receipt")
    if session.read(is_any_answered):
        # Not for each of many thousand deliveries that have nothing new: nothing is proven by those.
        session.write(partial(note_begun, session=session.session_id, at=receipt.proven_at))
    # In pieces, so that the next visitor never waits for all of it; the receipt is kept when all are marked.
    while session.write(partial(mark_proven, session=session.session_id, limit=session.at_once())):
        failpoint.reached("sync.between_proven")
    session.write(keep)
    return receipt
