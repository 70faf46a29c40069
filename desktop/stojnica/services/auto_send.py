"""Sending by itself: when a connection appears, gently, and never in anybody's way."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from stojnica.domain.clock import Clock
from stojnica.services.send import SendViewModel
from stojnica.services.tasks import TaskRunner
from stojnica.storage.outbox import waiting_count
from stojnica.storage.store import Store
from stojnica.sync.credentials import Host, credentials_of
from stojnica.sync.engine import SyncResult
from stojnica.sync.faults import Fate, SyncError

LOOK_EVERY_S = 60.0
"""How often it is looked whether there is a connection."""
JITTER_S = 60.0
"""A stand's Wi-Fi comes back for many laptops at once: each waits a time of its own."""
AFTER_SUCCESS_S = 300.0
NEWS_AFTER_S = 6 * 3600.0
"""With nothing to send, news of the office are fetched so often."""
FIRST_PAUSE_S = 120.0
LONGEST_PAUSE_S = 3600.0
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class _Outlook:
    hosts: tuple[Host, ...]
    waiting: int


class AutoSend:
    """Send when the office can be reached and something waits; UI thread alone, call `tick` every second.

    A person's *Send now* comes first at any time, and its end is heard here too. After a failure it waits
    longer each time (capped, with full jitter); it never gives up for good, because records must arrive
    without anybody's help (I7). Nothing here decides by the laptop's clock: only monotonic time counts (I10).
    """

    def __init__(
        self,
        send: SendViewModel,
        store: Store,
        runner: TaskRunner,
        clock: Clock,
        *,
        can_reach: Callable[[tuple[Host, ...]], bool],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._send = send
        self._store = store
        self._runner = runner
        self._clock = clock
        self._can_reach = can_reach
        self._chance = chance
        self._look_at = self._now() + LOOK_EVERY_S * chance()
        self._news_at = self._look_at
        self._send_at: float | None = None
        self._failures = 0
        self._is_looking = False
        send.hear_end(self._ended)

    def tick(self) -> None:
        """Do what it is time for; cheap."""
        now = self._now()
        if self._is_looking or self._send.state.is_busy:
            return
        if self._send_at is not None:
            if now >= self._send_at:
                self._send_at = None
                self._send.send_quietly()
        elif now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            self._is_looking = True
            wants_news = now >= self._news_at
            self._runner.submit(
                lambda _context: self._is_time(wants_news), self._looked, self._could_not_look
            )

    def _is_time(self, wants_news: bool) -> bool:
        """Look whether there is something to send or fetch, and a way; runs on the pool."""
        outlook = self._store.read(_outlook).result()
        if not outlook.hosts or not (outlook.waiting or wants_news):
            return False
        return self._can_reach(outlook.hosts)

    def _looked(self, is_time: bool) -> None:
        self._is_looking = False
        if is_time:
            self._send_at = self._now() + JITTER_S * self._chance()

    def _could_not_look(self, _error: Exception) -> None:
        # A file that can't be read is told by the page that wanted something of it.
        self._is_looking = False

    def _ended(self, result: SyncResult | Exception) -> None:
        """Hear how a sync ended, whoever asked for it."""
        now = self._now()
        self._send_at = None
        if isinstance(result, SyncResult):
            self._failures = 0
            self._look_at = now + max(AFTER_SUCCESS_S, result.backoff_s)
            self._news_at = now + NEWS_AFTER_S
        else:
            self._look_at = now + self._pause(result)

    def _pause(self, error: Exception) -> float:
        self._failures += 1
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._failures - 1, 10))
        if isinstance(error, SyncError) and error.fate is not Fate.NETWORK:
            # Somebody has to act first; it is shown, and tried now and then all the same.
            return LONGEST_PAUSE_S / 2 + LONGEST_PAUSE_S / 2 * self._chance()
        return longest * self._chance()

    def _now(self) -> float:
        return self._clock.monotonic_us() / _US


def _outlook(connection: Connection) -> _Outlook:
    credentials = credentials_of(connection)
    return _Outlook(credentials.hosts if credentials else (), waiting_count(connection))
