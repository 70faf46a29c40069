"""The page *Unlock*: a passphrase, and nothing heavier than that before it."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from stojnica.services.message import Message, failure_message
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel

S = TypeVar("S")


class UnlockState(NamedTuple):
    """Hold what the page shows; `tries` counts the wrong ones, so that the page can clear its field."""

    is_working: bool = False
    message: Message | None = None
    tries: int = 0


class UnlockViewModel(ViewModel[UnlockState], Generic[S]):
    """Open the store with a passphrase; UI thread alone."""

    def __init__(
        self, runner: TaskRunner, open_store: Callable[[str], S], opened: Callable[[S], None]
    ) -> None:
        super().__init__(UnlockState())
        self._runner = runner
        self._open_store = open_store
        self._opened = opened

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase; an empty one is not tried."""
        if self.state.is_working or not passphrase.strip():
            return
        self._set(self.state._replace(is_working=True, message=None))
        self._runner.submit(lambda _context: self._open_store(passphrase), self._opened, self._failed)

    def try_without_words(self, open_store: Callable[[], S]) -> None:
        """Try a way that needs nobody; when it fails, say why the words are needed."""
        self._set(self.state._replace(is_working=True, message=None))
        self._runner.submit(lambda _context: open_store(), self._opened, self._failed)

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        self._set(UnlockState(message=message, tries=self.state.tries + 1))
