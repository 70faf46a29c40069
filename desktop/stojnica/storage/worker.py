"""A thread that owns one connection and does one job after the other, the urgent ones first."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from stojnica.storage.faults import explained

T = TypeVar("T")
log = logging.getLogger(__name__)


class Priority(IntEnum):
    """Say what goes first: the next visitor, or work that can wait."""

    CAPTURE = 0
    BACKGROUND = 1
    END = 9


class ConnectionThread:
    """Run jobs on a connection that no other thread ever touches.

    A job that doesn't commit is rolled back. Futures complete in this thread.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[Connection], None] | None]] = (
            queue.PriorityQueue()
        )
        self._order = itertools.count()
        self._closed = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T], priority: Priority = Priority.CAPTURE) -> Future[T]:
        """Queue a job; its result or error arrives in the future."""
        future: Future[T] = Future()

        def run(connection: Connection) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = job(connection)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who asked
                connection.rollback()
                future.set_exception(explained(error))
            else:
                connection.rollback()
                future.set_result(result)

        with self._closed:
            if self._is_closed:
                raise RuntimeError("the store is closed")
            self._queue.put((priority, next(self._order), run))
        return future

    def close(self) -> None:
        """Finish what is queued, close the connection, end the thread."""
        with self._closed:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put((Priority.END, next(self._order), None))
        self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while True:
            _priority, _number, job = self._queue.get()
            if job is None:
                break
            try:
                if connection is None:
                    connection = self._engine.connect()
            except BaseException as error:  # noqa: BLE001 - told to who asked, below
                self._refuse(job, error)
                continue
            job(connection)
        if connection is not None:
            connection.close()

    @staticmethod
    def _refuse(job: Callable[[Connection], None], error: BaseException) -> None:
        log.warning("the store could not be opened: %s", type(error).__name__)
        job(_Unopened(error))  # type: ignore[arg-type]


class _Unopened:
    """Stand where a connection should be, and raise why there is none."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def rollback(self) -> None:
        """Nothing was begun."""

    def __getattr__(self, _name: str) -> Any:
        raise self._error
