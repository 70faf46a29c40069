"""Keep what is half typed on the encrypted disk, a second after the last key, and take it off again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from stojnica.services.signup_choices import FormOffer
from stojnica.services.stand import StandContext
from stojnica.storage.engine import empty_log
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

QUIET_US = 1_000_000


class Draft(Protocol):
    """Be a form with the id of what it becomes."""

    @property
    def subject_id(self) -> UUID:
        """Give the id, made when the form opened."""


Kept = TypeVar("Kept", bound=Draft)


@dataclass(frozen=True, slots=True)
class DraftWays(Generic[Kept]):
    """Say of one kind of form whether it may be on the disk, how it gets there, and how it goes."""

    may_be_kept: Callable[[Kept, FormOffer], bool]
    keep: Callable[[UnitOfWork, Kept], None]
    drop: Callable[[UnitOfWork, UUID], None]


class DraftKeeper(Generic[Kept]):
    """Keep what is typed, a second after the last key; UI thread alone."""

    def __init__(
        self, context: StandContext, failed: Callable[[Exception], None], ways: DraftWays[Kept]
    ) -> None:
        self._context = context
        self._failed = failed
        self._ways = ways
        self._typed_at: int | None = None
        self._kept: UUID | None = None

    def typed(self) -> None:
        """Hear that a key was pressed."""
        self._typed_at = self._context.clock.monotonic_us()

    def tick(self, draft: Kept, offer: FormOffer) -> None:
        """Keep the form when the hand rests; take it off the disk when it may no longer be there."""
        if self._typed_at is None or self._context.clock.monotonic_us() - self._typed_at < QUIET_US:
            return
        self._typed_at = None
        if self._ways.may_be_kept(draft, offer):
            self._kept = draft.subject_id
            self._submit(lambda unit: self._ways.keep(unit, draft))
        else:
            self.forget_at_once(draft.subject_id)

    def keep_now(self, draft: Kept, offer: FormOffer) -> None:
        """Keep the form without waiting for the hand to rest, if anything was typed since."""
        if self._typed_at is not None:
            self._typed_at = self._context.clock.monotonic_us() - QUIET_US
            self.tick(draft, offer)

    def forget_at_once(self, subject_id: UUID) -> None:
        """Take a form off the disk, and out of the log of the last changes: an age turned out too low."""
        if self._kept == subject_id:
            self._kept = None
            self._submit(lambda unit: self._ways.drop(unit, subject_id), empties_log=True)

    def forget(self, subject_id: UUID) -> None:
        """Take a form off the disk, if it is there."""
        self._typed_at = None
        if self._kept == subject_id:
            self.drop(subject_id)

    def drop(self, subject_id: UUID) -> None:
        """Take a form off the disk that may have been kept before the program began anew."""
        self._kept = None
        self._submit(lambda unit: self._ways.drop(unit, subject_id))

    def taken_up(self, subject_id: UUID) -> None:
        """Hear that a form of the disk is being typed in again."""
        self._kept = subject_id

    def _submit(self, change: Callable[[UnitOfWork], None], *, empties_log: bool = False) -> None:
        def job(unit: UnitOfWork) -> None:
            change(unit)
            unit.commit()
            if empties_log:
                empty_log(unit.connection)

        # All in the background: in one queue a form that is dropped can't be kept by an older job.
        future = self._context.store.write(job, Priority.BACKGROUND)
        self._context.runner.when(future, _nothing, self._failed)


def _nothing(_answer: None) -> None:
    """Be content."""
