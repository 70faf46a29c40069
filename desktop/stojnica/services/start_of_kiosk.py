"""The page *Kiosk* before it is opened: for whom it asks, how long it waits, whether it counts."""

from dataclasses import dataclass, field, replace

from stojnica.domain.form import ORGANISATION, PERSON
from stojnica.i18n import gettext as _
from stojnica.services.kiosk_options import KioskOptions, keep_kiosk_options, kiosk_options
from stojnica.services.message import Message, failure_message
from stojnica.services.stand import StandContext
from stojnica.services.view_model import LatestOnly, ViewModel

WAITS_S = (30, 60, 120)
_THEN_S = 30


@dataclass(frozen=True, slots=True)
class KioskStartState:
    """Hold what the page shows."""

    is_loaded: bool = False
    options: KioskOptions = field(default_factory=KioskOptions)
    message: Message | None = None


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
            self._context.store.read(kiosk_options), question.only(self._show), question.only(self._failed)
        )

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
        self._context.runner.when(keep_kiosk_options(self._context.store, options), self._show, self._failed)

    def _show(self, options: KioskOptions) -> None:
        self._set(KioskStartState(True, options))

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, message=failure_message(error)))
