"""M30, M3, M4: files for the office on FAT and exFAT: there and back, full, pulled, locked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.real_sticks import RealStick, leave_room, names, plugged_in
from tests.sync.sticks import Steps, StickOffice

from stojnica.central.keys import IDENTITY_FILES
from stojnica.domain.errors import UserFacingError
from stojnica.services.protecting import put_away
from stojnica.storage.tables import WAITING
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.stick_import import receipt_path
from stojnica.sync.stick_receipt import receive


@pytest.fixture(params=["vfat", "exfat"])
def stick(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    """Plug a freshly formatted stick in."""
    with plugged_in(tmp_path, request.param) as made:
        yield made


@pytest.fixture
def desk(memory_office: MemoryCentre, organisation_keys: Path, stick: RealStick) -> StickOffice:
    """Give an office in memory that has the stick."""
    return StickOffice(memory_office, organisation_keys, stick.folder)


@pytest.fixture
def laptop(desk: StickOffice, fleet: Fleet) -> Laptop:
    """Give a laptop with more than one batch to write."""
    laptop = desk.laptop(fleet, "Šmarje 1: A/B")
    laptop.capture(600)
    return laptop


def test_a_file_goes_to_the_office_and_its_receipt_comes_back_on_the_same_stick(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    path = desk.export(laptop)
    stick.take_out()
    assert stick.plug_in()
    taken = desk.take_in(path)
    desk.receipt(path)
    stick.take_out()
    assert stick.plug_in(is_read_only=True)

    received = receive(laptop.store, receipt_path(path, None).read_bytes())

    assert taken.stored == received.facts == 1200
    assert laptop.in_state(WAITING) == []
    assert names(stick.folder) == sorted([path.name, receipt_path(path, None).name])


def test_i17_a_file_that_was_written_is_whole_when_the_stick_is_pulled_without_a_word(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    path = desk.export(laptop)

    stick.pull()
    stick.repair()
    assert stick.plug_in()

    assert names(stick.folder) == [path.name]
    assert desk.take_in(path).stored == 1200


def test_m32_a_key_put_away_and_a_receipt_are_there_when_the_stick_is_pulled_without_a_word(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    path = desk.export(laptop)
    away = stick.folder / "safe"
    put_away(away, desk.keys, "AGE-SECRET-KEY-1")
    receipt = desk.receipt(path)

    stick.pull()
    stick.repair()
    assert stick.plug_in()

    assert (away / IDENTITY_FILES[1]).read_text() == "AGE-SECRET-KEY-1\n"
    assert receipt_path(path, None).read_bytes() == receipt
    assert receive(laptop.store, receipt).facts == 1200


def test_two_files_of_one_day_lie_beside_each_other_whatever_their_case(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    first = desk.export(laptop)
    assert (stick.folder / first.name.upper()).exists()
    second = desk.export(laptop)

    assert len(names(stick.folder)) == 2
    assert desk.take_in(first).stored == 1200
    assert desk.take_in(second).stored == 0


def test_m03_a_stick_that_fills_up_while_writing_is_said_and_only_the_film_is_left(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    film: list[Path] = []

    def fill(name: str) -> None:
        if name == "write" and not film:
            film.append(leave_room(stick, 64 * 1024))

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop, context=Steps(act=fill))

    assert caught.value.code == "stick_full"
    assert names(stick.folder) == ["film.mp4"]
    assert len(laptop.in_state(WAITING)) == 1200
    film[0].unlink()
    assert desk.take_in(desk.export(laptop)).stored == 1200


def test_m30_pulled_while_writing_is_said_and_the_next_file_is_whole_and_alone(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    # Given a stick that is pulled in the middle
    written = 0

    def pull(name: str) -> None:
        nonlocal written
        written += name == "write"
        if name == "write" and written == 2:
            stick.pull()

    # When
    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop, context=Steps(act=pull))

    # Then it is said, and plugged in again it takes a file as ever
    assert caught.value.code == "stick_gone"
    assert len(laptop.in_state(WAITING)) == 1200
    stick.repair()
    assert stick.plug_in()
    path = desk.export(laptop)
    assert names(stick.folder) == [path.name]
    assert desk.take_in(path).stored == 1200


def test_m04_a_locked_stick_is_said_and_nothing_is_lost(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    stick.take_out()
    assert stick.plug_in(is_read_only=True)

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_gone"
    assert "can't be written to" in caught.value.what
    assert len(laptop.in_state(WAITING)) == 1200


def test_m30_half_a_file_of_a_stick_that_was_pulled_takes_no_room_of_the_next(
    desk: StickOffice, laptop: Laptop, stick: RealStick
) -> None:
    half = stick.folder / "stojnica-SMARJE1AB-20260101-AAAA.stojnica.part"
    half.write_bytes(bytes(4 * 1024 * 1024))
    leave_room(stick, 512 * 1024)

    path = desk.export(laptop)

    assert names(stick.folder) == ["film.mp4", path.name]
    assert desk.take_in(path).stored == 1200
