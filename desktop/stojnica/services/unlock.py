"""The page *Unlock*: a passphrase, and nothing heavier than that before it."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from stojnica.services.message import Message, failure_message
from stojnica.services.tasks import TaskRunner
from stojnica.services.view_model import ViewModel

S = TypeVar("S")
K = TypeVar("K")


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
        self._is_asking = False

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase; an empty one is not tried."""
        if self.state.is_working or not passphrase.strip():
            return
        self._set(self.state._replace(is_working=True, message=None))
        self._runner.submit(lambda _context: self._open_store(passphrase), self._opened, self._failed)

    def try_without_words(self, ask: Callable[[], K], open_store: Callable[[K], S]) -> None:
        """Ask for a key that needs nobody, and open with it; when there is none, say why words are needed.

        The answer may take seconds; whoever begins to type meanwhile has the words, and they count.
        """

        def answered(key: K) -> None:
            if self._is_asking and not self.state.is_working:
                self._set(self.state._replace(is_working=True, message=None))
                self._runner.submit(lambda _context: open_store(key), self._opened, self._failed)
            self._is_asking = False

        self._is_asking = True
        self._runner.submit(lambda _context: ask(), answered, self._no_key)

    def stop_asking(self) -> None:
        """Open nothing by itself any more: somebody types the words, or went on to another page."""
        self._is_asking = False

    def _no_key(self, error: Exception) -> None:
        message = failure_message(error)
        if self._is_asking and self.state == UnlockState():
            self._set(UnlockState(message=message))
        self._is_asking = False

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        self._set(UnlockState(message=message, tries=self.state.tries + 1))
