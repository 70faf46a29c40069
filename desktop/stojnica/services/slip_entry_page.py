"""Typing a pile in: the day once, then number after number, each leading to the form and back."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.i18n import LANGUAGE_NAMES
from stojnica.i18n import gettext as _
from stojnica.services.changes import Change
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.signup_choices import Choice
from stojnica.services.slip_entry import OpenedSlip, SlipAnswer, SlipPile, open_number
from stojnica.services.slip_pile import PileGround, pile_ground
from stojnica.services.slip_scans import SlipScansViewModel
from stojnica.services.slip_tally import slip_tally
from stojnica.services.stand import StandContext
from stojnica.services.typed_time import read_day_typed, shown_day
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.wording_sets import sets_in_all_languages
from stojnica.services.written_time import written_day

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

UNKNOWN = "unknown"
_BESIDE = ":"
MOST_MISSING = 12
_ASKING = ("no_run", "other_laptop")
_CONCERNED = frozenset({Change.CONTACTS, Change.EVENTS, Change.ORGANISATION})


@dataclass(frozen=True, slots=True)
class SlipEntryState:
    """Hold the pile's day, the number being typed, what came of it, and what is missing yet.

    `opened` is the slip that lies in the form; the number field waits until it is kept or put back.
    `asks_wording`: the number is of no run here, so the wording on it has to be chosen, once for the pile;
    from then on it stays in sight, as the next slip may be in another language.
    """

    is_loaded: bool = False
    event_name: str = ""
    collected_on: str = ""
    day_hint: str = ""
    day_problem: str = ""
    number: str = ""
    number_problem: str = ""
    asks_wording: bool = False
    wordings: tuple[Choice, ...] = ()
    wording: str | None = None
    opened: OpenedSlip | None = None
    is_looking: bool = False
    lines: tuple[str, ...] = ()
    message: Message | None = None
    focus_number: int = 0


@dataclass(frozen=True, slots=True)
class _Look:
    ground: PileGround
    lines: tuple[str, ...]


class SlipEntryViewModel(ViewModel[SlipEntryState]):
    """Lead from number to form to number; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(SlipEntryState())
        self._context = context
        self.scans = SlipScansViewModel(context)
        self._looks = LatestOnly()
        self._event_id: UUID | None = None
        self._ground: PileGround | None = None
        context.changes.subscribe(self._heard)

    def begin(self, event_id: UUID) -> None:
        """Open the pile of an event; the same one again goes on where it was."""
        if event_id != self._event_id and self.state.opened is None:
            self._event_id, self._ground = event_id, None
            self._set(SlipEntryState())
        self.scans.begin(event_id)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is missing."""
        event_id = self._event_id
        if event_id is None:
            return
        question = self._looks.ask()
        look = partial(_look, event_id=event_id, now_us=self._context.clock.now_us())
        self._context.runner.when(
            self._context.store.read(look), question.only(self._show), question.only(self._failed)
        )

    def type_day(self, text: str) -> None:
        """Put the day of collection as it is typed, once for the pile; empty when nobody knows it."""
        day = read_day_typed(text, self._ground.today) if self._ground else None
        hint = written_day(day) if day else ""
        self._set(replace(self.state, collected_on=text, day_hint=hint, day_problem=""))

    def type_number(self, text: str) -> None:
        """Put the number as it is typed or scanned."""
        asks_wording = self.state.wording is not None
        self._set(
            replace(self.state, number=text, number_problem="", asks_wording=asks_wording, message=None)
        )

    def choose_wording(self, wording: str) -> None:
        """Say which wording is on the slips of no run: one of the choices, `UNKNOWN` among them."""
        is_waiting = bool(self.state.number_problem)
        self._set(replace(self.state, wording=wording))
        if is_waiting:
            self.open()

    def open(self) -> None:
        """Open the slip of this number, or say at the field what is the matter; Enter of a scanner too."""
        state, event_id, ground = self.state, self._event_id, self._ground
        if event_id is None or ground is None or state.is_looking:
            return
        if state.opened is not None:
            text = _("{number} is still open in the form. Save it there, or empty the form.")
            self._set(replace(state, number_problem=text.format(number=state.opened.number)))
            return
        collected_on = self._day(ground)
        if collected_on is None:
            message = _("This day can't be read, or is to come. Leave it empty when nobody knows it.")
            self._set(replace(state, day_problem=message))
            return
        language, versions = _wording(state.wording, ground.language)
        pile = SlipPile(event_id, collected_on, language, versions)
        self._set(replace(state, is_looking=True, number_problem="", message=None))
        look_up = partial(open_number, pile=pile, typed=state.number)
        self._context.runner.when(self._context.store.read(look_up), self._answered, self._failed)

    def take_up(self, slip: OpenedSlip) -> None:
        """Go on with a slip that was half typed in when the program ended."""
        self.begin(slip.event_id)
        if self.state.opened is None:
            self._set(replace(self.state, number=str(slip.number), opened=slip))

    def kept(self, slip: OpenedSlip) -> None:
        """Say that the form kept the slip; the field waits for the next number."""
        text = _("{number} is typed in. The next one, please.").format(number=slip.number)
        text = f"{text} {run_note(slip)}".strip()
        self._next(replace(self.state, number="", message=Message(Tone.GOOD, text)))

    def put_back(self, message: Message | None = None) -> None:
        """Say that the slip was not typed in; its number stays in the field."""
        if self.state.opened is not None:
            self._next(replace(self.state, message=message))

    def _next(self, state: SlipEntryState) -> None:
        self._set(replace(state, opened=None, number_problem="", focus_number=state.focus_number + 1))

    def _answered(self, answer: SlipAnswer) -> None:
        problem = answer.problem
        code = problem.code if problem else ""
        self._set(
            replace(
                self.state,
                is_looking=False,
                opened=answer.slip,
                number_problem=problem.message if problem else "",
                asks_wording=self.state.wording is not None or code in _ASKING,
                focus_number=self.state.focus_number + (1 if problem else 0),
            )
        )

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        is_first = self._ground is None
        self._ground = look.ground
        choices = _wording_choices(look.ground)
        self._set(
            replace(
                self.state,
                is_loaded=True,
                event_name=look.ground.event.name,
                wordings=(*choices, Choice(UNKNOWN, _("nobody knows, or another one"))),
                lines=look.lines,
            )
        )
        if is_first:
            self.type_day(_day_of_event(look.ground))

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_looking=False, message=failure_message(error)))

    def _day(self, ground: PileGround) -> str | None:
        if not self.state.collected_on.strip():
            return ""
        day = read_day_typed(self.state.collected_on, ground.today)
        return day.isoformat() if day is not None and day <= ground.today else None


def _look(connection: "Connection", *, event_id: UUID, now_us: int) -> _Look:
    ground = pile_ground(connection, event_id, now_us)
    return _Look(ground, slip_tally(connection, event_id).lines(MOST_MISSING))


def run_note(slip: OpenedSlip) -> str:
    """Say that nobody here knows the run that a slip is of; "" when it is known."""
    if slip.has_run:
        return ""
    if slip.printed_by:
        return _("Printed by laptop {letter}, not known here.").format(letter=slip.printed_by)
    return _("Of no run of this laptop.")


def _wording_choices(ground: PileGround) -> list[Choice]:
    """Give every wording that may be on a slip, with its language where there are several."""
    sets = sets_in_all_languages(ground.document)
    has_languages = len({language for language, _set in sets}) > 1
    return [
        Choice(
            f"{language}{_BESIDE}{item.versions}",
            f"{LANGUAGE_NAMES.get(language, language)} · {item.label}" if has_languages else item.label,
        )
        for language, item in sets
    ]


def _wording(chosen: str | None, usual: str) -> tuple[str, str | None]:
    """Give language and versions of what was chosen; nobody was asked: None, nobody knows: ""."""
    if chosen is None or chosen == UNKNOWN:
        return usual, None if chosen is None else ""
    language, _beside, versions = chosen.partition(_BESIDE)
    return language, versions


def _day_of_event(ground: PileGround) -> str:
    first, last = ground.event.starts[:10], ground.event.ends[:10]
    return shown_day(first) if first and first == last and first <= ground.today.isoformat() else ""
