"""Closing a stand in the rain: at once; the stock count and what was learnt can wait until Monday.

A laptop closes its own stand, whoever planned the event: the event itself may be the office's to change,
and the other laptop may still be taking slips.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import Debrief, Estimate
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import known_event
from stojnica.records.team_queries import StandClosing, open_shifts, stand_closings
from stojnica.services.laptop import laptop_place
from stojnica.services.stand import OPERATOR
from stojnica.services.team import end_one
from stojnica.storage.memory import recall
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def closing_of(connection: "Connection", branch_id: UUID, event_id: UUID) -> StandClosing | None:
    """Give how the stand at an event was closed, None while it is open."""
    closings = stand_closings(connection, branch_id)
    return next((item for item in closings if item.event_id == event_id), None)


def close_stand(store: Store, event_id: UUID) -> "Future[None]":
    """Close the stand and end the shifts of everybody who is here; a second time changes nothing.

    Slips of that day are still taken in afterwards.

    Raises (in the future):
        UserFacingError: there is no such event.
    """

    def close(unit: UnitOfWork) -> None:
        known = known_event(unit.connection, unit.branch_id, event_id)
        if known is None:
            raise _gone()
        if closing_of(unit.connection, unit.branch_id, event_id) is not None:
            return
        operator = _operator(unit)
        data = laptop_place(unit.connection).data()
        unit.record(kinds.STAND_CLOSED, new_id(), data, event_id=event_id, operator=operator)
        for shift in open_shifts(unit.connection, unit.branch_id):
            if shift.event_id == event_id:
                end_one(unit, shift)
        if not known.is_from_office and not known.event.is_closed:
            _mark(unit, event_id, operator, is_closed=True)
        unit.commit()

    return store.write(close)


def open_again(store: Store, event_id: UUID) -> "Future[None]":
    """Take a closing back, because it was a slip of the finger; what was noted since goes with it."""

    def reopen(unit: UnitOfWork) -> None:
        closing = closing_of(unit.connection, unit.branch_id, event_id)
        if closing is None:
            return
        operator = _operator(unit)
        unit.record(kinds.VOIDED, closing.subject_id, {}, event_id=event_id, operator=operator)
        known = known_event(unit.connection, unit.branch_id, event_id)
        if known is not None and not known.is_from_office and known.event.is_closed:
            _mark(unit, event_id, operator, is_closed=False)
        unit.commit()

    return store.write(reopen)


def note_debrief(store: Store, event_id: UUID, debrief: Debrief) -> "Future[None]":
    """Keep the stock count and the notes; the same again leaves no trace. The estimate stays as it is.

    Raises (in the future):
        UserFacingError: the stand isn't closed.
    """
    return _note(store, event_id, lambda known: replace(debrief, estimate=known.estimate))


def note_estimate(store: Store, event_id: UUID, estimate: Estimate) -> "Future[None]":
    """Keep the team's estimate of who was reached; the same again leaves no trace.

    Raises (in the future):
        UserFacingError: the stand isn't closed.
    """
    return _note(store, event_id, lambda known: replace(known, estimate=estimate))


def _note(store: Store, event_id: UUID, change: Callable[[Debrief], Debrief]) -> "Future[None]":
    def note(unit: UnitOfWork) -> None:
        closing = closing_of(unit.connection, unit.branch_id, event_id)
        if closing is None:
            raise _gone()
        debrief = change(closing.debrief)
        if debrief != closing.debrief:
            unit.record(
                kinds.DEBRIEFED,
                closing.subject_id,
                debrief.data(),
                event_id=event_id,
                operator=_operator(unit),
            )
            unit.commit()

    return store.write(note)


def due_day(closed_on: date) -> date:
    """Give the day until which the rest can wait: the Monday after."""
    return closed_on + timedelta(days=7 - closed_on.weekday())


def _mark(unit: UnitOfWork, event_id: UUID, operator: str, *, is_closed: bool) -> None:
    unit.record(kinds.EVENT_CHANGED, event_id, {"closed": is_closed}, event_id=event_id, operator=operator)


def _operator(unit: UnitOfWork) -> str:
    return str(recall(unit.connection, OPERATOR, ""))


def _gone() -> UserFacingError:
    return UserFacingError(
        _("This stand is not there to be closed, or it is open again."),
        safe=_("Nothing was changed."),
        next_step=_("Look at the page once more."),
        code="stand_unknown",
    )
