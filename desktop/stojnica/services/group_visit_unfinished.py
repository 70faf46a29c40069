"""A group visit that was being typed when the program ended or was locked: offered again, once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.group_visit import VisitForm
from stojnica.domain.signup import SignUpForm
from stojnica.i18n import gettext as _
from stojnica.records.group_visits import group_visit
from stojnica.services.draft_keeper import DraftKeeper, DraftWays
from stojnica.services.group_visit_draft import TEACHER_FIELDS, GroupDraft
from stojnica.services.signup_choices import FormOffer
from stojnica.services.stand import StandContext
from stojnica.services.written_time import local_time, written_clock
from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.unfinished import LONGEST_US, UNFINISHED_VISIT
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_VISIT_FIELDS = ("school", "town", "pupils", "age_band")


@dataclass(frozen=True, slots=True)
class UnfinishedVisit:
    """Hold one form that was given up; `at_us` is when it was typed in last."""

    at_us: int
    draft: GroupDraft


def may_visit_be_kept(draft: GroupDraft, _offer: FormOffer) -> bool:
    """Tell whether a form may be on the disk before it is saved.

    Of the pupils only their number is typed, and the teacher speaks for a school: no age is asked. A
    correction needs no second copy.
    """
    is_touched = draft.form != VisitForm() or draft.teacher != SignUpForm()
    return draft.known is None and is_touched


def visit_keeper(context: StandContext, failed: Callable[[Exception], None]) -> DraftKeeper[GroupDraft]:
    """Give what keeps group visits while they are typed."""
    return DraftKeeper(context, failed, DraftWays(may_visit_be_kept, _keep, drop_unfinished_visit))


def unfinished_visit(connection: "Connection", now_us: int) -> UnfinishedVisit | None:
    """Give the form of this day that was neither saved nor given up."""
    item = recall(connection, UNFINISHED_VISIT, None)
    if item is None or abs(now_us - item["at_us"]) >= LONGEST_US:
        return None
    subject_id = UUID(item["subject"])
    if group_visit(connection, branch_of(connection), subject_id) is not None:
        return None
    known = item["known_teacher"]
    teacher = {name: item["teacher"][name] for name in TEACHER_FIELDS}
    draft = GroupDraft(
        subject_id,
        UUID(item["teacher_id"]),
        VisitForm(**{name: item["visit"][name] for name in _VISIT_FIELDS}),
        SignUpForm(**teacher, purposes=tuple(item["purposes"])),
        is_counted=item["is_counted"],
        known_teacher=UUID(known) if known else None,
        kept_words=item["kept_words"],
    )
    return UnfinishedVisit(item["at_us"], draft)


def drop_unfinished_visit(unit: UnitOfWork, subject_id: UUID) -> None:
    """Forget a form in a transaction of the caller's."""
    item = recall(unit.connection, UNFINISHED_VISIT, None)
    if item is not None and item["subject"] == str(subject_id):
        forget(unit.connection, UNFINISHED_VISIT)


def unfinished_visit_text(found: UnfinishedVisit | None, zone_name: str) -> str:
    """Tell the volunteer of a visit that wasn't finished: the school and the time, never the teacher."""
    if found is None:
        return ""
    time = written_clock(local_time(found.at_us, zone_name))
    text = _("{school}, typed at {time}, was not saved.")
    return text.format(school=found.draft.form.school.strip() or "–", time=time)


def _keep(unit: UnitOfWork, draft: GroupDraft) -> None:
    entry: dict[str, Any] = {
        "subject": str(draft.subject_id),
        "teacher_id": str(draft.teacher_id),
        "at_us": unit.clock.now_us(),
        "visit": {name: getattr(draft.form, name) for name in _VISIT_FIELDS},
        "teacher": {name: getattr(draft.teacher, name) for name in TEACHER_FIELDS},
        "purposes": list(draft.teacher.purposes),
        "is_counted": draft.is_counted,
        "known_teacher": str(draft.known_teacher) if draft.known_teacher else "",
        "kept_words": draft.kept_words,
    }
    remember(unit.connection, UNFINISHED_VISIT, entry)
