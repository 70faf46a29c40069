"""I15: after an erasure copies are made anew, and all that were made before leave."""

from pathlib import Path

from tests.unit.conftest import FRIDAY_AT_14_32 as NOW_US
from tests.unit.copied import erase_one, numbers_here, save

from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copies_in_short, copy_segment
from stojnica.services.copy_settings import change_copy_settings, choose_copy_place
from stojnica.storage.home import OpenStore


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
    assert list((stick / "Stojnica").glob("stojnica-*")) == []
