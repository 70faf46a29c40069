"""The first part of the page *Team*: who is here, since when, who types, and this laptop's part."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.shift import CONTENT, WORK_KINDS, lacks
from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.records.team_queries import KnownShift, open_shifts, shifts_of, worked_by_member
from stojnica.services.changes import Change
from stojnica.services.laptop import NO_PLACE, LaptopPlace, choose_place, laptop_place
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.pin import PinAnswer, any_pin, has_team_pin
from stojnica.services.pin_change import PinWish, change_pin, not_proven
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.tasks import known_error
from stojnica.services.team import (
    Member,
    add_member,
    end_shift,
    members,
    remove_member,
    start_shift,
    take_keyboard,
)
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import local_time, written_clock, written_duration

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CONCERNED = frozenset({Change.EVENTS, Change.TEAM})
FORM_FIELDS = ("first_name", "initial", "work", "is_experienced")


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Hold one person as the list shows them; `detail` says since when, how long, what work."""

    member_id: UUID
    name: str
    detail: str
    is_here: bool = False
    is_at_keyboard: bool = False
    has_pin: bool = False


@dataclass(frozen=True, slots=True)
class MemberForm:
    """Hold what stands in the form for somebody new."""

    first_name: str = ""
    initial: str = ""
    is_experienced: bool = False
    work: str = CONTENT


@dataclass(frozen=True, slots=True)
class TeamState:
    """Hold what the page shows."""

    is_loaded: bool = False
    has_event: bool = False
    subtitle: str = ""
    here: tuple[MemberLine, ...] = ()
    others: tuple[MemberLine, ...] = ()
    hint: str = ""
    form: MemberForm = MemberForm()
    problem: Problem | None = None
    is_saving: bool = False
    place: LaptopPlace = NO_PLACE
    has_team_pin: bool = True
    has_any_pin: bool = True
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    now: StandNow
    looked_at: int
    members: tuple[Member, ...]
    here: tuple[KnownShift, ...]
    at_event: dict[str, int]
    in_all: dict[str, int]
    place: LaptopPlace
    has_team_pin: bool
    has_any_pin: bool


class TeamViewModel(ViewModel[TeamState]):
    """Show and change who is here; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(TeamState())
        self._context = context
        self._latest = LatestOnly()
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again; what stands in the form stays."""
        question = self._latest.ask()
        now = self._context.clock.now_us()
        self._context.runner.when(
            self._context.store.read(lambda connection: _look(connection, now)),
            question.only(self._show),
            question.only(self._failed),
        )

    def type(self, name: str, value: object) -> None:
        """Put a value into a field of the form.

        Raises:
            KeyError: there is no such field.
        """
        if name not in FORM_FIELDS:
            raise KeyError(name)
        form = replace(self.state.form, **{name: value})  # type: ignore[arg-type]
        problem = self.state.problem
        still = problem if problem is not None and problem.field != name else None
        self._set(replace(self.state, form=form, problem=still))

    def add(self) -> None:
        """Add who stands in the form, and say that they are here; or say at the field what is wrong."""
        form = self.state.form
        if self.state.is_saving:
            return
        self._set(replace(self.state, is_saving=True, problem=None, message=None))
        future = add_member(
            self._context.store,
            form.first_name,
            form.initial,
            is_experienced=form.is_experienced,
            work=form.work,
        )
        self._context.runner.when(future, self._added, self._not_added)

    def come(self, member_id: UUID) -> None:
        """Say that somebody is here."""
        self._do(start_shift(self._context.store, member_id))

    def go(self, member_id: UUID) -> None:
        """Say that somebody goes."""
        self._do(end_shift(self._context.store, member_id))

    def take_keyboard(self, member_id: UUID) -> None:
        """Make somebody the one under whose name things are captured."""
        self._do(take_keyboard(self._context.store, member_id))

    def remove(self, member_id: UUID) -> None:
        """Take somebody off the list; their hours stay."""
        self._do(remove_member(self._context.store, member_id))

    def change_pin(
        self, wish: PinWish, done: Callable[[], None], failed: Callable[[UserFacingError], None]
    ) -> None:
        """Keep a new PIN of the team or of somebody; `failed` hears what is wrong with it."""
        store, pin = self._context.store, self._context.pin

        def answered(answer: PinAnswer) -> None:
            if not answer.is_right:
                failed(not_proven(answer))
                return
            done()
            whose = next((line.name for line in self._lines() if line.member_id == wish.member_id), "")
            text = _("{name} has a new PIN.").format(name=whose) if whose else _("The team has a new PIN.")
            self._done(None)
            self._set(replace(self.state, message=Message(Tone.GOOD, text)))

        def refused(error: Exception) -> None:
            known = known_error(error)
            if known is not None:
                failed(known)

        self._context.runner.submit(lambda _context: change_pin(store, pin, wish), answered, refused)

    def _lines(self) -> tuple[MemberLine, ...]:
        return (*self.state.here, *self.state.others)

    def choose_letter(self, letter: str) -> None:
        """Give this laptop a letter, or none."""
        self._do(choose_place(self._context.store, letter, self.state.place.role))

    def choose_role(self, role: str) -> None:
        """Give this laptop a part, or none."""
        self._do(choose_place(self._context.store, self.state.place.letter, role))

    def failed(self, error: Exception) -> None:
        """Say what could not be begun from this page."""
        self._failed(error)

    def _do(self, future: "Future[Any]") -> None:
        self._context.runner.when(future, self._done, self._failed)

    def _done(self, _nothing: object) -> None:
        self._set(replace(self.state, message=None))
        self._context.changes.tell(Change.TEAM)

    def _added(self, member: Member) -> None:
        self._set(replace(self.state, form=MemberForm(work=member.work), is_saving=False))
        if self.state.has_event:
            self.come(member.member_id)
        else:
            self._context.changes.tell(Change.TEAM)

    def _not_added(self, error: Exception) -> None:
        if isinstance(error, UserFacingError) and error.code in FORM_FIELDS:
            problem = Problem(error.code, error.code, f"{error.what} {error.next_step}".strip())
            self._set(replace(self.state, is_saving=False, problem=problem))
            return
        self._set(replace(self.state, is_saving=False))
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._set(replace(self.state, message=message))

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        by_id = {shift.member_id: shift for shift in look.here}
        lines = [_line(member, by_id.get(str(member.member_id)), look) for member in look.members]
        here = tuple(line for line in lines if line.is_here)
        # Whoever came earlier stands first, so that the list doesn't jump.
        here = tuple(sorted(here, key=lambda line: by_id[str(line.member_id)].started_at))
        self._set(
            replace(
                self.state,
                is_loaded=True,
                has_event=look.now.event is not None,
                subtitle=_subtitle(look),
                here=here,
                others=tuple(line for line in lines if not line.is_here),
                hint=_hint(look),
                place=look.place,
                has_team_pin=look.has_team_pin,
                has_any_pin=look.has_any_pin,
            )
        )


