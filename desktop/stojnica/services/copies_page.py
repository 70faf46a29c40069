"""Copies by themselves and on demand, and the part of *Settings* that tells of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.battery import Battery, BatteryProbe
from stojnica.services.changes import Change
from stojnica.services.copies import CopyKeeper, CopyOutcome
from stojnica.services.copies_gone import PlaceLine, other_places
from stojnica.services.copies_in_short import CopiesInShort, copies_in_short, written_age
from stojnica.services.copy_settings import (
    DAYS,
    MINUTES,
    CopySettings,
    change_copy_settings,
    choose_copy_place,
)
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.stand import StandContext
from stojnica.services.tasks import WorkContext, known_error
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import written_number
from stojnica.storage.made_copies import MadeCopy

T = TypeVar("T")
FIRST_AFTER_S = 60.0
SOON_S = 5.0
LOOK_AT_BATTERY_S = 60.0
WHOLE_EVERY_S = 24 * 3600.0
LOW_PERCENT, SAFE_PERCENT = 10, 15
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class CopiesState:
    """Hold what is drawn: a line for this laptop, the chosen place ("" for none) and a line for it.

    `kept` says in words what `minutes` and `days` mean. `others` are sticks and folders with earlier copies.
    """

    here: str = ""
    place: str = ""
    there: str = ""
    hint: str = ""
    minutes: int = CopySettings().minutes
    days: int = CopySettings().days
    kept: str = ""
    others: tuple[PlaceLine, ...] = ()
    is_working: bool = False
    message: Message | None = None


class CopiesViewModel(ViewModel[CopiesState]):
    """Make copies in time; UI thread alone, call `tick` every second.

    After so many minutes when something was changed, soon after the team or the event was (a stand is closed
    so) or something was sent (the first time changes the password, without which a copy is let in no more),
    at once after somebody was erased, at ten per cent of the battery, and whenever somebody asks.
    Monotonic time decides, never the clock.
    """

    def __init__(self, context: StandContext, keeper: CopyKeeper, battery: BatteryProbe) -> None:
        super().__init__(_with_rhythm(CopiesState()))
        self._context = context
        self._keeper = keeper
        self._battery = battery
        self._latest = LatestOnly()
        self._copy_at = self._now() + FIRST_AFTER_S
        self._battery_at = self._now()
        self._whole_at = self._now() + WHOLE_EVERY_S
        self._minutes = CopySettings().minutes
        self._is_low = False
        self._is_asked = False
        context.changes.subscribe(self._heard)

    def tick(self) -> None:
        """Do what it is time for; cheap."""
        now = self._now()
        if self.state.is_working:
            return
        if now >= self._battery_at:
            self._battery_at = now + LOOK_AT_BATTERY_S
            self._context.runner.submit(lambda _context: self._battery(), self._weigh, self._ignore)
        elif now >= self._whole_at:
            self._whole_at = now + WHOLE_EVERY_S
            self._work(lambda _context: self._keeper.look_whole(), self._looked)
        elif now >= self._copy_at:
            self._begin_copy(only_if_changed=True)

    def refresh(self) -> None:
        """Look again at what is noted."""
        question = self._latest.ask()
        reading = self._context.store.read(copies_in_short)
        self._context.runner.when(reading, question.only(self._show), question.only(self._failed))

    def copy_now(self) -> None:
        """Make a copy at once, and say how it went."""
        if not self.state.is_working:
            self._is_asked = True
            self._begin_copy(only_if_changed=False)

    def copy_before_closing(self) -> None:
        """Make a copy at each place, unless it has one that holds the same. Blocks; not on the UI thread.

        Raises:
            UserFacingError: at one of the places there is none.
        """
        outcome = self._keeper.copy(only_if_changed=True)
        if outcome.faults:
            raise outcome.faults[0]

    def choose_place(self, folder: Path) -> None:
        """Take a folder or stick, and make the first copy there."""
        if self.state.is_working:
            return
        self._is_asked = True
        store = self._context.store

        def begin(context: WorkContext) -> CopyOutcome:
            choose_copy_place(store, folder)
            return self._keeper.copy(context)

        self._work(begin, self._copied)

    def forget_place(self) -> None:
        """Copy to this laptop alone from now on; what lies at that place stays there."""
        self._set(replace(self.state, message=None))
        changing = change_copy_settings(self._context.store, place="")
        self._context.runner.when(changing, lambda _settings: self._tell(), self._failed)

    def say_gone(
        self, line: PlaceLine, done: Callable[[], None], failed: Callable[[UserFacingError], None]
    ) -> None:
        """Take somebody's word that a stick or folder exists no more; `failed` hears why that can't be."""

        def told(_nothing: None) -> None:
            done()
            self._tell()

        def refused(error: Exception) -> None:
            known = known_error(error)
            if known is not None:
                failed(known)

        keeper = self._keeper
        self._context.runner.submit(
            lambda _context: keeper.say_gone(line.folder, line.folder_id), told, refused
        )

    def choose_minutes(self, minutes: int) -> None:
        """Make a copy every so many minutes; one of `MINUTES`. The next one keeps to it."""
        if minutes in MINUTES:
            self._change(replace(self.state, minutes=minutes), lambda _settings: self._tell())

    def choose_days(self, days: int) -> None:
        """Keep copies for so many days, the newest always; one of `DAYS`. What is too old goes at once."""
        if days in DAYS:
            self._change(replace(self.state, days=days), self._expire)

    def _change(self, state: CopiesState, done: Callable[[CopySettings], None]) -> None:
        # Drawn at once, as the choice is; what the store says comes after it.
        self._latest.forget()
        self._set(_with_rhythm(replace(state, message=None)))
        changing = change_copy_settings(self._context.store, minutes=state.minutes, days=state.days)
        self._context.runner.when(changing, done, self._failed)

    def _expire(self, _settings: CopySettings) -> None:
        self._context.runner.submit(
            lambda _context: self._keeper.expire(), lambda _nothing: self._tell(), self._failed
        )

    def _begin_copy(self, *, only_if_changed: bool) -> None:
        self._copy_at = self._now() + self._minutes * 60.0
        self._work(lambda context: self._keeper.copy(context, only_if_changed=only_if_changed), self._copied)

    def _work(self, work: Callable[[WorkContext], T], done: Callable[[T], None]) -> None:
        self._set(replace(self.state, is_working=True, message=None))
        self._context.runner.submit(work, done, self._failed)

    def _copied(self, outcome: CopyOutcome) -> None:
        message = message_of(outcome.faults[-1]) if outcome.faults else None
        if message is None and self._is_asked:
            message = Message(Tone.GOOD, _copied_text(outcome.made[-1]))
        self._is_asked = False
        self._set(replace(self.state, is_working=False, message=message))
        self._tell()

    def _looked(self, _nothing: None) -> None:
        self._set(replace(self.state, is_working=False))

    def _failed(self, error: Exception) -> None:
        self._is_asked = False
        message = None if isinstance(error, CancelledError) else failure_message(error)
        self._set(replace(self.state, is_working=False, message=message))
        if isinstance(error, UserFacingError):
            self._tell()

    def _tell(self) -> None:
        self._context.changes.tell(Change.COPIES)
        self.refresh()

    def _show(self, copies: CopiesInShort) -> None:
        if copies.settings.minutes != self._minutes:
            self._minutes = copies.settings.minutes
            self._copy_at = min(self._copy_at, self._now() + self._minutes * 60.0)
        now_us = self._context.clock.now_us()
        place = copies.settings.place
        hint = ""
        if not place:
            hint = _("A copy on this laptop doesn’t help when the laptop breaks: choose a stick.")
        if copies.holds_erased:
            hint = _(
                "Somebody who was erased is still in copies at {place}. Plug it in: they are made anew then."
            ).format(place=copies.holds_erased)
        self._set(
            _with_rhythm(
                replace(
                    self.state,
                    here=_line(copies.here, copies.number_here, now_us),
                    place=place,
                    there=_line(copies.there, copies.number_there, now_us) if place else "",
                    hint=hint,
                    others=other_places(copies, now_us),
                    minutes=copies.settings.minutes,
                    days=copies.settings.days,
                )
            )
        )

    def _weigh(self, battery: Battery | None) -> None:
        """Copy once when the battery is nearly empty."""
        if battery is None or battery.is_plugged_in or battery.percent > SAFE_PERCENT:
            self._is_low = False
        elif battery.percent <= LOW_PERCENT and not self._is_low:
            self._is_low = True
            self._copy_at = self._now()

    @staticmethod
    def _ignore(_error: Exception) -> None:
        """A battery that can't be asked is none."""

    def _heard(self, changed: frozenset[Change]) -> None:
        if Change.ERASED in changed:
            self._copy_at = self._now()
        elif changed & {Change.TEAM, Change.EVENTS, Change.DELIVERY}:
            self._copy_at = min(self._copy_at, self._now() + SOON_S)

    def _now(self) -> float:
        return self._context.clock.monotonic_us() / _US


