"""What leaves this laptop because the office has it and its days here are over: contacts, names."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from stojnica.domain.erasure import ERASED
from stojnica.domain.retention import Retention
from stojnica.records.gone_contacts import gone_number
from stojnica.services.roll_leaving import clear_roll
from stojnica.services.shown_organisation import shown_organisation
from stojnica.storage.erase_orders import erasure_asked
from stojnica.storage.left_in_files import clear_files, left_in_files
from stojnica.storage.outbox import unconfirmed
from stojnica.storage.proof_times import note_untimed
from stojnica.storage.purge import purge_contacts
from stojnica.storage.purge_names import names_plan, take_names
from stojnica.storage.purge_plan import PurgePlan, purge_plan
from stojnica.storage.store import Store
from stojnica.storage.unfinished import drop_stale_unfinished, has_stale_unfinished
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.storage.worker import Priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.engine import Connection


class _Take(Protocol):
    """Take what is due, in the caller's transaction."""

    def __call__(self, unit: UnitOfWork, subject_ids: "Sequence[UUID]", kept_us: int) -> int: ...


AT_ONCE = 5
AT_ONCE_BESIDE_CAPTURE = 1
"""A visitor who comes in the middle of a step waits for its end."""


@dataclass(frozen=True, slots=True)
class RetentionLook:
    """Hold what the office decided, and what follows from it for the contacts that are here.

    `names` has shifts, and whatever else names somebody of the team, if it may go now. `gone` counts the
    contacts that have left already; `agreed` those that go by the office's order with the next sending,
    `asked` those for which a person's yes is waited for.
    """

    retention: Retention
    plan: PurgePlan
    names: PurgePlan = field(default_factory=PurgePlan)
    gone: int = 0
    asked: int = 0
    agreed: int = 0


def look_at_retention(connection: "Connection") -> RetentionLook:
    """Look at it; reads much, so ask by `Store.look_slowly`."""
    retention = shown_organisation(connection).document.retention
    contacts_us, names_us = retention.contacts_us, retention.names_us
    wanted = erasure_asked(connection)
    plan = PurgePlan() if contacts_us is None else purge_plan(connection, contacts_us, wanted.everybody)
    return RetentionLook(
        retention,
        plan,
        PurgePlan() if names_us is None else names_plan(connection, names_us),
        gone_number(connection, branch_of(connection)),
        asked=len(wanted.everybody - wanted.agreed - set(plan.due)),
        agreed=len(wanted.agreed - set(plan.due)),
    )


@dataclass(frozen=True, slots=True)
class Cleared:
    """Say how many contacts have left, of how many records the names, and how many people the roll."""

    contacts: int = 0
    records: int = 0
    members: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything has left."""
        return bool(self.contacts or self.records or self.members)


def clear_up(store: Store, go_on: Callable[[], None] = lambda: None) -> Cleared:
    """Purge what may go now; says how much went. Blocks; call it in a thread of its own.

    In small steps behind all captures, each a transaction: a crash between two leaves some for the next run.
    `go_on` may raise to stop it.

    Raises:
        UserFacingError: the disk is full, or the file is gone; what went before stays gone.
    """
    _let_go_of_unfinished(store)
    look = store.look_slowly(look_at_retention).result()
    untimed = tuple({*look.plan.untimed, *look.names.untimed})
    if untimed:
        _write(store, partial(_note_untimed, sessions=untimed))
    contacts = _in_steps(store, go_on, look.plan.due, purge_contacts, look.retention.contacts_us)
    names_us = look.retention.names_us
    records = _in_steps(store, go_on, look.names.due, take_names, names_us)
    members = 0
    if names_us is not None and not store.is_closing:
        members = _write(store, partial(clear_roll, kept_us=names_us))
    gone = Cleared(contacts, records, members)
    if not store.is_closing:
        _clear_files(store, has_left=bool(gone))
    return gone


def _let_go_of_unfinished(store: Store) -> None:
    """Forget forms of another day: nobody agreed to anything in them, and nobody is offered them."""
    now_us = store.clock.now_us()
    if store.read(partial(has_stale_unfinished, now_us=now_us)).result():
        _write(store, partial(_drop_stale, now_us=now_us))


def _drop_stale(unit: UnitOfWork, now_us: int) -> int:
    drop_stale_unfinished(unit.connection, now_us)
    return 0


def _clear_files(store: Store, *, has_left: bool) -> None:
    """Have the log without what went, now or before a crash; so for the file as it was before an upgrade.

    That one stays while anything here needs a second chance, unless somebody was erased.
    """
    noted = store.read(left_in_files).result()
    if noted is None and not has_left:
        return
    keeps = noted != ERASED and bool(store.read(unconfirmed).result().facts)
    clear = partial(clear_files, path=store.path, keeps_old_copies=keeps)
    store.write(clear, Priority.BACKGROUND).result()


def _in_steps(
    store: Store,
    go_on: Callable[[], None],
    due: "Sequence[UUID]",
    take: _Take,
    kept_us: int | None,
) -> int:
    gone = at = 0
    while kept_us is not None and at < len(due) and not store.is_closing:
        go_on()
        piece = due[at : at + (AT_ONCE_BESIDE_CAPTURE if store.is_capturing() else AT_ONCE)]
        gone += _write(store, partial(take, subject_ids=piece, kept_us=kept_us))
        at += len(piece)
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
