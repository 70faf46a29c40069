"""View-models that hold still for a picture: they say what they would, and change nothing at the stand."""

from dataclasses import replace
from typing import Never

from stojnica.domain.clock import Clock
from stojnica.domain.ids import NIL
from stojnica.domain.retention import DAY_US, Retention
from stojnica.domain.signup import SignUp
from stojnica.services.delivery_state import DeliveryState, LastReceipt
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskSettings
from stojnica.services.leaving import LeavingState, LeavingViewModel, leaving_lines
from stojnica.services.retention import RetentionLook
from stojnica.services.send import SENDING, SendViewModel
from stojnica.services.stand import HOME_ZONE, StandContext
from stojnica.services.status import StatusLook, StatusViewModel
from stojnica.services.tasks import ImmediateRunner, Progress
from stojnica.storage.outbox import Held, Unconfirmed
from stojnica.storage.purge_plan import Leaving, PurgePlan
from stojnica.sync.engine import SyncEngine, SyncResult
from stojnica.sync.faults import interrupted
from stojnica.sync.prove import Receipt

_CONTACTS, _FACTS, _CODE = 41, 412, "7F3A"
_LATE_CONTACTS, _LATE_FACTS = 5, 48
_MINUTE_US = 60_000_000


class PosedLeaving(LeavingViewModel):
    """Pose that thirty days lie ahead of most; nothing leaves."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(context.store, ImmediateRunner(), HOME_ZONE)
        now = context.clock.now_us()
        later = (Leaving(now + 13 * DAY_US, 12), Leaving(now + 29 * DAY_US, _CONTACTS - _LATE_CONTACTS - 12))
        self._plan = PurgePlan(later=later, unproven=_LATE_CONTACTS, now=now)
        self._names = PurgePlan(later=(Leaving(now + 163 * DAY_US, 4),), now=now)

    def refresh(self) -> None:
        look = RetentionLook(Retention(30, 180), self._plan, self._names)
        self._set(LeavingState(leaving_lines(look, HOME_ZONE)))

    def clear_up(self) -> None:
        """Be asked after a posed delivery, which had none of the late ones any more."""
        self._plan = replace(self._plan, unproven=0, uncovered=_LATE_CONTACTS)


class PosedSend(SendViewModel):
    """Pose a delivery of 41 contacts, of which 5 came late; the office hears nothing of it."""

    def __init__(self, context: StandContext) -> None:
        engine = SyncEngine(context.store, _no_office)
        super().__init__(context.store, engine, ImmediateRunner(), context.clock)
        self.leaving: LeavingViewModel = PosedLeaving(context)
        self._proven_at = context.clock.now_us() - _MINUTE_US
        self._waiting = Unconfirmed(_LATE_CONTACTS, _LATE_FACTS, aside=0)

    @property
    def progress(self) -> Progress | None:
        return Progress("push", _FACTS - _LATE_FACTS // 2, _FACTS) if self.state.is_busy else None

    @property
    def delivery(self) -> DeliveryState:
        """Give what is posed."""
        receipt = LastReceipt(
            _CODE, _FACTS - self._waiting.facts, _CONTACTS - self._waiting.contacts, self._proven_at
        )
        held = Held(_CONTACTS, _FACTS)
        return DeliveryState(True, "Voluntariat", "A", self._waiting, held, receipt)

    def refresh(self) -> None:
        self._show_delivery(self.delivery)
        self.leaving.refresh()

    def pose_half_way(self) -> None:
        """Be sending."""
        self._set(replace(self.state, phase=SENDING))

    def pose_failed(self) -> None:
        """Have met a line that broke."""
        error = interrupted("push")
        error.step = "push"
        self._failed(error)

    def pose_sent(self) -> None:
        """Have delivered all of it."""
        self._waiting = Unconfirmed(0, 0, 0)
        receipt = Receipt(NIL, _CODE, _FACTS, _CONTACTS, extra=0, covered=0, proven_at=self._proven_at)
        self._sent(
            SyncResult(
                receipt=receipt,
                contacts=_CONTACTS,
                facts=_FACTS,
                pushed=_LATE_FACTS,
                repaired=0,
                briefing_version=2,
                aside=(),
                is_copy_noticed=False,
                is_centre_changed=False,
            )
        )


class PosedStatus(StatusViewModel):
    """Say in the status line what the posed delivery says."""

    def __init__(self, context: StandContext, send: PosedSend) -> None:
        self._send = send
        super().__init__(context)

    def _show(self, look: StatusLook) -> None:
        super()._show(replace(look, delivery=self._send.delivery.in_short))


def _no_office(_credentials: object) -> Never:
    raise interrupted("posed")


class KioskThatKeepsNothing(KioskViewModel):
    """Lead a visitor to the thanks without saving the visit, and through a minute at once."""

    def __init__(self, context: StandContext) -> None:
        self._later = _LaterClock(context.clock)
        super().__init__(replace(context, clock=self._later), KioskSettings(thanks_s=3600))

    def pose_a_minute_later(self) -> None:
        """Have nobody touch anything for a minute."""
        self._later.ahead_us += _MINUTE_US
        self.tick()

    def lose_focus(self) -> None:
        """Stay: a window of an earlier picture may still come to the front."""

    def pose_blank(self) -> None:
        """Have something come to the front."""
        super().lose_focus()

    def pose_too_young(self) -> None:
        """Meet a child."""
        self.next()
        youngest = self.state.question("age_band")
        assert youngest is not None
        self.choose("age_band", youngest.options[0].id)
        self.next()

    def pose_counts(self) -> None:
        """Come to the anonymous last page."""
        self._show_end(KioskPhase.COUNTS)

    def pose_nobody_here(self) -> None:
        """Have nobody come who may agree for the child."""
        self.refuse_as_guardian()

    def _keep(self, signup: SignUp) -> None:
        self._show_end(KioskPhase.THANKS)


class _LaterClock:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead_us = 0

    def now_us(self) -> int:
        return self._clock.now_us()

    def offset_min(self) -> int:
        return self._clock.offset_min()

    def monotonic_us(self) -> int:
        return self._clock.monotonic_us() + self.ahead_us
