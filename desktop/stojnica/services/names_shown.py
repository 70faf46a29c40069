"""Names on a screen that a visitor can glimpse: for ten seconds, after the PIN or while a key is held."""

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

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


def wrong_pin(wait_s: int) -> UserFacingError:
    """Tell that a PIN was wrong, and how long the next try takes."""
    next_step = ngettext("Try again in {count} second.", "Try again in {count} seconds.", wait_s).format(
        count=wait_s
    )
    return UserFacingError(_("This PIN is not right."), next_step=next_step, code="pin_wrong")
