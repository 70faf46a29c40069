"""I15: more erasures than one file can tell of go in several files; none is lost, and each loop closes."""

from pathlib import Path
from uuid import uuid4

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import VISITOR, Laptop
from tests.sync.offices import Office, PostgresOffice
from tests.sync.sticks import StickOffice, opened
from tests.sync.test_m31_stick_forged import parts

from stojnica.domain import kinds
from stojnica.services.stick import written_message
from stojnica.storage.stick_files import MAX_ERASED
from stojnica.storage.stubs import Stub, erase_person, erased_stubs
from stojnica.storage.tables import WAITING
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_contents import DAILY_ERASED

EACH = 500
MORE = 2 * MAX_ERASED + 3


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """Give an office in memory; a test may ask for a real database."""
    if getattr(request, "param", "memory") == "memory":
        return MemoryCentre()
    real: PostgresOffice = request.getfixturevalue("server_office")
    return real


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give that office, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


@pytest.fixture
def laptop(desk: StickOffice, fleet: Fleet) -> Laptop:
    """Give a laptop that was never online."""
    return desk.laptop(fleet)


def erase_so_many(laptop: Laptop, records: int) -> None:
    """Record about a few persons, and erase them."""

    def job(unit: UnitOfWork) -> None:
        left = records
        while left:
            subject, count = uuid4(), min(left, EACH)
            unit.record(kinds.SIGNED_UP, subject, VISITOR)
            for number in range(1, count):
                unit.record(kinds.ASKED, subject, {"text": str(number)})
            assert erase_person(unit, subject) == count
            left -= count
        unit.commit()

    laptop.store.write(job).result()


def told_in(desk: StickOffice, path: Path) -> set[Stub]:
    manifest, _batches = parts(opened(path, desk.keys))
    return set(manifest.erased)


def stubs_of(laptop: Laptop) -> set[Stub]:
    branch_id = laptop.credentials().branch_id
    return set(laptop.store.read(lambda connection: erased_stubs(connection, branch_id)).result())


def a_new_day(desk: StickOffice, laptop: Laptop) -> None:
    if isinstance(desk.office, PostgresOffice):
        desk.office.rows("UPDATE hub.tombstone SET at = at - 86400000001")
    if isinstance(desk.office, MemoryCentre):
        desk.office.contents.devices[laptop.credentials().device_id].may_erase = DAILY_ERASED


def test_i15_what_one_file_cannot_tell_of_goes_in_others_of_the_same_export(
    desk: StickOffice, laptop: Laptop
) -> None:
    # Given more erased records than two files can tell of, and somebody who stays
    erase_so_many(laptop, MORE)
    stays = laptop.capture()
    stubs = stubs_of(laptop)

    # When they are written to a stick
    written = desk.written(laptop)

    # Then all are told of, each once, in three files, and the window says so
    told = [told_in(desk, file.path) for file in written.files]
    assert [len(lot) for lot in told] == [MAX_ERASED, MAX_ERASED, 3]
    assert set.union(*told) == stubs
    assert len(stubs) == MORE
    assert written.erased == MORE
    assert "2 more files belong to it." in written_message(written).what
    assert written.facts == len(stays)


@pytest.mark.parametrize("office", [pytest.param("server", marks=pytest.mark.server)], indirect=True)
def test_i15_the_office_takes_so_many_on_several_days_and_each_loop_closes(
    desk: StickOffice, laptop: Laptop
) -> None:
    # Given three files of erased records, and an office that lets a laptop erase so many a day
    erase_so_many(laptop, MORE)
    files = [file.path for file in desk.written(laptop).files]
    left: list[int] = []

    # When they are all taken in on each of three days, the last one first, and receipts go back
    for _day in range(3):
        a_new_day(desk, laptop)
        for path in reversed(files):
            left.append(desk.take_in(path).erasures_left)
            desk.close_the_loop(laptop, path)

    # Then the office says what is left for another day, and in the end nothing is
    assert left == [0, 3, MAX_ERASED, 0, 0, 3, 0, 0, 0]
    assert laptop.in_state(WAITING) == []
    assert desk.office.owed(laptop.credentials().device_id) == 0


def test_i15_who_is_erased_between_the_file_and_its_receipt_keeps_no_loop_open(
    desk: StickOffice, laptop: Laptop
) -> None:
    erase_so_many(laptop, 4)
    path = desk.export(laptop)
    erase_so_many(laptop, 2)

    desk.close_the_loop(laptop, path)

    assert len(laptop.in_state(WAITING)) == 2
    assert desk.written(laptop).erased == 2


def test_i15_everything_once_more_tells_of_all_that_was_ever_erased(
    desk: StickOffice, laptop: Laptop
) -> None:
    # Given more erased records than one file can tell of, all of them known to the office
    erase_so_many(laptop, MAX_ERASED + 1)
    laptop.capture()
    for file in desk.written(laptop).files:
        a_new_day(desk, laptop)
        desk.close_the_loop(laptop, file.path)
    laptop.capture()

    # When what is new goes to a stick, and then everything once more
    new, everything = desk.written(laptop), desk.written(laptop, is_all=True)

    # Then the first needs one file as ever, and the second tells of each
    assert (len(new.files), new.erased) == (1, 0)
    assert set.union(*(told_in(desk, file.path) for file in everything.files)) == stubs_of(laptop)


def test_i15_records_without_one_beside_another_fit_into_a_file_too(
    desk: StickOffice, laptop: Laptop
) -> None:
    # Given as many erased records as one file tells of, each between two of somebody who stays
    def job(unit: UnitOfWork) -> None:
        for _person in range(MAX_ERASED // EACH):
            gone, stays = uuid4(), uuid4()
            unit.record(kinds.SIGNED_UP, gone, VISITOR)
            for number in range(1, EACH):
                unit.record(kinds.ASKED, stays, {"text": str(number)})
                unit.record(kinds.ASKED, gone, {"text": str(number)})
            unit.record(kinds.SIGNED_UP, stays, VISITOR)
            erase_person(unit, gone)
        unit.commit()

    laptop.store.write(job).result()

    (file,) = desk.written(laptop).files
    desk.close_the_loop(laptop, file.path)

    assert laptop.in_state(WAITING) == []


def test_i15_erasures_alone_are_called_so(desk: StickOffice, laptop: Laptop) -> None:
    erase_so_many(laptop, 2)

    message = written_message(desk.written(laptop))

    assert message.what.startswith("2 erased records are told of in the encrypted file (")
