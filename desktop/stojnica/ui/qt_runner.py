"""The task runner of the window: a pool of threads, and answers that arrive on the UI thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from stojnica.services.tasks import Task, TaskState, WorkContext

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")


class _Postman(QObject):
    """Bring calls to the thread that made this object, in the order in which they were sent."""

    sent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.is_open = True
        self.sent.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, call: Callable[[], None]) -> None:
        if self.is_open:
            call()


class QtRunner:
    """Run work on a few threads; make it on the UI thread and `close` it before the application ends."""

    def __init__(self, threads: int = 4) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._postman = _Postman()
        self._tasks: set[Task] = set()

    def submit(
        self, work: Callable[[WorkContext], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        self._tasks.add(state)
        self._threads_at_work().submit(self._run, state, work)
        return state

    def when(
        self, future: "Future[T]", done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        future.add_done_callback(lambda finished: self._postman.sent.emit(lambda: state.outcome(finished)()))
        return state

    def close(self) -> None:
        """Ask all work to stop, wait for it, and deliver nothing any more."""
        self._postman.is_open = False
        for task in list(self._tasks):
            task.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _threads_at_work(self) -> "ThreadPoolExecutor":
        """Make the threads with the first work: the first window has none, and should come soon."""
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="stojnica-work")
        return self._pool

    def _run(self, state: TaskState[T], work: Callable[[WorkContext], T]) -> None:
        deliver = state.run(work)

        def arrive() -> None:
            self._tasks.discard(state)
            deliver()

        self._postman.sent.emit(arrive)
