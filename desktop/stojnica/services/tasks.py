"""Work that must not run on the UI thread: a protocol, a runner for tests and one for the command line."""

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar, cast

from stojnica.domain.errors import CancelledError, UserFacingError

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class Progress(NamedTuple):
    """Say how far a piece of work is; `stage` is a constant word, `total` is None while unknown."""

    stage: str
    done: int = 0
    total: int | None = None


class WorkContext(Protocol):
    """What a piece of work gets to say how far it is, and to hear that it should stop."""

    def report(self, progress: Progress) -> None:
        """Publish the progress; from any thread.

        Raises:
            CancelledError: a stop was asked for. Let it pass, so that the unit of work rolls back.
        """


class Task(Protocol):
    """A piece of work that was handed over."""

    @property
    def progress(self) -> Progress | None:
        """Give what the work reported last; cheap, polled by the UI every 100 ms."""

    @property
    def is_finished(self) -> bool:
        """Tell whether `done` or `failed` was called."""

    def cancel(self) -> None:
        """Ask for a stop; `failed` then gets a CancelledError, unless the work was quicker."""


class TaskRunner(Protocol):
    """Run work elsewhere and bring the answer back to the thread that asked.

    Exactly one of `done` and `failed` is called, once, on the UI thread, never before `submit` or `when`
    has returned (the immediate runner excepted). `failed` should raise again what it doesn't know.
    """

    def submit(
        self, work: Callable[[WorkContext], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        """Run `work` on a thread of the pool."""

    def when(
        self, future: "Future[T]", done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        """Bring back the answer of a future that something else works on, such as the store's threads."""


def known_error(error: Exception) -> UserFacingError | None:
    """Give the error to show, or None for a stop that was asked for; a bug is raised again."""
    if isinstance(error, CancelledError):
        return None
    if isinstance(error, UserFacingError):
        return error
    raise error


class TaskState(Generic[T]):
    """Progress, stop flag and callbacks of one task; what all runners share.

    `run`, `report` and `cancel` may be called from any thread, `deliver` on the asking thread alone.
    """

    def __init__(self, done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        self._done = done
        self._failed = failed
        self._stop = threading.Event()
        self._progress: Progress | None = None
        self._is_finished = False

    @property
    def progress(self) -> Progress | None:
        return self._progress

    @property
    def is_finished(self) -> bool:
        return self._is_finished

    def cancel(self) -> None:
        self._stop.set()

    def report(self, progress: Progress) -> None:
        self._progress = progress
        if self._stop.is_set():
            raise CancelledError

    def run(self, work: Callable[[WorkContext], T]) -> Callable[[], None]:
        """Do the work here and now; give the call that delivers its outcome."""
        if self._stop.is_set():
            return self._failure(CancelledError())
        try:
            value = work(self)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
            return self._failure(error)
        return self._success(value)

    def outcome(self, future: "Future[T]") -> Callable[[], None]:
        """Give the call that delivers what a finished future holds."""
        if self._stop.is_set() or future.cancelled():
            return self._failure(CancelledError())
        error = future.exception()
        if isinstance(error, Exception):
            return self._failure(error)
        if error is not None:
            raise error
        return self._success(future.result())

    def _success(self, value: T) -> Callable[[], None]:
        def deliver() -> None:
            self._is_finished = True
            self._done(value)

        return deliver

    def _failure(self, error: Exception) -> Callable[[], None]:
        def deliver() -> None:
            self._is_finished = True
            self._failed(error)

        return deliver


class DeferredRunner:
    """Run work when a test says so, on the test's own thread."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._futures: list[tuple[Future[object], Callable[[], None]]] = []

    @property
    def waiting(self) -> int:
        """Give the number of tasks whose answer is still out."""
        return len(self._waiting) + len(self._futures)

    def submit(
        self, work: Callable[[WorkContext], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        self._waiting.append(lambda: state.run(work)())
        return state

    def when(
        self, future: "Future[T]", done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        self._futures.append((cast("Future[object]", future), lambda: state.outcome(future)()))
        return state

    def run_one(self) -> None:
        """Run the oldest task that is ready and deliver its answer."""
        for waiting in self._futures:
            future, deliver = waiting
            if future.done():
                self._futures.remove(waiting)
                deliver()
                return
        self._waiting.popleft()()

    def run(self, timeout_s: float = 30.0) -> None:
        """Run and deliver until nothing is out, also what the answers ask for in turn.

        Raises:
            TimeoutError: a future was not done in time.
        """
        import concurrent.futures

        while self.waiting:
            if not self._waiting:
                futures = [future for future, _deliver in self._futures]
                ready, _late = concurrent.futures.wait(
                    futures, timeout_s, return_when=concurrent.futures.FIRST_COMPLETED
                )
                if not ready:
                    raise TimeoutError
            self.run_one()


class ImmediateRunner:
    """Run work at once on the calling thread: the command line has nothing else to do."""

    def submit(
        self, work: Callable[[WorkContext], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        state.run(work)()
        return state

    def when(
        self, future: "Future[T]", done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> Task:
        state = TaskState(done, failed)
        import concurrent.futures

        concurrent.futures.wait([future])
        state.outcome(future)()
        return state
