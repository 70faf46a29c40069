"""A sync has manners: who signs up just now goes first, and not for ever."""

from typing import Any, cast

import pytest

from stojnica.domain.errors import CancelledError
from stojnica.domain.ids import NIL
from stojnica.sync import session as sessions
from stojnica.sync.session import SyncSession


class BusyStore:
    """Say that somebody has just signed up, over and over."""

    def __init__(self, *, for_looks: int) -> None:
        self.looks = 0
        self._for_looks = for_looks

    def captured_s_ago(self) -> float:
        self.looks += 1
        return 0.0 if self.looks <= self._for_looks else 60.0


def session_of(store: BusyStore) -> SyncSession:
    return SyncSession(cast("Any", store), cast("Any", None), NIL)


def test_the_next_batch_waits_until_nobody_signs_up() -> None:
    store = BusyStore(for_looks=3)
    told: list[int] = []

    session_of(store).wait_for_a_quiet_moment(lambda: told.append(1))

    assert (store.looks, len(told)) == (4, 3)


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LONGEST_WAIT_S", 0.05)
    store = BusyStore(for_looks=10**9)

    session_of(store).wait_for_a_quiet_moment(lambda: None)

    assert 0 < store.looks < 100


def test_a_stop_is_heard_while_it_waits() -> None:
    def stop() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        session_of(BusyStore(for_looks=5)).wait_for_a_quiet_moment(stop)
