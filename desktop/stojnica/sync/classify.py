"""Step 3: is the centre what it was, and is this file the only one of its kind?"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.records.facts import FACT
from stojnica.storage.memory import recall, remember
from stojnica.storage.outbox import doubt_everything
from stojnica.storage.store import begin_life
from stojnica.storage.tables import LIFE
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import HeldLife, Hello

SERVER_ID = "server_id"


@dataclass(frozen=True, slots=True)
class Classification:
    """Say what the greeting means."""

    is_centre_changed: bool
    is_copy: bool


def classify(session: SyncSession, hello: Hello) -> Classification:
    """Draw the conclusions and keep them, before anything is sent.

    The centre holds less than it did, or is another: all that was proven is unproven. The centre's head
    is beyond ours, or it holds another fact at the lower head: this file is a copy or an old backup, and
    new facts get a new life. Pushing goes on in every case.
    """

    def conclude(connection: Connection) -> Classification:
        verdict = Classification(_is_centre_changed(connection, hello), _is_copy(connection, session, hello))
        if verdict.is_centre_changed:
            doubt_everything(connection)
        if verdict.is_copy:
            begin_life(connection, session.store.clock)
        remember(connection, SERVER_ID, str(hello.server_id))
        for life in hello.lives:
            connection.execute(
                sa.update(LIFE).where(LIFE.c.incarnation == life.incarnation).values(centre_held=life.held)
            )
        return verdict

    verdict = session.write(conclude)
    session.is_centre_changed = verdict.is_centre_changed
    session.is_copy_noticed = verdict.is_copy
    return verdict


def _is_centre_changed(connection: Connection, hello: Hello) -> bool:
    known = recall(connection, SERVER_ID)
    if known is not None and known != str(hello.server_id):
        return True
    before = {row.incarnation: row.centre_held for row in connection.execute(sa.select(LIFE))}
    return any(life.held < before.get(life.incarnation, 0) for life in hello.lives)


def _is_copy(connection: Connection, session: SyncSession, hello: Hello) -> bool:
    current = connection.execute(sa.select(LIFE).where(LIFE.c.is_current == sa.true())).one()
    life = next((item for item in hello.lives if item.incarnation == current.incarnation), None)
    if life is None or life.head == 0:
        return False
    if life.head > current.head:
        return True
    return _hash_at(connection, session.branch_id, life) not in life.hashes_at_lower


def _hash_at(connection: Connection, branch_id: UUID, life: HeldLife) -> bytes | None:
    query = sa.select(FACT.c.content_hash).where(
        FACT.c.branch_id == branch_id, FACT.c.incarnation == life.incarnation, FACT.c.seq == life.head
    )
    return connection.execute(query).scalar()
