"""A stick carries what the office doesn't have, and only the office's receipt says that it has it."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop
from tests.sync.offices import Office, PostgresOffice
from tests.sync.sticks import Steps, StickOffice

from stojnica.domain.errors import UserFacingError
from stojnica.services.delivery_state import delivery_state, is_compared_by_all
from stojnica.services.send_words import detail_of
from stojnica.storage.outbox import covered_count
from stojnica.storage.tables import PROVEN, WAITING
from stojnica.sync.stick_export import plain_name
from stojnica.sync.stick_receipt import receive


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office, in memory and with a real database, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


def test_i17_writing_a_file_changes_no_delivery_state(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    facts = laptop.capture(3)

    desk.export(laptop)

    assert len(laptop.in_state(WAITING)) == len(facts)
    assert laptop.unconfirmed().contacts == 3


def test_i17_taking_the_file_in_at_the_office_changes_nothing_on_the_laptop(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(3)

    desk.take_in(desk.export(laptop))

    assert len(laptop.in_state(WAITING)) == 6
    assert desk.office.facts() == laptop.facts()


def test_i17_only_the_receipt_confirms_and_both_sides_have_the_same_code(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(3)
    path = desk.export(laptop)

    received = desk.close_the_loop(laptop, path)

    assert len(laptop.in_state(PROVEN)) == 6
    assert laptop.unconfirmed().facts == 0
    assert (received.contacts, received.facts, received.of_facts) == (3, 6, 6)
    assert received.whole_code == desk.office.last_code(laptop.credentials().device_id)
    assert received.code in path.name


def test_a_laptop_that_was_never_online_is_vouched_for_by_its_enrolment_and_may_go_online_later(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    desk.close_the_loop(laptop, desk.export(laptop))
    laptop.capture(1)

    result = laptop.sync()

    assert result.is_complete
    assert result.pushed == 2


def test_what_came_after_the_export_still_waits(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(2)
    path = desk.export(laptop)
    laptop.capture(1)

    desk.close_the_loop(laptop, path)

    assert laptop.unconfirmed().contacts == 1
    assert len(laptop.in_state(WAITING)) == 2


def test_the_next_file_carries_only_what_is_not_confirmed_and_all_of_it_when_asked(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(2)
    desk.close_the_loop(laptop, desk.export(laptop))
    laptop.capture(1)

    new, everything = desk.written(laptop), desk.written(laptop, is_all=True)

    assert (new.contacts, new.facts) == (1, 2)
    assert (everything.contacts, everything.facts) == (3, 6)


def test_i12_enrolled_anew_there_is_no_code_until_the_office_has_compared_all_of_it(
    desk: StickOffice, fleet: Fleet
) -> None:
    # Given a laptop whose first enrolment the office ended, and that only knows sticks
    laptop = desk.laptop(fleet)
    laptop.capture(3)
    desk.close_the_loop(laptop, desk.export(laptop))
    public = laptop.credentials()
    fresh = desk.office.enrol("Stand 1, once more", device_key=b"2" * 32)
    laptop.enrol(replace(fresh, signing_key=public.signing_key, recipients=public.recipients))
    laptop.capture(1)

    # When only what is new has gone, then all of it
    desk.close_the_loop(laptop, desk.export(laptop))
    in_pieces = laptop.store.read(delivery_state).result()
    is_asked_for_all = laptop.store.read(is_compared_by_all).result()
    desk.close_the_loop(laptop, desk.export(laptop, is_all=True))
    whole = laptop.store.read(delivery_state).result()

    # Then all is confirmed both times, and the code is the office's, or none is shown
    assert (in_pieces.waiting.facts, in_pieces.proof, is_asked_for_all) == (0, None, True)
    assert detail_of(in_pieces).startswith("Confirmed: 8 of 8 records, piece by piece.")
    assert whole.proof is not None
    assert (whole.proof.facts, whole.held.facts) == (8, 8)
    assert whole.proof.code == desk.office.last_code(laptop.credentials().device_id)
    assert not laptop.store.read(is_compared_by_all).result()
    assert detail_of(whole).startswith("Confirmed: 8 of 8 records. The office has all")


def test_nothing_to_write_is_said(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    desk.close_the_loop(laptop, desk.export(laptop))

    with pytest.raises(UserFacingError) as caught:
        desk.export(laptop)

    assert caught.value.code == "stick_nothing"


def test_a_stick_and_a_line_leave_equal_rows(desk: StickOffice, fleet: Fleet) -> None:
    """The same facts, once by stick and once over a line, are told apart only by their route."""
    by_stick, by_line = desk.laptop(fleet, "By stick"), desk.laptop(fleet, "By the line")
    by_stick.capture(2)
    by_line.capture(2)

    desk.take_in(desk.export(by_stick))
    by_line.sync()

    assert desk.office.facts() == sorted(by_stick.facts() + by_line.facts())
    assert sorted(desk.office.waiting()) == desk.office.facts()
    assert desk.office.owed(by_stick.credentials().device_id) == 0
    if isinstance(desk.office, PostgresOffice):
        rows = desk.office.rows(
            "SELECT v.device_id, v.route, f.kind, f.seq, f.captured_at > 0, f.event_id, v.bucket ="
            " get_byte(v.content_hash, 0), v.incarnation = f.incarnation AND v.seq = f.seq"
            " FROM hub.delivery v JOIN hub.fact f USING (branch_id, fact_id, content_hash) ORDER BY f.seq"
        )
        of = {
            route: [row[2:] for row in rows if row[1] == route and row[0] == laptop.credentials().device_id]
            for route, laptop in (("stick", by_stick), ("direct", by_line))
        }
        assert of["stick"] == of["direct"]
        assert len(of["stick"]) == 4


def test_progress_tells_counts_and_ends_at_all(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(400)
    steps = Steps()

    desk.export(laptop, context=steps)

    assert steps.seen[0] == ("look", 0, None)
    assert ("write", 500, 800) in steps.seen
    assert steps.seen[-1] == ("check", 800, 800)


def test_i08_after_the_centre_was_restored_no_receipt_from_before_counts(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    laptop.sync()
    backup = desk.office.back_up()
    laptop.capture(1)
    old = desk.receipt(desk.export(laptop))
    receive(laptop.store, old)
    desk.office.restore(backup)
    laptop.sync()
    laptop.capture(1)

    with pytest.raises(UserFacingError) as caught:
        receive(laptop.store, old)

    assert caught.value.code == "receipt_stale"
    assert len(laptop.in_state(WAITING)) == 2


def test_coverage_by_a_backup_comes_with_a_later_receipt(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    path = desk.export(laptop)
    desk.close_the_loop(laptop, path)
    before = _covered(laptop)

    desk.office.cover_all()
    desk.close_the_loop(laptop, path)

    assert (before, _covered(laptop)) == (0, 2)


def test_names_fit_every_file_system() -> None:
    names = [plain_name(text) for text in ("Stojnica Žalec št. 4: rdeč", "Đuro", "???", "lpt1.txt")]

    assert names == ["STOJNICAZALE", "DURO", "LAPTOP", "LPT1TXT"]


def _covered(laptop: Laptop) -> int:
    return laptop.store.read(covered_count).result()
