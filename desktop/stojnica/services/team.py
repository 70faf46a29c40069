"""The team at the stand: who belongs to it (known to this laptop alone), and shifts (facts).

The roll stays here because the office needs none of it: a shift says by itself who, which work and how long.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.shift import NAME_LIMIT, OTHER, WORK_KINDS, Shift, end_of_shift, is_slip
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import known_event
from stojnica.records.team_queries import KnownShift, open_shifts
from stojnica.services.laptop import laptop_place
from stojnica.services.pin import forget_pin_of, members_with_pin
from stojnica.services.stand import OPERATOR, current_event_id
from stojnica.services.tidy_text import tidy_text
from stojnica.services.written_time import instant_of, local_text
from stojnica.storage.memory import recall, remember
from stojnica.storage.nameless import all_of_subject
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MEMBERS = "team_members"
MAX_MEMBERS = 60
FIRST_NAME_LIMIT = 40
INITIAL_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Member:
    """Hold somebody of the team: a first name with the initial of the surname, and no more."""

    member_id: UUID
    name: str
    is_experienced: bool = False
    work: str = OTHER
    has_pin: bool = False


def members(connection: "Connection") -> tuple[Member, ...]:
    """Give everybody who was ever added here, by name."""
    with_pin = members_with_pin(connection)
    kept = recall(connection, MEMBERS, {})
    found = [_member(key, value, with_pin) for key, value in kept.items()]
    return tuple(sorted(found, key=lambda member: member.name.casefold()))


def add_member(
    store: Store, first_name: str, initial: str, *, is_experienced: bool, work: str
) -> "Future[Member]":
    """Add somebody to the team of this laptop.

    Raises (in the future):
        UserFacingError: the name can't be so, or is there already; `code` names the field.
    """

    def add(unit: UnitOfWork) -> Member:
        name = checked_name(first_name, initial)
        kept = recall(unit.connection, MEMBERS, {})
        if any(value["name"].casefold() == name.casefold() for value in kept.values()):
            raise _refused(
                _("{name} is in the list already.").format(name=name),
                _("Choose the name in the list, or add another letter of the surname."),
                "initial",
            )
        if len(kept) >= MAX_MEMBERS:
            raise _refused(
                _("The list is full."), _("Remove somebody who no longer comes."), code="first_name"
            )
        member = Member(new_id(), name, is_experienced, work if work in WORK_KINDS else OTHER)
        value = {"name": name, "experienced": member.is_experienced, "work": member.work}
        remember(unit.connection, MEMBERS, kept | {str(member.member_id): value})
        unit.commit()
        return member

    return store.write(add)


def remove_member(store: Store, member_id: UUID) -> "Future[None]":
    """Take somebody and their PIN off the list; the shifts stay. Whoever is here is not taken off."""

    def remove(unit: UnitOfWork) -> None:
        kept = recall(unit.connection, MEMBERS, {})
        if _shift_of(unit, member_id) is None and str(member_id) in kept:
            take_off_roll(unit, member_id)
            unit.commit()

    return store.write(remove)


def take_off_roll(unit: UnitOfWork, member_id: UUID) -> None:
    """Take somebody and their PIN off the list, in a unit that the caller commits."""
    kept = recall(unit.connection, MEMBERS, {})
    kept.pop(str(member_id), None)
    remember(unit.connection, MEMBERS, kept)
    forget_pin_of(unit, member_id)


def start_shift(store: Store, member_id: UUID) -> "Future[None]":
    """Say that somebody is here; a second time changes nothing. The first one sits at the keyboard.

    Raises (in the future):
        UserFacingError: no event is chosen, or this person isn't in the list.
    """

    def start(unit: UnitOfWork) -> None:
        member, event = _known_member(unit, member_id), _chosen_event(unit)
        going_on = _shift_of(unit, member_id)
        if going_on is not None:
            if going_on.event_id == event.event_id:
                return
            end_one(unit, going_on)
        shift = Shift(str(member_id), member.name, member.is_experienced, member.work)
        place = laptop_place(unit.connection)
        unit.record(
            kinds.SHIFT_STARTED,
            new_id(),
            shift.data() | place.data(),
            event_id=event.event_id,
            operator=str(recall(unit.connection, OPERATOR, "")),
        )
        if not recall(unit.connection, OPERATOR, ""):
            remember(unit.connection, OPERATOR, member.name)
        unit.commit()

    return store.write(start)


def end_shift(store: Store, member_id: UUID) -> "Future[None]":
    """Say that somebody goes; a second time changes nothing."""

    def end(unit: UnitOfWork) -> None:
        going_on = _shift_of(unit, member_id)
        if going_on is not None:
            end_one(unit, going_on)
            unit.commit()

    return store.write(end)


def take_keyboard(store: Store, member_id: UUID) -> "Future[None]":
    """Make somebody the one under whose name things are captured from now on.

    Raises (in the future):
        UserFacingError: this person isn't in the list.
    """

    def take(unit: UnitOfWork) -> None:
        remember(unit.connection, OPERATOR, _known_member(unit, member_id).name)
        unit.commit()

    return store.write(take)


def end_one(unit: UnitOfWork, shift: KnownShift) -> None:
    """Record that a shift is over, in a unit that the caller commits; the keyboard is free again."""
    event = None
    if shift.event_id is not None:
        known = known_event(unit.connection, unit.branch_id, shift.event_id)
        event = known.event if known else None
    operator = str(recall(unit.connection, OPERATOR, ""))
    # Whoever sets the clock back takes no hours from anybody: the machine's own count knows of some of them.
    now = max(unit.clock.now_us(), shift.started_at + _ran_us(unit, shift))
    end = end_of_shift(shift.started_at, now, ends_at(event))
    kind, data = kinds.SHIFT_ENDED, {"ended_at": end}
    if is_slip(shift.started_at, end):
        kind, data = kinds.VOIDED, {}
    unit.record(kind, shift.subject_id, data, event_id=shift.event_id, operator=operator)
    if operator == shift.name:
        remember(unit.connection, OPERATOR, "")


def _ran_us(unit: UnitOfWork, shift: KnownShift) -> int:
    """Give how long the machine has run since a shift began (µs), as far as it knows."""
    facts = all_of_subject(unit.connection, unit.branch_id, shift.subject_id)
    began = next((item.fact.monotonic for item in facts if item.fact.kind == kinds.SHIFT_STARTED), 0)
    now = unit.clock.monotonic_us()
    # Its count begins anew when it starts: then so much time has passed at least.
    return now - began if now >= began else now


def ends_at(event: Event | None) -> int | None:
    """Give the instant (µs UTC) at which an event ends."""
    local = local_text(event.ends) if event else None
    return None if event is None or local is None else instant_of(local, event.time_zone)


def checked_name(first_name: str, initial: str) -> str:
    """Give "Maja K." when both parts can be so.

    Raises:
        UserFacingError: `code` names the field that can't.
    """
    first = tidy_text(first_name, FIRST_NAME_LIMIT, code="first_name")
    if not first:
        raise _refused(_("A first name is missing."), _("One word is enough."), "first_name")
    letters = tidy_text(initial, NAME_LIMIT, code="initial").rstrip(".")
    if not letters:
        return first[:NAME_LIMIT]
    if len(letters) > INITIAL_LIMIT or not letters.isalpha():
        raise _refused(
            _("The initial is one letter of the surname, at most three."),
            _("The whole surname isn't needed here."),
            "initial",
        )
    return f"{first} {letters[0].upper()}{letters[1:]}."


def unknown_member() -> UserFacingError:
    """Tell that somebody isn't in the list."""
    return _refused(_("This person is not in the list."), _("Add them first."), "member_unknown")


def no_event_chosen() -> UserFacingError:
    """Tell that a shift belongs to an event."""
    return _refused(_("No event is chosen yet."), _("Choose or add one on the page Events."), "no_event")


def _refused(what: str, next_step: str, code: str) -> UserFacingError:
    return UserFacingError(what, safe=_("Nothing was changed."), next_step=next_step, code=code)


def _member(key: str, value: dict[str, Any], with_pin: frozenset[str]) -> Member:
    return Member(UUID(key), value["name"], value["experienced"], value["work"], key in with_pin)


def _known_member(unit: UnitOfWork, member_id: UUID) -> Member:
    found = next((item for item in members(unit.connection) if item.member_id == member_id), None)
    if found is None:
        raise unknown_member()
    return found


def _chosen_event(unit: UnitOfWork) -> Event:
    event_id = current_event_id(unit.connection)
    known = None if event_id is None else known_event(unit.connection, unit.branch_id, event_id)
    if known is None:
        raise no_event_chosen()
    return known.event


def _shift_of(unit: UnitOfWork, member_id: UUID) -> KnownShift | None:
    shifts = open_shifts(unit.connection, unit.branch_id)
    return next((item for item in shifts if item.member_id == str(member_id)), None)
