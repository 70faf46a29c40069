"""M35, I15: the office erases by address or id on its real database; laptops and late facts follow."""

from pathlib import Path
from uuid import UUID

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import PostgresOffice, Way

from stojnica.central.erase import Who, erase
from stojnica.central.projector import project_all
from stojnica.domain import kinds
from stojnica.domain.attachment import JPEG, SLIP_SCAN, chunk_facts, describe
from stojnica.domain.errors import UserFacingError
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.faults import interrupted


@pytest.mark.server
def test_m35_the_office_erases_by_address_and_every_laptop_follows(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    laptop.capture(email="Tjasa@example.org")
    laptop.capture(email="tjasa@example.org")
    stays = laptop.capture(email="miha@example.org")
    laptop.sync()

    done = erase(server_office.url, Who(email="tjasa@EXAMPLE.org"), keys_dir=organisation_keys)
    there = server_office.facts()
    laptop.sync()
    result = laptop.sync()

    assert (done.number, done.contacts, done.facts) == (1, 2, 4)
    assert there == keys(stays)
    assert laptop.facts() == keys(stays)
    assert result.is_complete
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(1,)]
    assert server_office.rows("SELECT facts, are_copies_new FROM hub.erase_done") == [(4, False)]


@pytest.mark.server
def test_i15_what_comes_late_about_an_erased_person_is_erased_by_the_projector(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    gone = laptop.capture()
    laptop.sync()
    subject = gone[0].fact.subject_id
    # As the form of the stand does: the sign-up's fact has the id of its subject.
    copy = fleet.clone(laptop)
    erase(server_office.url, Who(subject), keys_dir=organisation_keys)

    def correct(unit: UnitOfWork) -> None:
        unit.record(kinds.CORRECTED, subject, {"first_name": "Žana-Marija"})
        unit.commit()

    copy.store.write(correct).result()
    copy.sync()
    project_all(server_office.url)

    assert server_office.facts() == []
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(0,)]
    assert copy.sync().is_complete


@pytest.mark.server
def test_nobody_found_changes_nothing(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    facts = laptop.capture()
    laptop.sync()

    with pytest.raises(UserFacingError, match="Nobody"):
        erase(server_office.url, Who(email="nobody@example.org"), keys_dir=organisation_keys)

    assert server_office.facts() == keys(facts)
    assert server_office.rows("SELECT count(*) FROM hub.erase_order") == [(0,)]


def attach_scan(laptop: Laptop, subject_id: UUID, content: bytes) -> None:
    """Attach the scan of a slip to a contact, as a fact and its pieces."""
    about = describe(content, SLIP_SCAN, JPEG)

    def attach(unit: UnitOfWork) -> None:
        unit.record(kinds.FILE_ATTACHED, subject_id, about.data())
        for piece, data in chunk_facts(about, content):
            unit.record(kinds.FILE_CHUNK, piece, data)
        unit.commit()

    laptop.store.write(attach).result()


@pytest.mark.server
def test_m35_the_scan_of_a_slip_goes_with_its_person_everywhere(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    gone, stays = laptop.capture(), laptop.capture()
    attach_scan(laptop, gone[0].fact.subject_id, b"x" * 300_000)
    laptop.sync()
    late = fleet.clone(laptop)

    done = erase(server_office.url, Who(gone[0].fact.subject_id), keys_dir=organisation_keys)
    laptop.sync()
    late.sync()
    project_all(server_office.url)

    assert done.facts == 5
    assert server_office.facts() == laptop.facts() == late.facts() == keys(stays)
    assert laptop.sync().is_complete


@pytest.mark.server
def test_i15_a_scan_that_comes_after_its_person_was_erased_is_erased_too(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given the description of a scan at the office, and its pieces still on the laptop
    laptop = fleet(Way(server_office))
    gone = laptop.capture()
    laptop.sync()
    attach_scan(laptop, gone[0].fact.subject_id, b"x" * 300_000)
    way = Way(server_office)
    laptop.connect = way
    described = len(server_office.facts()) + 1

    def stop_before_files(name: str) -> None:
        if name == "push" and way.calls.count("push") == 1:
            raise interrupted("test")

    way.before = stop_before_files
    fault_of(laptop)
    assert len(server_office.facts()) == described

    # When the person is erased, and a copy that knows nothing of the order pushes the rest
    erase(server_office.url, Who(gone[0].fact.subject_id), keys_dir=organisation_keys)
    way.be_sound()
    way.alter = lambda name, answer: [] if name == "erase_orders" else answer
    laptop.sync()
    project_all(server_office.url)

    # Then nothing of it stays
    assert server_office.facts() == []
