"""Sending by itself: with a connection and a reason, never twice at once, later after a failure."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.sync.laptops import Laptop, new_laptop
from tests.sync.offices import Way

from stojnica.domain.clock import SetClock
from stojnica.services.auto_send import (
    AFTER_SUCCESS_S,
    JITTER_S,
    LONGEST_PAUSE_S,
    LOOK_EVERY_S,
    NEWS_AFTER_S,
    AutoSend,
)
from stojnica.services.send import FAILED, IDLE, SENT, SendViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.sync.credentials import Host
from stojnica.sync.faults import refused, unreachable
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.reach import can_reach

_US = 1_000_000


@dataclass
class Stand:
    """Hold a laptop that may send by itself, and the hands of its clock."""

    laptop: Laptop
    way: Way
    clock: SetClock
    runner: DeferredRunner
    send: SendViewModel
    auto: AutoSend
    looks: list[tuple[Host, ...]] = field(default_factory=list)
    has_network: bool = True

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass in ticks, and all work be done."""
        for _tick in range(int(seconds / 10)):
            self.clock.at_us += 10 * _US
            self.auto.tick()
            self.runner.run()

    @property
    def syncs(self) -> int:
        return self.way.calls.count("connect")


@pytest.fixture
def chances() -> list[float]:
    """Be what chance says, the last one again and again."""
    return [0.5]


@pytest.fixture
def stand(tmp_path: Path, chances: list[float]) -> Iterator[Stand]:
    way, clock, runner = Way(MemoryCentre()), SetClock(10**15), DeferredRunner()
    laptop = new_laptop(tmp_path / "laptop", way, clock)
    laptop.enrol(way.office.enrol("Stand 1"))
    send = SendViewModel(laptop.store, laptop.engine(), runner, clock, is_automatic=True)
    made: list[Stand] = []

    def can_reach(hosts: tuple[Host, ...]) -> bool:
        made[0].looks.append(hosts)
        return made[0].has_network

    auto = AutoSend(
        send,
        laptop.store,
        runner,
        clock,
        can_reach=can_reach,
        chance=lambda: chances.pop(0) if len(chances) > 1 else chances[0],
    )
    made.append(Stand(laptop, way, clock, runner, send, auto))
    send.refresh()
    runner.run()
    yield made[0]
    laptop.close()


def test_i07_when_a_connection_appears_what_waits_is_sent_without_anybody(stand: Stand) -> None:
    stand.has_network = False
    stand.laptop.capture(2)
    stand.pass_seconds(600)
    assert stand.syncs == 0
    assert len(stand.looks) >= 9

    stand.has_network = True
    stand.pass_seconds(LOOK_EVERY_S + JITTER_S)

    assert stand.syncs == 1
    assert stand.laptop.unconfirmed().facts == 0
    assert stand.send.state.phase == SENT


def test_laptops_whose_connection_comes_back_together_do_not_come_together(
    stand: Stand, chances: list[float]
) -> None:
    stand.laptop.capture(1)
    chances[:] = [0.9]

    stand.pass_seconds(LOOK_EVERY_S)
    assert len(stand.looks) == 1
    assert stand.syncs == 0
    stand.pass_seconds(0.9 * JITTER_S)

    assert stand.syncs == 1


def test_a_person_who_presses_the_button_does_not_wait_and_nothing_is_sent_again_after(stand: Stand) -> None:
    stand.laptop.capture(1)
    stand.pass_seconds(40)
    assert (len(stand.looks), stand.syncs) == (1, 0)

    stand.send.send()
    stand.runner.run()
    assert stand.syncs == 1
    stand.pass_seconds(AFTER_SUCCESS_S - 20)

    assert stand.syncs == 1


def test_with_nothing_to_send_the_office_is_asked_for_news_now_and_then_only(stand: Stand) -> None:
    stand.pass_seconds(300)
    assert stand.syncs == 1

    stand.pass_seconds(NEWS_AFTER_S - 600)
    assert stand.syncs == 1
    stand.pass_seconds(1_200)

    assert stand.syncs == 2


