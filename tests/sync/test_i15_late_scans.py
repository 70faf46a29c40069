"""I15: a scan that only a copy of the laptop has goes with its person, who was erased on the first one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.office_in_memory import OfficeInMemory
from tests.sync.offices import Office, PostgresOffice, Way
from tests.sync.sticks import StickOffice
from tests.sync.test_m35_erased_at_the_office import attach_scan

from stojnica import failpoint
from stojnica.central.projector import project_all
from stojnica.domain.attachment import CHUNK_BYTES, JPEG, SLIP_SCAN
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import StoredFact
from stojnica.services.attachments import attach_file
from stojnica.storage.stubs import Stub, erase_person, erased_stubs
from stojnica.storage.unit import UnitOfWork

SCAN = b"scan" * CHUNK_BYTES
PIECES = 4


@pytest.fixture(params=["memory", pytest.param("server", marks=pytest.mark.server)])
def office(request: pytest.FixtureRequest) -> OfficeInMemory | PostgresOffice:
    """Give both kinds of office in turn; both add up what came."""
    if request.param == "memory":
        return OfficeInMemory()
    real: PostgresOffice = request.getfixturevalue("server_office")
    return real


class PowerGoneError(Exception):
    """The laptop goes out."""


@contextmanager
def power_for(commits: int) -> Iterator[None]:
    """Let a laptop live for so many more commits."""
    left = [commits]

    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise PowerGoneError

    failpoint.arm("store.before_commit", count)
    try:
        yield
    finally:
        failpoint.disarm("store.before_commit")


def attach(laptop: Laptop, subject_id: UUID) -> bool:
    return attach_file(laptop.store, subject_id, SCAN, purpose=SLIP_SCAN, media_type=JPEG)


def attach_half(laptop: Laptop, subject_id: UUID, pieces: int) -> None:
    """Keep the description of a scan and so many of its pieces; then the laptop goes out."""
    with power_for(1 + pieces), pytest.raises(PowerGoneError):
        attach(laptop, subject_id)


def a_half_kept_scan(fleet: Fleet, office: Office, pieces: int) -> tuple[Laptop, Laptop, list[StoredFact]]:
    """Give a laptop with a half-kept scan, a copy of it, and the facts of its person."""
    laptop = fleet(Way(office))
    gone = laptop.capture_as_the_form_does()
    laptop.sync()
    attach_half(laptop, gone[0].fact.subject_id, pieces)
    return laptop, fleet.clone(laptop), gone


@pytest.mark.server
@pytest.mark.parametrize("size", [1_000, 300_000])
def test_i15_a_scan_that_only_a_copy_has_goes_with_its_person(
    server_office: PostgresOffice, fleet: Fleet, size: int
) -> None:
    # Given a copy of a laptop, on which a slip is scanned, while its person is erased on the first one
    laptop = fleet(Way(server_office))
    gone, stays = laptop.capture_as_the_form_does(), laptop.capture_as_the_form_does()
    laptop.sync()
    copy = fleet.clone(laptop)
    laptop.erase(gone[0].fact.subject_id)
    laptop.sync()
    attach_scan(copy, gone[0].fact.subject_id, b"x" * size)
    attach_scan(copy, stays[0].fact.subject_id, b"y" * 1_000)

    # When the copy sends, and the projector looks
    copy.sync()
    project_all(server_office.url)

    # Then no piece of it is left, and the other scan is
    assert len(server_office.facts()) == len(stays) + 2
    assert copy.sync().is_complete


@pytest.mark.parametrize("pieces", range(PIECES))
def test_i15_a_scan_that_a_copy_completes_after_its_person_was_erased_goes_too(
    fleet: Fleet, office: OfficeInMemory | PostgresOffice, pieces: int
) -> None:
    # Given a scan of which the first laptop has some pieces, and whose person is erased there
    laptop, copy, gone = a_half_kept_scan(fleet, office, pieces)
    laptop.erase(gone[0].fact.subject_id)
    laptop.sync()
    office.project()

    # When its copy keeps the rest, and sends it
    assert attach(copy, gone[0].fact.subject_id)
    copy.sync()
    office.project()

    # Then nothing of it is left at the office, and both prove all that they hold
    assert office.facts() == []
    assert copy.sync().is_complete
    assert laptop.sync().is_complete


@pytest.mark.parametrize("pieces", range(PIECES))
def test_i15_a_scan_that_a_copy_completed_before_its_person_is_erased_goes_too(
    fleet: Fleet, office: OfficeInMemory | PostgresOffice, pieces: int
) -> None:
    # Given a scan that was half kept, and is whole at the office by a copy of the laptop
    laptop, copy, gone = a_half_kept_scan(fleet, office, pieces)
    stays = copy.capture_as_the_form_does()
    attach(copy, gone[0].fact.subject_id)
    attach(copy, stays[0].fact.subject_id)
    copy.sync()
    office.project()

    # When the first laptop, which has never seen the rest, erases the person
    laptop.erase(gone[0].fact.subject_id)
    laptop.sync()
    office.project()

    # Then all of it is gone at the office, and the scan of somebody else is there
    assert len(office.facts()) == len(stays) + 1 + PIECES
    assert laptop.sync().is_complete


def test_i15_a_stick_names_the_pieces_that_a_copy_may_have_too(
    fleet: Fleet, office: OfficeInMemory | PostgresOffice, organisation_keys: Path, tmp_path: Path
) -> None:
    # Given a half-kept scan on a laptop that was never online, and on its copy, which completed it
    desk = StickOffice(office, organisation_keys, tmp_path / "stick")
    desk.stick.mkdir()
    laptop = desk.laptop(fleet)
    gone = laptop.capture_as_the_form_does()
    attach_half(laptop, gone[0].fact.subject_id, 1)
    copy = fleet.clone(laptop)
    attach(copy, gone[0].fact.subject_id)

    # When the person is erased on the first one, and both bring a stick
    laptop.erase(gone[0].fact.subject_id)
    desk.take_in(desk.export(laptop))
    desk.take_in(desk.export(copy))
    office.project()

    # Then nothing of it is left at the office
    assert office.facts() == []


@pytest.mark.server
def test_i14_a_laptop_that_names_pieces_of_another_ones_scan_takes_none_away(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    # Given the scan of another laptop at the office
    laptop, other = fleet(Way(server_office)), fleet(Way(server_office), "Stand 2")
    stays = laptop.capture_as_the_form_does()
    attach(laptop, stays[0].fact.subject_id)
    laptop.sync()
    server_office.project()
    before = server_office.facts()

    # When somebody with this laptop's credentials erases all ids that are named at the office
    query = "SELECT DISTINCT subject_id FROM hub.fact"
    known = [Stub(row[0], bytes(32), uuid4(), 1) for row in server_office.rows(query)]
    line = other.connect(other.credentials())
    line.erase([*known, stub_of_own(other)])
    line.close()
    server_office.project()

    # Then all of it is there
    assert server_office.facts() == before


def stub_of_own(laptop: Laptop) -> Stub:
    """Deliver somebody, and give the stub that makes the office look once more."""
    (own, *_rest) = laptop.capture_as_the_form_does()
    laptop.sync()
    laptop.erase(own.fact.subject_id)
    return Stub(own.fact.fact_id, own.content_hash, own.incarnation, own.seq)


def test_i15_of_somebody_erased_while_their_scan_is_kept_no_more_is_kept(fleet: Fleet, way: Way) -> None:
    # Given a contact who wants to be erased while the scan of their slip is being kept
    laptop = fleet(way)
    gone = laptop.capture_as_the_form_does()[0].fact.subject_id
    left = [2]

    def erase_between() -> None:
        left[0] -= 1
        if left[0] == 0:
            failpoint.disarm("store.after_commit")
            erased.append(laptop.store.write(partial(erase_now, subject_id=gone)))

    erased: list[object] = []
    failpoint.arm("store.after_commit", erase_between)

    # When the scan goes on, and is tried once more
    for _time in range(2):
        with pytest.raises(UserFacingError) as caught:
            attach(laptop, gone)
        assert caught.value.code == "contact_unknown"

    # Then nothing of it is on the laptop
    assert erased
    assert laptop.facts() == []


def erase_now(unit: UnitOfWork, subject_id: UUID) -> None:
    erase_person(unit, subject_id)
    unit.commit()


def test_m35_pieces_are_named_once_and_are_no_records_that_went(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way)
    gone = laptop.capture_as_the_form_does()
    attach_half(laptop, gone[0].fact.subject_id, 1)

    records = laptop.erase(gone[0].fact.subject_id)

    stubs = laptop.store.read(lambda connection: erased_stubs(connection, way.office.branch_id)).result()
    assert records == len(gone) + 2
    assert len(stubs) == records + PIECES
    assert laptop.sync().is_complete
    assert way.office.owed(laptop.credentials().device_id) == 0
