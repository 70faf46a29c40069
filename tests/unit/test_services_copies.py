"""Copies by themselves: when something changed, after a stand is closed, at ten per cent, and on demand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.records.typed import SIGNUP
from stojnica.services.battery import Battery
from stojnica.services.changes import Change, Changes
from stojnica.services.copies import (
    CopiesInShort,
    CopyKeeper,
    CopySettings,
    change_copy_settings,
    choose_copy_place,
    copies_in_short,
    copy_segment,
    written_age,
)
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.erasing import erase_contact
from stojnica.services.pin import PinLock
from stojnica.services.preflight import Grounds, State, look_at_stand
from stojnica.services.preflight_copies import check_copies
from stojnica.services.preflight_stand import CHECKS
from stojnica.services.stand import StandContext
from stojnica.services.status import StatusViewModel
from stojnica.services.tasks import DeferredRunner, Progress
from stojnica.storage.copies import MadeCopy
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

MINUTE_US = 60_000_000
NOW_US = 1_726_835_520_000_000


@pytest.fixture
def opened(tmp_path: Path, clock: SetClock) -> Iterator[OpenStore]:
    """Give an open store with its key file."""
    item = create_store(StoreHome(tmp_path / "home"), "a b c d e", clock=clock, cost=Argon2Cost(8, 1, 1))
    yield item
    item.close()


@pytest.fixture
def keeper(opened: OpenStore) -> CopyKeeper:
    """Give what makes its copies."""
    return CopyKeeper(opened)


@pytest.fixture
def at_stand(opened: OpenStore, runner: DeferredRunner, clock: SetClock) -> StandContext:
    """Give the context of this store."""
    return StandContext(opened.store, runner, clock, Changes(), PinLock(opened.store))


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


def save(opened: OpenStore) -> None:
    """Save a visitor."""

    def job(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, new_id(), {"first_name": "Ana", "language": "sl"}, channel="kiosk")
        unit.commit()

    opened.store.write(job).result()


def erase_one(opened: OpenStore) -> None:
    """Erase one of the visitors."""
    query = sa.select(SIGNUP.c.subject_id).limit(1)
    subject = opened.store.read(lambda connection: connection.execute(query).scalar_one()).result()
    erase_contact(opened.store, subject).result()


def short(opened: OpenStore) -> CopiesInShort:
    """Look at what is noted."""
    return opened.store.read(copies_in_short).result()


def numbers_here(keeper: CopyKeeper) -> list[str]:
    """Give the copies beside the store."""
    return sorted(path.name[-9:-3] for path in keeper.here.glob("*.db"))


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


def test_m06_damage_is_told_in_the_status_line_and_before_leaving(
    opened: OpenStore, keeper: CopyKeeper, at_stand: StandContext, runner: DeferredRunner, tmp_path: Path
) -> None:
    # Given a store with a good copy, one page of which is then damaged
    for _number in range(30):
        save(opened)
    keeper.copy()
    opened.store.write(
        lambda unit: unit.connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ).result()
    body = bytearray(opened.home.database.read_bytes())
    body[-2_000] ^= 1
    opened.home.database.write_bytes(body)

    with pytest.raises(UserFacingError) as caught:
        keeper.look_whole()

    assert caught.value.code == "store_damaged"
    assert len(numbers_here(keeper)) == 1
    assert short(opened).is_damaged
    assert copy_segment(short(opened), NOW_US)[0] == "bad"


def test_the_status_line_tells_the_age_of_the_last_copy_and_it_grows_by_itself(
    keeper: CopyKeeper, at_stand: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    keeper.copy()
    status = StatusViewModel(at_stand, keeps_copies=True)
    status.refresh()
    runner.run()
    assert status.state.copy == "Copy: **just now**"

    clock.at_us += 8 * MINUTE_US
    status.tick()

    assert status.state.copy == "Copy: **8\N{NO-BREAK SPACE}min ago**"
    status.close()


def test_the_age_is_written_in_slovene_with_its_four_forms() -> None:
    with speaking("sl"):
        ages = [written_age(NOW_US - days * 1_440 * MINUTE_US, NOW_US) for days in (1, 2, 3, 5)]
        minutes = written_age(NOW_US - 8 * MINUTE_US, NOW_US)

    assert ages == ["pred 1 dnevom", "pred 2 dnevoma", "pred 3 dnevi", "pred 5 dnevi"]
    assert minutes == "pred 8\N{NO-BREAK SPACE}min"


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


def _copy(folder: str) -> MadeCopy:
    return MadeCopy(folder, "stojnica-0-0-1.db", "", 1, NOW_US, "", 3, 9)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (CopiesInShort(), State.LOOK),
        (CopiesInShort(here=_copy("/home/copies")), State.LOOK),
        (CopiesInShort(CopySettings(place="/nowhere/at/all"), there=_copy("/nowhere/at/all")), State.LOOK),
        (CopiesInShort(CopySettings(place="/"), there=_copy("/")), State.FINE),
        (CopiesInShort(CopySettings(place="/"), there=_copy("/"), trouble="copy_place_full"), State.LOOK),
        (CopiesInShort(trouble="store_damaged"), State.BAD),
    ],
)
def test_before_leaving_a_line_says_whether_there_is_a_second_copy(
    opened: OpenStore, clock: SetClock, known: CopiesInShort, state: State
) -> None:
    from dataclasses import replace

    grounds = Grounds(replace(opened.store.read(look_at_stand).result(), copies=known), None, clock)  # type: ignore[arg-type]

    line = check_copies(grounds)

    assert line.state is state
    assert line.what.endswith(".")
    assert bool(line.todo) == (state is not State.FINE)
    assert "copies" in [check.id for check in CHECKS]


def test_i15_after_an_erasure_all_earlier_copies_are_replaced_by_a_new_one(
    opened: OpenStore, keeper: CopyKeeper, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(opened.store, stick)
    for _number in range(3):
        save(opened)
        keeper.copy()
    before_step = opened.home.folder / "stojnica.db.before-s0001"
    before_step.write_bytes(b"somebody is in it")

    erase_one(opened)

    assert keeper.renew()

    assert numbers_here(keeper) == ["000007"]
    assert len(list((stick / "Stojnica").glob("*.db"))) == 1
    assert not before_step.exists()
    assert opened.home.database.exists()
    # And nothing is made anew without need.
    assert keeper.renew()
    assert numbers_here(keeper) == ["000007"]


def test_i15_without_its_stick_the_earlier_copies_there_leave_the_next_time(
    opened: OpenStore, keeper: CopyKeeper, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(opened.store, stick)
    keeper.copy()
    keeper.copy()
    save(opened)
    erase_one(opened)
    stick.rename(tmp_path / "pulled")

    assert not keeper.renew()
    left = opened.store.read(copies_in_short).result()
    assert left.holds_erased == str(stick / "Stojnica")
    assert copy_segment(left, NOW_US)[0] == "wait"
    # The next copy in its time is enough, once the stick is there again.
    (tmp_path / "pulled").rename(stick)
    keeper.copy(only_if_changed=True)

    assert len(list((stick / "Stojnica").glob("*.db"))) == 1
    assert opened.store.read(copies_in_short).result().holds_erased == ""
    assert keeper.renew()


def test_i15_copies_at_an_earlier_place_go_too_once_it_is_in_reach(
    opened: OpenStore, keeper: CopyKeeper, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_copy_place(opened.store, stick)
    save(opened)
    keeper.copy()
    change_copy_settings(opened.store, place="").result()
    stick.rename(tmp_path / "pulled")
    erase_one(opened)

    assert not keeper.renew()
    (tmp_path / "pulled").rename(stick)

    assert keeper.renew()
    assert list((stick / "Stojnica").iterdir()) == []


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
