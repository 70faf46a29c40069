"""Keeping a group visit: the visit, the pupils among the people reached, and the teacher who agreed."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.group_visit import GroupVisit
from stojnica.domain.ids import new_id
from stojnica.domain.likeness import Likeness
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import REACHED, Press
from stojnica.i18n import gettext as _
from stojnica.records.group_visits import KnownVisit, group_visit
from stojnica.services.capture import TYPED, record_count, record_signup, record_void
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

CLASS = "class"


@dataclass(frozen=True, slots=True)
class Teacher:
    """Hold a teacher who agreed to something, as a contact of their own."""

    subject_id: UUID
    signup: SignUp
    evidence: ConsentEvidence
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class VisitWish:
    """Say what is to be kept. `subject_id` is made when the form opens.

    `teacher` is somebody new, `known_teacher` a contact that is here already; with neither, nobody is kept.
    """

    subject_id: UUID
    visit: GroupVisit
    event: Event
    is_counted: bool
    operator: str = ""
    teacher: Teacher | None = None
    known_teacher: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """Say what was kept; `initials` are those of a teacher who is new."""

    subject_id: UUID
    visit: GroupVisit
    initials: str = ""


def keep_visit(store: Store, wish: VisitWish) -> "Future[KeptVisit]":
    """Keep a visit, or its correction, in one transaction. The same form again adds nothing.

    Raises (in the future):
        UserFacingError: the visit that is corrected was voided meanwhile, or the disk is full.
    """

    def keep(unit: UnitOfWork) -> KeptVisit:
        known = group_visit(unit.connection, unit.branch_id, wish.subject_id)
        if known is not None and known.is_voided:
            raise unknown_visit()
        teacher, initials = _record_teacher(unit, wish)
        visit = replace(wish.visit, teacher=teacher, press=_record_press(unit, wish, known))
        if known is None:
            _record(unit, wish, known, kinds.GROUP_VISITED, visit.data())
        elif changes := visit.changes_from(known.visit):
            _record(unit, wish, known, kinds.CORRECTED, changes)
        unit.commit()
        return KeptVisit(wish.subject_id, visit, initials)

    return store.write(keep)


def void_visit(
    store: Store,
    subject_id: UUID,
    reason: str,
    *,
    with_teacher: bool = False,
    withdraws: bool = False,
    operator: str = "",
) -> "Future[None]":
    """Say that a visit should not have been: it and its pupils leave all numbers.

    With `with_teacher` the teacher's contact is voided too, and with `withdraws` its consents are taken back.

    Raises (in the future):
        UserFacingError: this visit isn't on this laptop, or it is voided already.
    """

    def void(unit: UnitOfWork) -> None:
        known = group_visit(unit.connection, unit.branch_id, subject_id)
        if known is None or known.is_voided:
            raise unknown_visit()
        told = {"reason": reason[:200]}
        unit.record(kinds.VOIDED, subject_id, told, event_id=known.event_id, operator=operator)
        if known.is_counted and known.visit.press is not None:
            unit.record(kinds.VOIDED, known.visit.press, told, event_id=known.event_id, operator=operator)
        if with_teacher and known.visit.teacher is not None:
            record_void(unit, known.visit.teacher, reason, withdraws=withdraws, operator=operator)
        unit.commit()

    return store.write(void)


def unknown_visit() -> UserFacingError:
    """Tell that a visit isn't there to be changed."""
    return UserFacingError(
        _("This group visit is no longer in the list of this laptop."),
        safe=_("Nothing was changed."),
        next_step=_("Look at the list of the visits again."),
        code="visit_unknown",
    )


def _record_teacher(unit: UnitOfWork, wish: VisitWish) -> tuple[UUID | None, str]:
    teacher = wish.teacher
    if teacher is None:
        return wish.known_teacher, ""
    saved = record_signup(
        unit,
        teacher.signup,
        subject_id=teacher.subject_id,
        event_id=wish.event.event_id,
        channel=TYPED,
        evidence=teacher.evidence,
        operator=wish.operator,
    )
    if teacher.likeness is not None:
        unit.record(
            kinds.COMPARED,
            teacher.subject_id,
            teacher.likeness.data(),
            event_id=wish.event.event_id,
            channel=TYPED,
            operator=wish.operator,
        )
    return teacher.subject_id, saved.initials


def _record_press(unit: UnitOfWork, wish: VisitWish, known: KnownVisit | None) -> UUID | None:
    """Count the pupils once, whatever is corrected: a press that was undone meanwhile stays undone."""
    event_id = _event_of(wish, known)
    counted = known.visit.press if known is not None and known.is_counted else None
    if not wish.is_counted:
        if counted is not None:
            told = {"reason": "undone"}
            unit.record(kinds.VOIDED, counted, told, event_id=event_id, operator=wish.operator)
        return None
    if counted is not None and known is not None and known.visit.pupils == wish.visit.pupils:
        return counted
    at = unit.clock.now_us() if known is None else known.captured_at
    press = Press(
        counter=REACHED,
        amount=wish.visit.pupils,
        since=at,
        until=at,
        zone_name=wish.event.time_zone,
        reason=CLASS,
    )
    subject_id = counted or new_id()
    record_count(unit, press, subject_id=subject_id, event_id=event_id, operator=wish.operator)
    return subject_id


def _record(
    unit: UnitOfWork, wish: VisitWish, known: KnownVisit | None, kind: str, data: dict[str, object]
) -> None:
    unit.record(
        kind,
        wish.subject_id,
        data,
        event_id=_event_of(wish, known),
        channel=TYPED,
        operator=wish.operator,
        # The centre knows a repeated form by the id of its first fact.
        fact_id=wish.subject_id if known is None else None,
    )


def _event_of(wish: VisitWish, known: KnownVisit | None) -> UUID | None:
    """Give the event of a visit: a correction leaves it where it was, whatever is chosen meanwhile."""
    return wish.event.event_id if known is None else known.event_id
