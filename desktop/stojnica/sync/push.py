"""Steps 4 and 5: hand facts over batch by batch, and mark what the centre echoed."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.fact import StoredFact
from stojnica.storage.outbox import mark, unconfirmed, waiting_batch
from stojnica.storage.tables import ANSWERED, ASIDE
from stojnica.sync.faults import Fate, SyncError, busy, nonsense, refused
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import ANSWERS, ARRIVED, LATER, REVOKED, PushAnswer


def push_waiting(session: SyncSession) -> None:
    """Push until nothing waits; a stop is heard between batches.

    Raises:
        SyncError: the way or the permission is gone; what was marked stays marked.
        CancelledError: a person asked for a stop.
    """
    total = session.read(unconfirmed).facts
    while batch := session.read(lambda connection: waiting_batch(connection, session.branch_id)):
        session.context.step("push", session.pushed, max(total, session.pushed + len(batch)))
        _push(session, batch)
        session.pushed += len(batch)
    session.context.step("push", session.pushed, max(total, session.pushed))


def _push(session: SyncSession, batch: Sequence[StoredFact]) -> None:
    try:
        failpoint.reached("sync.before_push")
        answers = session.transport.push(batch)
        failpoint.reached("sync.before_mark")
    except SyncError as fault:
        if fault.fate is not Fate.CONTENT:
            raise
        _isolate(session, batch, fault)
        return
    _mark(session, batch, answers)
    failpoint.reached("sync.after_mark")


def _isolate(session: SyncSession, batch: Sequence[StoredFact], fault: SyncError) -> None:
    # Halving finds one bad record among 500 in ten calls, and delays none of the others to another day.
    if len(batch) > 1:
        middle = len(batch) // 2
        _push(session, batch[:middle])
        _push(session, batch[middle:])
        return
    session.write(
        lambda connection: mark(connection, [batch[0].content_hash], ASIDE, fault.detail or fault.code)
    )


def _mark(session: SyncSession, batch: Sequence[StoredFact], answers: Sequence[PushAnswer]) -> None:
    """Believe only answers about what was sent: one for each fact, with its own hash."""
    sent = {(item.fact.fact_id, item.content_hash) for item in batch}
    told = {(answer.fact_id, answer.content_hash): answer.answer for answer in answers}
    if len(told) != len(answers) or not set(told) <= sent or not set(told.values()) <= ANSWERS:
        raise nonsense("push")
    arrived = [key[1] for key, answer in told.items() if answer in ARRIVED]
    aside = {
        reason: [key[1] for key, answer in told.items() if answer == reason]
        for reason in sorted(set(told.values()) - ARRIVED - {LATER, REVOKED})
    }

    def keep(connection: Connection) -> None:
        mark(connection, arrived, ANSWERED)
        for reason, hashes in aside.items():
            mark(connection, hashes, ASIDE, reason)

    session.write(keep)
    if REVOKED in told.values():
        raise refused("revoked")
    if LATER in told.values():
        raise busy("later")
    if set(told) != sent:
        raise nonsense("push_incomplete")
