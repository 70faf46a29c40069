"""M37: where the office allows it the desktop's keyring opens a laptop; wiped, the words do."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.unit.conftest import office_document

from stojnica.domain.document_node import DocumentError
from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation_document import parse_document
from stojnica.services.keyring import (
    ATTRIBUTE,
    Keyring,
    MemoryKeyring,
    SecretServiceKeyring,
    has_keyring_slot,
)
from stojnica.services.keyring_slot import (
    follow_keyring_policy,
    key_by_keyring,
    keyring_wiped,
    open_by_keyring,
)
from stojnica.services.openers import who_can_open
from stojnica.services.shown_organisation import keep_document
from stojnica.services.tasks import DeferredRunner
from stojnica.services.unlock import UnlockViewModel
from stojnica.services.unlocking import unlock_and_settle
from stojnica.storage.home import OpenStore, StoreHome, create_store, open_store, unlock_store
from stojnica.storage.slots import KEYRING, Argon2Cost, load_slots
from stojnica.storage.unit import UnitOfWork

WORDS = "jutro voda hiša most reka"
CHEAP = Argon2Cost(8, 1, 1)


class FakeCollection:
    """Be what `secretstorage` gives for one login's keyring."""

    def __init__(self) -> None:
        self.items: list[tuple[dict[str, str], bytes]] = []
        self.is_shut = False

    def is_locked(self) -> bool:
        return self.is_shut

    def create_item(self, _label: str, attributes: dict[str, str], secret: bytes, *, replace: bool) -> None:
        assert replace
        self.items = [item for item in self.items if item[0] != attributes]
        self.items.append((attributes, secret))

    def search_items(self, attributes: dict[str, str]) -> Iterator[SimpleNamespace]:
        for item in list(self.items):
            if item[0] == attributes:
                yield SimpleNamespace(
                    get_secret=lambda item=item: item[1], delete=lambda item=item: self.items.remove(item)
                )


@pytest.fixture
def collection(monkeypatch: pytest.MonkeyPatch) -> FakeCollection:
    """Let the package speak to a keyring of ours: the tester's own is never touched."""
    made = FakeCollection()

    class AwayError(Exception):
        pass

    def connect() -> SimpleNamespace:
        if made.is_shut:
            raise AwayError
        return SimpleNamespace(close=lambda: None)

    package: Any = ModuleType("secretstorage")
    package.dbus_init = connect
    package.get_collection_by_alias = lambda _connection, _alias: made
    package.exceptions = SimpleNamespace(SecretStorageException=AwayError)
    bus: Any = ModuleType("jeepney")
    bus.DBusErrorResponse = type("DBusErrorResponse", (Exception,), {})
    monkeypatch.setitem(sys.modules, "secretstorage", package)
    monkeypatch.setitem(sys.modules, "jeepney", bus)
    return made


@pytest.fixture(params=["memory", "secret service"])
def keyring(request: pytest.FixtureRequest, collection: FakeCollection) -> Keyring:
    return MemoryKeyring() if request.param == "memory" else SecretServiceKeyring()


def close_keyring(keyring: Keyring, collection: FakeCollection) -> None:
    collection.is_shut = True
    if isinstance(keyring, MemoryKeyring):
        keyring.is_away = True


def test_a_keyring_keeps_one_secret_of_a_name_and_forgets_it(keyring: Keyring) -> None:
    assert keyring.recall("a") is None
    assert keyring.keep("a", b"\x00\xff one")
    assert keyring.keep("b", b"other")
    assert keyring.keep("a", b"two")

    assert (keyring.recall("a"), keyring.recall("b")) == (b"two", b"other")
    keyring.drop("a")
    keyring.drop("a")
    assert (keyring.recall("a"), keyring.recall("b")) == (None, b"other")


def test_a_keyring_that_is_away_or_locked_keeps_and_gives_nothing(
    keyring: Keyring, collection: FakeCollection
) -> None:
    keyring.keep("a", b"one")
    close_keyring(keyring, collection)

    assert keyring.recall("a") is None
    assert not keyring.keep("b", b"two")
    keyring.drop("a")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    home = StoreHome(tmp_path / "home")
    create_store(home, WORDS, cost=CHEAP).close()
    return home


def decide(opened: OpenStore, *, allows: bool) -> None:
    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office_document() | {"laptops": {"keyring": allows}})
        unit.commit()

    opened.store.write(keep).result(timeout=20)


def unlock(home: StoreHome, keyring: Keyring) -> OpenStore:
    return unlock_and_settle(home, WORDS, cost=CHEAP, keyring=keyring)


def allow(home: StoreHome, keyring: Keyring) -> bytes:
    """Unlock once where the office allows it; gives the store's key."""
    opened = unlock(home, keyring)
    decide(opened, allows=True)
    follow_keyring_policy(opened, keyring)
    opened.close()
    return opened.key


def test_m37_without_the_offices_word_no_keyring_ever_knows_anything(
    home: StoreHome, collection: FakeCollection
) -> None:
    unlock(home, SecretServiceKeyring()).close()

    assert not has_keyring_slot(home)
    assert collection.items == []


