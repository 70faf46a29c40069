"""I9, M26, M28: a laptop dies, its copy is opened on another, and at the centre everybody is there once."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE, QUICK, Laptop, keys
from tests.sync.offices import Office, Way

from stojnica.domain.errors import UserFacingError
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copies_in_short
from stojnica.services.copy_settings import choose_copy_place
from stojnica.services.restore import (
    NewPassphrase,
    holding_more_text,
    passed_over_text,
    restore_by_identity,
    restore_by_passphrase,
    restored_text,
)
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.restore import Restored
from stojnica.storage.slots import load_slots, save_slots, with_organisation
from stojnica.storage.tables import WAITING

Reopen = Callable[[Laptop, Path], tuple[Laptop, Restored]]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Give the folder of a stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def copy_to(laptop: Laptop, stick: Path) -> None:
    """Make a copy on a stick."""
    choose_copy_place(laptop.store, stick)
    assert CopyKeeper(laptop.opened).copy().faults == ()


@pytest.fixture
def restore(fleet: Fleet) -> Reopen:
    """Open a copy as another laptop, and close it at the end."""

    def open_it(laptop: Laptop, source: Path) -> tuple[Laptop, Restored]:
        folder = fleet.folder()
        restored = restore_by_passphrase(source, folder, PASSPHRASE)
        other = replace(laptop, opened=unlock_store(StoreHome(folder), PASSPHRASE))
        fleet._laptops.append(other)
        return other, restored

    return open_it


def test_i09_m28_a_laptop_dies_after_half_and_its_copy_delivers_the_rest_once(
    fleet: Fleet, office: Office, stick: Path, restore: Reopen
) -> None:
    # Given a laptop that delivered a part, was copied, and delivered some of the rest before it died
    first = fleet(Way(office))
    delivered = first.capture(3)
    first.sync()
    waiting = first.capture(4)
    copy_to(first, stick)
    first.sync()
    first.close()

    # When its copy is opened on another laptop, people sign up there, and it is sent
    second, restored = restore(first, stick)
    fresh = second.capture(2)
    result = second.sync()

    # Then everybody is there once, it was told that this is a copy, and it is told once
    assert restored.contacts == 7
    assert office.facts() == keys(delivered, waiting, fresh)
    assert (result.is_complete, result.is_copy_noticed) == (True, True)
    assert second.sync().is_copy_noticed is False
    assert second.incarnations()[0] == first_life(delivered)
    assert len(second.incarnations()) == 2


def first_life(facts: list[object]) -> object:
    """Give the incarnation of the first of some facts."""
    return facts[0].incarnation  # type: ignore[attr-defined]


def test_i09_m26_both_go_on_and_nothing_of_either_is_lost(
    fleet: Fleet, office: Office, stick: Path, restore: Reopen
) -> None:
    # Given a copy of a laptop that isn't dead after all
    first = fleet(Way(office))
    old = first.capture(2)
    # The first connection replaces the enrolment file's password: a copy from before it is let in no more.
    first.sync()
    copy_to(first, stick)
    after = first.capture(1)
    second, _restored = restore(first, stick)

    # When both sign people up and send, more than once
    here, there = first.capture(3), second.capture(3)
    second.sync()
    first.sync()
    more = second.capture(1)
    results = [second.sync(), first.sync()]

    # Then all is there once, and numbers of one life are used once
    assert office.facts() == keys(old, after, here, there, more)
    assert [result.is_complete for result in results] == [True, True]
    numbered = [(item.incarnation, item.seq) for item in (*old, *after, *here, *there, *more)]
    assert len(numbered) == len(set(numbered))


def test_i09_what_waited_in_the_copy_waits_and_what_was_delivered_since_is_found_again(
    fleet: Fleet, office: Office, stick: Path, restore: Reopen
) -> None:
    first = fleet(Way(office))
    first.capture(2)
    first.sync()
    waiting = first.capture(1)
    copy_to(first, stick)
    first.sync()

    second, _restored = restore(first, stick)

    assert second.in_state(WAITING) == keys(waiting)
    assert second.sync().is_complete
    assert second.in_state(WAITING) == []


def test_i02_the_newest_whole_copy_is_taken_and_it_is_said_which_are_damaged(
    fleet: Fleet, way: Way, stick: Path, restore: Reopen
) -> None:
    laptop = fleet(way)
    laptop.capture(1)
    copy_to(laptop, stick)
    laptop.capture(1)
    copy_to(laptop, stick)
    newest = max((stick / "Stojnica").glob("*.db"))
    body = bytearray(newest.read_bytes())
    body[-2_000] ^= 1
    newest.write_bytes(body)

    _other, restored = restore(laptop, stick)

    assert restored.contacts == 1
    assert restored.passed_over == (newest,)
    assert passed_over_text(restored) == "1 newer copy is damaged; it was left as it is."
    assert restored_text(restored).startswith("The copy is open, with 1 contact. Its last entry is of ")


@pytest.mark.parametrize("is_lost", [False, True])
def test_m37_a_torn_or_lost_key_file_of_the_newest_copy_costs_nobody(
    fleet: Fleet, way: Way, stick: Path, restore: Reopen, is_lost: bool
) -> None:
    # Given two copies on a stick, of which the newer one can't be opened by its own key file
    laptop = fleet(way)
    laptop.capture(1)
    copy_to(laptop, stick)
    laptop.capture(1)
    copy_to(laptop, stick)
    torn = max((stick / "Stojnica").glob("*.slots.json"))
    if is_lost:
        torn.unlink()
    else:
        torn.write_bytes(torn.read_bytes()[:100])

    _other, restored = restore(laptop, stick)

    assert restored.contacts == 2
    assert restored.passed_over == ()


def test_m37_a_torn_key_file_alone_is_told(fleet: Fleet, way: Way, stick: Path, tmp_path: Path) -> None:
    laptop = fleet(way)
    copy_to(laptop, stick)
    torn = max((stick / "Stojnica").glob("*.slots.json"))
    torn.write_bytes(torn.read_bytes()[:100])

    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick, tmp_path / "new", PASSPHRASE)

    assert caught.value.code == "slots_damaged"


def test_i02_a_whole_home_of_a_dead_laptop_is_a_copy_too_with_what_is_still_in_its_log(
    fleet: Fleet, way: Way, tmp_path: Path, restore: Reopen
) -> None:
    # Given the folder as a power cut leaves it
    laptop = fleet(way)
    facts = laptop.capture(3)
    shutil.copytree(laptop.folder, tmp_path / "disk")
    before = {path.name: path.read_bytes() for path in (tmp_path / "disk").iterdir()}

    other, restored = restore(laptop, tmp_path / "disk")

    assert restored.contacts == 3
    assert other.facts() == keys(facts)
    assert {path.name: path.read_bytes() for path in (tmp_path / "disk").iterdir()} == before


def test_i02_restoring_never_touches_a_store_that_is_there(fleet: Fleet, way: Way, stick: Path) -> None:
    laptop = fleet(way)
    laptop.capture(1)
    copy_to(laptop, stick)
    before = laptop.opened.home.slots.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick, laptop.folder, PASSPHRASE)

    assert caught.value.code == "store_exists"
    assert laptop.opened.home.slots.read_bytes() == before
    assert len(laptop.facts()) == 2


@pytest.mark.parametrize("words", ["", "other words than the right ones"])
def test_i02_with_other_words_nothing_is_left_behind(
    fleet: Fleet, way: Way, stick: Path, tmp_path: Path, words: str
) -> None:
    laptop = fleet(way)
    copy_to(laptop, stick)

    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick, tmp_path / "new", words)

    assert caught.value.code == "wrong_passphrase"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["stojnica.lock"]


def test_i02_where_no_copy_is_and_where_several_laptops_are_it_is_said(
    fleet: Fleet, way: Way, stick: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick, tmp_path / "new", PASSPHRASE)
    assert caught.value.code == "no_copy"

    for name in ("Stand 1", "Stand 2"):
        copy_to(fleet(way, name), stick)
    with pytest.raises(UserFacingError) as caught:
        restore_by_passphrase(stick, tmp_path / "new", PASSPHRASE)

    assert caught.value.code == "several_copies"
    assert not StoreHome(tmp_path / "new").exists()


def test_i09_the_organisation_opens_a_copy_without_the_passphrase(
    fleet: Fleet, way: Way, stick: Path, tmp_path: Path
) -> None:
    # Given a copy of an enrolled laptop, and nobody who knows its words
    identity = pyrage.x25519.Identity.generate()
    laptop = fleet(way)
    facts = laptop.capture(2)
    home = laptop.opened.home
    recipient = str(identity.to_public())
    save_slots(home.slots, with_organisation(load_slots(home.slots), laptop.opened.key, (recipient,)))
    copy_to(laptop, stick)

    restored = restore_by_identity(
        stick, tmp_path / "office", str(identity), NewPassphrase("five new words of the office", QUICK)
    )

    # Then it opens with new words, and as before
    assert restored.contacts == 2
    for words in ("five new words of the office", PASSPHRASE):
        opened = unlock_store(StoreHome(tmp_path / "office"), words)
        assert replace(laptop, opened=opened).facts() == keys(facts)
        opened.close()
    with pytest.raises(UserFacingError) as caught:
        restore_by_identity(
            stick, tmp_path / "others", str(pyrage.x25519.Identity.generate()), NewPassphrase("a b c d e")
        )
    assert caught.value.code == "wrong_identity"


def test_i02_a_restored_laptop_never_takes_away_the_copies_it_came_from(
    fleet: Fleet, way: Way, stick: Path, restore: Reopen
) -> None:
    laptop = fleet(way)
    for _number in range(5):
        copy_to(laptop, stick)
        laptop.capture(1)
    theirs = set((stick / "Stojnica").iterdir())

    other, _restored = restore(laptop, stick)
    for _number in range(7):
        copy_to(other, stick)

    assert theirs < set((stick / "Stojnica").iterdir())
    assert other.store.read(copies_in_short).result().number_there == 5


@pytest.mark.parametrize("at", ["fetched", "noted", "keyed"])
def test_i02_killed_while_restoring_there_is_no_store_or_a_whole_one(
    fleet: Fleet, way: Way, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    # Given a power cut at some moment: what is on disk then stays, and nothing tidies up
    laptop = fleet(way)
    facts = laptop.capture(2)
    copy_to(laptop, stick)
    target = tmp_path / "new"

    class PowerCutError(BaseException):
        pass

    def cut(*_arguments: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as power:
        power.setattr("stojnica.storage.restore._clear", lambda _home: None)
        if at == "fetched":
            power.setattr("stojnica.storage.restore.begin_life", cut)
        elif at == "noted":
            power.setattr("stojnica.storage.restore.save_slots", cut)
        else:
            power.setattr(type(target), "replace", _cut_only("stojnica.db", cut))
        with pytest.raises(PowerCutError):
            restore_by_passphrase(stick, target, PASSPHRASE)

    # When it is tried again, or the store is opened
    if not StoreHome(target).exists():
        restore_by_passphrase(stick, target, PASSPHRASE)
    opened = unlock_store(StoreHome(target), PASSPHRASE)

    # Then all is there
    assert replace(laptop, opened=opened).facts() == keys(facts)
    opened.close()


def _cut_only(name: str, cut: Callable[..., None]) -> Callable[[Path, Path], Path]:
    real = Path.replace

    def replace_or_cut(self: Path, target: Path) -> Path:
        if Path(target).name == name:
            cut()
        return real(self, target)

    return replace_or_cut


def test_i09_a_laptop_and_its_copy_on_one_stick_lose_nobody_without_a_word(
    fleet: Fleet, office: Office, stick: Path, restore: Reopen
) -> None:
    # Given a laptop whose copy was opened elsewhere, and both go on and copy to one stick
    first = fleet(Way(office))
    first.capture(2)
    first.sync()
    copy_to(first, stick)
    second, _restored = restore(first, stick)
    there = second.capture(3)
    copy_to(second, stick)
    here = first.capture(1)
    copy_to(first, stick)
    first.close()
    second.close()

    # When the newest copy of the stick is opened
    third, restored = restore(first, stick)

    # Then it is said which copy holds those whom it doesn't, and opened too, all are there
    assert restored.contacts == 3
    (more,) = restored.holding_more
    assert more.name in holding_more_text(restored)
    fourth, again = restore(first, more)
    assert (again.contacts, again.holding_more) == (5, ())
    third.sync()
    fourth.sync()
    assert set(keys(there, here)) <= set(office.facts())


def test_i09_older_copies_that_went_into_the_newest_are_not_spoken_of(
    fleet: Fleet, office: Office, stick: Path, restore: Reopen
) -> None:
    # Given copies of two lives in a row: a dead laptop, and the one that took over
    first = fleet(Way(office))
    for _copy in range(2):
        first.capture(1)
        copy_to(first, stick)
    first.close()
    second, _restored = restore(first, stick)
    second.capture(1)
    copy_to(second, stick)
    second.close()

    _third, restored = restore(second, stick)

    assert (restored.contacts, restored.holding_more) == (3, ())
    assert holding_more_text(restored) == ""
