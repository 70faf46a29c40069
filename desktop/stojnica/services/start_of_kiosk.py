"""The page *Kiosk* before it is opened: for whom it asks, how long it waits, and the PIN that leads out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from stojnica.domain.errors import UserFacingError
from stojnica.domain.form import ORGANISATION, PERSON
from stojnica.i18n import gettext as _
from stojnica.services.kiosk_options import KioskOptions, keep_kiosk_options, kiosk_options
from stojnica.services.message import Message, failure_message
from stojnica.services.pin import PinAnswer, any_pin
from stojnica.services.pin_change import PinWish, change_pin, not_proven
from stojnica.services.stand import StandContext
from stojnica.services.tasks import known_error
from stojnica.services.view_model import LatestOnly, ViewModel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

WAITS_S = (30, 60, 120)
_THEN_S = 30


@dataclass(frozen=True, slots=True)
class KioskStartState:
    """Hold what the page shows; without a PIN one is asked for before the kiosk opens."""

    is_loaded: bool = False
    options: KioskOptions = field(default_factory=KioskOptions)
    has_pin: bool = True
    message: Message | None = None


class _Look(NamedTuple):
    options: KioskOptions
    has_pin: bool


class KioskStartViewModel(ViewModel[KioskStartState]):
    """Show and change how this laptop's kiosk is set; what is changed is kept at once. UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(KioskStartState())
        self._context = context
        self._looks = LatestOnly()

    def refresh(self) -> None:
        """Look at what is set."""
        question = self._looks.ask()
        self._context.runner.when(
            self._context.store.read(_look), question.only(self._show), question.only(self._failed)
        )

    def choose_first_pin(
        self, wish: PinWish, done: Callable[[], None], failed: Callable[[UserFacingError], None]
    ) -> None:
        """Keep the laptop's first PIN; `done` comes once it is on disk, `failed` hears what is wrong."""
        store, pin = self._context.store, self._context.pin

        def answered(answer: PinAnswer) -> None:
            if not answer.is_right:
                failed(not_proven(answer))
                return
            self._set(replace(self.state, has_pin=True))
            done()

        def refused(error: Exception) -> None:
            self.refresh()
            known = known_error(error)
            if known is not None:
                failed(known)

        self._context.runner.submit(lambda _context: change_pin(store, pin, wish), answered, refused)

    def audiences(self) -> tuple[tuple[str, str], ...]:
        """Give for whom the form can be."""
        return ((PERSON, _("for people")), (ORGANISATION, _("for organisations")))

    def ask(self, audience: str) -> None:
        """Choose for whom the form is."""
        self._keep(replace(self.state.options, audience=audience))

    def wait(self, seconds: int) -> None:
        """Choose after how many seconds without a touch it asks; half a minute later it wipes."""
        self._keep(replace(self.state.options, warn_s=seconds, wipe_s=seconds + _THEN_S))

    def count(self, is_wanted: bool) -> None:
        """Have the anonymous last page, or not."""
        self._keep(replace(self.state.options, asks_counts=is_wanted))

    def _keep(self, options: KioskOptions) -> None:
        self._looks.forget()
        self._context.runner.when(keep_kiosk_options(self._context.store, options), self._kept, self._failed)

    def _show(self, look: _Look) -> None:
        self._set(KioskStartState(True, look.options, look.has_pin))

    def _kept(self, options: KioskOptions) -> None:
        self._set(KioskStartState(True, options, self.state.has_pin))

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, message=failure_message(error)))


def _look(connection: "Connection") -> _Look:
    return _Look(kiosk_options(connection), any_pin(connection))
