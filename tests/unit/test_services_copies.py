"""Copies by themselves: when something changed, after a stand is closed, at ten per cent, and on demand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.conftest import FRIDAY_AT_14_32 as NOW_US
from tests.unit.copied import numbers_here, save, short

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.services.battery import Battery
from stojnica.services.changes import Change
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copy_segment
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.copy_settings import CopySettings, change_copy_settings, choose_copy_place
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner, Progress
from stojnica.storage.home import OpenStore


class Cell:
    """A battery that a test drains."""

    def __init__(self) -> None:
        self.now: Battery | None = Battery(80, is_plugged_in=False)

    def __call__(self) -> Battery | None:
        return self.now


@pytest.fixture
def battery() -> Cell:
    """Give a battery."""
    return Cell()


@pytest.fixture
def copies(at_stand: StandContext, keeper: CopyKeeper, battery: Cell) -> CopiesViewModel:
    """Give the view-model."""
    return CopiesViewModel(at_stand, keeper, battery)


@pytest.fixture
def wait(copies: CopiesViewModel, clock: SetClock, runner: DeferredRunner) -> Callable[[float], None]:
    """Let minutes pass, in steps of five seconds."""

    def wait_for(minutes: float) -> None:
        for _step in range(int(minutes * 12)):
            clock.at_us += 5_000_000
            copies.tick()
            runner.run()

    return wait_for


def test_i02_a_copy_is_made_by_itself_only_when_something_changed(
    opened: OpenStore, keeper: CopyKeeper, wait: Callable[[float], None]
) -> None:
    wait(2)
    assert numbers_here(keeper) == ["000001"]

    wait(30)
    assert numbers_here(keeper) == ["000001"]

    save(opened)
    wait(11)
    assert numbers_here(keeper) == ["000001", "000002"]


def test_i02_when_a_stand_is_closed_a_copy_is_made_soon(
    opened: OpenStore, keeper: CopyKeeper, at_stand: StandContext, wait: Callable[[float], None]
) -> None:
    wait(2)
    save(opened)
    at_stand.changes.tell(Change.TEAM)

    wait(0.25)

    assert numbers_here(keeper) == ["000001", "000002"]


def test_i02_at_ten_per_cent_a_copy_is_made_once(
    opened: OpenStore, keeper: CopyKeeper, battery: Cell, wait: Callable[[float], None]
) -> None:
    wait(2)
    save(opened)
    battery.now = Battery(10, is_plugged_in=False)

    wait(1.5)
    assert numbers_here(keeper) == ["000001", "000002"]

    save(opened)
    wait(2)
    assert numbers_here(keeper) == ["000001", "000002"]


def test_i02_a_battery_on_the_mains_or_none_hurries_nobody(
    opened: OpenStore, keeper: CopyKeeper, battery: Cell, wait: Callable[[float], None]
) -> None:
    wait(2)
    save(opened)

    battery.now = Battery(4, is_plugged_in=True)
    wait(2)
    battery.now = None
    wait(2)

    assert numbers_here(keeper) == ["000001"]


def test_i02_a_chosen_stick_gets_each_copy_too(opened: OpenStore, keeper: CopyKeeper, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(opened.store, stick)
    save(opened)

    outcome = keeper.copy()

    assert outcome.faults == ()
    assert [copy.contacts for copy in outcome.made] == [1, 1]
    assert len(list((stick / "Stojnica").glob("*.db"))) == 1
    assert (short(opened).number_here, short(opened).number_there) == (1, 1)


def test_i02_without_its_stick_the_copy_here_is_made_and_it_is_told_until_the_stick_is_back(
    opened: OpenStore, keeper: CopyKeeper, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(opened.store, stick)
    stick.rename(tmp_path / "pulled")

    outcome = keeper.copy()

    assert [fault.code for fault in outcome.faults] == ["copy_place_gone"]
    assert len(outcome.made) == 1
    assert copy_segment(short(opened), NOW_US)[0] == "wait"
    assert not stick.exists()
    (tmp_path / "pulled").rename(stick)
    assert keeper.copy(only_if_changed=True).faults == ()
    assert copy_segment(short(opened), NOW_US) == ("", "Copy: **just now**")


def test_i02_a_place_that_cannot_be_used_is_refused_in_words(opened: OpenStore, tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as caught:
        choose_copy_place(opened.store, tmp_path / "nowhere")

    assert caught.value.code == "copy_place_gone"
    assert short(opened).settings.place == ""


def test_on_demand_it_says_how_it_went(
    opened: OpenStore, copies: CopiesViewModel, runner: DeferredRunner
) -> None:
    save(opened)

    copies.copy_now()
    assert copies.state.is_working
    runner.run()

    assert not copies.state.is_working
    assert copies.state.message is not None
    assert copies.state.message.what == "The copy was made and read back: it holds 1 contact."
    assert copies.state.here == "1 copy, made just now, with 1 contact"
    assert "stick" in copies.state.hint


def test_a_stick_is_chosen_gets_its_first_copy_and_is_let_go_again(
    copies: CopiesViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()

    copies.choose_place(stick)
    runner.run()
    assert copies.state.place == str(stick / "Stojnica")
    assert copies.state.there.startswith("1 copy")

    copies.forget_place()
    runner.run()
    assert (copies.state.place, copies.state.there) == ("", "")
    assert len(list((stick / "Stojnica").glob("*.db"))) == 1


def test_settings_of_the_wrong_kind_take_their_defaults(opened: OpenStore) -> None:
    change_copy_settings(opened.store, minutes=30).result()

    assert short(opened).settings == CopySettings(minutes=30)


def test_a_copy_to_a_slow_stick_ends_when_a_stop_is_asked_for(
    opened: OpenStore, keeper: CopyKeeper, runner: DeferredRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a copy of many steps, and somebody who closes the window after the first
    monkeypatch.setattr("stojnica.storage.copies.STEP_PAGES", 1)
    ended: list[object] = []
    steps: list[object] = []

    class Closing:
        def report(self, progress: Progress) -> None:
            steps.append(progress)
            raise CancelledError

    runner.submit(lambda _context: keeper.copy(Closing()), ended.append, ended.append)
    runner.run()

    assert [type(item) for item in ended] == [CancelledError]
    assert len(steps) == 1
    assert list(keeper.here.iterdir()) == []
