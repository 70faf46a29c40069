"""Names on a screen that a visitor can glimpse: for ten seconds, after the PIN or while a key is held."""

from collections.abc import Callable

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.message import Message, failure_message, message_of
from stojnica.services.pin import PinAnswer, not_heard, try_again_in
from stojnica.services.stand import StandContext

SHOWN_S = 10


class NamesShown:
    """Know whether names may be on the screen now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: int | None = None

    def show(self) -> None:
        """Begin ten seconds; a second call while they run doesn't lengthen them."""
        if not self.seconds_left:
            self._until = self._clock.monotonic_us() + SHOWN_S * 1_000_000

    def hide(self) -> None:
        """End them."""
        self._until = None

    @property
    def seconds_left(self) -> int:
        """Give the seconds until names go, rounded up; 0 when they are not shown."""
        if self._until is None:
            return 0
        left_us = self._until - self._clock.monotonic_us()
        return max(0, -(-left_us // 1_000_000))


class NamesOnDemand:
    """Let a page show names; `look` makes it read its list again, `say` shows a message there."""

    def __init__(
        self, context: StandContext, look: Callable[[], None], say: Callable[[Message | None], None]
    ) -> None:
        self._context = context
        self._shown = NamesShown(context.clock)
        self._look = look
        self._say = say
        self._is_pin_given = False

    @property
    def is_pin_given(self) -> bool:
        """Tell whether names are shown after the PIN: a held key opens nothing else."""
        return self._is_pin_given and self.seconds_left > 0

    @property
    def seconds_left(self) -> int:
        """Give the seconds until names go; 0 when they are not shown."""
        return self._shown.seconds_left

    def ask(self, pin: str) -> None:
        """Show names when the PIN is right."""
        self._context.runner.when(self._context.pin.try_pin(pin), self._answered, self._failed)

    def hold(self) -> None:
        """Show names at once, because a key is held."""
        self._begin(is_pin_given=False)

    def hide(self) -> None:
        """Show them no longer."""
        self._shown.hide()

    def _begin(self, *, is_pin_given: bool) -> None:
        self._is_pin_given = is_pin_given
        self._shown.show()
        self._look()

    def _answered(self, answer: PinAnswer) -> None:
        if answer.is_right:
            self._say(None)
            self._begin(is_pin_given=True)
        else:
            self._say(message_of(wrong_pin(answer)))

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._say(message)


def wrong_pin(answer: PinAnswer) -> UserFacingError:
    """Tell that a PIN was wrong, and how long the next try takes; none only where no PIN was ever chosen."""
    if not answer.wait_s:
        return UserFacingError(
            _("No PIN has been set on this laptop yet."),
            next_step=_("Choose one on the page Team, under “PIN of the team”."),
            code="pin_missing",
        )
    what = _("This PIN is not right.") if answer.is_heard else not_heard()
    return UserFacingError(what, next_step=try_again_in(answer.wait_s), code="pin_wrong")
