"""The page *Today*: how many people, how far the goals are, who came last, and counting with one key."""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from stojnica.domain.event import Event
from stojnica.domain.tally import REACHED, Press
from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.records.contact_queries import ContactLine
from stojnica.records.reach_queries import LastPress
from stojnica.services.capture import count, undo_last_count
from stojnica.services.changes import Change
from stojnica.services.contact_rows import ContactRow, contact_rows, without_names
from stojnica.services.counters import StandCounter, common_counters, counter_among
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.names_shown import NamesOnDemand
from stojnica.services.several_people import SeveralForm, check_several, fresh_form, reasons
from stojnica.services.stand import HOME_ZONE, StandContext
from stojnica.services.tally_keys import DEFAULT_KEYS, Stroke, TallyKeys, choose_tally_keys
from stojnica.services.today_figures import (
    Bar,
    CounterCard,
    Goal,
    TodayFigures,
    bars_of,
    counter_cards,
    doubt_about_counting,
    doubt_about_the_day,
    goals_of,
    look_at_today,
    subtitle_of,
)
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import local_time, written_clock, written_number

REFRESH_US = 30 * 1_000_000
_CONCERNED = frozenset({Change.CONTACTS, Change.COUNTS, Change.EVENTS, Change.ORGANISATION, Change.TEAM})


@dataclass(frozen=True, slots=True)
class TodayState:
    """Hold what *Today* shows; without `event_id` the page says that an event has to be chosen."""

    is_loaded: bool = False
    event_id: UUID | None = None
    title: str = ""
    subtitle: str = ""
    counters: tuple[CounterCard, ...] = ()
    undo: str = ""
    charted: str = REACHED
    chart_title: str = ""
    next_chart: str = ""
    bars: tuple[Bar, ...] = ()
    goals: tuple[Goal, ...] = ()
    contacts_title: str = ""
    contacts: tuple[ContactRow, ...] = ()
    are_names_shown: bool = False
    seconds_left: int = 0
    message: Message | None = None


