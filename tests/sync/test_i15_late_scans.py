"""I15: a scan that only a copy of the laptop has goes with its person, who was erased on the first one."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.offices import PostgresOffice, Way
from tests.sync.test_m35_orders_of_the_office import attach_scan

from stojnica.central.projector import project_all

pytestmark = pytest.mark.server


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
