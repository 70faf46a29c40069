"""The part *After the event* of the page *Team*: close in two clicks, count and note until Monday."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.handover import NO_ESTIMATE, NOTE_LIMIT, Debrief
from stojnica.domain.text import Problem, clean_text
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import known_event
from stojnica.records.print_runs import PrintedPieces, printed_pieces
from stojnica.records.reach_queries import reach_of
from stojnica.records.team_queries import StandClosing, stand_closings
from stojnica.services.changes import Change
from stojnica.services.closing import close_stand, due_day, note_debrief, note_estimate, open_again
from stojnica.services.estimate import EMPTY_FORM, EstimateForm, estimate_form, read_estimate
from stojnica.services.handover import read_number
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import (
    local_time,
    written_clock,
    written_number,
    written_short_day,
    written_weekday,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CONCERNED = frozenset({Change.EVENTS, Change.TEAM, Change.COUNTS})
NUMBERS = ("taken", "brought_back")
NOTES = ("worked", "incidents", "questions")


@dataclass(frozen=True, slots=True)
class DebriefForm:
    """Hold what stands in the fields."""

    taken: str = ""
    brought_back: str = ""
    worked: str = ""
    incidents: str = ""
    questions: str = ""


@dataclass(frozen=True, slots=True)
class ClosingState:
    """Hold what the page shows: of the chosen event, or of one closed earlier that still misses its notes."""

    is_loaded: bool = False
    event_id: UUID | None = None
    event_name: str = ""
    subtitle: str = ""
    is_closed: bool = False
    reminder: str = ""
    handed_out: str = ""
    counted: str = ""
    printed: str = ""
    form: DebriefForm = DebriefForm()
    problem: Problem | None = None
    pending: tuple[tuple[UUID, str], ...] = ()
    way_back: str = ""
    estimate: EstimateForm = EMPTY_FORM
    is_changed: bool = False
    is_working: bool = False
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    now: StandNow
    event_id: UUID | None
    name: str
    zone_name: str
    closing: StandClosing | None
    flyers: int
    printed: PrintedPieces
    pending: tuple[tuple[UUID, str], ...]


class ClosingViewModel(ViewModel[ClosingState]):
    """Close a stand, and take down what is known afterwards; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(ClosingState())
        self._context = context
        self._latest = LatestOnly()
        self._wanted: UUID | None = None
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again; what was typed and not kept yet stays."""
        question, wanted = self._latest.ask(), self._wanted
        self._context.runner.when(
            self._context.store.read(lambda connection: _look(connection, wanted)),
            question.only(self._show),
            question.only(self._failed),
        )

    def look_at(self, event_id: UUID | None) -> None:
        """Show an event that was closed earlier; None for the chosen one."""
        self._wanted = event_id
        self._set(replace(self.state, is_changed=False, problem=None, message=None))
        self.refresh()

    def close(self) -> None:
        """Close the stand now."""
        if self.state.event_id is not None:
            self._do(close_stand(self._context.store, self.state.event_id))

    def open_again(self) -> None:
        """Take the closing back."""
        if self.state.event_id is not None:
            self._set(replace(self.state, is_changed=False))
            self._do(open_again(self._context.store, self.state.event_id))

    def type(self, name: str, text: str) -> None:
        """Put a text into a field.

        Raises:
            KeyError: there is no such field.
        """
        if name not in (*NUMBERS, *NOTES):
            raise KeyError(name)
        form = replace(self.state.form, **{name: text})
        problem = self.state.problem
        still = problem if problem is not None and problem.field != name else None
        self._set(
            replace(self.state, form=form, problem=still, is_changed=True, handed_out=_handed_out(form))
        )

    def save(self) -> None:
        """Keep what stands in the fields, or say at one what is wrong."""
        if self.state.event_id is None or self.state.is_working:
            return
        try:
            debrief = _debrief(self.state.form)
        except UserFacingError as error:
            self._set(replace(self.state, problem=Problem(error.code, error.code, error.what)))
            return
        self._set(replace(self.state, is_working=True, problem=None, message=None))
        future = note_debrief(self._context.store, self.state.event_id, debrief)
        self._context.runner.when(future, self._saved, self._failed)

    def save_estimate(self, form: EstimateForm) -> None:
        """Keep the team's estimate, which `read_estimate` has found to be good."""
        estimate, problems = read_estimate(form)
        if self.state.event_id is None or problems:
            return
        future = note_estimate(self._context.store, self.state.event_id, estimate)
        self._context.runner.when(future, self._saved_estimate, self._failed)

    def _saved_estimate(self, _nothing: object) -> None:
        message = Message(Tone.GOOD, _("Kept. It goes to the office with the next sending."))
        self._set(replace(self.state, message=message))
        self._context.changes.tell(Change.TEAM)

    def _do(self, future: "Future[Any]") -> None:
        self._set(replace(self.state, message=None))
        self._context.runner.when(future, self._done, self._failed)

    def _done(self, _nothing: object) -> None:
        self._context.changes.tell(Change.TEAM, Change.EVENTS)

    def _saved(self, _nothing: object) -> None:
        message = Message(Tone.GOOD, _("Kept. It goes to the office with the next sending."))
        self._set(replace(self.state, is_changed=False, is_working=False, message=message))
        self._context.changes.tell(Change.TEAM)

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_working=False))
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))

    def _heard(self, changed: frozenset[Change]) -> None:
        if Change.EVENTS in changed and Change.TEAM not in changed:
            # Another event was chosen: that one is wanted now.
            self._wanted = None
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        state = self.state
        is_other = look.event_id != state.event_id
        closing = look.closing
        form = state.form
        if is_other or not state.is_changed:
            form = form_of(closing.debrief) if closing else DebriefForm()
        self._set(
            replace(
                state,
                is_loaded=True,
                event_id=look.event_id,
                event_name=look.name,
                subtitle=_subtitle(look),
                is_closed=closing is not None,
                reminder=_reminder(look),
                handed_out=_handed_out(form),
                counted=written_number(look.flyers),
                printed=_printed(look.printed),
                form=form,
                pending=look.pending,
                way_back=_way_back(look),
                estimate=estimate_form(closing.debrief.estimate if closing else NO_ESTIMATE),
                is_changed=state.is_changed and not is_other,
                message=None if is_other else state.message,
            )
        )


