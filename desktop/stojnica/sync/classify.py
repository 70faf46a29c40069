"""Step 3: is the centre what it was, and is this file the only one of its kind?"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.records.facts import FACT
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.outbox import answered_facts, doubt_everything, offer_everything
from stojnica.storage.store import begin_life
from stojnica.storage.stubs import settle_purged
from stojnica.storage.tables import LIFE, STUB
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import HeldLife, Hello

SERVER_ID = "server_id"
DEVICE_ID = "device_id"
COPY_NOTICED = "copy_noticed"
CENTRE_CHANGED = "centre_changed"


@dataclass(frozen=True, slots=True)
class Findings:
    """Say what was noticed and not told yet: a copy of this file is about; the centre isn't what it was."""

    is_copy_noticed: bool
    is_centre_changed: bool


def classify(session: SyncSession, hello: Hello) -> None:
    """Draw the conclusions and keep them, before anything is sent.

    The centre holds less than it did, or is another: all that was proven is unproven. The centre's head
    is beyond ours, or it holds another fact at the lower head: this file is a copy or an old backup, and
    new facts get a new life. Pushing goes on in every case.
    """

    def conclude(connection: Connection) -> None:
        if _is_other(connection, DEVICE_ID, hello.device_id):
            # Enrolled anew: the centre counts by device, and has nothing of this one yet.
            if not _is_other(connection, SERVER_ID, hello.server_id):
                settle_purged(connection)
            offer_everything(connection)
            connection.execute(sa.update(LIFE).values(centre_held=0))
        elif not any(life.held for life in hello.lives) and next(answered_facts(connection), None):
            note_changed_centre(connection)
            offer_everything(connection)
        elif _is_other(connection, SERVER_ID, hello.server_id) or _holds_less(connection, hello):
            note_changed_centre(connection)
        if _is_copy(connection, session, hello):
            remember(connection, COPY_NOTICED, True)
            begin_life(connection, session.store.clock)
        remember(connection, DEVICE_ID, str(hello.device_id))
        remember(connection, SERVER_ID, str(hello.server_id))
        for life in hello.lives:
            connection.execute(
                sa.update(LIFE).where(LIFE.c.incarnation == life.incarnation).values(centre_held=life.held)
            )

    session.write(conclude)


def note_changed_centre(connection: Connection) -> None:
    """Keep that the centre lost what it had, and trust no earlier proof."""
    remember(connection, CENTRE_CHANGED, True)
    doubt_everything(connection)


def take_findings(connection: Connection) -> Findings:
    """Give what was noticed since a run last ended well; it is told once."""
    findings = Findings(bool(recall(connection, COPY_NOTICED)), bool(recall(connection, CENTRE_CHANGED)))
    forget(connection, COPY_NOTICED)
    forget(connection, CENTRE_CHANGED)
    return findings


def _is_other(connection: Connection, name: str, found: UUID) -> bool:
    known = recall(connection, name)
    return known is not None and known != str(found)


def _holds_less(connection: Connection, hello: Hello) -> bool:
    before = {row.incarnation: row.centre_held for row in connection.execute(sa.select(LIFE))}
    return any(life.held < before.get(life.incarnation, 0) for life in hello.lives)


def _is_copy(connection: Connection, session: SyncSession, hello: Hello) -> bool:
    current = connection.execute(sa.select(LIFE.c.incarnation).where(LIFE.c.is_current == sa.true())).scalar()
    life = next((item for item in hello.lives if item.incarnation == current), None)
    if life is None or life.head == 0:
        return False
    # The centre compared at the lower of both heads, and ours is the one that it was told.
    if life.head > session.announced[life.incarnation]:
        return True
    return _hash_at(connection, session.branch_id, life) not in life.hashes_at_lower


def _hash_at(connection: Connection, branch_id: UUID, life: HeldLife) -> bytes | None:
    for table in (FACT, STUB):
        query = sa.select(table.c.content_hash).where(
            table.c.branch_id == branch_id,
            table.c.incarnation == life.incarnation,
            table.c.seq == life.head,
        )
        found: bytes | None = connection.execute(query).scalar()
        if found is not None:
            return found
    return None