def test_m37_allowed_the_keyring_opens_it_and_holds_no_key_of_the_store(
    home: StoreHome, collection: FakeCollection
) -> None:
    keyring = SecretServiceKeyring()
    key = allow(home, keyring)

    opened = open_by_keyring(home, keyring)
    assert opened.key == key
    assert who_can_open(opened).has_keyring
    opened.close()

    [(attributes, secret)] = collection.items
    assert attributes == {ATTRIBUTE: str(load_slots(home.slots).store_id)}
    assert key not in secret
    assert key.hex() not in home.slots.read_text()


def test_m37_a_wiped_keyring_asks_for_the_words_which_mend_it(home: StoreHome) -> None:
    # Given
    keyring = MemoryKeyring()
    allow(home, keyring)
    keyring.wipe()

    # When
    runner, opened = DeferredRunner(), list[OpenStore]()
    page = UnlockViewModel(runner, lambda words: unlock(home, keyring), opened.append)
    page.try_without_words(lambda: key_by_keyring(home, keyring), lambda key: open_by(home, key))
    runner.run()

    # Then
    assert opened == []
    assert page.state.message is not None
    assert page.state.message.what == "The keyring of this computer doesn't open it today."
    assert page.state.message.next_step.startswith("Type the words")
    page.unlock(WORDS)
    runner.run()
    opened[0].close()
    open_by_keyring(home, keyring).close()
    assert len(load_slots(home.slots).of_kind(KEYRING)) == 1


def open_by(home: StoreHome, key: bytes) -> OpenStore:
    return open_store(home, lambda _slots: key)


def test_m37_while_a_keyring_hangs_the_words_open_it(home: StoreHome) -> None:
    # Given a keyring that doesn't answer
    allow(home, MemoryKeyring())
    runner, opened = DeferredRunner(), list[OpenStore]()
    page = UnlockViewModel(runner, lambda words: unlock(home, MemoryKeyring()), opened.append)
    page.try_without_words(lambda: bytes(32), lambda key: open_by(home, key))

    # When somebody types the words meanwhile
    assert not page.state.is_working
    page.unlock(WORDS)
    assert page.state.is_working
    runner.run()

    # Then they open it, and what the keyring said at last opens nothing beside them
    (stand,) = opened
    stand.close()
    assert page.state.message is None


@pytest.mark.parametrize("is_wiped", [True, False])
def test_m37_an_answer_that_comes_too_late_takes_no_words_away(home: StoreHome, is_wiped: bool) -> None:
    # Given words that were wrong before the keyring answered
    keyring = MemoryKeyring()
    key = allow(home, keyring)
    runner, opened = DeferredRunner(), list[OpenStore]()
    page = UnlockViewModel(runner, lambda words: unlock_store(home, words), opened.append)

    def ask() -> bytes:
        if is_wiped:
            raise keyring_wiped()
        return key

    page.unlock("other words than these here")
    page.try_without_words(ask, lambda key: open_by(home, key))
    if not is_wiped:
        # The page for who has forgotten them is open by now.
        page.stop_asking()
    runner.run()

    assert opened == []
    assert page.state.tries == 1
    assert page.state.message is not None
    assert page.state.message.what == "That is not the passphrase of this laptop."


def test_m37_nobody_is_kept_out_while_the_keyring_is_asked(home: StoreHome) -> None:
    # Given a keyring that is asked just now
    allow(home, MemoryKeyring())

    class Asked(MemoryKeyring):
        def recall(self, name: str) -> bytes | None:
            unlock_store(home, WORDS).close()
            return None

    with pytest.raises(UserFacingError) as caught:
        open_by_keyring(home, Asked())

    assert caught.value.code == "keyring_wiped"


def test_m37_taken_back_by_the_office_the_slot_goes_and_so_does_the_secret(home: StoreHome) -> None:
    keyring = MemoryKeyring()
    allow(home, keyring)
    opened = unlock(home, keyring)
    name = str(load_slots(home.slots).store_id)
    decide(opened, allows=False)
    opened.close()

    unlock(home, keyring).close()

    assert not has_keyring_slot(home)
    assert keyring.recall(name) is None
    with pytest.raises(UserFacingError) as caught:
        open_by_keyring(home, keyring)
    assert caught.value.code == "keyring_wiped"


def test_m37_without_a_keyring_nothing_is_promised_and_nothing_fails(home: StoreHome) -> None:
    keyring = MemoryKeyring()
    keyring.is_away = True

    allow(home, keyring)

    assert not has_keyring_slot(home)


def test_m37_another_secret_under_the_same_name_opens_nothing(home: StoreHome) -> None:
    keyring = MemoryKeyring()
    allow(home, keyring)
    keyring.keep(str(load_slots(home.slots).store_id), bytes(32))

    with pytest.raises(UserFacingError) as caught:
        open_by_keyring(home, keyring)

    assert caught.value.code == "keyring_wiped"


@pytest.mark.parametrize(("laptops", "place"), [({"keyring": "yes"}, "laptops.keyring"), ([], "laptops")])
def test_a_mistake_in_the_offices_document_has_a_place(laptops: object, place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(office_document() | {"laptops": laptops})

    assert caught.value.place == place
    assert not parse_document(office_document()).may_use_keyring
