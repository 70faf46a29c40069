"""Step 6, its last part: which of the proven facts a checked backup of the centre holds."""

from functools import partial
from uuid import UUID

from stojnica.storage.outbox import covered_count, mark_covered, uncovered
from stojnica.sync.faults import nonsense
from stojnica.sync.prove import Receipt
from stojnica.sync.session import SyncSession


def learn_coverage(session: SyncSession, receipt: Receipt) -> None:
    """Ask for each fact that isn't known to be in a backup, if the receipt says that more of them are.

    Raises:
        SyncError: the way is gone, or the answer is about facts that weren't asked for.
    """
    if receipt.covered <= session.read(covered_count):
        return
    after: UUID | None = None
    while page := session.read(partial(uncovered, after=after)):
        session.context.step("prove")
        answer = session.transport.covered(page)
        if not set(answer) <= set(page):
            raise nonsense("covered")
        if answer:
            session.write(partial(mark_covered, keys=answer))
        after = page[-1][0]
