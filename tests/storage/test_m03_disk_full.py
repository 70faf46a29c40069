"""M3: the disk is full while saving: said plainly, nothing lost, and it works again after room was made."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.slots import Argon2Cost, load_slots, save_slots

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(8, 1, 1)


def assert_full(error: UserFacingError) -> None:
    assert error.code == "disk_full"
    assert error.safe
    assert error.next_step


def save_until_full(
    opened: OpenStore, save_contact: Callable[..., object]
) -> tuple[UserFacingError, list[str]]:
    saved: list[str] = []
    try:
        while len(saved) < 500:
            save_contact(opened, f"visitor-{len(saved)}", question="?" * 1_500)
            saved.append(f"visitor-{len(saved)}")
    except UserFacingError as error:
        return error, saved
    raise AssertionError("the disk never was full")


def test_m03_a_full_disk_is_told_and_nothing_saved_before_is_lost(
    opened: OpenStore,
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
    unlock: Callable[[StoreHome], OpenStore],
) -> None:
    def limit_pages(spare: int | None) -> None:
        def job(unit: object) -> None:
            ask = unit.connection.exec_driver_sql  # type: ignore[attr-defined]
            pages = ask("PRAGMA page_count").scalar()
            ask(f"PRAGMA max_page_count = {pages + spare if spare is not None else 1_000_000}").scalar()

        opened.store.write(job).result(timeout=20)

    save_contact(opened, "before")
    limit_pages(2)

    error, _saved = save_until_full(opened, save_contact)

    assert_full(error)
    kept = first_names(opened)
    everything_adds_up(opened)

    limit_pages(None)
    save_contact(opened, "after")
    opened.close()

    reopened = unlock(opened.home)
    assert first_names(reopened) == [*kept, "after"]
    assert kept[0] == "before"
    everything_adds_up(reopened)


def test_m03_a_disk_that_is_really_full_is_told_and_works_again_after_room_was_made(
    tiny_disk: Path,
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
    unlock: Callable[[StoreHome], OpenStore],
) -> None:
    home = StoreHome(tiny_disk / "home")
    opened = create_store(home, PASSPHRASE, cost=CHEAP)
    ballast = tiny_disk / "film.mp4"
    ballast.write_bytes(bytes(200_000))

    error, saved = save_until_full(opened, save_contact)
    assert_full(error)
    assert saved
    assert first_names(opened) == saved
    for _again in range(3):
        with pytest.raises(UserFacingError):
            save_contact(opened, "no room", question="?" * 1_900)

    ballast.unlink()
    save_contact(opened, "after")
    everything_adds_up(opened)
    opened.close()
    reopened = unlock(home)
    assert first_names(reopened) == [*saved, "after"]
    reopened.close()


def test_m03_a_store_that_is_opened_on_a_full_disk_can_be_read(
    tiny_disk: Path,
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
    unlock: Callable[[StoreHome], OpenStore],
) -> None:
    home = StoreHome(tiny_disk / "home")
    opened = create_store(home, PASSPHRASE, cost=CHEAP)
    save_contact(opened, "before")
    opened.close()
    fill(tiny_disk / "film.mp4")

    try:
        again = unlock(home)
    except UserFacingError as error:
        assert_full(error)
        (tiny_disk / "film.mp4").unlink()
        again = unlock(home)

    assert first_names(again) == ["before"]
    again.close()


def test_m03_a_store_is_not_made_on_a_full_disk_and_is_made_when_there_is_room(tiny_disk: Path) -> None:
    home = StoreHome(tiny_disk / "home")
    fill(tiny_disk / "film.mp4")

    with pytest.raises(UserFacingError) as caught:
        create_store(home, PASSPHRASE, cost=CHEAP)
    assert_full(caught.value)
    (tiny_disk / "film.mp4").unlink()

    create_store(home, PASSPHRASE, cost=CHEAP).close()


def test_m03_a_slot_file_that_has_no_room_leaves_the_old_one(tiny_disk: Path) -> None:
    home = StoreHome(tiny_disk / "home")
    create_store(home, PASSPHRASE, cost=CHEAP).close()
    before = home.slots.read_bytes()
    slots = load_slots(home.slots)
    fill(tiny_disk / "film.mp4")

    with pytest.raises(OSError, match="space"):
        save_slots(home.slots, slots)

    assert home.slots.read_bytes() == before
    assert sorted(path.name for path in home.folder.glob("slots*")) == ["slots.json", "slots.json.copy"]


def fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 512, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
