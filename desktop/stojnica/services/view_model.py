"""What every page's view-model is: a frozen state, somebody who watches it, and answers that come late."""

from collections.abc import Callable
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class ViewModel(Generic[S]):
    """Hold one frozen state and tell who watches when it is replaced; UI thread alone."""

    def __init__(self, initial: S) -> None:
        self._state = initial
        self._watchers: list[Callable[[S], None]] = []

    @property
    def state(self) -> S:
        """Give what is to be drawn now."""
        return self._state

    def subscribe(self, watcher: Callable[[S], None]) -> Callable[[], None]:
        """Call `watcher` now and with each new state; give the call that ends it."""
        self._watchers.append(watcher)
        watcher(self._state)

        def unsubscribe() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unsubscribe

    def _set(self, state: S) -> None:
        """Replace the state; equal ones are not announced, and nobody is told of one already replaced."""
        if state == self._state:
            return
        self._state = state
        for watcher in list(self._watchers):
            if self._state is not state:
                return
            if watcher in self._watchers:
                watcher(state)


class LatestOnly:
    """Let only the newest question's answer through; each `ask` outdates the ones before."""

    def __init__(self) -> None:
        self._newest = 0

    def ask(self) -> "Question":
        """Begin a new question."""
        self._newest += 1
        return Question(self, self._newest)

    def forget(self) -> None:
        """Outdate every question that is out, for example because the form was emptied."""
        self._newest += 1

    def is_newest(self, number: int) -> bool:
        """Tell whether no later question was begun."""
        return number == self._newest


class Question:
    """One question among those that outdate each other."""

    def __init__(self, among: LatestOnly, number: int) -> None:
        self._among = among
        self._number = number

    @property
    def is_newest(self) -> bool:
        """Tell whether the answer is still wanted."""
        return self._among.is_newest(self._number)

    def only(self, callback: Callable[[T], None]) -> Callable[[T], None]:
        """Wrap a callback so that it hears nothing once a later question was begun."""

        def if_newest(answer: T) -> None:
            if self.is_newest:
                callback(answer)

        return if_newest
