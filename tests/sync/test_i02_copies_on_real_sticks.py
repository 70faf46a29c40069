"""I2, M30, M3, M4: copies on FAT and exFAT: five are kept, and opened again; full, pulled, locked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, Laptop
from tests.sync.offices import Way
from tests.sync.real_sticks import RealStick, leave_room, names, plugged_in

from stojnica.domain.errors import UserFacingError
from stojnica.services.copies import CopyKeeper
from stojnica.services.copy_settings import FOLDER, choose_copy_place
from stojnica.services.restore import restore_by_passphrase
from stojnica.storage import copies
from stojnica.storage.copies_leaving import KEPT
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.made_copies import known_copies

BIG_ENOUGH = 1_200


@pytest.fixture(params=["vfat", "exfat"])
def stick(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    """Plug a freshly formatted stick in."""
    with plugged_in(tmp_path, request.param) as made:
        yield made


@pytest.fixture
def laptop(fleet: Fleet, way: Way, stick: RealStick) -> Laptop:
    """Give a laptop that makes its copies on the stick, too."""
    laptop = fleet(way)
    laptop.capture(3)
    choose_copy_place(laptop.store, stick.folder)
    return laptop


def copy(laptop: Laptop) -> list[str]:
    """Copy, and give the codes of what went wrong."""
    return [fault.code for fault in CopyKeeper(laptop.opened).copy().faults]


def copies_on(stick: RealStick) -> list[str]:
    return [name for name in names(stick.folder / FOLDER) if name.startswith("stojnica-")]


def test_five_copies_stay_and_the_newest_opens_from_a_stick_that_is_locked(
    laptop: Laptop, stick: RealStick, tmp_path: Path
) -> None:
    # Given
    for _number in range(KEPT + 2):
        laptop.capture(1)
        assert copy(laptop) == []
    assert len(copies_on(stick)) == 2 * KEPT
    stick.take_out()
    assert stick.plug_in(is_read_only=True)

    # When
    before = copies_on(stick)
    restored = restore_by_passphrase(stick.folder / FOLDER, tmp_path / "other", PASSPHRASE)

    # Then
    assert restored.contacts == 3 + KEPT + 2
    assert copies_on(stick) == before
    unlock_store(StoreHome(tmp_path / "other"), PASSPHRASE).close()


def test_i02_a_copy_that_was_made_is_there_when_the_stick_is_pulled_without_a_word(
    laptop: Laptop, stick: RealStick, tmp_path: Path
) -> None:
    for _number in range(2):
        laptop.capture(1)
        assert copy(laptop) == []
    before = copies_on(stick)

    stick.pull()
    stick.repair()
    assert stick.plug_in()

    assert copies_on(stick) == before
    restored = restore_by_passphrase(stick.folder / FOLDER, tmp_path / "other", PASSPHRASE)
    assert (restored.contacts, restored.passed_over) == (5, ())


def test_m03_a_full_stick_is_told_and_the_copy_before_stays(laptop: Laptop, stick: RealStick) -> None:
    assert copy(laptop) == []
    before = copies_on(stick)
    film = leave_room(stick, 96 * 1024)
    laptop.capture(BIG_ENOUGH)

    assert copy(laptop) == ["copy_place_full"]

    assert copies_on(stick) == before
    film.unlink()
    assert copy(laptop) == []


def test_m30_pulled_in_the_middle_is_told_and_plugged_in_again_copies_go_on(
    laptop: Laptop, stick: RealStick, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a stick that is pulled while a copy is written
    assert copy(laptop) == []
    laptop.capture(BIG_ENOUGH)
    settle = copies._settle

    def pull(part: Path) -> None:
        stick.pull()
        settle(part)

    monkeypatch.setattr(copies, "_settle", pull)

    # When
    told = copy(laptop)
    monkeypatch.undo()
    told_while_away = copy(laptop)

    # Then
    assert (told, told_while_away) == (["copy_place_gone"], ["copy_place_gone"])
    stick.repair()
    assert copy(laptop) == ["copy_place_gone"]
    assert stick.plug_in()
    assert copy(laptop) == []
    assert not [name for name in copies_on(stick) if name.endswith(".part")]
    known = laptop.store.read(known_copies).result()
    there = [item for item in known if item.folder == str(stick.folder / FOLDER)]
    assert all(item.path.is_file() for item in there)


def test_m30_a_copy_is_looked_for_on_a_stick_that_was_pulled(
    laptop: Laptop, stick: RealStick, tmp_path: Path
) -> None:
    assert copy(laptop) == []
    stick.pull()

    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick.folder / FOLDER, tmp_path / "other", PASSPHRASE)

    assert caught.value.code == "copy_source_gone"
    assert not (tmp_path / "other" / "stojnica.db").exists()


def test_m04_a_locked_stick_is_told_as_such(laptop: Laptop, stick: RealStick) -> None:
    assert copy(laptop) == []
    stick.take_out()
    assert stick.plug_in(is_read_only=True)
    laptop.capture(1)

    assert copy(laptop) == ["copy_place_closed"]

    with pytest.raises(UserFacingError) as caught:
        choose_copy_place(laptop.store, stick.folder)
    assert caught.value.code == "copy_place_closed"
