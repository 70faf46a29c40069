"""Steps 4 and 5: hand facts over batch by batch, and mark what the centre echoed."""

from collections.abc import Sequence
from functools import partial
from time import monotonic

from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.storage.outbox import (
    LATER,
    MAX_BATCH_BYTES,
    Key,
    WaitingFact,
    mark,
    mark_answers,
    waiting_batch,
    waiting_count,
)
from stojnica.storage.tables import ANSWERED, ASIDE
from stojnica.sync.faults import Fate, SyncError, nonsense, refused
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import ANSWERS, ARRIVED, ERASED, REVOKED, PushAnswer

SMALLEST_BATCH_BYTES = 4 * 1024
QUICK_S = 3.0
SLOW_S = 10.0
MAX_REFUSED = 32
MAX_PUT_OFF = 2
MAX_EXTRA_BATCHES = 4


def push_waiting(session: SyncSession, *, are_files: bool = False) -> None:
    """Push until nothing waits, or the centre asks for no more; a stop is heard between batches.

    Chunks of files go by themselves (`are_files`), after the proof of all the rest.

    What is captured meanwhile goes along, but not for ever: a stand where people sign up without a pause gets
    its proof all the same, and the rest waits for the next sync.

    Raises:
        SyncError: the way or the permission is gone; what was marked stays marked.
        CancelledError: a person asked for a stop.
    """
    moved = session.moved
    total = moved.offered + session.read(partial(waiting_count, are_files=are_files))
    extra = 0
    while session.put_off < MAX_PUT_OFF and extra < MAX_EXTRA_BATCHES:
        extra += moved.offered >= total
        batch = session.read(partial(_next, session=session, are_files=are_files))
        if not batch:
            break
        tell = partial(session.context.step, "push", moved.offered, max(total, moved.offered + len(batch)))
        tell()
        session.wait_for_a_quiet_moment(tell)
        begun = monotonic()
        _push(session, batch)
        moved.offered += len(batch)
        session.batch_bytes = _fitting(session.batch_bytes, monotonic() - begun)
    session.context.step("push", moved.offered, max(total, moved.offered))


def _next(connection: Connection, session: SyncSession, are_files: bool) -> list[WaitingFact]:
    # Who signs up while a scan is on its way goes before what is left of it.
    first = waiting_batch(connection, session.branch_id, session.batch_bytes)
    if first or not are_files:
        return first
    return waiting_batch(connection, session.branch_id, session.batch_bytes, are_files=True)


def _fitting(size: int, took_s: float) -> int:
    # A batch that is too large for a slow way never ends before the deadline, and would come again for ever.
    if took_s < QUICK_S:
        return min(size * 2, MAX_BATCH_BYTES)
    return max(size // 2, SMALLEST_BATCH_BYTES) if took_s > SLOW_S else size


def _push(session: SyncSession, batch: Sequence[WaitingFact]) -> None:
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


def _isolate(session: SyncSession, batch: Sequence[WaitingFact], fault: SyncError) -> None:
    # Halving finds one bad record among 500 in ten calls, and delays none of the others to another day.
    if len(batch) > 1:
        middle = len(batch) // 2
        _push(session, batch[:middle])
        _push(session, batch[middle:])
        return
    reason = fault.detail or fault.code
    session.write(lambda connection: mark(connection, [_key(batch[0])], ASIDE, reason))
    session.set_aside += 1
    if session.set_aside >= MAX_REFUSED and not session.moved.arrived:
        # So many in a row, and not one arrived: the records aren't what is wrong.
        raise fault


def _mark(session: SyncSession, batch: Sequence[WaitingFact], answers: Sequence[PushAnswer]) -> None:
    """Believe only answers about what was sent: one for each fact, with its own hash.

    Marked piece by piece, because the next visitor must not wait for all of them: what a crash leaves
    unmarked is pushed once more, and is there already.

    Erased counts as answered: the centre has a tombstone for it, which its side of the proof includes.
    """
    sent = {_key(item) for item in batch}
    told = {(answer.fact_id, answer.content_hash): answer.answer for answer in answers}
    if len(told) != len(answers) or not set(told) <= sent or not set(told.values()) <= ANSWERS:
        raise nonsense("push")
    by_answer: dict[str, list[Key]] = {}
    for key, answer in told.items():
        by_answer.setdefault(answer, []).append(key)
    is_revoked = by_answer.pop(REVOKED, None) is not None

    for answer, keys in sorted(by_answer.items()):
        is_there = answer in ARRIVED or answer == ERASED
        reason = "" if answer in ARRIVED else answer
        while keys:
            size = session.at_once()
            piece, keys = keys[:size], keys[size:]
            session.write(
                partial(mark_answers, keys=piece, state=ANSWERED if is_there else ASIDE, reason=reason)
            )
    session.moved.arrived += sum(answer in ARRIVED for answer in told.values())
    if is_revoked:
        raise refused("revoked")
    if set(told) != sent:
        raise nonsense("push_incomplete")
    session.put_off = session.put_off + 1 if set(by_answer) == {LATER} else 0


def _key(item: WaitingFact) -> Key:
    return item.fact_id, item.content_hash
