"""I2: beside the store there is a second copy that opens like it, and the newest is never given up."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.storage.copies import make_copy, mark_of
from stojnica.storage.copies_leaving import DAY_US, KEPT, expire
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.made_copies import MadeCopy, slots_of
from stojnica.storage.memory import remember
from stojnica.storage.unit import UnitOfWork

SaveContact = Callable[..., object]
Unlock = Callable[[StoreHome], OpenStore]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Give the folder of a stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def opened_copy(copy: MadeCopy, folder: Path, unlock: Unlock) -> OpenStore:
    """Open a copy with its own key file, as a store of its own."""
    home = StoreHome(folder)
    home.folder.mkdir()
    shutil.copyfile(copy.path, home.database)
    shutil.copyfile(slots_of(copy.path), home.slots)
    return unlock(home)


def test_i02_a_copy_opens_with_the_same_passphrase_and_holds_everybody(
    opened: OpenStore,
    save_contact: SaveContact,
    stick: Path,
    tmp_path: Path,
    unlock: Unlock,
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    for name in ("Ana", "Bor", "Cene"):
        save_contact(opened, name)

    copy = make_copy(opened, stick, ())

    save_contact(opened, "Črt")
    other = opened_copy(copy, tmp_path / "other", unlock)
    assert first_names(other) == ["Ana", "Bor", "Cene"]
    assert (copy.contacts, copy.facts) == (3, 12)
    everything_adds_up(other)
    assert sorted(path.name for path in stick.iterdir()) == sorted([copy.name, slots_of(copy.path).name])


def test_i18_a_copy_is_encrypted_page_for_page(
    opened: OpenStore, save_contact: SaveContact, stick: Path
) -> None:
    save_contact(opened, "Žarko", email="zarko@example.org")

    copy = make_copy(opened, stick, ())

    body = copy.path.read_bytes()
    assert b"SQLite format" not in body
    assert b"zarko@example.org" not in body
    connection = sqlite3.connect(copy.path)
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT * FROM fact").fetchall()
    connection.close()
    if os.name == "posix":
        assert copy.path.stat().st_mode & 0o077 == 0


def test_i02_who_saves_meanwhile_does_not_wait_and_the_copy_is_of_one_moment(
    opened: OpenStore,
    save_contact: SaveContact,
    stick: Path,
    tmp_path: Path,
    unlock: Unlock,
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    # Given somebody who saves one visitor after the other
    is_over = threading.Event()
    saved: list[str] = []

    def keep_saving() -> None:
        while not is_over.is_set() and len(saved) < 400:
            save_contact(opened, f"visitor-{len(saved)}", question="?" * 1_500)
            saved.append(f"visitor-{len(saved)}")

    visitors = threading.Thread(target=keep_saving)
    visitors.start()

    # When copies are made at the same time
    copies: list[MadeCopy] = []
    for _number in range(4):
        copies.append(make_copy(opened, stick, copies))
    is_over.set()
    visitors.join()

    # Then each is whole, of a moment of its own
    assert first_names(opened) == saved
    for number, copy in enumerate(copies):
        other = opened_copy(copy, tmp_path / str(number), unlock)
        assert first_names(other) == saved[: copy.contacts]
        everything_adds_up(other)


def test_i10_the_number_tells_the_newest_copy_whatever_the_clock_says(opened: OpenStore, stick: Path) -> None:
    first = make_copy(opened, stick, ())
    second = make_copy(opened, stick, [replace(first, number=7)])

    third = make_copy(opened, stick, ())

    assert [copy.number for copy in (first, second, third)] == [1, 8, 9]


def test_i02_five_are_kept_and_older_ones_leave_with_their_keys(opened: OpenStore, stick: Path) -> None:
    copies: list[MadeCopy] = []

    for _number in range(KEPT + 2):
        copies.append(make_copy(opened, stick, copies))
        copies = list(expire(copies, stick, now_us=copies[-1].made_at, days=30))

    assert [copy.number for copy in copies] == [3, 4, 5, 6, 7]
    assert len(list(stick.iterdir())) == 2 * KEPT


def test_i02_old_copies_leave_by_age_but_never_the_newest(opened: OpenStore, stick: Path) -> None:
    copies: list[MadeCopy] = []
    for _number in range(3):
        copies.append(make_copy(opened, stick, copies))

    left = expire(copies, stick, now_us=copies[-1].made_at + 3_650 * DAY_US, days=30)

    assert left == (copies[-1],)
    assert copies[-1].path.exists()
    assert not copies[0].path.exists()


def test_i02_a_file_that_this_store_did_not_make_is_never_deleted(
    opened: OpenStore, stick: Path, tmp_path: Path
) -> None:
    # Given files of others, one of which has the very name of an old copy of ours
    copies = [make_copy(opened, stick, ())]
    copies.append(make_copy(opened, stick, copies))
    foreign = stick / "stojnica-00000000-000000000000-000001.db"
    foreign.write_bytes(b"of another laptop")
    copies[0].path.write_bytes(b"put here by somebody else under the same name")
    (stick / "holiday.jpg").write_bytes(b"picture")
    lure = replace(copies[1], number=0, name="../holiday.jpg")

    # When all that can expire does
    expire([lure, *copies], stick, now_us=copies[-1].made_at + 999 * DAY_US, days=1)

    # Then theirs are there still
    assert foreign.exists()
    assert copies[0].path.read_bytes().startswith(b"put here")
    assert (stick / "holiday.jpg").exists()
    assert copies[1].path.exists()


def test_i02_what_could_not_be_taken_away_is_tried_again(opened: OpenStore, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    copies = [make_copy(opened, stick, ())]
    copies.append(make_copy(opened, stick, copies))
    stick.rename(tmp_path / "pulled")

    left = expire(copies, stick, now_us=copies[-1].made_at + 999 * DAY_US, days=1)

    assert left == tuple(copies)


def test_i02_the_mark_changes_with_what_a_copy_is_for_and_not_with_copies(
    opened: OpenStore, save_contact: SaveContact
) -> None:
    def keep(name: str) -> None:
        def job(unit: UnitOfWork) -> None:
            remember(unit.connection, name, "value")
            unit.commit()

        opened.store.write(job).result(timeout=20)

    def mark() -> str:
        return opened.store.read(mark_of).result(timeout=20)

    marks = [mark()]
    for beside in ("copies", "mark:0123", "proof_at:0123"):
        keep(beside)
        assert mark() == marks[0]

    keep("contact_unfinished")
    marks.append(mark())
    save_contact(opened)
    marks.append(mark())

    assert len(set(marks)) == 3


def test_m30_a_copy_that_does_not_read_back_is_no_copy(
    opened: OpenStore, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a stick that keeps other bytes than it was given
    def spoil(part: Path) -> None:
        body = bytearray(part.read_bytes())
        body[-1_000] ^= 1
        part.write_bytes(body)

    monkeypatch.setattr("stojnica.storage.copies._settle", spoil)

    with pytest.raises(UserFacingError) as caught:
        make_copy(opened, stick, ())

    assert caught.value.code == "copy_unreadable"
    assert list(stick.iterdir()) == []


def test_m30_a_stick_pulled_in_the_middle_is_told_and_the_next_copy_is_made(
    opened: OpenStore, save_contact: SaveContact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    first = make_copy(opened, stick, ())
    save_contact(opened)

    def pull(_part: Path) -> None:
        stick.rename(tmp_path / "pulled")
        raise OSError(5, "gone")

    with monkeypatch.context() as pulled:
        pulled.setattr("stojnica.storage.copies._settle", pull)
        with pytest.raises(UserFacingError) as caught:
            make_copy(opened, stick, [first])
    (tmp_path / "pulled").rename(stick)

    assert caught.value.code == "copy_place_gone"
    assert first.path.exists()
    again = make_copy(opened, stick, [first])
    assert again.contacts == 1
    assert not list(stick.glob("*.part"))


def test_m06_a_damaged_store_is_told_and_its_good_copies_stay(
    opened: OpenStore, save_contact: SaveContact, stick: Path
) -> None:
    for number in range(5):
        save_contact(opened, f"visitor-{number}", question="?" * 1_500)
    good = make_copy(opened, stick, ())
    driver_free = opened.home.database
    opened.store.write(_empty_log).result(timeout=20)
    body = bytearray(driver_free.read_bytes())
    body[4096 * 5 + 100] ^= 1
    driver_free.write_bytes(body)

    with pytest.raises(UserFacingError) as caught:
        make_copy(opened, stick, [good])

    assert caught.value.code == "store_damaged"
    assert sorted(path.suffix for path in stick.iterdir()) == [".db", ".json"]


def _empty_log(unit: Any) -> None:
    driver = unit.connection.connection.driver_connection
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def test_m03_a_full_stick_is_told_and_leaves_nothing_half(
    opened: OpenStore, save_contact: SaveContact, tiny_disk: Path
) -> None:
    stick = tiny_disk
    first = make_copy(opened, stick, ())
    for number in range(300):
        save_contact(opened, f"visitor-{number}", question="?" * 1_500)

    with pytest.raises(UserFacingError) as caught:
        make_copy(opened, stick, [first])

    assert caught.value.code == "copy_place_full"
    assert caught.value.safe
    assert caught.value.next_step
    assert not list(stick.glob("*.part"))
    assert first.path.exists()


def test_m04_a_stick_that_cannot_be_written_to_is_told(
    opened: OpenStore, tiny_disk: Path, make_read_only: Callable[[], None]
) -> None:
    first = make_copy(opened, tiny_disk, ())
    make_read_only()

    with pytest.raises(UserFacingError) as caught:
        make_copy(opened, tiny_disk, [first])

    assert caught.value.code == "copy_place_closed"
    assert first.path.exists()


def test_i02_closing_the_store_does_not_wait_for_a_slow_stick(
    opened: OpenStore, save_contact: SaveContact, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stojnica.domain.errors import CancelledError

    monkeypatch.setattr("stojnica.storage.copies.STEP_PAGES", 1)
    save_contact(opened)
    closing: list[threading.Thread] = []

    def close_now() -> bool:
        if not closing:
            closing.append(threading.Thread(target=opened.close))
            closing[0].start()
            while not opened.store.is_closing:
                pass
        return False

    monkeypatch.setattr(opened.store, "is_capturing", close_now)

    with pytest.raises(CancelledError):
        make_copy(opened, stick, ())

    closing[0].join()
    assert list(stick.iterdir()) == []
