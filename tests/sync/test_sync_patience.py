"""Trying again, in time with the way there and with the person at the screen."""

from concurrent.futures import CancelledError
from dataclasses import replace

import pytest
from tests.sync.laptops import Laptop, broken, fault_of, keys
from tests.sync.offices import Way

from stojnica.domain.errors import UserFacingError
from stojnica.storage.tables import ANSWERED
from stojnica.sync import push
from stojnica.sync.faults import interrupted

LONG = "x" * 2000


class Steps:
    """Hear the steps, and stop at the one that the test names."""

    def __init__(self, stop_at: str = "", done: int = 0) -> None:
        self.heard: list[tuple[str, int, int | None]] = []
        self._stop = (stop_at, done)

    def stop_at(self, name: str) -> None:
        self._stop = (name, 0)

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        self.heard.append((name, done, total))
        if name == self._stop[0] and done >= self._stop[1]:
            raise CancelledError


def test_i07_the_network_is_tried_again_with_growing_and_random_pauses(laptop: Laptop, way: Way) -> None:
    captured = laptop.capture(2)
    failing = ["connect", "hello", "push", "prove"]

    def fail_once_each(name: str) -> None:
        if failing and name == failing[0]:
            failing.pop(0)
            raise interrupted("test")

    way.before = fail_once_each
    pauses = dict.fromkeys(range(4), 0.0)

    def pause(seconds: float) -> None:
        pauses[3 - len(failing)] += seconds

    result = laptop.engine(attempts=5, pause=pause).run()

    assert result.is_complete
    assert way.office.facts() == keys(captured)
    assert all(0 < pauses[attempt] <= 0.5 * 2**attempt for attempt in range(4))
    assert len(set(pauses.values())) == 4
    assert way.calls.count("close") == 4


def test_i07_the_last_attempt_tells_what_is_wrong_and_where(laptop: Laptop, way: Way) -> None:
    laptop.capture(1)
    way.before = lambda name: broken(name == "prove")

    fault = fault_of(laptop, attempts=3)

    assert (fault.code, fault.step) == ("interrupted", "prove")
    assert way.calls.count("connect") == 3
    assert len(laptop.in_state(ANSWERED)) == 2


def test_what_arrived_before_a_broken_attempt_is_counted_too(laptop: Laptop, way: Way) -> None:
    laptop.capture(4)
    failing = ["prove"]
    way.before = lambda name: broken(name in failing and bool(failing.pop()))

    result = laptop.sync(attempts=2)

    assert (result.pushed, result.is_complete) == (8, True)


def test_i07_a_slow_way_gets_small_batches_and_a_quick_one_large_ones(
    laptop: Laptop, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.capture(150, remark=LONG)
    laptop.sync()
    quick = [len(batch) for batch in way.pushed]

    laptop.capture(150, remark=LONG)
    way.pushed.clear()
    monkeypatch.setattr(push, "QUICK_S", 0.0)
    monkeypatch.setattr(push, "SLOW_S", 0.0)
    laptop.sync()
    slow = [len(batch) for batch in way.pushed]

    assert quick == sorted(quick)[: len(quick) - 1] + quick[-1:]
    assert len(quick) < 6
    assert slow[0] > slow[1] > slow[2] > slow[-1]


def test_a_stop_between_batches_keeps_what_was_answered(laptop: Laptop, way: Way) -> None:
    captured = keys(laptop.capture(100, remark=LONG))
    steps = Steps("push", done=1)

    with pytest.raises(CancelledError):
        laptop.sync(context=steps)

    answered = laptop.in_state(ANSWERED)
    assert 0 < len(answered) < 200
    assert answered == captured[: len(answered)] == way.office.facts()
    assert way.calls[-1] == "close"
    assert laptop.sync().pushed == 200 - len(answered)


@pytest.mark.parametrize("step", ["connect", "hello", "push", "prove", "brief"])
def test_a_stop_is_heard_at_each_step(laptop: Laptop, way: Way, step: str) -> None:
    laptop.capture(1)

    with pytest.raises(CancelledError):
        laptop.sync(context=Steps(step))

    assert way.calls.count("connect") == way.calls.count("close")
    assert laptop.sync().is_complete


def test_a_stop_is_heard_while_waiting_for_the_next_attempt(laptop: Laptop, way: Way) -> None:
    # Given a person who presses the button during the first pause
    way.before = lambda name: broken(name == "hello")
    pauses: list[float] = []
    steps = Steps()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        steps.stop_at("connect")

    with pytest.raises(CancelledError):
        laptop.engine(attempts=9, pause=pause).run(steps)

    assert len(pauses) == 1
    assert pauses[0] <= 0.25


def test_the_centre_may_ask_for_patience_but_not_for_ever(laptop: Laptop, way: Way) -> None:
    way.alter = lambda name, answer: replace(answer, backoff_s=10**9) if name == "hello" else answer
    assert laptop.sync().backoff_s == 3600
    way.be_sound()
    assert laptop.sync().backoff_s == 0


def test_progress_counts_up_to_what_waits(laptop: Laptop) -> None:
    laptop.capture(400)
    steps = Steps()

    laptop.sync(context=steps)

    names = list(dict.fromkeys(name for name, _done, _total in steps.heard))
    counted = [(done, total) for name, done, total in steps.heard if name == "push"]
    assert names == ["connect", "hello", "push", "prove", "brief"]
    assert counted[0] == (0, 800)
    assert counted[-1] == (800, 800)
    assert counted == sorted(counted)


def test_one_sync_at_a_time(laptop: Laptop, way: Way) -> None:
    engine = laptop.engine()
    seen: list[str] = []

    def run_again(name: str) -> None:
        if name == "hello":
            with pytest.raises(UserFacingError) as caught:
                engine.run()
            seen.append(caught.value.code)

    way.before = run_again
    engine.run()

    assert seen == ["sync_running"]
    way.be_sound()
    assert engine.run().is_complete


def test_testing_the_connection_sends_nothing(laptop: Laptop, way: Way) -> None:
    laptop.capture(1)

    laptop.engine().test_connection()

    assert way.calls == ["connect", "hello", "close"]
    assert laptop.unconfirmed().facts == 2
