"""Step 2: greet the centre with every life of this file."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import __version__
from stojnica.storage.outbox import facts_held
from stojnica.storage.tables import LIFE
from stojnica.sync.faults import nonsense, wrong_database
from stojnica.sync.session import SyncSession
from stojnica.sync.transport import PROTOCOL, Hello, LifeHead


def heads(connection: Connection) -> tuple[list[LifeHead], int]:
    """Give the head of each incarnation, and how many facts there are."""
    return lives(connection), facts_held(connection)


def lives(connection: Connection) -> list[LifeHead]:
    """Give the head of each incarnation, the oldest first."""
    return [
        LifeHead(row.incarnation, row.head, row.head_hash)
        for row in connection.execute(sa.select(LIFE).order_by(LIFE.c.began_at, LIFE.c.incarnation))
    ]


def say_hello(session: SyncSession) -> Hello:
    """Announce what this laptop has, and check that the answer is about just that.

    Raises:
        SyncError: no way there, not let in, or an answer that makes no sense.
    """
    session.context.step("hello")
    own, count = session.read(heads)
    hello = session.transport.hello(f"stojnica {__version__}", own, count)
    if [life.incarnation for life in hello.lives] != [life.incarnation for life in own]:
        raise nonsense("lives")
    if hello.branch_id != session.branch_id:
        raise wrong_database("branch")
    if hello.protocol < PROTOCOL or any(life.held < 0 or life.head < 0 for life in hello.lives):
        raise nonsense("counts")
    session.announced = {life.incarnation: life.head for life in own}
    return hello
