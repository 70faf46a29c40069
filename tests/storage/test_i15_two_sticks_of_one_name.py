"""I15: another stick under the same path proves nothing about the copies on the first one."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import CopiesInShort, copies_in_short
from stojnica.services.copy_settings import FOLDER, choose_copy_place
from stojnica.services.erasing import erase_contact
from stojnica.storage.copy_folders import MARK, UNMARKED, folder_id
from stojnica.storage.home import OpenStore, StoreHome, create_store
from stojnica.storage.made_copies import begun_copies, known_copies, remember_begun, remember_copies
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.unit import UnitOfWork

SaveContact = Callable[..., UUID]


class Socket:
    """One path under which sticks are mounted, one after the other; those pulled lie in a drawer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.drawer = path.parent / "drawer"
        self.drawer.mkdir()

    def pull(self, name: str) -> Path:
        return self.path.rename(self.drawer / name)

    def plug_in(self, name: str) -> None:
        stick = self.drawer / name
        (stick / FOLDER).mkdir(parents=True, exist_ok=True)
        stick.rename(self.path)


@pytest.fixture
def socket(tmp_path: Path) -> Socket:
    """Give a socket with the first stick in it."""
    item = Socket(tmp_path / "USB")
    item.plug_in("first")
    return item


@pytest.fixture
def keeper(opened: OpenStore) -> CopyKeeper:
    """Give what makes copies."""
    return CopyKeeper(opened)


def databases(folder: Path) -> list[str]:
    return sorted(path.name[-9:-3] for path in folder.rglob("*.db"))


def short(opened: OpenStore) -> CopiesInShort:
    return opened.store.read(copies_in_short).result(timeout=20)


def erase(opened: OpenStore, subject: UUID) -> None:
    erase_contact(opened.store, subject).result(timeout=20)


def test_i15_a_stick_in_a_drawer_still_holds_whom_another_under_its_path_does_not(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket
) -> None:
    # Given somebody on the first stick, and then another stick in the same socket
    choose_copy_place(opened.store, socket.path)
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    first = socket.pull("first")
    socket.plug_in("second")
    keeper.copy()

    # When the person is erased, with or without the second stick's folder of copies
    erase(opened, gone)
    was_renewed = keeper.renew()

    # Then nobody hears that no copy is left, until the first stick was there
    assert databases(first) == ["000002"]
    assert not was_renewed
    assert short(opened).holds_erased == str(socket.path / FOLDER)
    socket.pull("second")
    socket.plug_in("first")
    assert keeper.renew()
    assert "000002" not in databases(socket.path)
    assert short(opened).holds_erased == ""


def test_i15_nothing_is_copied_again_and_again_for_the_stick_that_is_away(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket
) -> None:
    choose_copy_place(opened.store, socket.path)
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    socket.pull("first")
    socket.plug_in("second")
    erase(opened, gone)

    for _time in range(3):
        assert not keeper.renew()

    assert len(databases(socket.path)) == 1


def test_i02_two_sticks_in_turn_keep_five_copies_each(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket
) -> None:
    choose_copy_place(opened.store, socket.path)
    for _day in range(4):
        for name, other in (("first", "second"), ("second", "first")):
            for _copy in range(2):
                keeper.copy()
            socket.pull(name)
            socket.plug_in(other)

    assert len(databases(socket.path)) == 5
    assert len(databases(socket.drawer / "second")) == 5
    assert short(opened).number_there == 5


def test_i15_a_half_copy_on_the_first_stick_is_not_settled_by_the_second(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket
) -> None:
    # Given a copy on the first stick of which it isn't known how its making ended
    choose_copy_place(opened.store, socket.path)
    keeper.copy()

    def forget_end(unit: UnitOfWork) -> None:
        known = known_copies(unit.connection)
        remember_begun(unit.connection, known[-1:])
        remember_copies(unit.connection, known[:-1])
        unit.commit()

    opened.store.write(forget_end).result(timeout=20)
    socket.pull("first")
    socket.plug_in("second")

    keeper.copy()
    assert len(opened.store.read(begun_copies).result(timeout=20)) == 1
    socket.pull("second")
    socket.plug_in("first")
    keeper.copy()

    assert opened.store.read(begun_copies).result(timeout=20) == ()
    assert len(databases(socket.path)) == 2


def test_i15_the_same_stick_under_another_path_is_known_again(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket, tmp_path: Path
) -> None:
    choose_copy_place(opened.store, socket.path)
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    erase(opened, gone)
    socket.path.rename(tmp_path / "USB1")

    choose_copy_place(opened.store, tmp_path / "USB1")

    assert keeper.renew()
    assert databases(tmp_path / "USB1") == ["000004"]


def test_i15_copies_noted_by_an_earlier_version_get_the_mark_with_the_next_copy(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket
) -> None:
    # Given a copy without a mark, as it was noted before
    choose_copy_place(opened.store, socket.path)
    keeper.copy()
    (socket.path / FOLDER / MARK).unlink()

    def forget_marks(unit: UnitOfWork) -> None:
        known = known_copies(unit.connection)
        remember_copies(unit.connection, [replace(item, folder_id="") for item in known])
        unit.commit()

    opened.store.write(forget_marks).result(timeout=20)

    keeper.copy()

    there = [
        item for item in opened.store.read(known_copies).result(timeout=20) if item.folder.endswith(FOLDER)
    ]
    assert [item.folder_id for item in there] == [folder_id(socket.path / FOLDER)] * 2


