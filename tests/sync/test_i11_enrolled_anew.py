"""I11: what a laptop delivered under an earlier enrolment is owed by nobody, whatever has left it since."""

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Office, PostgresOffice, Way
from tests.sync.purging import DAYS, OfficeClock, decide, delivered_and_covered, purge

from stojnica.central.theft import laptop_contents

FAR_US = 4_000_000_000_000_000


@pytest.fixture
def days() -> OfficeClock:
    """Give the office's clock."""
    return OfficeClock()


@pytest.fixture
def way(office: Office, days: OfficeClock) -> Way:
    """Give a way to each kind of office, whose clock the test sets."""
    way = Way(office)
    days.rule(way)
    return way


@pytest.fixture
def laptop(fleet: Fleet, way: Way, days: OfficeClock) -> Laptop:
    """Give a laptop that two contacts have left, and one hasn't."""
    laptop = fleet(way)
    decide(laptop)
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.capture(1)
    laptop.sync()
    assert purge(laptop) == 2
    return laptop


def test_i11_nothing_is_owed_for_what_left_before_the_laptop_was_enrolled_anew(
    laptop: Laptop, way: Way
) -> None:
    # Given that the office knows it as another device now, with another name
    before = laptop.credentials().device_id
    laptop.enrol(way.office.enrol("Stand 1, once more"))

    # When it sends, and sends again with something new
    laptop.sync()
    owed_at_once = way.office.owed(laptop.credentials().device_id)
    laptop.capture(1)
    result = laptop.sync()

    # Then nobody owes anything
    assert owed_at_once == 0
    assert (way.office.owed(laptop.credentials().device_id), way.office.owed(before)) == (0, 0)
    assert (result.is_complete, laptop.unconfirmed().facts) == (True, 0)


def test_i11_what_was_never_delivered_is_still_owed_by_a_laptop_that_is_enrolled_anew(
    laptop: Laptop, way: Way
) -> None:
    laptop.capture(1)
    laptop.enrol(way.office.enrol("Stand 1, once more"))

    def stop(name: str) -> None:
        if name == "push":
            raise ConnectionError

    way.before = stop
    with pytest.raises(ConnectionError):
        laptop.sync()

    # What the office has under the earlier enrolment isn't owed, and what it never had is.
    assert way.office.owed(laptop.credentials().device_id) == 2
    way.before = lambda _name: None
    laptop.sync()
    assert way.office.owed(laptop.credentials().device_id) == 0


def test_i11_somebody_erased_here_is_not_owed_after_it_was_enrolled_anew(laptop: Laptop, way: Way) -> None:
    who = laptop.capture_as_the_form_does()[0].fact.subject_id
    laptop.sync()
    laptop.erase(who)
    laptop.sync()

    laptop.enrol(way.office.enrol("Stand 1, once more"))
    laptop.sync()

    assert laptop.sync().is_complete
    assert laptop.unconfirmed().facts == 0
    assert way.office.owed(laptop.credentials().device_id) == 0


def test_i11_a_fresh_file_of_the_same_laptop_owes_only_what_it_said_itself(
    laptop: Laptop, way: Way, fleet: Fleet
) -> None:
    before = laptop.credentials().device_id
    fresh = fleet(way, "Stand 1, once more")
    fresh.capture(1)

    fresh.sync()

    assert (way.office.owed(before), way.office.owed(fresh.credentials().device_id)) == (0, 0)


@pytest.mark.server
def test_i11_the_theft_report_owes_no_more_than_that(server_office: PostgresOffice, fleet: Fleet) -> None:
    way, days = Way(server_office), OfficeClock()
    days.rule(way)
    laptop = fleet(way)
    decide(laptop)
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 2

    laptop.enrol(server_office.enrol("Once more"))
    laptop.capture(1)
    laptop.sync()

    assert laptop_contents(server_office.url, "Once more", FAR_US).owed == 0


def stopped_before_it_delivers(laptop: Laptop, way: Way) -> None:
    """Send on a line that breaks after the greeting."""

    def stop(name: str) -> None:
        if name == "push":
            raise ConnectionError

    way.before = stop
    with pytest.raises(ConnectionError):
        laptop.sync()
    way.be_sound()


@pytest.mark.parametrize("ahead", [1, 3])
def test_i11_a_copied_laptop_that_is_enrolled_anew_is_seen_to_owe_though_its_twin_went_on(
    fleet: Fleet, way: Way, ahead: int
) -> None:
    # Given a copy with contacts of its own, whose twin has delivered as many with the same numbers, or more
    twin = fleet(way)
    twin.capture(1)
    twin.sync()
    copy = fleet.clone(twin)
    copy.capture(1)
    twin.capture(ahead)
    twin.sync()

    # When it is enrolled as another laptop, and its line breaks before it has sent
    copy.enrol(way.office.enrol("Stand 1, the copy"))
    stopped_before_it_delivers(copy, way)
    between = way.office.owed(copy.credentials().device_id)
    copy.sync()

    # Then the office sees that something is missing, until it has come
    assert between >= 1
    assert way.office.owed(copy.credentials().device_id) == 0
    assert way.office.owed(twin.credentials().device_id) == 0


@pytest.mark.server
def test_i11_the_theft_report_knows_as_well_that_a_copied_laptop_owes(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    way = Way(server_office)
    twin = fleet(way)
    twin.capture(1)
    twin.sync()
    copy = fleet.clone(twin)
    copy.capture(1)
    twin.capture(2)
    twin.sync()
    copy.enrol(server_office.enrol("The copy"))

    stopped_before_it_delivers(copy, way)
    between = laptop_contents(server_office.url, "The copy", FAR_US).owed
    copy.sync()

    assert between >= 1
    assert laptop_contents(server_office.url, "The copy", FAR_US).owed == 0


def test_i11_what_the_centre_lost_is_owed_by_the_laptop_that_was_enrolled_anew(
    fleet: Fleet, way: Way, days: OfficeClock
) -> None:
    # Given a laptop that two contacts have left, and an office that goes back to before them
    empty = way.office.back_up()
    laptop = fleet(way)
    decide(laptop)
    laptop.capture(2)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 2
    way.office.restore(empty)

    # When the laptop is enrolled there anew, and sends what it still has
    laptop.enrol(way.office.enrol("Stand 1, once more"))
    laptop.capture(1)
    laptop.sync()

    # Then the office sees that records are missing that once were announced
    assert way.office.owed(laptop.credentials().device_id) == 4
