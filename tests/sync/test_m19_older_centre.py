"""M19: an office that wasn't brought up to date for years takes all that it knows how to take."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import keys
from tests.sync.offices import PostgresOffice, Way

from stojnica.storage.tables import WAITING

pytestmark = pytest.mark.server
# What the first schema gave to laptops; everything else came later.
FIRST = ("hello", "push", "prove", "prove_buckets", "covered", "briefing", "enrolled")


def go_back_to_the_first_schema(office: PostgresOffice) -> list[str]:
    """Take away what came later; gives its names."""
    later = office.rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'api'::regnamespace"
        " AND p.proname <> ALL (%s) ORDER BY 1",
        [list(FIRST)],
    )
    for (name,) in later:
        office.rows(f"DROP FUNCTION {name}")
    return [name for (name,) in later]


def test_m19_a_newer_laptop_delivers_to_the_first_schema_and_is_confirmed(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    later = go_back_to_the_first_schema(server_office)
    facts = laptop.capture(3)

    result = laptop.sync()

    assert len(later) >= 3
    assert result.is_complete
    assert server_office.facts() == keys(facts)
    assert server_office.last_code(laptop.credentials().device_id) == result.receipt.code


def test_m19_what_the_first_schema_cannot_take_stays_open_and_goes_once_it_is_brought_up_to_date(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    # Given somebody who was erased on a laptop whose office knows nothing of erasures
    laptop = fleet(Way(server_office))
    server_office.rows("ALTER FUNCTION api.erase RENAME TO erase_later")
    gone, stays = laptop.capture_as_the_form_does(), laptop.capture_as_the_form_does()
    laptop.sync()
    laptop.erase(gone[0].fact.subject_id)

    # When it sends, before and after the office is brought up to date
    before = laptop.sync()
    open_then = laptop.in_state(WAITING)
    server_office.rows("ALTER FUNCTION api.erase_later RENAME TO erase")
    after = laptop.sync()

    # Then nothing was called confirmed that isn't, and in the end all is
    assert (before.is_complete, open_then) == (False, keys(gone))
    assert after.is_complete
    assert server_office.facts() == keys(stays)
