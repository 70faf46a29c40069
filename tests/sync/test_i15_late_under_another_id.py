"""I15, M35: who was erased by address, and comes late under another id, goes from that laptop too."""

from pathlib import Path
from uuid import UUID

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, fault_of, keys
from tests.sync.offices import PostgresOffice, Way
from tests.sync.sticks import StickOffice
from tests.sync.test_i15_no_copy_holds_the_erased import PERSON, engine_of, files_with_the_person, visit

from stojnica.central.erase import Who, erase
from stojnica.central.erasures import Erasure, erasures
from stojnica.domain.errors import UserFacingError
from stojnica.services.copies import CopyKeeper
from stojnica.services.stick import received_message
from stojnica.storage.heard_orders import heard_orders
from stojnica.sync.faults import interrupted
from stojnica.sync.transport import LateErased

pytestmark = pytest.mark.server
WHO = Who(email=PERSON["email"])


def newest(office: PostgresOffice) -> Erasure:
    return erasures(office.url)[0]


def two_laptops(office: PostgresOffice, fleet: Fleet) -> tuple[Laptop, Laptop]:
    """Give one that has sent the person, and one that holds them undelivered, with a copy."""
    first, second = fleet(Way(office), "Stand 1"), fleet(Way(office), "Stand 2")
    visit(first)
    first.sync()
    return first, second