def test_i15_several_laptops_share_the_mark_of_one_stick(
    opened: OpenStore,
    keeper: CopyKeeper,
    socket: Socket,
    tmp_path: Path,
) -> None:
    choose_copy_place(opened.store, socket.path)
    keeper.copy()
    mark = folder_id(socket.path / FOLDER)
    other = create_store(StoreHome(tmp_path / "other"), "a b c d e", cost=Argon2Cost(8, 1, 1))
    try:
        choose_copy_place(other.store, socket.path)
        assert CopyKeeper(other).copy().faults == ()
    finally:
        other.close()

    assert mark
    assert folder_id(socket.path / FOLDER) == mark


def test_i15_a_stick_that_lost_its_mark_gets_another_and_its_copies_are_known(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket
) -> None:
    choose_copy_place(opened.store, socket.path)
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    (socket.path / FOLDER / MARK).unlink()
    erase(opened, gone)

    assert keeper.renew()

    assert databases(socket.path) == ["000004"]
    assert len(short(opened).places) == 1


@pytest.mark.parametrize("lure", ["link", "pipe", "huge", "text", "folder", "empty"])
def test_m31_what_only_looks_like_a_mark_is_none_and_keeps_nobody_waiting(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket, tmp_path: Path, lure: str
) -> None:
    # Given a stick that somebody prepared
    choose_copy_place(opened.store, socket.path)
    mark = socket.path / FOLDER / MARK
    aim = tmp_path / "aim"
    aim.write_text("0" * 32)
    if lure == "link":
        mark.symlink_to(aim)
    elif lure == "pipe":
        os.mkfifo(mark)
    elif lure == "folder":
        mark.mkdir()
    else:
        mark.write_bytes({"huge": b"0" * 5_000_000, "text": b"z" * 32, "empty": b""}[lure])

    assert folder_id(mark.parent) == ""
    outcome = keeper.copy()

    # Then the copy is made, and the lure is replaced where it can be
    assert outcome.faults == ()
    assert aim.read_text() == "0" * 32
    assert outcome.made[-1].folder_id == (UNMARKED if lure == "folder" else folder_id(mark.parent)) != ""


def test_i15_where_no_mark_can_be_put_only_what_is_seen_to_go_is_gone(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket
) -> None:
    # Given a folder that takes no mark, and a copy in it that somebody moved away
    choose_copy_place(opened.store, socket.path)
    (socket.path / FOLDER / MARK).mkdir()
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    moved = next((socket.path / FOLDER).glob("*.db"))
    moved.rename(socket.drawer / moved.name)
    keeper.copy()
    erase(opened, gone)

    # When copies are made anew
    answers = [keeper.renew() for _time in range(3)]

    # Then the one that is there is replaced, once, and nobody says that the other is gone
    assert answers == [False] * 3
    assert databases(socket.path) == ["000006"]
    moved = socket.drawer / moved.name
    moved.rename(socket.path / FOLDER / moved.name)
    keeper.copy()
    assert keeper.renew()
    assert not (socket.path / FOLDER / moved.name).exists()


def test_i15_a_stick_said_to_be_gone_is_no_longer_asked_for_and_never_told_as_renewed(
    opened: OpenStore, keeper: CopyKeeper, save_contact: SaveContact, socket: Socket
) -> None:
    # Given a lost stick with somebody who was erased
    choose_copy_place(opened.store, socket.path)
    gone = save_contact(opened, "Zelmirka")
    keeper.copy()
    socket.pull("lost")
    socket.plug_in("second")
    keeper.copy()
    erase(opened, gone)
    keeper.renew()
    (away,) = [place for place in short(opened).places if place.holds_erased]

    # When a person says so
    keeper.say_gone(away.folder, away.folder_id)

    # Then the window asks for it no more, and the office hears nothing better than what is true
    assert short(opened).holds_erased == ""
    assert all(place.folder_id != away.folder_id for place in short(opened).places)
    assert not keeper.renew()
    # And when it turns up after all, its copies leave
    socket.pull("second")
    socket.plug_in("lost")
    assert keeper.renew()
    assert "000002" not in databases(socket.path)


def test_i15_a_stick_that_is_there_with_its_copies_is_not_said_to_be_gone(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket
) -> None:
    choose_copy_place(opened.store, socket.path)
    keeper.copy()
    there = short(opened).places[-1]

    with pytest.raises(UserFacingError) as caught:
        keeper.say_gone(there.folder, there.folder_id)

    assert caught.value.code == "copies_are_there"
    assert short(opened).number_there == 1


def test_i02_a_stick_that_was_emptied_may_be_said_so_while_it_is_there(
    opened: OpenStore, keeper: CopyKeeper, socket: Socket
) -> None:
    choose_copy_place(opened.store, socket.path)
    keeper.copy()
    there = short(opened).places[-1]
    for path in (socket.path / FOLDER).iterdir():
        path.unlink()

    keeper.say_gone(there.folder, there.folder_id)

    assert short(opened).number_there == 0
