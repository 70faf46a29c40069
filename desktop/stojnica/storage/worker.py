"""A thread that owns one connection and does one job after the other, the urgent ones first."""

import contextlib
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from math import inf
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from stojnica.storage.faults import explained

T = TypeVar("T")
Run = Callable[[Connection], None]
log = logging.getLogger(__name__)
GENTLE = 15


class Priority(IntEnum):
    """Say what goes first: the next visitor, or work that can wait."""

    CAPTURE = 0
    BACKGROUND = 1


class ConnectionThread:
    """Run jobs on a connection that no other thread ever touches.

    A job that doesn't commit is rolled back. Futures complete in this thread. A connection that can't even
    roll back any more is given up, and the next job gets a new one. `is_gentle` lets other threads go first.
    """

    def __init__(self, engine: Engine, name: str, *, is_gentle: bool = False) -> None:
        self._engine = engine
        self._folder = Path(engine.url.database or "").parent
        self._waiting: dict[Priority, deque[Run]] = {priority: deque() for priority in sorted(Priority)}
        # Rung once for each job and once for the end; a queue with priorities would take longer to wake up.
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        self._is_gentle = is_gentle
        self._urgent_at = -inf
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T], priority: Priority = Priority.CAPTURE) -> Future[T]:
        """Queue a job; its result or error arrives in the future."""
        future: Future[T] = Future()

        def run(connection: Connection) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = job(connection)
                connection.rollback()
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who asked
                self._undo(connection)
                future.set_exception(explained(error, self._folder))
            else:
                future.set_result(result)

        with self._closing:
            if self._is_closed:
                raise RuntimeError("the store is closed")
            if priority is Priority.CAPTURE:
                self._urgent_at = monotonic()
            self._waiting[priority].append(run)
            self._bell.put(None)
        return future

    def urgent_s_ago(self) -> float:
        """Say how many seconds ago the last urgent job was handed over; any thread may ask."""
        return monotonic() - self._urgent_at

    def close(self) -> None:
        """Finish what is queued, close the connection, end the thread."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._bell.put(None)
        self._thread.join()

    def _work(self) -> None:
        connection: Connection | None = None
        if self._is_gentle:
            _step_back()
        while True:
            self._bell.get()
            run = self._next()
            if run is None:
                break
            try:
                if connection is None or connection.closed:
                    connection = self._engine.connect()
            except BaseException as error:  # noqa: BLE001 - told to who asked, below
                log.warning("the store could not be opened: %s", type(error).__name__)
                run(_Unopened(error))  # type: ignore[arg-type]
                continue
            run(connection)
        if connection is not None:
            self._let_go(connection)

    def _next(self) -> Run | None:
        return next((waiting.popleft() for waiting in self._waiting.values() if waiting), None)

    @classmethod
    def _undo(cls, connection: Connection) -> None:
        try:
            connection.rollback()
        except Exception as error:  # noqa: BLE001 - the first error is the one to tell
            log.warning("the store could not go back to before the job: %s", type(error).__name__)
            cls._let_go(connection)

    @staticmethod
    def _let_go(connection: Connection) -> None:
        try:
            connection.close()
        except Exception as error:  # noqa: BLE001 - what was committed is on disk whether or not this works
            log.warning("the store could not be closed: %s", type(error).__name__)


def _step_back() -> None:
    """Let the writer have the processor first: a report may wait, the next visitor may not.

    Linux alone has this; on other systems all threads of a process are equal, and nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GENTLE)


class _Unopened:
    """Stand where a connection should be, and raise why there is none."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def rollback(self) -> None:
        """Nothing was begun."""

    def __getattr__(self, _name: str) -> Any:
        raise self._error