def test_m35_a_sign_up_that_was_still_on_another_laptop_goes_from_it_and_from_its_copies(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a person on two laptops, one of which hasn't sent, and made a copy
    first, second = two_laptops(server_office, fleet)
    keeper = CopyKeeper(second.opened)
    visit(second)
    stays = second.capture(first_name="Ana", email="ana@example.org")
    keeper.copy()
    engine = engine_of(second, keeper)

    # When the office erases them by their address, and the second laptop sends only then
    erase(server_office.url, WHO, keys_dir=organisation_keys)
    first.sync()
    engine.run()
    server_office.project()
    between = newest(server_office)
    result = engine.run()

    # Then it holds them no more, nor do its copies, and the office's list says so
    assert (between.done, between.open) == (("Stand 1",), ("Stand 2",))
    assert second.facts() == server_office.facts() == keys(stays)
    assert files_with_the_person(second, second.folder) == []
    assert result.is_complete
    after = newest(server_office)
    assert (after.done, after.open, after.late) == (("Stand 1", "Stand 2"), (), 1)
    assert after.copies_left == ("Stand 1",)
    assert engine.run().is_complete


def test_i15_a_copied_laptop_is_told_as_well_though_the_first_one_said_that_it_is_done(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    _first, second = two_laptops(server_office, fleet)
    second.sync()
    visit(second)
    clone = fleet.clone(second)
    erase(server_office.url, WHO, keys_dir=organisation_keys)
    for _time in range(2):
        second.sync()
        server_office.project()
    clone.sync()
    clone.sync()

    assert clone.facts() == second.facts() == []


def test_i14_a_centre_that_names_somebody_whom_the_order_does_not_mean_is_not_believed(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    way = Way(server_office)
    laptop = fleet(way)
    visit(laptop)
    other = laptop.capture(first_name="Ana", email="ana@example.org")
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()

    def lie(name: str, answer: object) -> object:
        if isinstance(answer, LateErased):
            return LateErased((*answer.subjects, other[0].fact.subject_id), answer.key)
        return answer

    way.alter = lie
    laptop.sync()

    assert "erased_late" in way.calls
    assert laptop.facts() == keys(other)


@pytest.mark.parametrize("call", ["erased_late", "erased", "erased_late_done"])
@pytest.mark.parametrize("is_lost_before", [False, True])
def test_m35_a_line_that_breaks_while_it_is_told_leaves_nothing_undone(
    server_office: PostgresOffice,
    organisation_keys: Path,
    fleet: Fleet,
    call: str,
    is_lost_before: bool,
) -> None:
    # Given a late person whom the centre took away
    way = Way(server_office)
    laptop = fleet(way)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()

    # When the line breaks while the laptop hears of it or says so
    def break_off(name: str) -> None:
        if name == call:
            way.be_sound()
            raise interrupted("test")

    if is_lost_before:
        way.before = break_off
    else:
        way.after = break_off
    fault_of(laptop)
    result = laptop.sync()

    # Then the next time all of it is done and said
    assert laptop.facts() == []
    assert result.is_complete
    assert newest(server_office).done == ("Stand 1",)
    assert laptop.store.read(heard_orders).result() == ()


# Before delivery: the office knows nobody yet.


def test_m35_somebody_whom_the_centre_does_not_know_can_be_erased_before_they_come(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    visit(laptop)
    stays = laptop.capture(first_name="Ana", email="ana@example.org")

    done = erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()
    laptop.sync()

    assert (done.contacts, done.facts) == (0, 0)
    assert laptop.facts() == server_office.facts() == keys(stays)
    assert newest(server_office).done == ("Stand 1",)


@pytest.mark.parametrize("who", [WHO, Who(UUID(int=7))])
def test_m35_nobody_is_put_down_by_mistake_and_never_by_an_id(
    server_office: PostgresOffice, organisation_keys: Path, who: Who
) -> None:
    with pytest.raises(UserFacingError, match="Nobody"):
        erase(server_office.url, who, keys_dir=organisation_keys, may_be_nobody=who.subject_id is not None)

    assert erasures(server_office.url) == ()


def test_who_signs_up_again_after_the_laptop_had_heard_stays_whenever_it_is_sent(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a laptop that carried the order out, with an old sign-up that the office took no more of that day
    laptop = fleet(Way(server_office))
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    server_office.limit(laptop.credentials().device_id, 0)
    old = visit(laptop)
    laptop.sync()

    # When they sign up again, and both are sent
    new = visit(laptop)
    server_office.limit(laptop.credentials().device_id, 1_000)
    laptop.sync()
    server_office.project()
    laptop.sync()

    # Then only what they said before is gone
    assert server_office.people() == [new]
    assert old not in {row[0] for row in server_office.rows("SELECT subject_id FROM hub.fact")}
    assert laptop.store.read(heard_orders).result() == ()


# By stick: a laptop that is never online.


@pytest.fixture
def desk(server_office: PostgresOffice, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(server_office, organisation_keys, stick, adds_up=True)


def test_m35_by_stick_the_receipt_has_a_late_person_erased_and_the_next_file_says_so(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a laptop that is never online, with a copy, and a person erased before its file comes
    laptop = desk.laptop(fleet)
    laptop.has_copies = True
    visit(laptop)
    stays = laptop.capture(first_name="Ana", email="ana@example.org")
    CopyKeeper(laptop.opened).copy()
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)

    # When its file comes, its receipt goes back, and another file comes
    received = desk.close_the_loop(laptop, desk.export(laptop))
    between = newest(server_office)
    told = desk.close_the_loop(laptop, desk.export(laptop))

    # Then the person is nowhere, both sides say so, and nothing is left to say
    assert (received.orders, received.erased) == (2, 3)
    assert between.open == ("Stand 1",)
    assert laptop.facts() == server_office.facts() == keys(stays)
    assert files_with_the_person(laptop, laptop.folder) == []
    after = newest(server_office)
    assert (after.done, after.open, after.copies_left, after.late) == (("Stand 1",), (), (), 1)
    assert (told.orders, told.erased, bool(told.whole_code)) == (0, 0, True)
    with pytest.raises(UserFacingError) as nothing:
        desk.export(laptop)
    assert nothing.value.code == "stick_nothing"


def test_m35_by_stick_an_order_about_somebody_known_is_carried_out_as_well(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    visit(laptop)
    stays = laptop.capture(first_name="Ana", email="ana@example.org")
    desk.close_the_loop(laptop, desk.export(laptop))
    erase(server_office.url, WHO, keys_dir=organisation_keys)
    more = laptop.capture(first_name="Ivo", email="ivo@example.org")

    desk.close_the_loop(laptop, desk.export(laptop))
    held = laptop.facts()
    desk.close_the_loop(laptop, desk.export(laptop))

    assert held == server_office.facts() == keys(stays, more)
    assert newest(server_office).done == ("Stand 1",)


def test_m35_a_receipt_had_a_late_person_erased_and_the_office_hears_so_over_the_line(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)

    received = desk.close_the_loop(laptop, desk.export(laptop))
    result = laptop.sync()

    assert received_message(received).text.endswith(
        f"{received.code}. By order of the office 3 records were erased here. Write to a stick once more,"
        " so that the office hears of it."
    )
    assert result.is_complete
    assert newest(server_office).done == ("Stand 1",)
    assert laptop.store.read(heard_orders).result() == ()


def test_i15_an_older_file_that_comes_after_the_laptop_had_heard_brings_nobody_back(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given last week's file with the person, and a newer one of whose receipt the laptop heard of the order
    laptop = desk.laptop(fleet)
    first = laptop.capture(first_name="Ana", email="ana@example.org")
    newer = desk.export(laptop)
    old = visit(laptop)
    older = desk.export(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    heard = desk.close_the_loop(laptop, newer)
    assert "nothing of them was here" in received_message(heard).text

    # When they sign up again there, and all files come, the old one last
    new = visit(laptop)
    latest = desk.export(laptop)
    desk.take_in(latest)
    desk.take_in(older)

    # Then the old sign-up is gone for good, and the new one stays
    assert server_office.people() == sorted([first[0].fact.subject_id, new])
    desk.close_the_loop(laptop, latest)
    assert old not in {row[0] for row in server_office.rows("SELECT subject_id FROM hub.fact")}
    assert {item for item in laptop.facts() if item in keys(first)} == set(keys(first))


def test_i18_a_receipt_holds_neither_the_address_nor_the_key_of_its_mark(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)

    receipt = desk.receipt(desk.export(laptop))

    [(key,)] = server_office.rows("SELECT hub.order_key(branch_id, order_id) FROM hub.erase_order")
    assert bytes(key) not in receipt
    assert bytes(key).hex().encode() not in receipt
    assert PERSON["email"].encode() not in receipt.lower()


def test_i15_a_list_beside_a_backup_brings_back_who_came_late_and_the_laptop_is_still_told(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a late person that the centre took away, and a laptop that hasn't heard of it
    laptop = fleet(Way(server_office))
    stays = laptop.capture(first_name="Ana", email="ana@example.org")
    laptop.sync()
    backup = server_office.back_up()
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()

    # When the centre goes back to a backup with the list beside it
    server_office.restore_with_list(backup)
    laptop.sync()
    laptop.sync()

    # Then the laptop erases them all the same
    assert laptop.facts() == server_office.facts() == keys(stays)
    assert newest(server_office).done == ("Stand 1",)