def work_name(work: str) -> str:
    """Name a kind of voluntary work (Zakon o prostovoljstvu)."""
    names = {"organising": _("organising"), "content": _("content"), "other": _("other work")}
    return names.get(work, names["other"])


def work_choices() -> tuple[tuple[str, str], ...]:
    """Give the kinds of work with their names."""
    return tuple((work, work_name(work)) for work in WORK_KINDS)


def _look(connection: "Connection", looked_at: int) -> _Look:
    now = stand_now(connection)
    event_id = now.event.event_id if now.event else None
    at_event: dict[str, int] = {}
    here: list[KnownShift] = []
    in_all = dict(worked_by_member(connection, now.branch_id))
    if event_id is not None:
        for shift in shifts_of(connection, now.branch_id, event_id):
            worked = at_event.get(shift.member_id, 0) + shift.worked_us(looked_at)
            at_event[shift.member_id] = worked
        here = [s for s in open_shifts(connection, now.branch_id) if s.event_id == event_id]
    for shift in here:
        in_all[shift.member_id] = in_all.get(shift.member_id, 0) + shift.worked_us(looked_at)
    return _Look(
        now=now,
        looked_at=looked_at,
        members=members(connection),
        here=tuple(here),
        at_event=at_event,
        in_all=in_all,
        place=laptop_place(connection),
        has_team_pin=has_team_pin(connection),
        has_any_pin=any_pin(connection),
    )


def _line(member: Member, shift: KnownShift | None, look: _Look) -> MemberLine:
    key = str(member.member_id)
    parts = [_("experienced") if member.is_experienced else _("new"), work_name(member.work)]
    if shift is not None:
        since = written_clock(local_time(shift.started_at, look.now.zone_name))
        parts.append(_("since {time}").format(time=since))
    at_event, in_all = look.at_event.get(key, 0), look.in_all.get(key, 0)
    if at_event:
        parts.append(written_duration(at_event))
    if in_all > at_event:
        parts.append(_("{hours} in all").format(hours=written_duration(in_all)))
    return MemberLine(
        member_id=member.member_id,
        name=member.name,
        detail=" · ".join(parts),
        is_here=shift is not None,
        is_at_keyboard=shift is not None and look.now.operator == member.name,
        has_pin=member.has_pin,
    )


def _subtitle(look: _Look) -> str:
    if look.now.event is None:
        return ""
    number = len(look.here)
    people = ngettext("{count} person is here", "{count} people are here", number).format(count=number)
    if not number:
        people = _("nobody is here yet")
    total = sum(look.at_event.values())
    hours = _("{hours} together").format(hours=written_duration(total)) if total else ""
    return " · ".join(part for part in (look.now.event.name, people, hours) if part)


def _hint(look: _Look) -> str:
    if look.now.event is None or not look.members:
        return ""
    experienced = sum(1 for shift in look.here if shift.is_experienced)
    hints = {
        "people": _("A stand is easier with two or more people: one talks, one types and counts."),
        "experience": _("Nobody who is here has done this before. Is somebody with experience coming?"),
    }
    return hints.get(lacks(len(look.here), experienced), "")
