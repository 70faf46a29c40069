"""What the page *Group visit* shows, and the one look at the store that it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.group_visit import GroupVisit, VisitForm
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.records.group_visits import KnownVisit, group_visits
from stojnica.services.group_visit_unfinished import UnfinishedVisit, unfinished_visit
from stojnica.services.message import Message
from stojnica.services.signup_choices import BandChoice, ConsentBox
from stojnica.services.stand import StandNow, stand_now
from stojnica.services.written_time import local_time, written_clock, written_day_and_month

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LISTED = 12


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Hold one line of the list; `said` is the number, the teacher's initials, and what is to be known."""

    subject_id: UUID
    time: str
    school: str
    said: str


@dataclass(frozen=True, slots=True)
class GroupVisitState:
    """Hold the form exactly as typed, what is said about it, and the visits at this event.

    `focus` is the field to go to whenever `focus_number` changes. `kept_teacher` is said instead of the
    teacher's fields when the contact is here already; `asks_without` when what was typed would not be kept.
    """

    is_loaded: bool = False
    has_event: bool = False
    title: str = ""
    subtitle: str = ""
    form: VisitForm = field(default_factory=VisitForm)
    teacher: SignUpForm = field(default_factory=SignUpForm)
    bands: tuple[BandChoice, ...] = ()
    offered: str = ""
    is_counted: bool = True
    counted_before: str = ""
    kept_teacher: str = ""
    asks_question: bool = False
    consents: tuple[ConsentBox, ...] = ()
    consents_lead: str = ""
    consent_language: str = ""
    consent_languages: tuple[tuple[str, str], ...] = ()
    can_withdraw: bool = False
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()
    same_person: str = ""
    asks_without: bool = False
    unfinished: str = ""
    visits: tuple[VisitRow, ...] = ()
    summary: str = ""
    correcting: UUID | None = None
    has_teacher: bool = False
    is_saving: bool = False
    message: Message | None = None
    focus: str = "school"
    focus_number: int = 0

    def problem_at(self, name: str) -> Problem | None:
        """Give the first problem at a field."""
        return next((item for item in self.problems if item.field == name), None)

    def hint_at(self, name: str) -> Hint | None:
        """Give the first hint at a field."""
        return next((item for item in self.hints if item.field == name), None)


@dataclass(frozen=True, slots=True)
class GroupLook:
    """Hold one look at the store."""

    now: StandNow
    visits: tuple[KnownVisit, ...] = ()
    unfinished: UnfinishedVisit | None = None


def look_at_groups(connection: "Connection", *, now_us: int) -> GroupLook:
    """Read all of it in one go; runs in the reader thread."""
    now, unfinished = stand_now(connection), unfinished_visit(connection, now_us)
    if now.event is None:
        return GroupLook(now, unfinished=unfinished)
    return GroupLook(now, tuple(group_visits(connection, now.branch_id, now.event.event_id)), unfinished)


def visit_rows(visits: Iterable[KnownVisit], zone_name: str, now_us: int) -> tuple[VisitRow, ...]:
    """Write visits for people; what isn't of today has its day instead of the hour."""
    today = local_time(now_us, zone_name).date()
    rows: list[VisitRow] = []
    for item in islice(visits, LISTED):
        moment = local_time(item.captured_at, zone_name)
        time = written_clock(moment) if moment.date() == today else written_day_and_month(moment)
        said = [pupils_text(item.visit.pupils)]
        said += [item.initials] if item.initials else []
        said += [] if item.is_counted else [_("not counted")]
        rows.append(VisitRow(item.subject_id, time, item.visit.school, " · ".join(said)))
    return tuple(rows)


def summary_of(visits: Iterable[KnownVisit]) -> str:
    """Say how many groups and pupils were here; "" when none was."""
    found = list(visits)
    if not found:
        return ""
    groups = ngettext("{count} group", "{count} groups", len(found)).format(count=len(found))
    return f"{groups} · {pupils_text(sum(item.visit.pupils for item in found))}"


def pupils_text(count: int) -> str:
    """Write a number of pupils."""
    return ngettext("{count} pupil", "{count} pupils", count).format(count=count)


def form_of(visit: GroupVisit) -> VisitForm:
    """Load a visit into a form, so that it can be corrected."""
    return VisitForm(visit.school, visit.town, str(visit.pupils), visit.age_band)


def void_reasons() -> tuple[tuple[str, str], ...]:
    """Give the reasons for voiding a visit."""
    return (
        ("twice", _("entered twice")),
        ("mistake", _("entered by mistake")),
        ("test", _("entered to try it out")),
    )
