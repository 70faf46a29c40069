"""M6: bytes of a file are not what was written: told plainly, and nothing is changed or made anew."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.slots import Argon2Cost

PASSPHRASE = "jutro voda hiša most reka"
PAGE = 4096


@pytest.fixture
def full_home(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: Callable[..., object]
) -> StoreHome:
    """Give a closed store with some contacts in it."""
    opened = unlock(home)
    for number in range(5):
        save_contact(opened, f"visitor-{number}", question="?" * 1_500)
    opened.close()
    return home


def assert_damaged(home: StoreHome) -> None:
    before = home.database.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert caught.value.code == "store_damaged"
    assert caught.value.safe
    assert caught.value.next_step
    assert home.database.read_bytes() == before


def test_m06_one_flipped_bit_in_any_page_is_noticed(full_home: StoreHome) -> None:
    whole = full_home.database.read_bytes()
    choose = random.Random(6)

    for start in range(0, len(whole), PAGE):
        flipped = bytearray(whole)
        flipped[start + choose.randrange(PAGE)] ^= 1 << choose.randrange(8)
        full_home.database.write_bytes(flipped)
        assert_damaged(full_home)

    full_home.database.write_bytes(whole)
    unlock_store(full_home, PASSPHRASE).close()


@pytest.mark.parametrize("size", [0, 1, 15, 16, 511, 512, PAGE - 1, PAGE, PAGE + 1, -PAGE, -1])
def test_m06_a_file_cut_short_is_noticed_and_no_empty_store_takes_its_place(
    full_home: StoreHome, size: int
) -> None:
    whole = full_home.database.read_bytes()
    full_home.database.write_bytes(whole[:size])

    assert_damaged(full_home)


@pytest.mark.parametrize("content", [b"", bytes(3 * PAGE), b"SQLite format 3\0" + bytes(PAGE), b"x" * 10_000])
def test_m06_a_file_of_something_else_is_noticed(full_home: StoreHome, content: bytes) -> None:
    full_home.database.write_bytes(content)

    assert_damaged(full_home)


def test_m06_pages_put_in_each_others_place_are_noticed(full_home: StoreHome) -> None:
    whole = full_home.database.read_bytes()
    pages = [whole[start : start + PAGE] for start in range(0, len(whole), PAGE)]
    pages[3], pages[4] = pages[4], pages[3]
    full_home.database.write_bytes(b"".join(pages))

    assert_damaged(full_home)


def test_m06_a_file_of_another_store_is_noticed(full_home: StoreHome, tmp_path: Path) -> None:
    other = StoreHome(tmp_path / "other")
    create_store(other, PASSPHRASE, cost=Argon2Cost(8, 1, 1)).close()
    full_home.database.write_bytes(other.database.read_bytes())

    assert_damaged(full_home)


def test_m06_damage_that_appears_while_open_is_told_by_what_meets_it(
    full_home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    opened = unlock(full_home)
    whole = bytearray(full_home.database.read_bytes())
    for start in range(PAGE, len(whole), PAGE):
        whole[start + 100] ^= 1
    with full_home.database.open("r+b") as file:
        file.write(whole)

    def read_all(connection: Connection) -> None:
        for table in ("fact", "signup", "consent", "delivery"):
            connection.exec_driver_sql(f"SELECT * FROM {table}").all()

    with pytest.raises(UserFacingError) as caught:
        opened.store.read(read_all).result(timeout=20)

    assert caught.value.code == "store_damaged"


def test_m06_after_damage_was_told_the_right_file_opens_again(
    full_home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    first_names: Callable[[OpenStore], list[str]],
) -> None:
    whole = full_home.database.read_bytes()
    full_home.database.write_bytes(whole[:PAGE])
    assert_damaged(full_home)

    full_home.database.write_bytes(whole)

    assert first_names(unlock(full_home)) == [f"visitor-{number}" for number in range(5)]
