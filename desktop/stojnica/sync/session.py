"""What the steps of one sync share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority
from stojnica.sync.transport import Transport

T = TypeVar("T")


class SyncContext(Protocol):
    """Hear how far a sync is."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Publish the step (connect, hello, push, prove, brief).

        Raises:
            CancelledError: a person asked for a stop; what was answered so far stays answered.
        """


class SilentContext:
    """Tell nobody."""

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Do nothing."""


@dataclass(slots=True)
class SyncSession:
    """Carry store, transport and findings through the steps; lives in one thread.

    The store is only written to behind captures, so that the next visitor never waits for a sync.
    """

    store: Store
    transport: Transport
    branch_id: UUID
    context: SyncContext = field(default_factory=SilentContext)
    session_id: UUID = field(default_factory=uuid4)
    is_copy_noticed: bool = False
    is_centre_changed: bool = False
    pushed: int = 0
    repaired: int = 0

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
