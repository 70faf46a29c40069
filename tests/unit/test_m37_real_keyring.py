"""M37: what is promised of a keyring holds for GNOME's own, locked, wiped, gone or hanging."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.real_keyring import Desktop, wait_for
from tests.unit.test_m37_keyring import WORDS, allow, decide, unlock

from stojnica.domain.errors import UserFacingError
from stojnica.services.keyring import ATTRIBUTE, SecretServiceKeyring, has_keyring_slot
from stojnica.services.keyring_slot import open_by_keyring
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost, load_slots


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """Log somebody in to a desktop with a keyring."""
    made = Desktop()
    try:
        made.start_bus()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
        made.log_in()
        yield made
    finally:
        made.stop()
        wait_for(lambda: not any(thread.name == "keyring" for thread in threading.enumerate()))


@pytest.fixture
def keyring(desktop: Desktop) -> SecretServiceKeyring:
    return SecretServiceKeyring()


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return store_in(tmp_path / "home")


def store_in(folder: Path) -> StoreHome:
    home = StoreHome(folder)
    create_store(home, WORDS, cost=Argon2Cost(8, 1, 1)).close()
    return home


def assert_asks_for_words(home: StoreHome, keyring: SecretServiceKeyring) -> None:
    with pytest.raises(UserFacingError) as caught:
        open_by_keyring(home, keyring)
    assert caught.value.code == "keyring_wiped"


def test_the_contract_of_a_keyring_holds_for_a_real_one(
    desktop: Desktop, keyring: SecretServiceKeyring
) -> None:
    assert keyring.recall("a") is None
    assert keyring.keep("a", b"\x00\xff one")
    assert keyring.keep("b", b"other")
    assert keyring.keep("a", b"two")

    assert (keyring.recall("a"), keyring.recall("b")) == (b"two", b"other")
    keyring.drop("a")
    keyring.drop("a")
    assert (keyring.recall("a"), keyring.recall("b")) == (None, b"other")
    assert not desktop.has_asked


def test_every_byte_of_a_secret_comes_back_and_is_text_in_the_keyring(
    desktop: Desktop, keyring: SecretServiceKeyring
) -> None:
    every = bytes(range(256))

    assert keyring.keep("a", every)

    assert keyring.recall("a") == every
    [(_attributes, held)] = desktop.held()
    assert held.decode("ascii").isprintable()


def test_m37_two_laptops_of_one_login_open_by_secrets_of_their_own(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome, tmp_path: Path
) -> None:
    other = store_in(tmp_path / "other")
    keys = allow(home, keyring), allow(other, keyring)

    opened = open_by_keyring(home, keyring), open_by_keyring(other, keyring)

    assert tuple(store.key for store in opened) == keys
    for store in opened:
        store.close()
    names = {attributes[ATTRIBUTE] for attributes, _secret in desktop.held()}
    assert names == {str(load_slots(one.slots).store_id) for one in (home, other)}
    assert not any(key.hex().encode() in secret for key in keys for _name, secret in desktop.held())


def test_m37_what_a_login_keeps_is_there_after_the_next_one(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome
) -> None:
    key = allow(home, keyring)
    desktop.log_out()
    desktop.log_in()

    opened = open_by_keyring(home, keyring)

    assert opened.key == key
    opened.close()


def test_m37_taken_back_by_the_office_the_secret_leaves_the_keyring(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome
) -> None:
    allow(home, keyring)
    opened = open_by_keyring(home, keyring)
    decide(opened, allows=False)
    opened.close()

    unlock(home, keyring).close()

    assert not has_keyring_slot(home)
    assert desktop.held() == []


def test_m37_a_locked_keyring_keeps_and_gives_nothing_and_asks_nobody(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome
) -> None:
    allow(home, keyring)
    desktop.lock()

    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()

    assert not keyring.keep("a", b"one")
    assert not desktop.has_asked


def test_m37_a_keyring_thrown_away_asks_nobody_for_a_new_ones_password(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome
) -> None:
    # Given
    allow(home, keyring)
    desktop.wipe()

    # When
    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()

    # Then
    assert not keyring.keep("a", b"one")
    assert not desktop.has_asked


def test_m37_without_its_program_or_its_bus_words_open_the_laptop(
    desktop: Desktop, keyring: SecretServiceKeyring, home: StoreHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(home, keyring)

    desktop.log_out()
    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()
    desktop.stop_bus()
    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()


def test_m37_a_keyring_that_hangs_is_waited_for_once_and_used_when_it_answers_again(
    desktop: Desktop, home: StoreHome
) -> None:
    # Given
    key = allow(home, SecretServiceKeyring())
    keyring = SecretServiceKeyring(longest_wait_s=0.3)
    desktop.freeze()

    # When
    assert_asks_for_words(home, keyring)
    unlock(home, keyring).close()

    # Then
    assert sum(thread.name == "keyring" for thread in threading.enumerate()) == 1
    desktop.thaw()
    wait_for(lambda: keyring.recall(str(load_slots(home.slots).store_id)) is not None)
    opened = open_by_keyring(home, keyring)
    assert opened.key == key
    opened.close()
