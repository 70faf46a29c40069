"""M6: bytes of a file are not what was written: told plainly, and nothing is changed or made anew."""

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import OpenStore, StoreHome, create_store, open_store, unlock_store
from stojnica.storage.memory import remember
from stojnica.storage.schema import PROJECTION
from stojnica.storage.slots import Argon2Cost, unlock_with_passphrase
from stojnica.storage.unit import UnitOfWork

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


def opened_at_once(home: StoreHome) -> OpenStore:
    """Open a store as the window does, which doesn't wait for the check of all pages."""
    return open_store(home, lambda slots: unlock_with_passphrase(slots, PASSPHRASE), is_check_awaited=False)


def opened_and_told(home: StoreHome, save_contact: Callable[..., object]) -> None:
    """Open a store at once, save a visitor who is refused, and raise what the check found."""
    with closing(opened_at_once(home)) as opened:
        with pytest.raises(UserFacingError) as refused:
            save_contact(opened, "too late")
        assert refused.value.code == "store_damaged"
        opened.store.looked_through.result()


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


def test_m06_opened_before_the_check_is_through_it_tells_of_any_page_and_never_writes(
    full_home: StoreHome, save_contact: Callable[..., object]
) -> None:
    whole = full_home.database.read_bytes()
    choose = random.Random(7)

    for start in range(PAGE, len(whole), PAGE):
        # Given one flipped bit
        flipped = bytearray(whole)
        flipped[start + choose.randrange(PAGE)] ^= 1 << choose.randrange(8)
        full_home.database.write_bytes(flipped)

        # When nobody waits for the check, and a visitor comes at once
        with pytest.raises(UserFacingError) as caught:
            opened_and_told(full_home, save_contact)

        # Then it is told, and the file is as it was
        assert caught.value.code == "store_damaged"
        assert full_home.database.read_bytes() == flipped

    full_home.database.write_bytes(whole)
    with closing(opened_at_once(full_home)) as opened:
        save_contact(opened, "in time")
        opened.store.looked_through.result()


def test_m06_a_file_that_has_to_be_brought_up_to_date_is_looked_through_before(
    full_home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    def grow_old(unit: UnitOfWork) -> None:
        remember(unit.connection, PROJECTION, 1)
        unit.commit()

    opened = unlock(full_home)
    opened.store.write(grow_old).result()
    opened.close()
    whole = full_home.database.read_bytes()

    for start in range(PAGE, len(whole), PAGE):
        flipped = whole[:start] + bytes((whole[start] ^ 1,)) + whole[start + 1 :]
        full_home.database.write_bytes(flipped)
        with pytest.raises(UserFacingError) as caught:
            opened_at_once(full_home)
        assert caught.value.code == "store_damaged"
        assert full_home.database.read_bytes() == flipped


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
