"""M5: the copy before a step is cut off at each of its own steps, and nothing is lost by it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.domain.clock import SystemClock
from stojnica.domain.errors import UserFacingError
from stojnica.storage import schema
from stojnica.storage.copies_leaving import DAY_US, expire_files_before_steps
from stojnica.storage.home import StoreHome, unlock_store

PASSPHRASE = "jutro voda hiša most reka"
FIXTURES = Path(__file__).with_name("fixtures")
FACTS = 15


class PowerCutError(BaseException):
    """The plug was pulled: nothing tidies up."""


@pytest.fixture
def old_home(tmp_path: Path) -> StoreHome:
    """Give a file of the first version, which the present program has to bring on."""
    home = StoreHome(tmp_path / "old")
    home.folder.mkdir()
    shutil.copyfile(FIXTURES / "store-s0001.db", home.database)
    shutil.copyfile(FIXTURES / "store-s0001.slots.json", home.slots)
    return home


def count_facts(home: StoreHome) -> int:
    """Open it, and count."""
    opened = unlock_store(home, PASSPHRASE)
    query = "SELECT count(*) FROM fact"
    number = opened.store.read(lambda connection: connection.exec_driver_sql(query).scalar()).result()
    opened.close()
    assert isinstance(number, int)
    return number


def half_a_copy(source: Path, target: Path) -> None:
    """Write a part of the copy, then lose power."""
    target.write_bytes(source.read_bytes()[:10_000])
    raise PowerCutError


def no_sync(_descriptor: int) -> None:
    """Lose power before the copy is on disk."""
    raise PowerCutError


def no_rename(_self: Path, _target: Path) -> Path:
    """Lose power before the copy has its name."""
    raise PowerCutError


@pytest.mark.parametrize(
    ("place", "cut"),
    [
        ("stojnica.storage.schema.shutil.copy2", half_a_copy),
        ("stojnica.storage.schema.os.fsync", no_sync),
        ("stojnica.storage.schema.Path.replace", no_rename),
        ("stojnica.storage.schema.sync_folder", no_sync),
    ],
)
def test_m05_cut_off_while_copying_the_next_start_copies_anew_and_goes_on(
    old_home: StoreHome, monkeypatch: pytest.MonkeyPatch, place: str, cut: Callable[..., object]
) -> None:
    before = old_home.database.read_bytes()
    with monkeypatch.context() as power:
        power.setattr(place, cut)
        # What tidies up after an error doesn't when the plug is pulled.
        power.setattr("stojnica.storage.schema.Path.unlink", lambda *_given, **_more: None)
        with pytest.raises(PowerCutError):
            unlock_store(old_home, PASSPHRASE)
    assert old_home.database.read_bytes() == before

    assert count_facts(old_home) == FACTS

    (copy,) = (path for path in old_home.folder.glob("*.before-*") if path.suffix != ".part")
    assert copy.read_bytes() == before


def test_m05_after_months_in_a_drawer_the_way_back_is_there_for_its_days(old_home: StoreHome) -> None:
    # Given a laptop that nobody opened for forty days, and then with a new version of the program
    now_us = SystemClock().now_us()
    long_ago = now_us / 1e6 - 40 * 24 * 3600
    os.utime(old_home.database, (long_ago, long_ago))
    assert count_facts(old_home) == FACTS

    # When its first copy takes away what is older than thirty days
    expire_files_before_steps(old_home.database, now_us=now_us, days=30)
    assert len(list(old_home.folder.glob("*.before-*"))) == 1

    # Then the file of before the step stays until its own thirty are over
    expire_files_before_steps(old_home.database, now_us=now_us + 31 * DAY_US, days=30)
    assert not list(old_home.folder.glob("*.before-*"))


def test_m03_without_room_for_the_copy_no_step_is_made_and_it_is_said(
    old_home: StoreHome, tiny_disk: Path
) -> None:
    home = StoreHome(tiny_disk / "home")
    shutil.copytree(old_home.folder, home.folder)
    ballast = tiny_disk / "film.mp4"
    size = home.database.stat().st_size
    free = shutil.disk_usage(tiny_disk).free
    # Room for the log and its index, and for half a copy.
    ballast.write_bytes(bytes(max(0, free - size // 2 - 100_000)))

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert caught.value.code == "disk_full"
    ballast.unlink()
    assert count_facts(home) == FACTS
    assert schema.HEAD != "s0001"