def _with_rhythm(state: CopiesState) -> CopiesState:
    """Say in words how often a copy is made, and what is kept."""
    often = _("By itself every {minutes} min when something was changed; encrypted as the store is.")
    kept = ngettext(
        "The five newest are kept, and none but the newest for more than {count} day.",
        "The five newest are kept, and none but the newest for more than {count} days.",
        state.days,
    )
    words = (often.format(minutes=state.minutes), kept.format(count=written_number(state.days)))
    return replace(state, kept=" ".join(words))


def _line(copy: MadeCopy | None, number: int, now_us: int) -> str:
    if copy is None:
        return _("no copy yet")
    text = ngettext(
        "{number} copy, made {age}, {contacts}", "{number} copies, the last {age}, {contacts}", number
    )
    return text.format(
        number=written_number(number),
        age=written_age(copy.made_at, now_us),
        contacts=_contacts(copy.contacts),
    )


def _contacts(number: int) -> str:
    # In the case that stands after "with".
    text = ngettext("with {count} contact", "with {count} contacts", number)
    return text.format(count=written_number(number))


def _copied_text(copy: MadeCopy) -> str:
    text = ngettext(
        "The copy was made and read back: it holds {count} contact.",
        "The copy was made and read back: it holds {count} contacts.",
        copy.contacts,
    )
    return text.format(count=written_number(copy.contacts))
