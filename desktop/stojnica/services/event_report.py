"""What an event came to, as numbers alone: nothing in it leads to a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.event import Event
from stojnica.domain.handover import FIGURES, NO_ESTIMATE, Estimate
from stojnica.domain.organisation import OrganisationDocument, Project
from stojnica.domain.print_run import Piece
from stojnica.domain.shift import WORK_KINDS, end_of_shift
from stojnica.domain.tally import ReachTotals
from stojnica.records.event_queries import known_event
from stojnica.records.group_visits import VisitTotals, visit_totals
from stojnica.records.print_runs import runs_of_event as prints_of_event
from stojnica.records.reach_queries import HalfHour, events_of_project, reach_of, reached_by_half_hour
from stojnica.records.report_queries import contacts_by_age_band, late_contacts, repeated_contacts
from stojnica.records.slip_queries import runs_of_event
from stojnica.records.team_queries import KnownShift, newest_handover, shifts_of
from stojnica.services.anonymous_counts import pending_anonymous
from stojnica.services.closing import closing_of
from stojnica.services.events import unknown_event
from stojnica.services.laptop import LaptopPlace, laptop_place
from stojnica.services.printed_pieces import added_up
from stojnica.services.shown_organisation import OfficeTotals, shown_organisation
from stojnica.services.team import ends_at
from stojnica.storage.unit import branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_GENDER, _COUNTRY = "gender.", "country."


@dataclass(frozen=True, slots=True)
class WorkHours:
    """Hold how many people did one kind of work, and for how long together (µs)."""

    work: str
    people: int
    worked_us: int


@dataclass(frozen=True, slots=True)
class OtherLaptop:
    """Hold what the team said of the other laptop at the last handover; the instant is µs UTC."""

    figures: Mapping[str, int]
    told_at: int


@dataclass(frozen=True, slots=True)
class EventReport:
    """Hold an event's numbers as this laptop knows them at an instant (µs UTC).

    `contacts` are people: whoever signed up twice is one. `totals` are those of the page *Today*.
    `printed` has the pieces of each flyer and language, `slips` the numbers that were given out on paper.
    `handed_out` is the stock count after the event, `project_reached` this laptop's share of the project.
    """

    event: Event
    document: OrganisationDocument
    project: Project | None
    made_at: int
    closed_at: int | None
    place: LaptopPlace
    totals: ReachTotals
    contacts: int
    late_contacts: int
    half_hours: tuple[HalfHour, ...]
    ages: Mapping[str, int]
    genders: Mapping[str, int]
    countries: Mapping[str, int]
    visits: VisitTotals
    volunteers: int
    hours: tuple[WorkHours, ...]
    slips: int
    printed: tuple[tuple[Piece, int], ...]
    handed_out: int | None
    taken: int | None
    estimate: Estimate
    other: OtherLaptop | None
    project_reached: int
    office: OfficeTotals | None


def event_report(connection: "Connection", clock: Clock, event_id: UUID) -> EventReport:
    """Add everything up in one look; runs in the reader thread.

    Raises:
        UserFacingError: there is no such event.
    """
    branch_id, now = branch_of(connection), clock.now_us()
    known = known_event(connection, branch_id, event_id)
    if known is None:
        raise unknown_event()
    event, shown = known.event, shown_organisation(connection)
    ask = connection, branch_id, event_id
    totals, closing = reach_of(connection, branch_id, [event_id]), closing_of(*ask)
    anonymous = _added(totals.own, pending_anonymous(connection, event_id).items())
    project = shown.document.project(event.project)
    shifts = shifts_of(*ask)
    siblings = events_of_project(connection, branch_id, event.project) if project else []
    return EventReport(
        event=event,
        document=shown.document,
        project=project,
        made_at=now,
        closed_at=closing.closed_at if closing else None,
        place=laptop_place(connection),
        totals=totals,
        contacts=totals.contacts - repeated_contacts(*ask),
        late_contacts=late_contacts(*ask),
        half_hours=tuple(reached_by_half_hour(*ask, event.time_zone)),
        ages=contacts_by_age_band(*ask),
        genders=_below(anonymous, _GENDER),
        countries=_below(anonymous, _COUNTRY),
        visits=visit_totals(*ask),
        volunteers=len({shift.member_id for shift in shifts}),
        hours=hours_of(shifts, event, now),
        slips=sum(run.last - run.first + 1 for run in runs_of_event(*ask)),
        printed=added_up(prints_of_event(*ask)),
        handed_out=closing.debrief.handed_out if closing else None,
        taken=closing.debrief.taken if closing else None,
        estimate=closing.debrief.estimate if closing else NO_ESTIMATE,
        other=_other(*ask),
        project_reached=reach_of(connection, branch_id, siblings).reached,
        office=shown.totals,
    )


def hours_of(shifts: Iterable[KnownShift], event: Event, now: int) -> tuple[WorkHours, ...]:
    """Add shifts up by the kind of work; whoever is here has been until now, or to the event's end."""
    people: dict[str, set[str]] = {}
    worked: dict[str, int] = {}
    for shift in shifts:
        until = end_of_shift(shift.started_at, now, ends_at(event)) if shift.ended_at is None else now
        people.setdefault(shift.work, set()).add(shift.member_id)
        worked[shift.work] = worked.get(shift.work, 0) + shift.worked_us(until)
    return tuple(WorkHours(work, len(people[work]), worked[work]) for work in WORK_KINDS if work in people)


def _other(connection: "Connection", branch_id: UUID, event_id: UUID) -> OtherLaptop | None:
    last = newest_handover(connection, branch_id, event_id)
    if last is None or not any(last.handover.other.get(name) for name in FIGURES):
        return None
    return OtherLaptop(last.handover.other, last.captured_at)


def _added(*counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, count in (pair for pairs in counts for pair in pairs):
        sums[name] = sums.get(name, 0) + count
    return sums


def _below(counts: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}
