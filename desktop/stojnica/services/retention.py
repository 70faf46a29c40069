"""What leaves this laptop because the office has it and its days here are over."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from stojnica.domain.retention import Retention
from stojnica.services.shown_organisation import shown_organisation
from stojnica.storage.engine import empty_log
from stojnica.storage.outbox import unconfirmed
from stojnica.storage.proof_times import note_untimed
from stojnica.storage.purge import purge_contacts
from stojnica.storage.purge_plan import PurgePlan, purge_plan
from stojnica.storage.schema import drop_old_copies
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.engine import Connection

AT_ONCE = 5
AT_ONCE_BESIDE_CAPTURE = 1
"""A visitor who comes in the middle of a step waits for its end."""


@dataclass(frozen=True, slots=True)
class RetentionLook:
    """Hold what the office decided, and what follows from it for the contacts that are here."""

    retention: Retention
    plan: PurgePlan


def look_at_retention(connection: "Connection") -> RetentionLook:
    """Look at it; reads much, so ask by `Store.look_slowly`."""
    retention = shown_organisation(connection).document.retention
    kept_us = retention.contacts_us
    return RetentionLook(retention, PurgePlan() if kept_us is None else purge_plan(connection, kept_us))


def clear_up(store: Store, go_on: Callable[[], None] = lambda: None) -> int:
    """Purge what may go now; gives how many contacts went. Blocks; call it in a thread of its own.

    In small steps behind all captures, each a transaction: a crash between two leaves some for the next run.
    `go_on` may raise to stop it.

    Raises:
        UserFacingError: the disk is full, or the file is gone; what went before stays gone.
    """
    look = store.look_slowly(look_at_retention).result()
    kept_us = look.retention.contacts_us
    if look.plan.untimed:
        _write(store, partial(_note_untimed, sessions=look.plan.untimed))
    gone = at = 0
    due = look.plan.due
    while kept_us is not None and at < len(due) and not store.is_closing:
        go_on()
        piece = due[at : at + (AT_ONCE_BESIDE_CAPTURE if store.is_capturing() else AT_ONCE)]
        gone += _write(store, partial(purge_contacts, subject_ids=piece, kept_us=kept_us))
        at += len(piece)
    if gone and not store.is_closing:
        # Pages of the log still hold what went; so does the file as it was before an upgrade, which leaves
        # once nothing here needs a second chance any more.
        store.write(lambda unit: empty_log(unit.connection), Priority.BACKGROUND).result()
        if not store.read(unconfirmed).result().facts:
            drop_old_copies(store.path)
    return gone


def _note_untimed(unit: UnitOfWork, sessions: "Sequence[UUID]") -> int:
    for session in sessions:
        note_untimed(unit.connection, session)
    return 0


def _write(store: Store, job: Callable[[UnitOfWork], int]) -> int:
    def run(unit: UnitOfWork) -> int:
        done = job(unit)
        unit.commit()
        return done

    return store.write(run, Priority.BACKGROUND).result()
