"""What the steps of one sync share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.transport import Transport

T = TypeVar("T")
FIRST_BATCH_BYTES = 64 * 1024


class SyncContext(Protocol):
    """Hear how far a sync is."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Publish the step (connect, hello, push, prove, brief).

        Raises:
            CancelledError: a person asked for a stop; what was answered so far stays answered.
        """


QUIET_S = 0.05
LONGEST_WAIT_S = 1.0
MARKED_ALONE = 100
MARKED_BESIDE_CAPTURE = 10


class SilentContext:
    """Tell nobody."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Do nothing."""


class LastStep:
    """Pass the steps on, and remember the last one: a fault tells where it happened."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context
        self.name = ""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Pass it on; a stop comes back the same way."""
        self.name = name
        self._context.step(name, done, total)


@dataclass(slots=True)
class Moved:
    """Count facts over all attempts of one run: offered, arrived, and found missing by the proof.

    `erased` went from here because the office ordered it, `erased_alike` because a copy of this laptop had
    erased it.
    """

    offered: int = 0
    arrived: int = 0
    repaired: int = 0
    erased: int = 0
    erased_alike: int = 0


@dataclass(slots=True)
class SyncSession:
    """Carry store, transport and findings through the steps; lives in one thread.

    The store is only written to behind captures, so that the next visitor never waits for a sync.
    `batch_bytes` grows while the way is quick; `put_off` counts batches in a row of which the centre wants
    nothing now.
    """

    store: Store
    transport: Transport
    branch_id: UUID
    context: SyncContext = field(default_factory=SilentContext)
    moved: Moved = field(default_factory=Moved)
    session_id: UUID = field(default_factory=uuid4)
    announced: dict[UUID, int] = field(default_factory=dict)
    batch_bytes: int = FIRST_BATCH_BYTES
    set_aside: int = 0
    put_off: int = 0

    def wait_for_a_quiet_moment(self, tell: Callable[[], None]) -> None:
        """Let whoever signs up just now go before the next batch; not for long. `tell` hears a stop."""
        deadline = monotonic() + LONGEST_WAIT_S
        while self.store.captured_s_ago() < QUIET_S and monotonic() < deadline:
            tell()
            sleep(QUIET_S / 5)

    def at_once(self) -> int:
        """Say how many facts to mark in one transaction: few while people sign up, who wait behind it."""
        return MARKED_BESIDE_CAPTURE if self.store.is_capturing() else MARKED_ALONE

    def read(self, query: Callable[[Connection], T]) -> T:
        """Read in the store's reader thread, and wait."""
        return self.store.read(query).result()

    def write(self, job: Callable[[Connection], T]) -> T:
        """Write in the store's writer thread behind all captures, commit, and wait."""

        def run(unit: UnitOfWork) -> T:
            result = job(unit.connection)
            unit.commit()
            return result

        return self.store.write(run, Priority.BACKGROUND).result()
