"""I15, I2: a copy whose making is killed is found by the next erasure, or is a good copy; never neither."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import copies_in_short
from stojnica.services.copy_settings import choose_copy_place
from stojnica.services.erasing import erase_contact
from stojnica.storage import copies
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.made_copies import begun_copies, known_copies
from stojnica.storage.pages import read_pages

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word")
PASSPHRASE = "jutro voda hiša most reka"
WORD = b"zelmirka"
POINTS = [
    "copy.between_steps",
    "copy.before_note",
    "copy.after_note",
    "copy.before_name",
    "copy.after_name",
]
Kill = Callable[[str], None]
SaveContact = Callable[..., UUID]


def test_every_named_point_of_a_copy_is_among_them() -> None:
    source = Path(copies.__file__).read_text(encoding="utf-8")

    assert re.findall(r'failpoint\.reached\("(copy\.[^"]+)"\)', source) == sorted(POINTS, key=source.index)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Give the folder of a stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def visitor(home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: SaveContact) -> UUID:
    """Save somebody who will want to be erased; the store is closed again."""
    opened = unlock(home)
    subject = save_contact(opened, "Zelmirka")
    save_contact(opened, "Ana")
    opened.close()
    return subject


@pytest.fixture
def killed_at(home: StoreHome, run_child: Callable[..., subprocess.CompletedProcess[str]]) -> Kill:
    """Make a copy in a process that dies at a point."""

    def kill(point: str) -> None:
        ended = run_child("child_copying.py", home.folder, PASSPHRASE, STOJNICA_FAILPOINT=point)
        assert ended.returncode == -signal.SIGKILL, ended.stderr

    return kill


def holding(opened: OpenStore, *folders: Path) -> list[str]:
    """Decipher every copy, half ones too, and give those with a word of the person."""
    return sorted(path.name for path in _databases(folders) if _says(path, opened.key))


def _databases(folders: tuple[Path, ...]) -> Iterator[Path]:
    return (path for folder in folders for path in folder.rglob("*.db*") if path.is_file())


def _says(path: Path, key: bytes) -> bool:
    return WORD in b"".join(read_pages(path, key).whole.values()).lower()


@pytest.mark.parametrize("point", POINTS)
def test_i15_an_erasure_finds_what_a_killed_copy_left(
    point: str,
    home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    killed_at: Kill,
    visitor: UUID,
    save_contact: SaveContact,
) -> None:
    # Given a good copy and one whose making was killed, with the person in both
    opened = unlock(home)
    CopyKeeper(opened).copy()
    save_contact(opened, "Bor")
    opened.close()
    killed_at(point)
    opened = unlock(home)
    keeper = CopyKeeper(opened)
    assert len(list(keeper.here.glob("*.db*"))) == 2

    # When the person is erased, and copies are made anew
    erase_contact(opened.store, visitor).result(timeout=20)
    assert keeper.renew()

    # Then nobody finds them in any file, and there is one good copy and nothing else
    assert holding(opened, keeper.here) == []
    names = {path.name for path in keeper.here.iterdir()}
    (made,) = opened.store.read(known_copies).result(timeout=20)
    assert names == {made.name, copies.slots_of(made.path).name}
    assert opened.store.read(begun_copies).result(timeout=20) == ()


@pytest.mark.parametrize("point", POINTS)
def test_i02_a_copy_that_was_killed_counts_only_when_it_is_whole(
    point: str,
    home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    killed_at: Kill,
    visitor: UUID,
    save_contact: SaveContact,
) -> None:
    # Given a good copy, and a second one whose making was killed
    opened = unlock(home)
    (first,) = CopyKeeper(opened).copy().made
    save_contact(opened, "Bor")
    opened.close()
    killed_at(point)

    # When the laptop is opened again, and makes its next copy
    opened = unlock(home)
    keeper = CopyKeeper(opened)
    shown = opened.store.read(copies_in_short).result(timeout=20).here
    keeper.copy(only_if_changed=True)

    # Then what it showed as its newest was the good one, each copy that it knows opens, and none is half
    known = opened.store.read(known_copies).result(timeout=20)
    assert shown == first
    assert [copies.copy_head(item.path, opened.key)[1] for item in known] == [8, 12]
    assert sorted(keeper.here.glob("*.db*")) == [item.path for item in known]


@pytest.mark.parametrize("point", ["copy.before_note", "copy.before_name", "copy.after_name"])
def test_i15_what_a_killed_copy_left_on_a_stick_goes_once_the_stick_is_back(
    point: str,
    home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    killed_at: Kill,
    visitor: UUID,
    stick: Path,
) -> None:
    # Given what is left of a copy on a stick, which somebody took home
    opened = unlock(home)
    CopyKeeper(opened).copy()
    choose_copy_place(opened.store, stick)
    opened.close()
    killed_at(point)
    opened = unlock(home)
    keeper = CopyKeeper(opened)
    away = stick.rename(stick.with_name("at-home"))

    # When the person is erased without the stick, and then with it
    erase_contact(opened.store, visitor).result(timeout=20)
    without = keeper.renew()
    told = opened.store.read(copies_in_short).result(timeout=20).holds_erased
    assert holding(opened, away)
    away.rename(stick)
    with_it = keeper.renew()

    # Then it is told in between, and gone at the end
    assert (without, with_it) == (False, True)
    assert told == str(stick / "Stojnica")
    assert holding(opened, stick, keeper.here) == []
