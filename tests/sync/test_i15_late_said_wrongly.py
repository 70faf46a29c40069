"""I15, M35: what a centre says of late people beyond what it knows, and a laptop of its copies."""

from pathlib import Path
from uuid import uuid4

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import fault_of
from tests.sync.offices import PostgresOffice, Way
from tests.sync.sticks import StickOffice
from tests.sync.test_i15_late_under_another_id import WHO, desk, newest
from tests.sync.test_i15_no_copy_holds_the_erased import visit

from stojnica.central.erase import erase
from stojnica.domain import kinds
from stojnica.domain.likeness import SAME, Likeness
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.late import MOST_AT_ONCE
from stojnica.sync.orders import no_copies_renewed
from stojnica.sync.stick_receipt import receive
from stojnica.sync.transport import LateErased

__all__ = ["desk"]
pytestmark = pytest.mark.server


def test_i15_by_its_word_alone_a_centre_erases_no_comparison_with_somebody_who_is_not_here(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a contact who was compared with one that has left, and an order about somebody else
    way = Way(server_office)
    laptop = fleet(way)
    visit(laptop)
    stays, left = laptop.capture(first_name="Ana", email="ana@example.org"), uuid4()

    def compare(unit: UnitOfWork) -> None:
        unit.record(kinds.COMPARED, stays[0].fact.subject_id, Likeness(left, SAME, ("email",)).data())
        unit.commit()

    laptop.store.write(compare).result()
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()

    # When the centre names the one who has left as late
    way.alter = lambda _name, answer: (
        LateErased((*answer.subjects, left), answer.key) if isinstance(answer, LateErased) else answer
    )
    laptop.sync()

    # Then what was said of the other one is still here
    assert "erased_late" in way.calls
    assert len(laptop.facts()) == len(stays) + 1


def test_i15_more_late_people_than_any_centre_names_at_once_are_nonsense(
    server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    way = Way(server_office)
    laptop = fleet(way)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    laptop.sync()
    server_office.project()
    way.alter = lambda _name, answer: (
        LateErased(tuple(uuid4() for _one in range(MOST_AT_ONCE + 1)), answer.key)
        if isinstance(answer, LateErased)
        else answer
    )
    held = laptop.facts()

    assert fault_of(laptop).code == "nonsense"
    assert laptop.facts() == held


def test_m35_by_stick_the_copies_of_who_came_late_are_left_though_those_of_the_order_were_gone(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a laptop that has said of an order that no copy from before it is left
    laptop = desk.laptop(fleet)
    laptop.capture(first_name="Ana", email="ana@example.org")
    newer = desk.export(laptop)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    desk.close_the_loop(laptop, newer)
    receive(laptop.store, desk.receipt(desk.export(laptop)), no_copies_renewed)
    between = newest(server_office)

    # When it says that a late person is gone, while copies have them still
    said = desk.export(laptop)
    desk.take_in(said)

    # Then the office knows, also when the file comes twice, until the copies are gone as well
    assert (between.open, between.copies_left) == (("Stand 1",), ())
    assert (newest(server_office).done, newest(server_office).copies_left) == (("Stand 1",), ("Stand 1",))
    desk.close_the_loop(laptop, said)
    assert newest(server_office).copies_left == ("Stand 1",)
    desk.close_the_loop(laptop, desk.export(laptop))
    assert newest(server_office).copies_left == ()


def test_m35_by_stick_an_older_file_that_comes_again_says_of_copies_what_it_could_not_know(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a file that says no copy from before an order is left, and a newer one: somebody went late since
    laptop = desk.laptop(fleet)
    laptop.capture(first_name="Ana", email="ana@example.org")
    newer = desk.export(laptop)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    desk.close_the_loop(laptop, newer)
    older = desk.export(laptop)
    receive(laptop.store, desk.receipt(older), no_copies_renewed)
    between = newest(server_office).copies_left
    said = desk.export(laptop)
    desk.take_in(said)

    # When the older one is taken in again
    desk.take_in(older)

    # Then the office still knows that copies have them, until a file from after that says otherwise
    assert between == ()
    assert newest(server_office).copies_left == ("Stand 1",)
    desk.close_the_loop(laptop, said)
    desk.take_in(older)
    desk.close_the_loop(laptop, desk.export(laptop))
    assert newest(server_office).copies_left == ()
    desk.take_in(older)
    assert newest(server_office).copies_left == ()


def test_m35_a_file_from_before_somebody_went_late_over_the_line_says_nothing_of_their_copies(
    desk: StickOffice, server_office: PostgresOffice, organisation_keys: Path, fleet: Fleet
) -> None:
    # Given a file that says so, and somebody who went late over the line since then
    laptop = desk.laptop(fleet)
    laptop.capture(first_name="Ana", email="ana@example.org")
    newer = desk.export(laptop)
    visit(laptop)
    erase(server_office.url, WHO, keys_dir=organisation_keys, may_be_nobody=True)
    desk.close_the_loop(laptop, newer)
    older = desk.export(laptop)
    laptop.sync()
    server_office.project()
    laptop.sync()
    between = newest(server_office)

    # When it is taken in only then, and a later one after the copies are gone
    desk.take_in(older)
    after = newest(server_office).copies_left
    laptop.capture(first_name="Ivo", email="ivo@example.org")
    desk.close_the_loop(laptop, desk.export(laptop))
    laptop.capture(first_name="Eva", email="eva@example.org")
    desk.take_in(desk.export(laptop))

    # Then it changes nothing, and the later one does
    assert (between.done, between.copies_left) == (("Stand 1",), ("Stand 1",))
    assert after == ("Stand 1",)
    assert newest(server_office).copies_left == ()