def form_of(debrief: Debrief) -> DebriefForm:
    """Show a debrief as it would be typed."""
    return DebriefForm(
        taken="" if debrief.taken is None else str(debrief.taken),
        brought_back="" if debrief.brought_back is None else str(debrief.brought_back),
        worked=debrief.worked,
        incidents=debrief.incidents,
        questions=debrief.questions,
    )


def _look(connection: "Connection", wanted: UUID | None) -> _Look:
    now = stand_now(connection)
    closings = stand_closings(connection, now.branch_id)
    event_id = wanted or (now.event.event_id if now.event else None)
    known = None if event_id is None else known_event(connection, now.branch_id, event_id)
    pending: list[tuple[UUID, str]] = []
    for item in closings:
        if item.event_id is None or item.event_id == event_id or item.debrief.is_complete:
            continue
        other = known_event(connection, now.branch_id, item.event_id)
        if other is not None:
            pending.append((item.event_id, other.event.name))
    flyers = 0 if event_id is None else reach_of(connection, now.branch_id, [event_id]).flyers
    printed = printed_pieces(connection, now.branch_id, event_id) if event_id else PrintedPieces()
    return _Look(
        now=now,
        event_id=known.event.event_id if known else None,
        name=known.event.name if known else "",
        zone_name=known.event.time_zone if known else now.zone_name,
        closing=next((item for item in closings if item.event_id == event_id), None),
        flyers=flyers,
        printed=printed,
        pending=tuple(pending[:3]),
    )


def _printed(printed: PrintedPieces) -> str:
    """Write how much was printed; of what kind, where that isn't flyers alone."""
    total = written_number(printed.total) if printed.total else ""
    if printed.total == printed.flyers:
        return total
    kinds = [
        _("flyers and signs: {count}").format(count=written_number(printed.flyers)),
        _("take-home cards: {count}").format(count=written_number(printed.cards)),
        _("slips: {count}").format(count=written_number(printed.slips)),
    ]
    there = [
        line
        for line, count in zip(kinds, (printed.flyers, printed.cards, printed.slips), strict=True)
        if count
    ]
    return f"{total} ({', '.join(there)})"


def _debrief(form: DebriefForm) -> Debrief:
    taken, back = (
        read_number(getattr(form, name), name) if getattr(form, name).strip() else None for name in NUMBERS
    )
    if taken is not None and back is not None and back > taken:
        raise UserFacingError(_("More came back than was taken along."), code="brought_back")
    notes: dict[str, str] = {}
    for name in NOTES:
        words = clean_text(getattr(form, name), NOTE_LIMIT, multiline=True)
        if words.problem is not None:
            raise UserFacingError(words.problem.message, code=name)
        notes[name] = words.value or ""
    return Debrief(taken, back, notes["worked"], notes["incidents"], notes["questions"])


def _handed_out(form: DebriefForm) -> str:
    try:
        number = _debrief(replace(form, worked="", incidents="", questions="")).handed_out
    except UserFacingError:
        return ""
    return "" if number is None else written_number(number)


def _subtitle(look: _Look) -> str:
    if look.closing is None:
        return look.name
    moment = local_time(look.closing.closed_at, look.zone_name)
    closed = _("closed on {day} at {time}")
    words = closed.format(day=written_short_day(moment.date()), time=written_clock(moment))
    return f"{look.name} · {words}"


def _way_back(look: _Look) -> str:
    chosen = look.now.event
    if chosen is None or look.event_id in (None, chosen.event_id):
        return ""
    return _("Back to {event}").format(event=chosen.name)


def _reminder(look: _Look) -> str:
    if look.closing is None or look.closing.debrief.is_complete:
        return ""
    due = due_day(local_time(look.closing.closed_at, look.zone_name).date())
    text = _("The stock count or the notes are missing. Time until {weekday}, {day}.")
    return text.format(weekday=written_weekday(due), day=written_short_day(due))
