"""The window of an unlocked stand: its pages, the keys that work in all of them, and the status line."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.changes import Change
from stojnica.services.send import SENT, SendState
from stojnica.services.slip_entry_page import SlipEntryState
from stojnica.services.status import StatusState
from stojnica.services.tryout import TryoutRoom
from stojnica.ui.controls.focus_ring import RING_GAP, focus_quietly
from stojnica.ui.controls.status_line import StatusSegment
from stojnica.ui.counting_keys import CountingKeys, KeysInDialogs
from stojnica.ui.desktop_room import show_fitting
from stojnica.ui.frame import MainWindow, PageSpec
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.stand_models import StandModels
from stojnica.ui.tryout import Tryout

TICK_MS = 1_000
TODAY, CONTACT, KIOSK, FLYERS, EVENTS, OFFICE = "today", "contact", "kiosk", "flyers", "events", "office"
SLIPS, SETTINGS, ANSWERS, PREFLIGHT = "slips", "settings", "answers", "preflight"
TEAM, GROUP = "team", "group"


@runtime_checkable
class TakesFocus(Protocol):
    """A page on which the hand begins at a certain place."""

    def take_focus(self) -> None:
        """Put the focus there."""


class StandWindow(QObject):
    """Own the main window and the kiosk's, and lead between them.

    `left` is called when the main window is closed; the store is closed by whoever opened it.
    `kiosk_left` comes when a volunteer left the kiosk with a PIN.
    """

    kiosk_left = Signal()

    def __init__(self, models: StandModels, practice_words: str, left: Callable[[], None]) -> None:
        super().__init__()
        self.models = models
        self._left = left
        self._was_sent = False
        self._is_slip_open = False
        self._was_enrolled = True
        self.kiosk: KioskWindow | None = None
        self.tryout: Tryout | None = None
        self.main = MainWindow(self._specs())
        self.main.banner.set_words(practice_words)
        self._keys = CountingKeys(models.today, self)
        self._kiosk_keys: CountingKeys | None = None
        self._keys_above = KeysInDialogs(self._keys, self.main, self)
        self._tick = QTimer(self, interval=TICK_MS)
        self._unsubscribe = [
            models.status.subscribe(self._show_status),
            models.send.subscribe(self._hear_delivery),
            models.context.changes.subscribe(self._hear_change),
            models.slip_entry.subscribe(self._follow_slip),
        ]
        self._connect()

    @property
    def way_back(self) -> str:
        """Give the page to come back to after a lock; slips and the check have forgotten theirs."""
        return EVENTS if self.main.shown_key in {SLIPS, PREFLIGHT} else self.main.shown_key

    def show(self, page: str = TODAY) -> None:
        """Show the window on a page."""
        self.main.show_page(page)
        if page == GROUP:
            self.main.rail.mark(CONTACT)
        show_fitting(self.main)
        self._keys.listen(self.main.windowHandle())
        self.models.status.refresh()
        self.models.team.people.refresh()

    def close(self) -> None:
        """Stop listening; the windows go with it."""
        # The field with the cursor is left now, while what it asks the store can still be answered.
        self.main.hide()
        self.models.awake.end()
        if self.tryout is not None:
            self.tryout.abandon()
            self.tryout = None
        if self.kiosk is not None:
            self.kiosk.forget()
        self._keys_above.watch(False)
        self._tick.stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self.models.status.close()

    def open_slips(self, event_id: UUID) -> None:
        """Show the slips of an event: to type in, to print, or from a sheet."""
        self.models.slips.begin(event_id)
        self.models.slip_entry.begin(event_id)
        self.models.slip_print.begin(event_id)
        self._show_slips()

    def open_kiosk(self) -> KioskWindow:
        """Hand the laptop to a visitor: full screen, left only with the PIN."""
        if self.kiosk is None:
            self.kiosk = KioskWindow(self.models.kiosk)
            self.kiosk.left.connect(self._on_kiosk_left)
            self._kiosk_keys = CountingKeys(self.models.today, self, self._is_pin_asked)
        self.kiosk.begin()
        self.models.awake.begin()
        if self._kiosk_keys is not None:
            # Before the kiosk itself: a count is no sign of life of the visitor, whose form would stay open.
            self._kiosk_keys.listen(self.kiosk.windowHandle())
        self.main.hide()
        return self.kiosk

    def _specs(self) -> list[PageSpec]:
        return [
            PageSpec(TODAY, "today", _("Today"), self._today),
            PageSpec(CONTACT, "contact", _("New contact"), self._contact),
            PageSpec(KIOSK, "kiosk", _("Kiosk"), self._kiosk_start),
            PageSpec(ANSWERS, "help", _("Answers"), self._answers),
            PageSpec(FLYERS, "flyer", _("Flyers"), self._flyers),
            PageSpec(EVENTS, "events", _("Events"), self._events),
            PageSpec(TEAM, "team", _("Team"), self._team),
            PageSpec(SLIPS, "import", "", self._slips),
            PageSpec(PREFLIGHT, "check", "", self._preflight),
            PageSpec(GROUP, "team", "", self._group),
            PageSpec(OFFICE, "office", _("To the office"), self._office),
            PageSpec(SETTINGS, "settings", _("Settings"), self._settings, at_foot=True),
        ]

    def _connect(self) -> None:
        self.main.page_shown.connect(self._on_page)
        self.main.closing.connect(self._on_closing)
        self._tick.timeout.connect(self.models.status.tick)
        self._tick.timeout.connect(self.models.group.tick)
        for by_itself in (self.models.auto_send, self.models.copies):
            if by_itself is not None:
                self._tick.timeout.connect(by_itself.tick)
        self._tick.start()
        self._keys_above.watch(True)
        self.main.add_shortcut("Ctrl+N", self._on_new_contact)

    def _today(self) -> QWidget:
        from stojnica.ui.pages.today_page import TodayPage

        page = TodayPage(self.models.today)
        page.new_contact.connect(self._on_new_contact)
        page.wants_events.connect(self._on_events)
        page.wants_handover.connect(self._on_handover)
        page.wants_group.connect(self._on_group)
        return page

    def _contact(self) -> QWidget:
        from stojnica.ui.pages.contact_page import ContactPage

        page = ContactPage(self.models.contact, self._who_is_here)
        page.wants_events.connect(self._on_events)
        page.wants_group.connect(self._on_group)
        return page

    def _group(self) -> QWidget:
        from stojnica.ui.pages.group_visit_page import GroupVisitPage

        page = GroupVisitPage(self.models.group)
        page.left.connect(self._on_new_contact)
        page.wants_events.connect(self._on_events)
        return page

    def _who_is_here(self) -> tuple[str, ...]:
        return tuple(line.name for line in self.models.team.people.state.here)

    def _kiosk_start(self) -> QWidget:
        from stojnica.ui.pages.kiosk_start_page import KioskStartPage

        page = KioskStartPage(self.models.kiosk_start)
        page.opened.connect(self.open_kiosk)
        return page

    def _answers(self) -> QWidget:
        from stojnica.ui.pages.answers_page import AnswersPage

        return AnswersPage(self.models.answers)

    def _flyers(self) -> QWidget:
        from stojnica.ui.pages.flyers_page import FlyersPage

        return FlyersPage(self.models.flyers)

    def _events(self) -> QWidget:
        from stojnica.ui.pages.events_page import EventsPage

        page = EventsPage(self.models.events)
        page.wants_slips.connect(self._on_slips)
        page.wants_preflight.connect(self._on_preflight)
        return page

    def _team(self) -> QWidget:
        from stojnica.ui.pages.team_page import TeamPage

        page = TeamPage(self.models.team, can_practise=self.models.tryout is not None)
        page.wants_practice.connect(self._on_practice)
        return page

    def _slips(self) -> QWidget:
        from stojnica.ui.pages.slips_page import SlipsPage

        page = SlipsPage(self.models.slips, self.models.slip_entry, self.models.slip_print)
        page.left.connect(self._on_events)
        return page

    def _preflight(self) -> QWidget:
        from stojnica.ui.pages.preflight_page import PreflightPage

        page = PreflightPage(self.models.preflight)
        page.left.connect(self._on_events)
        return page

    def _office(self) -> QWidget:
        from stojnica.ui.pages.send_page import SendPage

        return SendPage(self.models.send, self.models.stick)

    def _settings(self) -> QWidget:
        from stojnica.ui.pages.settings_page import SettingsPage

        return SettingsPage(self.models.appearance, self.models.copies, self.models.openers)

    def _is_pin_asked(self) -> bool:
        # Whoever is at the PIN means each key for it, and a clicker's digit must not fall between two of it.
        return self.models.kiosk.state.pin is not None

    def _on_new_contact(self) -> None:
        self.main.show_page(CONTACT)

    def _on_slips(self, event_id: object) -> None:
        if isinstance(event_id, UUID):
            self.open_slips(event_id)

    def _show_slips(self) -> None:
        self._show_part(SLIPS, EVENTS)

    def _show_part(self, page: str, whole: str) -> None:
        """Show a page that is a part of another one, and has no place of its own in the rail."""
        self.main.show_page(page)
        self.main.rail.mark(whole)

    def _follow_slip(self, state: SlipEntryState) -> None:
        """Lead from the pile to the form when a slip is opened, and back when it is kept or put back."""
        was_open, self._is_slip_open = self._is_slip_open, state.opened is not None
        if state.opened is not None and not was_open:
            self.main.show_page(CONTACT)
            self.models.contact.open_slip(state.opened)
        elif was_open and not self._is_slip_open and self.main.shown_key == CONTACT:
            self._show_slips()

    def _on_preflight(self) -> None:
        self._show_part(PREFLIGHT, EVENTS)

    def _on_group(self) -> None:
        self._show_part(GROUP, CONTACT)

    def _on_events(self) -> None:
        self.main.show_page(EVENTS)

    def _on_practice(self) -> None:
        door = self.models.tryout
        if door is not None and self.tryout is None:
            self.models.context.runner.submit(
                lambda _context: door.open_room(), self._practise, self.models.team.people.failed
            )

    def _practise(self, room: TryoutRoom) -> None:
        door = self.models.tryout
        assert door is not None
        self.tryout = Tryout(room, door.furnish(room), self._on_practice_over, self)
        self.tryout.show()
        self.main.hide()

    def _on_practice_over(self) -> None:
        self.main.show()
        self.main.show_page(TEAM)
        self.tryout = None

    def _on_handover(self) -> None:
        from stojnica.ui.pages.team_page import HANDOVER, TeamPage

        self.main.show_page(TEAM)
        page = self.main.page(TEAM)
        if isinstance(page, TeamPage):
            page.show_part(HANDOVER)

    def _on_kiosk_left(self) -> None:
        self.models.awake.end()
        if self.kiosk is not None:
            self.kiosk.hide()
        self.main.show()
        self.main.show_page(TODAY)
        self.kiosk_left.emit()

    def _on_page(self, key: str) -> None:
        refreshers = {
            TODAY: self.models.today.refresh,
            CONTACT: self.models.contact.refresh,
            KIOSK: self.models.kiosk_start.refresh,
            ANSWERS: self.models.answers.refresh,
            FLYERS: self.models.flyers.refresh,
            EVENTS: self.models.events.refresh,
            PREFLIGHT: self.models.preflight.refresh,
            TEAM: self.models.team.refresh,
            GROUP: self.models.group.refresh,
            OFFICE: self.models.send.refresh,
        }
        refresh = refreshers.get(key)
        if refresh is not None:
            refresh()
        self._focus(key)

    def _focus(self, key: str) -> None:
        """Lead the focus into the page; whoever walks along the rail by keyboard stays there."""
        page, rail = self.main.page(key), self.main.rail
        now = self.main.focusWidget()
        if page is None or (now is not None and rail.isAncestorOf(now)):
            return
        if isinstance(page, TakesFocus):
            page.take_focus()
        else:
            page.setProperty(RING_GAP, -1)
            focus_quietly(page)

    def _on_closing(self) -> None:
        self.close()
        self._left()

    def _hear_delivery(self, state: SendState) -> None:
        is_sent = state.phase == SENT
        is_news = (is_sent and not self._was_sent) or (state.is_enrolled and not self._was_enrolled)
        self._was_enrolled = state.is_enrolled or not state.subtitle
        if is_news:
            changes = self.models.context.changes
            changes.tell(Change.DELIVERY, Change.ORGANISATION, Change.EVENTS)
        self._was_sent = is_sent

    def _hear_change(self, changed: frozenset[Change]) -> None:
        if self.main.shown_key == FLYERS and changed & {Change.EVENTS, Change.ORGANISATION}:
            self.models.flyers.refresh()
        if self.main.shown_key == OFFICE and changed & {Change.CONTACTS, Change.COUNTS, Change.EVENTS}:
            self.models.send.refresh()

    def _show_status(self, state: StatusState) -> None:
        if not state.clock:
            return
        left = [StatusSegment(state.delivery, state.tone), StatusSegment(state.office)]
        left += [StatusSegment(state.copy, state.copy_tone)] if state.copy else []
        right = [StatusSegment(text) for text in (state.place, state.operator, state.event) if text]
        clock = StatusSegment(f"**{state.clock}**", spoken=_("it is {time}").format(time=state.clock))
        self.main.status.set_segments(left, [*right, clock])
