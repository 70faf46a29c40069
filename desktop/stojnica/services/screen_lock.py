"""The page over a stand that nobody touched: a PIN takes it off, the store stays open behind it."""

from dataclasses import dataclass, replace

from stojnica.services.message import Message, failure_message, message_of
from stojnica.services.names_shown import wrong_pin
from stojnica.services.pin import PinAnswer, PinLock
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel


@dataclass(frozen=True, slots=True)
class ScreenLockState:
    """Hold what is shown; `is_locked` is False when nothing covers the stand."""

    is_locked: bool = False
    is_working: bool = False
    message: Message | None = None


class ScreenLock(ViewModel[ScreenLockState]):
    """Cover the stand until a PIN is right; wrong ones cost growing time, never data. UI thread alone."""

    def __init__(self, pins: PinLock, runner: TaskRunner) -> None:
        super().__init__(ScreenLockState())
        self._pins = pins
        self._runner = runner

    def lock(self) -> None:
        """Cover it."""
        self._set(ScreenLockState(is_locked=True))

    def try_pin(self, pin: str) -> None:
        """Try a PIN; an empty one is not tried."""
        if self.state.is_working or not self.state.is_locked or not pin:
            return
        self._set(replace(self.state, is_working=True, message=None))
        self._runner.when(self._pins.try_pin(pin), self._answered, self._failed)

    def _answered(self, answer: PinAnswer) -> None:
        if answer.is_right:
            self._set(ScreenLockState())
        else:
            self._set(ScreenLockState(is_locked=True, message=message_of(wrong_pin(answer))))

    def _failed(self, error: Exception) -> None:
        self._set(ScreenLockState(is_locked=True, message=failure_message(error)))