def test_before_enrolment_nothing_is_looked_for(tmp_path: Path, stand: Stand) -> None:
    stray = new_laptop(tmp_path / "stray", stand.way, stand.clock)
    stray.capture(1)
    runner = DeferredRunner()
    send = SendViewModel(stray.store, stray.engine(), runner, stand.clock)
    looks: list[object] = []
    auto = AutoSend(
        send, stray.store, runner, stand.clock, can_reach=lambda hosts: bool(looks.append(hosts)) or True
    )
    for _tick in range(60):
        stand.clock.at_us += 10 * _US
        auto.tick()
        runner.run()
    stray.close()

    assert looks == []


def failing(stand: Stand, error: Callable[[], Exception]) -> None:
    def fail(_name: str) -> None:
        raise error()

    stand.way.before = fail


def attempts(stand: Stand, seconds: float) -> int:
    tried = [0]

    def fail(name: str) -> None:
        tried[0] += name == "connect"
        raise unreachable("test")

    stand.way.before = fail
    stand.pass_seconds(seconds)
    return tried[0]


def test_i07_after_failures_it_waits_longer_each_time_and_never_gives_up(
    stand: Stand, chances: list[float]
) -> None:
    chances[:] = [1.0]
    stand.laptop.capture(1)

    first, later, last = (attempts(stand, 3_600 * 2) for _period in range(3))

    assert first > later
    assert 1 <= last <= 3_600 * 2 / LONGEST_PAUSE_S + 1
    stand.way.be_sound()
    stand.pass_seconds(2 * LONGEST_PAUSE_S)
    assert stand.laptop.unconfirmed().facts == 0


def test_no_way_to_the_office_is_no_news_when_nobody_asked(stand: Stand) -> None:
    stand.laptop.capture(1)
    failing(stand, lambda: unreachable("test"))

    stand.pass_seconds(LOOK_EVERY_S + JITTER_S)

    assert stand.send.state.phase == IDLE
    assert "It is tried again by itself." in stand.send.state.connection_note
    stand.send.send()
    stand.runner.run()
    assert stand.send.state.phase == FAILED


def test_a_laptop_that_is_shut_out_says_so_also_when_nobody_asked(stand: Stand) -> None:
    stand.laptop.capture(1)
    failing(stand, lambda: refused("login"))

    stand.pass_seconds(LOOK_EVERY_S + JITTER_S)

    assert stand.send.state.phase == FAILED


def test_the_centre_says_how_long_to_wait_at_least(stand: Stand) -> None:
    def ask_to_wait(name: str, answer: object) -> object:
        if name == "hello":
            return replace(answer, backoff_s=1_800)  # type: ignore[type-var]
        return answer

    stand.way.alter = ask_to_wait
    stand.laptop.capture(1)
    stand.pass_seconds(200)
    assert stand.syncs == 1
    stand.laptop.capture(1)

    stand.pass_seconds(1_500)

    assert stand.syncs == 1


@pytest.mark.parametrize("years", [-10, 10])
def test_i10_m08_a_wrong_clock_changes_nothing(stand: Stand, years: int) -> None:
    # The laptop's clock is set anew; what it counts in the meantime isn't moved by that.
    class Jumped(SetClock):
        def now_us(self) -> int:
            return super().now_us() + years * 365 * 86_400 * _US

    stand.send._clock = Jumped(stand.clock.at_us)
    stand.laptop.capture(1)

    stand.pass_seconds(LOOK_EVERY_S + JITTER_S)

    assert stand.laptop.unconfirmed().facts == 0


def test_a_look_that_finds_an_open_port_finds_a_way() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert can_reach([Host("127.0.0.1", 1), Host("127.0.0.1", port)])
    assert not can_reach([Host("127.0.0.1", port)], seconds=0.5)
    assert can_reach([Host("/var/run/postgresql", 5432)])
    assert not can_reach([])
