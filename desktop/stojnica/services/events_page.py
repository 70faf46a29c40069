"""The page *Events*: which there are, which one is on, and a form for one of our own."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.event import IN_PERSON, MAX_GOAL, Event, code_from
from stojnica.domain.ids import new_id
from stojnica.domain.organisation import OrganisationDocument, Project, text_in
from stojnica.domain.text import Problem
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import KnownEvent, known_events
from stojnica.records.team_queries import stand_closings
from stojnica.services.changes import Change
from stojnica.services.events import add_event, change_event, choose_event, free_code, unknown_event
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.signup_choices import Choice
from stojnica.services.stand import HOME_ZONE, StandContext, StandNow, stand_now
from stojnica.services.tasks import known_error
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import local_text, written_day, written_number, written_span_and_year

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FIELDS = (
    *("name", "code", "place", "city", "country", "mode", "starts", "ends", "time_zone"),
    *("goal_reached", "project", "description"),
)
_CONCERNED = frozenset({Change.EVENTS, Change.ORGANISATION})


@dataclass(frozen=True, slots=True)
class EventLine:
    """Hold one line of the list."""

    event_id: UUID
    name: str
    when: str
    place: str
    goal: str
    is_from_office: bool
    is_chosen: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class EventForm:
    """Hold an event while it is edited; `event_id` is None for a new one, times are "YYYY-MM-DDTHH:MM"."""

    event_id: UUID | None = None
    name: str = ""
    code: str = ""
    place: str = ""
    city: str = ""
    country: str = "SI"
    mode: str = IN_PERSON
    starts: str = ""
    ends: str = ""
    time_zone: str = HOME_ZONE
    goal_reached: str = ""
    project: str = ""
    description: str = ""
    is_read_only: bool = False
    is_code_proposed: bool = False


@dataclass(frozen=True, slots=True)
class EventsState:
    """Hold the list, and the form when one is open; `added` is new and may be what the stand is at now."""

    is_loaded: bool = False
    events: tuple[EventLine, ...] = ()
    form: EventForm | None = None
    problem: Problem | None = None
    projects: tuple[Choice, ...] = ()
    is_saving: bool = False
    message: Message | None = None
    added: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    now: StandNow
    events: tuple[KnownEvent, ...]
    closed_here: frozenset[UUID | None]


class EventsViewModel(ViewModel[EventsState]):
    """List, add, edit and choose events; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(EventsState())
        self._context = context
        self._latest = LatestOnly()
        self._look: _Look | None = None
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again; an open form stays as it is."""
        question = self._latest.ask()
        self._context.runner.when(
            self._context.store.read(_look),
            question.only(self._show),
            question.only(self._failed),
        )

    def choose(self, event_id: UUID) -> None:
        """Make an event the one that everything is captured for."""
        self._context.runner.when(choose_event(self._context.store, event_id), self._chosen, self._failed)

    def add(self) -> None:
        """Open a form for a new event, filled in as far as it can be."""
        if self._look is not None and not self.state.is_saving:
            form = fresh_form(self._look.now, self._look.now.today(self._context.clock))
            self._set(replace(self.state, form=form, problem=None, message=None, added=None))

    def edit(self, event_id: UUID) -> None:
        """Open an event in the form; one that the office decided is only shown."""
        if self._look is None or self.state.is_saving:
            return
        known = next((item for item in self._look.events if item.event.event_id == event_id), None)
        if known is None:
            self._set(replace(self.state, message=message_of(unknown_event())))
            return
        self._set(replace(self.state, form=form_of(known), problem=None, message=None, added=None))

    def type(self, name: str, text: str) -> None:
        """Put a text into a field; a new event's code follows its name until it is typed itself.

        Raises:
            KeyError: there is no such field.
        """
        form = self.state.form
        if name not in FIELDS:
            raise KeyError(name)
        if form is None or form.is_read_only:
            return
        form = replace(form, **{name: text})  # type: ignore[arg-type]
        if name == "code":
            form = replace(form, is_code_proposed=not text)
        elif name == "name" and form.is_code_proposed:
            events = list(self._look.events) if self._look else []
            form = replace(form, code=free_code(text, events) if code_from(text) else "")
        problem = self.state.problem
        still = problem if problem is not None and problem.field != name else None
        self._set(replace(self.state, form=form, problem=still))

    def save(self) -> None:
        """Keep the event, or say at its field what is wrong."""
        form = self.state.form
        if form is None or form.is_read_only or self.state.is_saving:
            return
        goal = _number(form.goal_reached)
        if goal is None:
            message = _("The goal is a whole number of people, or empty.")
            self._set(replace(self.state, problem=Problem("goal_reached", "number", message)))
            return
        self._set(replace(self.state, is_saving=True, problem=None, message=None))
        operator = self._look.now.operator if self._look else ""
        keep = add_event if form.event_id is None else change_event
        future = keep(self._context.store, self._event(form, goal), operator=operator)
        self._context.runner.when(future, self._saved, self._not_saved)

    def cancel(self) -> None:
        """Close the form without keeping it."""
        if not self.state.is_saving:
            self._set(replace(self.state, form=None, problem=None))

    def forget_message(self) -> None:
        """Take the message off."""
        self._set(replace(self.state, message=None, added=None))

    def _event(self, form: EventForm, goal: int) -> Event:
        events = self._look.events if self._look else ()
        known = next((item.event for item in events if item.event.event_id == form.event_id), None)
        return Event(
            event_id=form.event_id or new_id(),
            name=form.name,
            code=form.code.strip(),
            place=form.place,
            city=form.city,
            country=form.country.strip().upper(),
            mode=form.mode,
            starts=form.starts,
            ends=form.ends,
            time_zone=form.time_zone,
            goal_reached=goal,
            project=form.project,
            description=form.description,
            is_closed=known.is_closed if known else False,
        )

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        self._look = look
        chosen = look.now.event.event_id if look.now.event else None
        language = current_language()
        self._set(
            replace(
                self.state,
                is_loaded=True,
                events=tuple(_line(item, chosen, look.closed_here) for item in look.events),
                projects=tuple(
                    Choice(item.id, text_in(item.name, language)) for item in look.now.shown.document.projects
                ),
            )
        )

    def _chosen(self, event: Event) -> None:
        text = _("From now on everything is captured for: {event}").format(event=event.name)
        self._set(replace(self.state, message=Message(Tone.GOOD, text), added=None))
        self._context.changes.tell(Change.EVENTS)

    def _saved(self, event: Event) -> None:
        text = _("The event was saved: {event}").format(event=event.name)
        form, chosen = self.state.form, self._look.now.event if self._look else None
        is_new = form is not None and form.event_id is None
        added, still = None, ""
        if is_new and chosen is not None:
            # Whoever adds an event is mostly at it, and would count for another one without noticing.
            added = event.event_id
            still = _("Everything is still captured for: {event}").format(event=chosen.name)
        message = Message(Tone.GOOD, text, still)
        self._set(replace(self.state, is_saving=False, form=None, problem=None, message=message, added=added))
        self._context.changes.tell(Change.EVENTS)

    def _not_saved(self, error: Exception) -> None:
        self._set(replace(self.state, is_saving=False))
        known = known_error(error)
        if known is not None and known.code in FIELDS:
            text = " ".join(part for part in (known.what, known.next_step) if part)
            self._set(replace(self.state, problem=Problem(known.code, known.code, text)))
        else:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))


def fresh_form(now: StandNow, today: date) -> EventForm:
    """Propose today from ten to six, the project that is running, and its goal shared among its events."""
    document = now.shown.document
    project = _running(document, today)
    goal = project.goal_reached // max(1, project.goal_events) if project else 0
    return EventForm(
        country=document.organisation.country,
        city=document.organisation.city,
        starts=f"{today.isoformat()}T10:00",
        ends=f"{today.isoformat()}T18:00",
        time_zone=now.zone_name,
        goal_reached=str(goal) if goal else "",
        project=project.id if project else "",
        is_code_proposed=True,
    )


def form_of(known: KnownEvent) -> EventForm:
    """Load an event into a form."""
    event = known.event
    return EventForm(
        event_id=event.event_id,
        name=event.name,
        code=event.code,
        place=event.place,
        city=event.city,
        country=event.country,
        mode=event.mode,
        starts=event.starts,
        ends=event.ends,
        time_zone=event.time_zone,
        goal_reached=str(event.goal_reached) if event.goal_reached else "",
        project=event.project,
        description=event.description,
        is_read_only=known.is_from_office,
    )


def _running(document: OrganisationDocument, today: date) -> Project | None:
    return next((item for item in document.projects if item.starts <= today <= item.ends), None)


def _number(text: str) -> int | None:
    digits = text.strip()
    if not digits:
        return 0
    if not digits.isascii() or not digits.isdigit() or len(digits) > 7:
        return None
    return int(digits) if int(digits) <= MAX_GOAL else None


def _look(connection: "Connection") -> _Look:
    now = stand_now(connection)
    closed = frozenset(item.event_id for item in stand_closings(connection, now.branch_id))
    return _Look(now, tuple(known_events(connection, now.branch_id)), closed)


def _line(known: KnownEvent, chosen: UUID | None, closed_here: frozenset[UUID | None]) -> EventLine:
    event = known.event
    starts, ends = local_text(event.starts), local_text(event.ends)
    parts = [written_span_and_year(event.starts, event.ends)]
    if starts is not None and ends is not None and starts.date() == ends.date():
        parts.insert(0, written_day(starts.date()))
    return EventLine(
        event_id=event.event_id,
        name=event.name,
        when=" · ".join(part for part in parts if part),
        place=", ".join(part for part in (event.place, event.city) if part),
        goal=written_number(event.goal_reached) if event.goal_reached else "",
        is_from_office=known.is_from_office,
        is_chosen=event.event_id == chosen,
        is_closed=event.is_closed or event.event_id in closed_here,
    )
