"""The page *Send to the office*: what waits, how far it is, what was proven, why it could not be."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Connection

from stojnica import __version__
from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.delivery_state import DeliveryState, delivery_state
from stojnica.services.enrolment import Enrolled, read_enrolment_file
from stojnica.services.leaving import LeavingViewModel
from stojnica.services.message import Message, failure_message, message_of
from stojnica.services.send_words import SendLine, detail_of, headline_of, lines_of, next_steps
from stojnica.services.tasks import Progress, Task, TaskRunner, WorkContext, known_error
from stojnica.services.view_model import ViewModel
from stojnica.services.waiting_orders import WaitingOrdersViewModel
from stojnica.services.written_time import local_time, written_clock, written_short_day
from stojnica.storage.store import Store
from stojnica.sync.engine import SyncEngine, SyncResult
from stojnica.sync.faults import SyncError

Enrol = Callable[[bytes, str], Enrolled]
# What a sync that nobody asked for keeps to itself: most places where a laptop is opened have no way there.
_NO_NEWS = frozenset({"unreachable", "interrupted", "timed_out", "busy", "certificate", "sync_running"})
IDLE, TESTING, SENDING, SENT, FAILED = "idle", "testing", "sending", "sent", "failed"


@dataclass(frozen=True, slots=True)
class SendFailure:
    """Hold why it did not go on, for the volunteer and for whoever helps.

    With `needs_enrolment` the office's server lets this laptop in no more, until a new file comes from there.
    """

    what: str
    safe: str
    next_steps: tuple[str, ...]
    help_lines: tuple[str, ...]
    needs_enrolment: bool = False

    def details(self) -> str:
        """Give what *Copy details* copies: no personal data."""
        return "\n".join((self.what, *self.help_lines))


@dataclass(frozen=True, slots=True)
class SendState:
    """Hold what the page shows; all sentences are in the user's language."""

    phase: str = IDLE
    is_enrolled: bool = False
    is_automatic: bool = False
    subtitle: str = ""
    headline: str = ""
    detail: str = ""
    code: str = ""
    lines: tuple[SendLine, ...] = ()
    failure: SendFailure | None = None
    connection_note: str = ""
    contacts_waiting: int = 0
    records_waiting: int = 0
    enrolment_name: str = ""
    is_enrolling: bool = False
    enrolment_message: Message | None = None

    @property
    def wants_enrolment(self) -> bool:
        """Tell whether a file from the office would help: none so far, a refused one, or one is here."""
        is_refused = self.failure is not None and self.failure.needs_enrolment
        is_one_here = bool(self.enrolment_name) or self.enrolment_message is not None
        return not self.is_enrolled or is_refused or is_one_here

    @property
    def is_busy(self) -> bool:
        """Tell whether something is under way that can be cancelled."""
        return self.phase in (TESTING, SENDING)


