"""Tell the centre what was erased here: before anything is pushed, and at each sync all of it.

All of it, because a centre that was restored from a backup has the bodies again, and no count or digest
of its own tells. What was never delivered is told too: its number is then accounted for.
"""

from collections.abc import Sequence
from functools import partial

from stojnica.storage.outbox import MAX_BATCH_FACTS, Key, mark
from stojnica.storage.stubs import Stub, erased_stubs, mark_told
from stojnica.storage.tables import ASIDE
from stojnica.sync.faults import NO_SUCH_FUNCTION, SyncError, nonsense, refused
from stojnica.sync.session import SyncSession
from stojnica.sync.statements import state_erasures
from stojnica.sync.transport import ERASE_ANSWERS, ERASED, REVOKED, PushAnswer


def tell_erased(session: SyncSession) -> None:
    """Have everything erased that was erased here; what the centre can't take stays unconfirmed.

    Raises:
        SyncError: the way or the permission is gone, or the answer is about something else.
    """
    stubs = session.read(lambda connection: erased_stubs(connection, session.branch_id))
    # First: a sync that ends in between must leave no tombstone of which a copied file never hears.
    state_erasures(session, [stub.key for stub in stubs])
    for begin in range(0, len(stubs), MAX_BATCH_FACTS):
        piece = stubs[begin : begin + MAX_BATCH_FACTS]
        session.context.step("push", session.moved.offered)
        try:
            answers = session.transport.erase(piece)
        except SyncError as fault:
            # An office that wasn't brought up to date yet: all else is delivered, and this stays open.
            if fault.detail == NO_SUCH_FUNCTION:
                return
            raise
        _mark(session, piece, answers)


def _mark(session: SyncSession, asked: Sequence[Stub], answers: Sequence[PushAnswer]) -> None:
    wanted = {stub.key for stub in asked}
    told = {(answer.fact_id, answer.content_hash): answer.answer for answer in answers}
    if set(told) != wanted or len(told) != len(answers) or not set(told.values()) <= ERASE_ANSWERS:
        raise nonsense("erase")
    by_answer: dict[str, list[Key]] = {}
    for key, answer in told.items():
        by_answer.setdefault(answer, []).append(key)
    if REVOKED in by_answer:
        raise refused("revoked")
    session.write(partial(mark_told, keys=by_answer.pop(ERASED, [])))
    for answer, keys in sorted(by_answer.items()):
        session.write(partial(mark, keys=keys, state=ASIDE, reason=answer))
