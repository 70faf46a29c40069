"""I2: while anything is unproven, nothing that a person does to a laptop takes it away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import x25519
from tests.sync.laptops import PASSPHRASE, Laptop, new_laptop
from tests.sync.offices import Way
from tests.sync.purging import DAYS, OfficeClock, decide, delivered_and_covered, purge, stubs

from stojnica.central.enrolment import Enrolment, ServerHost
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.services.enrolment import enrol_laptop
from stojnica.services.rescue import rescue
from stojnica.storage.copies import make_copy
from stojnica.storage.home import StoreHome, create_store, unlock_store
from stojnica.storage.outbox import held
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.tables import WAITING
from stojnica.storage.unit import branch_of
from stojnica.sync.memory import MemoryCentre

Enrol = Callable[[Enrolment], str]


def recipient() -> str:
    return str(x25519.Identity.generate().to_public())


@pytest.fixture
def way() -> Way:
    return Way(MemoryCentre())


@pytest.fixture
def laptop(tmp_path: Path, way: Way) -> Iterator[Laptop]:
    """Give a laptop of an organisation, with contacts that nobody has sent."""
    laptop = new_laptop(tmp_path / "laptop", way)
    laptop.enrol(replace(way.office.enrol("Stand 1"), recipients=(recipient(),)))
    laptop.capture(3)
    yield laptop
    laptop.close()


@pytest.fixture
def enrolment(laptop: Laptop) -> Enrolment:
    """Give what is in an enrolment file of the same organisation."""
    known = laptop.credentials()
    return Enrolment(
        branch_id=known.branch_id,
        device_id=new_id(),
        server_id=known.server_id,
        name="Stand 2",
        hosts=(ServerHost("127.0.0.1", 5432),),
        database="hub",
        role="stojnica_l_0123456789abcdef",
        password="secret",
        tls_mode="none",
        ca_pem="",
        signing_key=known.signing_key,
        recipients=(recipient(), recipient()),
        secret=bytes(range(32)),
        created_at=1,
        valid_until=1 << 60,
    )


@pytest.fixture
def enrol(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> Enrol:
    """Take such a file in; gives the word for what was refused, "" when nothing was."""

    def take_in(item: Enrolment) -> str:
        monkeypatch.setattr("stojnica.services.enrolment.open_enrolment", lambda _data, _code, now_us: item)
        try:
            enrol_laptop(laptop.opened, b"", "")
        except UserFacingError as error:
            return error.code
        return ""

    return take_in


def test_i02_another_organisation_takes_no_laptop_over_and_leaves_no_key_in_it(
    laptop: Laptop, enrolment: Enrolment, enrol: Enrol
) -> None:
    # Given unsent contacts, and the file of somebody else's office
    before, slots = laptop.facts(), laptop.opened.home.slots.read_bytes()

    refused = enrol(replace(enrolment, branch_id=new_id()))

    assert refused == "enrolled_elsewhere"
    assert laptop.opened.home.slots.read_bytes() == slots
    assert laptop.facts() == before
    assert laptop.credentials().name == "Stand 1"
    assert len(laptop.in_state(WAITING)) == 6


def test_i02_enrolled_anew_in_its_own_organisation_a_laptop_still_holds_what_it_has_not_sent(
    laptop: Laptop, enrolment: Enrolment, enrol: Enrol
) -> None:
    before = laptop.facts()

    assert enrol(enrolment) == ""

    assert set(before) <= set(laptop.facts())
    assert laptop.credentials().name == "Stand 2"
    assert laptop.unconfirmed().contacts == 3


def test_i02_no_second_store_is_made_over_the_first(laptop: Laptop) -> None:
    before = laptop.facts()
    home = laptop.opened.home

    with pytest.raises(UserFacingError):
        create_store(home, PASSPHRASE, cost=Argon2Cost(8, 1, 1))
    laptop.close()
    with pytest.raises(UserFacingError):
        create_store(home, PASSPHRASE, cost=Argon2Cost(8, 1, 1))

    again = unlock_store(home, PASSPHRASE)
    assert replace(laptop, opened=again).facts() == before
    again.close()


@pytest.mark.parametrize("is_unsent", [True, False])
def test_i02_the_file_from_before_an_upgrade_stays_while_anything_is_unproven(
    laptop: Laptop, way: Way, is_unsent: bool
) -> None:
    # Given a purge beside a file that was kept before an upgrade
    days = OfficeClock().rule(way)
    decide(laptop)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.sync()
    old = laptop.opened.home.database.with_name("stojnica.db.before-s0002")
    old.write_bytes(b"what it was")
    if is_unsent:
        laptop.capture(1)

    assert purge(laptop) == 3

    assert old.exists() == is_unsent


@pytest.fixture
def purged(laptop: Laptop, way: Way) -> OfficeClock:
    """Let the contacts leave that were there, and somebody else come."""
    days = OfficeClock().rule(way)
    decide(laptop)
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 3
    laptop.capture(1)
    return days


def test_i02_a_copy_carries_the_stubs_along(
    laptop: Laptop, way: Way, purged: OfficeClock, tmp_path: Path
) -> None:
    # Given a copy that was made after contacts had left
    assert purged.now
    (tmp_path / "stick").mkdir()
    made = make_copy(laptop.opened, tmp_path / "stick", [], lambda _done, _total: None)
    gone = stubs(laptop)
    laptop.close()

    # When what is in it is saved into a new store, page by page, and sent
    rescued = rescue(made.path, tmp_path / "rescued", PASSPHRASE)
    again = replace(laptop, opened=unlock_store(StoreHome(tmp_path / "rescued"), PASSPHRASE))

    # Then nothing is missed, and the numbers are those of before
    assert rescued.missing == 0
    assert stubs(again) == gone
    result = again.sync()
    assert (result.is_complete, result.missed, result.contacts, result.facts) == (True, 0, 4, 8)
    assert len(way.office.facts()) == 8
    assert again.store.read(lambda one: held(one, branch_of(one))).result().contacts == 4
    again.close()


def test_i02_a_laptop_put_back_to_before_a_purge_loses_nothing_and_may_purge_again(
    laptop: Laptop, way: Way, tmp_path: Path
) -> None:
    days = OfficeClock().rule(way)
    decide(laptop)
    captured = laptop.facts()
    delivered_and_covered(laptop, way, days)
    backup = laptop.copy_files(tmp_path / "last-week")
    days.pass_days(DAYS)
    laptop.sync()
    assert purge(laptop) == 3

    laptop.set_back(backup)
    assert laptop.facts() == captured
    laptop.sync()

    assert purge(laptop) == 3
    assert laptop.sync().is_complete