class SendViewModel(ViewModel[SendState]):
    """Show and run the delivery to the office; UI thread alone."""

    def __init__(
        self,
        store: Store,
        engine: SyncEngine,
        runner: TaskRunner,
        clock: Clock,
        zone_name: str = "Europe/Ljubljana",
        enrol: Enrol | None = None,
        *,
        is_automatic: bool = False,
    ) -> None:
        super().__init__(SendState(is_automatic=is_automatic))
        self._enrol = enrol
        self._enrolment = b""
        self._store = store
        self._engine = engine
        self._runner = runner
        self._clock = clock
        self._zone_name = zone_name
        self.orders = WaitingOrdersViewModel(store, runner)
        self.leaving = LeavingViewModel(store, runner, zone_name)
        self.orders.hear_agreed(self._agreed)
        self._task: Task | None = None
        self._is_quiet = False
        self._hear_end: list[Callable[[SyncResult | Exception], None]] = []

    def hear_end(self, hear: Callable[[SyncResult | Exception], None]) -> None:
        """Call `hear` with what each delivery ends in, whoever asked for it."""
        self._hear_end.append(hear)

    @property
    def progress(self) -> Progress | None:
        """Give how far the work is; polled every 100 ms while busy."""
        return self._task.progress if self._task is not None and self.state.is_busy else None

    def refresh(self) -> None:
        """Look again at what waits."""
        self._runner.when(self._store.read(_look), self._show_delivery, self._fail_quietly)
        self.orders.refresh()
        self.leaving.refresh()

    def _agreed(self) -> None:
        self.leaving.refresh()

    def receipt_taken_in(self) -> None:
        """Look again after a stick's receipt: what came of an earlier try by internet is no news any more.

        That the office lets this laptop in no more is; it goes when a new file from there is opened.
        """
        failure = self.state.failure
        if self.state.phase == FAILED and (failure is None or not failure.needs_enrolment):
            self._set(replace(self.state, phase=IDLE, failure=None))
        self._set(replace(self.state, connection_note=""))
        self.refresh()

    def send(self) -> None:
        """Deliver and prove, now."""
        self._begin(is_quiet=False)

    def send_quietly(self) -> None:
        """Deliver and prove without having been asked: no way to the office is no news then."""
        self._begin(is_quiet=True)

    def _begin(self, *, is_quiet: bool) -> None:
        if self.state.is_busy:
            return
        self._is_quiet = is_quiet
        self._set(replace(self.state, phase=SENDING, failure=None, connection_note=""))
        self._task = self._runner.submit(
            lambda context: self._engine.run(_Steps(context)), self._sent, self._not_sent
        )

    def test_connection(self) -> None:
        """See whether the office answers; nothing is sent."""
        if self.state.is_busy:
            return
        self._set(replace(self.state, phase=TESTING, failure=None, connection_note=""))
        self._task = self._runner.submit(
            lambda context: self._engine.test_connection(_Steps(context)), self._answered, self._failed
        )

    def cancel(self) -> None:
        """Stop after the batch that is on its way; what was confirmed stays confirmed."""
        if self._task is not None:
            self._task.cancel()

    def open_enrolment(self, path: Path) -> None:
        """Read the file from the office; its code is asked for next."""
        try:
            self._enrolment = read_enrolment_file(path)
        except UserFacingError as error:
            self._set(replace(self.state, enrolment_message=message_of(error)))
            return
        self._set(replace(self.state, enrolment_name=path.name, enrolment_message=None))

    def enrol(self, code: str) -> None:
        """Open the file with its code; takes a few seconds. What was collected before is delivered then."""
        take_in, data = self._enrol, self._enrolment
        if take_in is None or not data or self.state.is_enrolling:
            return
        self._set(replace(self.state, is_enrolling=True, enrolment_message=None))
        self._runner.submit(lambda _context: take_in(data, code), self._enrolled, self._not_enrolled)

    def _enrolled(self, enrolled: Enrolled) -> None:
        self._enrolment = b""
        note = _("This laptop is now “{name}”.").format(name=enrolled.name)
        state = replace(self.state, phase=IDLE, failure=None, is_enrolling=False, enrolment_name="")
        self._set(replace(state, connection_note=note))
        self.refresh()

    def _not_enrolled(self, error: Exception) -> None:
        message = failure_message(error)
        self._set(replace(self.state, is_enrolling=False, enrolment_message=message))

    def _show_delivery(self, delivery: DeliveryState) -> None:
        if self.state.is_busy:
            return
        waiting = delivery.waiting
        phase = self.state.phase
        if phase == SENT and waiting.facts:
            phase = IDLE
        self._set(
            replace(
                self.state,
                phase=phase,
                is_enrolled=delivery.is_enrolled,
                subtitle=self._subtitle(delivery),
                contacts_waiting=waiting.contacts,
                records_waiting=waiting.facts,
                headline=headline_of(delivery),
                detail=detail_of(delivery),
                code="" if waiting.facts or delivery.proof is None else delivery.proof.code,
            )
        )

    def _subtitle(self, delivery: DeliveryState) -> str:
        if not delivery.is_enrolled:
            return _("this laptop has no office yet")
        office = _("central database {office}").format(office=delivery.office_name).strip()
        if delivery.receipt is None:
            return _("{office} · never sent so far").format(office=office)
        moment = local_time(delivery.receipt.proven_at, self._zone_name)
        return _("{office} · last {when}").format(
            office=office, when=self._when(moment.date(), written_clock(moment))
        )

    def _when(self, day: date, hour: str) -> str:
        if day == local_time(self._clock.now_us(), self._zone_name).date():
            return _("today at {hour}").format(hour=hour)
        return _("on {day}").format(day=written_short_day(day))

    def _sent(self, result: SyncResult) -> None:
        self._task = None
        self._set(replace(self.state, phase=SENT, lines=lines_of(result), failure=None))
        self._tell_end(result)
        self.leaving.clear_up()
        self.refresh()

    def _answered(self, _nothing: None) -> None:
        self._task = None
        self._set(
            replace(self.state, phase=IDLE, connection_note=_("The office answers. Nothing was sent yet."))
        )
        self.refresh()

    def _not_sent(self, error: Exception) -> None:
        self._tell_end(error)
        if self._is_quiet and isinstance(error, UserFacingError) and error.code in _NO_NEWS:
            self._task = None
            moment = local_time(self._clock.now_us(), self._zone_name)
            note = _("Tried at {hour}: no way to the office. It is tried again by itself.")
            note = note.format(hour=written_clock(moment))
            self._set(replace(self.state, phase=IDLE, connection_note=note))
            self.refresh()
        else:
            self._failed(error)

    def _tell_end(self, result: SyncResult | Exception) -> None:
        for hear in self._hear_end:
            hear(result)

    def _failed(self, error: Exception) -> None:
        self._task = None
        known = known_error(error)
        if known is None:
            note = _("Stopped. What was confirmed stays confirmed; the rest waits here.")
            self._set(replace(self.state, phase=IDLE, connection_note=note))
        else:
            self._set(replace(self.state, phase=FAILED, failure=self._failure(known)))
        self.refresh()

    def _failure(self, error: UserFacingError) -> SendFailure:
        moment = local_time(self._clock.now_us(), self._zone_name)
        detail = f" ({error.detail})" if isinstance(error, SyncError) and error.detail else ""
        return SendFailure(
            what=error.what,
            safe=error.safe,
            next_steps=next_steps(error),
            help_lines=(
                _("Reason: {code}").format(code=error.code + detail),
                _("Time {hour} · program {version} · {system}").format(
                    hour=written_clock(moment), version=__version__, system=platform.system()
                ),
            ),
            needs_enrolment=error.code == "refused",
        )

    def _fail_quietly(self, error: Exception) -> None:
        known = known_error(error)
        if known is not None:
            self._set(replace(self.state, phase=FAILED, failure=self._failure(known)))


class _Steps:
    """Hand the engine's steps on as progress; hears the stop."""

    def __init__(self, context: WorkContext) -> None:
        self._context = context

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        self._context.report(Progress(name, done, total))


def _look(connection: Connection) -> DeliveryState:
    return delivery_state(connection)
