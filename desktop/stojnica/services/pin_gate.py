"""The question for the PIN over the kiosk: why it is asked, what was wrong, how long to wait."""

from dataclasses import dataclass, replace

from stojnica.domain.clock import Clock
from stojnica.i18n import gettext as _
from stojnica.services.names_shown import wrong_pin
from stojnica.services.pin import PinAnswer

LEAVE, RESUME = "leave", "resume"


@dataclass(frozen=True, slots=True)
class PinPrompt:
    """Ask the team for the PIN, in the program's own language; `reason` is "leave" or "resume"."""

    reason: str
    title: str
    problem: str = ""
    wait_s: int = 0


class PinGate:
    """Hold the one question that may be open; UI thread alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._prompt: PinPrompt | None = None
        self._ready_at = 0

    @property
    def reason(self) -> str:
        """Say why the PIN is asked; "" while it isn't."""
        return self._prompt.reason if self._prompt else ""

    def ask(self, reason: str) -> None:
        """Ask."""
        self._prompt = PinPrompt(reason, _pin_title(reason))

    def close(self) -> None:
        """Ask no more."""
        self._prompt = None

    def refuse(self, answer: PinAnswer) -> None:
        """Say that it was wrong, and when it may be tried again."""
        if self._prompt is not None:
            self._prompt = replace(self._prompt, problem=wrong_pin(answer).what)
            self._ready_at = self._clock.monotonic_us() + answer.wait_s * 1_000_000

    def say(self, problem: str) -> None:
        """Say what else went wrong."""
        if self._prompt is not None:
            self._prompt = replace(self._prompt, problem=problem)

    def shown(self) -> PinPrompt | None:
        """Give the question as it stands now, with the seconds that are left to wait."""
        if self._prompt is None or not self._prompt.problem:
            return self._prompt
        left_us = self._ready_at - self._clock.monotonic_us()
        return replace(self._prompt, wait_s=max(0, -(-left_us // 1_000_000)))


def _pin_title(reason: str) -> str:
    if reason == LEAVE:
        return _("PIN to leave the kiosk")
    return _("Something else came to the front. PIN to go on")
