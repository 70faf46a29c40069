"""The first connection: the enrolment file is used up, whenever the line breaks."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, broken, fault_of
from tests.sync.offices import Office, PostgresOffice, Way

from stojnica.sync.faults import Fate, SyncError, interrupted, refused
from stojnica.sync.memory import MemoryCentre


def test_i14_the_enrolment_file_opens_nothing_after_the_first_sync(fleet: Fleet, office: Office) -> None:
    way = Way(office)
    laptop = fleet(way)
    from_file = laptop.credentials()

    laptop.sync()

    kept = laptop.credentials()
    assert kept.is_settled
    assert kept.password != from_file.password
    assert (kept.secret, kept.next_password) == (b"", "")
    with pytest.raises(SyncError) as caught:
        office.connect(from_file)
    assert caught.value.code == "refused"
    way.calls.clear()
    assert laptop.sync().is_complete
    assert {"replace_password", "enrolled"}.isdisjoint(way.calls)


def test_the_centre_knows_the_laptops_own_key_after_the_first_sync(
    fleet: Fleet, server_office: PostgresOffice
) -> None:
    laptop = fleet(Way(server_office))

    laptop.sync()

    private = Ed25519PrivateKey.from_private_bytes(laptop.credentials().device_key)
    rows = server_office.rows("SELECT public_key FROM hub.device")
    assert rows == [(private.public_key().public_bytes_raw(),)]
    assert server_office.rows("SELECT secret FROM hub.enrolment") == [(None,)]


@pytest.mark.parametrize("name", ["replace_password", "enrolled"])
@pytest.mark.parametrize("is_committed", [False, True], ids=["not committed", "committed"])
def test_m09_whenever_the_line_breaks_the_laptop_gets_in_again(
    fleet: Fleet, office: Office, name: str, is_committed: bool
) -> None:
    way = Way(office)
    laptop = fleet(way)
    laptop.capture(1)

    def break_now(call: str) -> None:
        if call == name:
            raise interrupted("test")

    if is_committed:
        way.after = break_now
    else:
        way.before = break_now
    assert fault_of(laptop).fate is Fate.NETWORK
    way.be_sound()

    assert laptop.sync().is_complete
    assert laptop.credentials().is_settled


def test_a_password_that_the_server_may_hear_of_late_is_not_replaced_by_another(
    laptop: Laptop, way: Way
) -> None:
    # Given a first new password whose answer never came
    way.before = lambda name: broken(name == "replace_password")
    fault_of(laptop)
    kept = laptop.credentials().next_password
    way.be_sound()

    # When the next sync replaces it, and only then the server hears of the first
    laptop.sync()
    office = way.office
    assert isinstance(office, MemoryCentre)
    office.set_password(laptop.credentials().role, kept)

    # Then it is the same one
    assert laptop.credentials().password == kept
    assert laptop.sync().is_complete


def test_a_server_that_says_no_in_words_unknown_to_us_still_gets_the_new_password(
    laptop: Laptop, way: Way
) -> None:
    # Given a server that took the new password, and whose refusal of the old one reads like a broken line
    way.after = lambda name: broken(name == "replace_password")
    fault_of(laptop)
    way.be_sound()
    real = way.office.connect
    wanted = laptop.credentials().next_password

    def connect(credentials: Any) -> Any:
        if credentials.password != wanted:
            raise interrupted("unknown words")
        return real(credentials)

    way.office.connect = connect  # type: ignore[method-assign]

    assert laptop.sync().is_complete
    assert laptop.credentials().password == wanted


def test_without_any_line_the_fault_is_the_networks_whatever_password_is_tried(
    laptop: Laptop, way: Way
) -> None:
    way.after = lambda name: broken(name == "replace_password")
    fault_of(laptop)
    way.be_sound()
    answers = [interrupted("first"), refused("login")]

    def refuse(name: str) -> None:
        if name == "connect":
            raise answers.pop(0)

    way.before = refuse

    assert fault_of(laptop).fate is Fate.NETWORK
    assert answers == []


def test_a_laptop_that_the_centre_does_not_vouch_for_is_told_to_ask(laptop: Laptop, way: Way) -> None:
    laptop.enrol(replace(laptop.credentials(), secret=bytes(32)))
    laptop.capture(1)

    fault = fault_of(laptop)

    assert (fault.code, fault.fate) == ("refused", Fate.NOT_ALLOWED)
    assert way.office.facts() == []
    assert laptop.unconfirmed().facts == 2
