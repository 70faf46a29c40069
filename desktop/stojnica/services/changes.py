"""What has changed in the store, told to the pages that show it."""

from collections.abc import Callable
from enum import StrEnum


class Change(StrEnum):
    """Name what a write, or a briefing, has changed."""

    CONTACTS = "contacts"
    COUNTS = "counts"
    EVENTS = "events"
    ORGANISATION = "organisation"
    DELIVERY = "delivery"
    QUESTIONS = "questions"
    TEAM = "team"
    ERASED = "erased"
    COPIES = "copies"


class Changes:
    """Tell who watches what was changed; UI thread alone."""

    def __init__(self) -> None:
        self._watchers: list[Callable[[frozenset[Change]], None]] = []

    def subscribe(self, watcher: Callable[[frozenset[Change]], None]) -> Callable[[], None]:
        """Call `watcher` with each set of changes from now on; give the call that ends it."""
        self._watchers.append(watcher)

        def unsubscribe() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unsubscribe

    def tell(self, *changed: Change) -> None:
        """Say that these are no longer as they were."""
        for watcher in list(self._watchers):
            watcher(frozenset(changed))
