"""M4: the folder is gone or read-only, or a second program wants the store."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.domain.clock import SystemClock
from stojnica.domain.errors import UserFacingError
from stojnica.storage.copies import make_copy
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.instance_lock import InstanceLock
from stojnica.storage.restore import Opened, restore_store
from stojnica.storage.slots import Argon2Cost, SlotFile, copy_of, unlock_with_passphrase

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(8, 1, 1)


def assert_refused(error: UserFacingError, code: str) -> None:
    assert error.code == code
    assert error.what
    assert error.safe
    assert error.next_step


def test_m04_a_second_program_is_told_that_one_is_open_and_gets_in_when_it_ended(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("child_holding.py")), str(home.folder), PASSPHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)
    child.kill()
    child.communicate(timeout=20)

    assert_refused(caught.value, "already_open")
    unlock(home)


def test_m04_a_second_window_of_the_same_program_is_told_so_too(home: StoreHome, opened: OpenStore) -> None:
    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert_refused(caught.value, "already_open")
    opened.close()
    unlock_store(home, PASSPHRASE).close()


def test_m04_a_wrong_passphrase_lets_the_next_try_in(home: StoreHome) -> None:
    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, "wrong words")

    assert_refused(caught.value, "wrong_passphrase")
    unlock_store(home, PASSPHRASE).close()


def test_m04_a_store_is_never_made_over_another_one(home: StoreHome) -> None:
    before = {path.name: path.read_bytes() for path in home.folder.iterdir()}

    with pytest.raises(UserFacingError) as caught:
        create_store(home, "other words")

    assert_refused(caught.value, "store_exists")
    assert {path.name: path.read_bytes() for path in home.folder.iterdir()} == before


class LateHome(StoreHome):
    """Be a home in which another program makes a store, and is through, before the lock is ours."""

    def lock(self) -> InstanceLock:
        shutil.copytree(self.folder.with_name("home"), self.folder, dirs_exist_ok=True)
        return super().lock()


def make(home: StoreHome, _copy: Path) -> None:
    create_store(home, "other words than these here", cost=CHEAP).close()


def restore(home: StoreHome, copy: Path) -> None:
    def open_slots(slots: SlotFile) -> Opened:
        return Opened(unlock_with_passphrase(slots, PASSPHRASE), slots)

    restore_store(copy, home, open_slots, lambda _connection: None, SystemClock())


@pytest.mark.parametrize("work", [make, restore])
def test_m04_two_programs_that_begin_at_once_make_one_store(
    work: Callable[[StoreHome, Path], None], home: StoreHome, opened: OpenStore, tmp_path: Path
) -> None:
    copy = make_copy(opened, tmp_path, ()).path
    opened.close()
    late = LateHome(tmp_path / "late")

    with pytest.raises(UserFacingError) as caught:
        work(late, copy)

    assert_refused(caught.value, "store_exists")
    assert late.database.read_bytes() == home.database.read_bytes()
    assert late.slots.read_bytes() == home.slots.read_bytes()
    unlock_store(late, PASSPHRASE).close()


@pytest.mark.parametrize("left", ["stojnica.db", "slots.json"])
def test_m04_half_a_store_is_not_made_over_either(home: StoreHome, left: str) -> None:
    for path in home.folder.iterdir():
        if path.name != left:
            path.unlink()

    with pytest.raises(UserFacingError) as caught:
        create_store(home, PASSPHRASE)

    assert_refused(caught.value, "store_exists")


def test_m04_a_disk_that_takes_no_writes_is_told_in_plain_words(
    tiny_disk: Path,
    make_read_only: Callable[[], None],
) -> None:
    home = StoreHome(tiny_disk / "home")
    create_store(home, PASSPHRASE, cost=CHEAP).close()
    make_read_only()

    with pytest.raises(UserFacingError) as unlocking:
        unlock_store(home, PASSPHRASE)
    with pytest.raises(UserFacingError) as making:
        create_store(StoreHome(tiny_disk / "another"), PASSPHRASE, cost=CHEAP)

    assert_refused(unlocking.value, "store_unreachable")
    assert_refused(making.value, "store_unreachable")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_m04_a_folder_of_someone_else_is_told_in_plain_words(home: StoreHome) -> None:
    home.folder.chmod(0o500)
    (home.folder / "stojnica.lock").chmod(0o400)
    try:
        with pytest.raises(UserFacingError) as caught:
            unlock_store(home, PASSPHRASE)
    finally:
        home.folder.chmod(0o700)

    assert_refused(caught.value, "store_unreachable")


def test_m04_a_path_that_is_no_folder_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="ascii")

    for home in (StoreHome(tmp_path / "file"), StoreHome(tmp_path / "file" / "below")):
        with pytest.raises(UserFacingError) as caught:
            create_store(home, PASSPHRASE, cost=CHEAP)
        assert_refused(caught.value, "store_unreachable")


def test_m04_a_missing_database_is_told_and_no_new_one_is_made(home: StoreHome) -> None:
    home.database.unlink()

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert_refused(caught.value, "store_missing")
    assert not home.database.exists()


def test_m04_a_missing_key_file_is_told_and_the_database_is_untouched(home: StoreHome) -> None:
    home.slots.unlink()
    copy_of(home.slots).unlink()
    before = home.database.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert_refused(caught.value, "slots_damaged")
    assert home.database.read_bytes() == before


def test_m04_a_folder_taken_away_while_open_takes_nothing_more_until_it_is_back(
    opened: OpenStore, save_contact: Callable[..., object], first_names: Callable[[OpenStore], list[str]]
) -> None:
    save_contact(opened, "before")
    away = opened.home.folder.rename(opened.home.folder.with_name("away"))

    with pytest.raises(UserFacingError) as caught:
        save_contact(opened, "into nowhere")
    away.rename(opened.home.folder)
    save_contact(opened, "after")

    assert_refused(caught.value, "store_missing")
    assert first_names(opened) == ["before", "after"]


def test_m01_a_store_whose_making_was_cut_off_before_the_key_file_is_made_again(tmp_path: Path) -> None:
    home = StoreHome(tmp_path)
    home.unborn.write_bytes(b"half a database")
    Path(f"{home.unborn}-wal").write_bytes(b"half a log")

    create_store(home, PASSPHRASE, cost=CHEAP).close()

    names = ["slots.json", "slots.json.copy", "stojnica.db", "stojnica.lock"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_m01_a_store_whose_making_was_cut_off_after_the_key_file_opens(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], first_names: Callable[[OpenStore], list[str]]
) -> None:
    home.database.rename(home.unborn)

    opened = unlock(home)

    assert first_names(opened) == []
    assert not home.unborn.exists()