class TodayViewModel(ViewModel[TodayState]):
    """Show today, and count; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(TodayState())
        self._context = context
        self._latest = LatestOnly()
        self._names = NamesOnDemand(context, self.refresh, self._say)
        self._event: Event | None = None
        self._operator = ""
        self._doubt = ""
        self._loaded_at = 0
        self._lines: tuple[ContactLine, ...] = ()
        self._figures: TodayFigures | None = None
        self._unsaved = 0
        self._lost: Message | None = None
        self._lost_amount = 0
        self._is_looking = False
        self._is_outdated = False
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again; an older answer never replaces a newer one."""
        self._is_looking, self._is_outdated = True, False
        clock, with_names = self._context.clock, self._names.seconds_left > 0
        self._loaded_at = clock.monotonic_us()
        question = self._latest.ask()
        self._context.runner.when(
            self._context.store.read(lambda c: look_at_today(c, clock, with_names=with_names)),
            question.only(partial(self._show, has_names=with_names)),
            question.only(self._look_failed),
        )

    @property
    def counters(self) -> tuple[StandCounter, ...]:
        """Give the counters of the stand, in the order of their keys."""
        return self._figures.counters if self._figures else common_counters()

    @property
    def keys(self) -> TallyKeys:
        """Give the keys that count on this laptop."""
        return self._figures.keys if self._figures else DEFAULT_KEYS

    def choose_keys(self, keys: TallyKeys) -> None:
        """Have other keys count from now on."""
        future = choose_tally_keys(self._context.store, keys)
        self._context.runner.when(future, self._keys_chosen, self._failed)

    def hear(self, stroke: Stroke, *, is_typing: bool) -> bool:
        """Count when a key says so; tells whether the key was one of those that count."""
        counter = self.keys.heard(stroke, [item.id for item in self.counters], is_typing=is_typing)
        if counter:
            self.count(counter)
        return counter is not None

    def chart_next(self) -> None:
        """Draw the half hours of the next counter."""
        if self._figures is not None:
            following = self._following(self.state.charted)
            self._set(replace(self.state, charted=following.id))
            self._draw(self._figures, has_names=self.state.are_names_shown)

    def tick(self) -> None:
        """Take names off when their time is over, and look again twice a minute; call it every second."""
        if self.state.are_names_shown:
            if self._names.seconds_left == 0:
                self.hide_names()
            else:
                self._set(replace(self.state, seconds_left=self._names.seconds_left))
        elif self._context.clock.monotonic_us() - self._loaded_at >= REFRESH_US:
            self.refresh()

    def count(self, counter: str) -> None:
        """Count one person; the number goes up when it is on disk."""
        if self._event is None:
            self._say(choose_event_first())
            return
        known, now = counter_among(self.counters, counter), self._context.clock.now_us()
        if known is not None:
            press = Press(counter, 1, now, now, self._event.time_zone, counts_as=known.counts_as)
            self._keep(press, Message(Tone.WAIT, self._doubt or doubt_about_the_day(self._event, now)))

    def undo(self) -> None:
        """Take the last count back."""
        if self._event is None:
            return
        self._context.runner.when(
            undo_last_count(self._context.store, event_id=self._event.event_id, operator=self._operator),
            self._undone,
            self._failed,
        )

    def several(self) -> SeveralForm:
        """Give a fresh form for several people at once."""
        if self._event is None:
            return SeveralForm()
        return fresh_form(self._event, self._context.clock.now_us())

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Give the reasons that the form offers."""
        return reasons()

    def check_several(self, form: SeveralForm) -> tuple[Problem, ...]:
        """Give what is wrong with the form."""
        if self._event is None:
            return (Problem("", "event", choose_event_first().what),)
        return check_several(form, self._event, self._context.clock.now_us(), self.counters)[0]

    def count_many(self, form: SeveralForm) -> tuple[Problem, ...]:
        """Count several people; gives the problems, and then nothing is counted."""
        problems = self.check_several(form)
        if problems or self._event is None:
            return problems
        _none, press = check_several(form, self._event, self._context.clock.now_us(), self.counters)
        assert press is not None
        words = ngettext("{count} person was added.", "{count} people were added.", press.amount)
        self._keep(press, Message(Tone.GOOD, words.format(count=written_number(press.amount))))
        return ()

    def show_names(self, pin: str) -> None:
        """Show names for ten seconds when the PIN is right."""
        self._names.ask(pin)

    def hold_names(self) -> None:
        """Show names while a key is held, at most ten seconds."""
        self._names.hold()

    def hide_names(self) -> None:
        """Show initials again, at once; an answer with names that is still out is not shown."""
        self._names.hide()
        self._latest.forget()
        self._is_looking = False
        self._lines = without_names(self._lines)
        self._set(replace(self.state, are_names_shown=False, seconds_left=0, contacts=self._rows()))

    def forget_message(self) -> None:
        """Take the message off."""
        self._say(None)

    def _rows(self) -> tuple[ContactRow, ...]:
        zone_name = self._event.time_zone if self._event else HOME_ZONE
        return contact_rows(self._lines, zone_name, self._context.clock.now_us())

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self._look_soon()

    def _look_soon(self) -> None:
        """Look again, but never more than once at a time: somebody may press thirty times a second."""
        if self._is_looking:
            self._is_outdated = True
        else:
            self.refresh()

    def _keep(self, press: Press, message: Message) -> None:
        assert self._event is not None
        future = count(self._context.store, press, event_id=self._event.event_id, operator=self._operator)
        self._unsaved += 1
        self._context.runner.when(
            future, partial(self._counted, message), partial(self._not_counted, press.amount)
        )

    def _counted(self, message: Message, _subject: UUID) -> None:
        self._unsaved -= 1
        # That a count was lost stays to be read, however many good ones come after it.
        if message.what or self.state.message is not self._lost:
            self._lost, self._lost_amount = None, 0
            self._say(message if message.what else None)
        if self._unsaved:
            self._look_soon()
        else:
            self._context.changes.tell(Change.COUNTS)

    def _not_counted(self, amount: int, error: Exception) -> None:
        self._unsaved -= 1
        message = failure_message(error)
        if message is not None:
            self._lost_amount += amount
            lost = _("Not counted: {count}.").format(count=written_number(self._lost_amount))
            self._lost = Message(message.tone, message.what, lost, message.next_step)
            self._say(self._lost)
        if not self._unsaved:
            self._context.changes.tell(Change.COUNTS)

    def _keys_chosen(self, _chosen: TallyKeys) -> None:
        self._say(Message(Tone.GOOD, _("The keys for counting were changed.")))
        self.refresh()

    def _undone(self, last: LastPress | None) -> None:
        if last is None:
            message = Message(Tone.WAIT, _("The last count is older than ten minutes, and stays."))
        else:
            message = Message(Tone.GOOD, self._undone_words(last))
        self._say(message)
        self._context.changes.tell(Change.COUNTS)

    def _undone_words(self, last: LastPress) -> str:
        counter = counter_among(self.counters, last.counter)
        zone_name = self._event.time_zone if self._event else HOME_ZONE
        return _("Undone: {counter}, −{count}, counted at {time}.").format(
            counter=counter.title if counter else last.counter,
            count=written_number(last.amount),
            time=written_clock(local_time(last.captured_at, zone_name)),
        )

    def _following(self, counter: str) -> StandCounter:
        counters = self.counters
        places = {item.id: place for place, item in enumerate(counters)}
        return counters[(places.get(counter, -1) + 1) % len(counters)]

    def _say(self, message: Message | None) -> None:
        self._set(replace(self.state, message=message))

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._say(message)

    def _look_failed(self, error: Exception) -> None:
        self._is_looking = False
        self._failed(error)

    def _show(self, figures: TodayFigures, *, has_names: bool) -> None:
        self._is_looking = False
        if has_names and self._names.seconds_left == 0:
            self.refresh()
            return
        self._figures, self._event = figures, figures.now.event
        self._operator = figures.now.operator
        self._doubt = doubt_about_counting(figures.place)
        self._draw(figures, has_names=has_names)
        if self._is_outdated:
            self.refresh()

    def _draw(self, figures: TodayFigures, *, has_names: bool) -> None:
        event = figures.now.event
        if event is None:
            empty = TodayState(is_loaded=True, title=_("Today"), message=self.state.message)
            self._set(empty)
            return
        self._lines, number = figures.contacts, figures.contacts_today
        charted = counter_among(figures.counters, self.state.charted) or figures.counters[0]
        title = ngettext("{count} contact today", "{count} contacts today", number)
        self._set(
            TodayState(
                is_loaded=True,
                event_id=event.event_id,
                title=event.name,
                subtitle=subtitle_of(figures, event),
                counters=counter_cards(figures),
                undo=_undo_text(figures.last),
                charted=charted.id,
                chart_title=_chart_title(charted),
                next_chart=_("show: {counter}").format(counter=self._following(charted.id).title),
                bars=bars_of(figures, event, charted.id),
                goals=goals_of(figures, event),
                contacts_title=title.format(count=written_number(number)),
                contacts=self._rows(),
                are_names_shown=has_names,
                seconds_left=self._names.seconds_left if has_names else 0,
                message=self.state.message,
            )
        )


def choose_event_first() -> Message:
    """Say that everything is captured for an event."""
    return Message(
        Tone.WAIT,
        _("No event is chosen yet."),
        next_step=_("Choose or add one on the page Events."),
    )


def _chart_title(counter: StandCounter) -> str:
    if counter.id == REACHED:
        return _("People reached per half hour")
    return _("{counter} per half hour").format(counter=counter.title)


def _undo_text(last: LastPress | None) -> str:
    if last is None:
        return ""
    if last.amount == 1:
        return _("Undo the last count")
    return _("Undo the last count ({count})").format(count=written_number(last.amount))
