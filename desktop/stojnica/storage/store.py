"""The laptop's store: one thread writes, two read, and everyone else waits for futures."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain.clock import Clock, SystemClock
from stojnica.domain.ids import NIL, new_id
from stojnica.records.facts import FACT
from stojnica.records.projection import clear
from stojnica.records.typed import PROJECTION_VERSION
from stojnica.storage.engine import check_file, make_engine
from stojnica.storage.faults import store_missing
from stojnica.storage.memory import recall, remember
from stojnica.storage.schema import (
    BRANCH,
    PROJECTION,
    copy_file,
    ensure_projection,
    has_newest_step,
    migrate,
    project_anew,
)
from stojnica.storage.tables import LIFE, STUB
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import ConnectionThread, Priority

T = TypeVar("T")
CAPTURING_S = 2.0


class Store:
    """Read and write the encrypted file; any thread may ask, none of them touches the file itself."""

    def __init__(self, path: Path, key: bytes, clock: Clock | None = None) -> None:
        self.path = path
        self.clock = clock or SystemClock()
        self._writer = ConnectionThread(make_engine(path, key), "store-writer")
        self._reader = ConnectionThread(
            make_engine(path, key, is_reader=True), "store-reader", is_gentle=True
        )
        self._answerer = ConnectionThread(make_engine(path, key, is_reader=True), "store-answerer")
        self._copier = ConnectionThread(
            make_engine(path, key, is_reader=True), "store-copier", is_gentle=True
        )
        self._is_closing = threading.Event()
        self._is_whole = False
        self.looked_through: Future[None] = Future()
        """Done when every page was read once since the file was opened, or told to be damaged."""

    def write(self, job: Callable[[UnitOfWork], T], priority: Priority = Priority.CAPTURE) -> Future[T]:
        """Run a job in a transaction of its own; it says `unit.commit()` itself, or nothing is kept.

        The future raises `UserFacingError` when the disk is full, the folder can't be written to, or the file
        is gone; then nothing of this job was saved, and what was saved before is as it was.
        """

        def run(connection: Connection) -> T:
            # A file that was deleted or moved away while it is open takes writes that nobody finds again.
            if not self.path.exists():
                raise store_missing()
            self._look_through(connection)
            return job(UnitOfWork(connection, self.clock))

        return self._writer.submit(run, priority)

    def is_capturing(self) -> bool:
        """Tell whether something was captured in the last moments, so that more of it may come."""
        return self._writer.urgent_s_ago() < CAPTURING_S

    def captured_s_ago(self) -> float:
        """Say how many seconds ago something was captured last."""
        return self._writer.urgent_s_ago()

    def read(self, query: Callable[[Connection], T]) -> Future[T]:
        """Run a query on a connection that can't write; it sees all that was committed before it began."""
        return self._reader.submit(query)

    def look_up(self, query: Callable[[Connection], T]) -> Future[T]:
        """Run a short query that somebody waits for, as `read` does; no report is in its way, nor gentleness.

        A letter is typed every quarter of a second. What a page shows by itself belongs to `read`.
        """
        return self._answerer.submit(query)

    def look_slowly(self, query: Callable[[Connection], T]) -> Future[T]:
        """Run what reads the whole file, a check or a copy; no list and no visitor is in its way.

        It should stop when `is_closing` says so: a stick can take minutes, and nobody waits for it with a
        laptop in hand.
        """
        return self._copier.submit(query)

    @property
    def is_closing(self) -> bool:
        """Tell whether the store is being closed; any thread may ask."""
        return self._is_closing.is_set()

    def prepare(self, *, is_check_awaited: bool = True) -> None:
        """Check the file, bring its tables up to date, begin a life if it has none. Blocks the caller.

        The check reads every page: 0.36 s for 50,000 sign-ups. Without waiting for it, a file that has
        nothing to be brought up to date can be read at once; `looked_through` tells how the check went, and
        nothing is written before, nor ever to a file that is damaged.

        Raises:
            UserFacingError: the file is damaged, or a newer program made it.
        """
        is_current = self._writer.submit(self._is_current, Priority.BACKGROUND).result()
        self.looked_through = self._writer.submit(self._look_through, Priority.BACKGROUND)
        if is_check_awaited or not is_current:
            self.looked_through.result()
        if not is_current:
            self._writer.submit(self._migrate, Priority.BACKGROUND).result()
            self._writer.submit(self._begin, Priority.BACKGROUND).result()
        self._reader.submit(lambda _connection: None).result()

    def close(self) -> None:
        """Finish what is queued and close the file."""
        self._is_closing.set()
        self._copier.close()
        self._answerer.close()
        self._reader.close()
        self._writer.close()

    @staticmethod
    def _is_current(connection: Connection) -> bool:
        """Tell whether nothing has to be written before the file can be used; reads the first pages."""
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        return (
            has_newest_step(connection)
            and recall(connection, PROJECTION) == PROJECTION_VERSION
            and connection.execute(sa.select(LIFE.c.incarnation).limit(1)).first() is not None
        )

    def _look_through(self, connection: Connection) -> None:
        """Read every page once: a tree that is wrong must not grow. In the writer's thread alone."""
        if not self._is_whole:
            check_file(connection)
            self._is_whole = True

    def _migrate(self, connection: Connection) -> None:
        migrate(connection, copy=self._copy_before(connection))

    def _copy_before(self, connection: Connection) -> Callable[[str], None]:
        def copy(revision: str) -> None:
            # A checkpoint inside a transaction is refused, and SQLAlchemy would begin one.
            driver: Any = connection.connection.driver_connection
            busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise RuntimeError("the log is in use")
            copy_file(self.path, revision)

        return copy

    def _begin(self, connection: Connection) -> None:
        ensure_projection(connection)
        if connection.execute(sa.select(LIFE.c.incarnation).limit(1)).first() is None:
            begin_life(connection, self.clock)
        connection.commit()


def begin_life(connection: Connection, clock: Clock) -> UUID:
    """Begin a new incarnation: facts from now on are numbered in it, old ones keep theirs."""
    incarnation = new_id()
    connection.execute(sa.update(LIFE).values(is_current=False))
    connection.execute(
        sa.insert(LIFE).values(
            incarnation=incarnation,
            began_at=clock.now_us(),
            head=0,
            head_hash=b"",
            is_current=True,
            centre_held=0,
        )
    )
    return incarnation


def join_branch(connection: Connection, branch_id: UUID) -> None:
    """Give all facts of a laptop that had no branch to the one it was enrolled in."""
    remember(connection, BRANCH, str(branch_id))
    connection.execute(sa.update(FACT).where(FACT.c.branch_id == NIL).values(branch_id=branch_id))
    connection.execute(sa.update(STUB).where(STUB.c.branch_id == NIL).values(branch_id=branch_id))
    clear(connection, NIL)
    project_anew(connection, branch_id)
