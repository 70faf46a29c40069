"""The status line: what the office doesn't have yet is always in sight."""

from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from stojnica.domain.clock import Clock
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.changes import Change
from stojnica.services.copies_in_short import CopiesInShort, copies_in_short, copy_segment
from stojnica.services.delivery_state import DeliveryInShort, delivery_in_short
from stojnica.services.laptop import NO_PLACE, LaptopPlace, laptop_place, written_place
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.tasks import known_error
from stojnica.services.view_model import ViewModel
from stojnica.services.written_time import local_time, written_clock, written_number
from stojnica.storage.erase_orders import waiting_orders


@dataclass(frozen=True, slots=True)
class StatusState:
    """Hold the segments; `tone` is good, wait or "" for nothing to deliver yet."""

    tone: str = ""
    delivery: str = ""
    office: str = ""
    copy: str = ""
    copy_tone: str = ""
    event: str = ""
    operator: str = ""
    place: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class StatusLook:
    """Hold one look at the store; `is_asked` when an order of the office waits for a person's yes."""

    delivery: DeliveryInShort
    now: StandNow
    place: LaptopPlace = NO_PLACE
    copies: CopiesInShort | None = None
    is_asked: bool = False


class StatusViewModel(ViewModel[StatusState]):
    """Keep the status line true; refreshes when something was delivered, saved or chosen. UI thread alone."""

    def __init__(self, context: StandContext, *, keeps_copies: bool = False) -> None:
        super().__init__(StatusState())
        self._keeps_copies = keeps_copies
        self._context = context
        self._zone_name = "Europe/Ljubljana"
        self._copies: CopiesInShort | None = None
        self._unsubscribe = context.changes.subscribe(self._changed)

    def close(self) -> None:
        """Listen no longer."""
        self._unsubscribe()

    def refresh(self) -> None:
        """Look again."""
        self._context.runner.when(self._context.store.read(look_at_status), self._show, self._failed)

    def tick(self) -> None:
        """Move the clock on; call it every few seconds."""
        self._set(self._at_this_minute(self.state))

    def _changed(self, _changes: frozenset[Change]) -> None:
        self.refresh()

    def _show(self, look: StatusLook) -> None:
        self._zone_name = look.now.zone_name
        state = replace(
            status_of(look.delivery, look.now, is_asked=look.is_asked), place=written_place(look.place)
        )
        self._copies = look.copies
        self._set(self._at_this_minute(state))

    def _at_this_minute(self, state: StatusState) -> StatusState:
        """Move on what grows older by itself: the clock, and the age of the last copy."""
        clock = self._context.clock
        if self._copies is not None and self._keeps_copies:
            tone, text = copy_segment(self._copies, clock.now_us())
            state = replace(state, copy=text, copy_tone=tone)
        return _with_clock(state, clock, self._zone_name)

    @staticmethod
    def _failed(error: Exception) -> None:
        # A file that can't be read is told by the page that wanted something of it.
        known_error(error)


def look_at_status(connection: Connection) -> StatusLook:
    """Read all of it in one go; runs in the reader thread, after each save."""
    return StatusLook(
        delivery_in_short(connection),
        stand_now(connection),
        laptop_place(connection),
        copies_in_short(connection),
        bool(waiting_orders(connection)),
    )


def _with_clock(state: StatusState, clock: Clock, zone_name: str) -> StatusState:
    return replace(state, clock=written_clock(local_time(clock.now_us(), zone_name)))


def status_of(delivery: DeliveryInShort, now: StandNow, *, is_asked: bool = False) -> StatusState:
    """Say how things stand, in people; records are named when no contact waits. The number is strong.

    Where nothing waits, a question of the office comes to the fore: sending by itself nobody would see it.
    """
    tone, text = _delivery_text(delivery)
    if is_asked and tone != "wait":
        tone, text = "wait", _("The office asks for a large erasure")
    return StatusState(
        tone=tone,
        delivery=text,
        office=delivery.office_name if delivery.is_enrolled else _("No office yet"),
        event=now.event.name if now.event else _("No event chosen"),
        operator=_("entries: {name}").format(name=now.operator) if now.operator else "",
    )


def _delivery_text(delivery: DeliveryInShort) -> tuple[str, str]:
    waiting = delivery.waiting
    if waiting.contacts:
        text = ngettext(
            "{count} contact is not at the office yet",
            "{count} contacts are not at the office yet",
            waiting.contacts,
        )
        return "wait", text.format(count=f"**{written_number(waiting.contacts)}**")
    if waiting.facts:
        text = ngettext(
            "{count} record is not at the office yet",
            "{count} records are not at the office yet",
            waiting.facts,
        )
        return "wait", text.format(count=f"**{written_number(waiting.facts)}**")
    if delivery.is_anything_held:
        return "good", _("All contacts are at the office")
    return "", _("Nothing collected yet")
