"""I2, I10: names of the team leave a laptop as contacts do; hours, counts and reports stay as they were."""

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import PASSPHRASE
from tests.sync.offices import Office
from tests.sync.purging import delivered_and_covered
from tests.sync.team_days import HOUR_US, LUPA, NAMES_DAYS, Stand, decide_names, play_day

from stojnica import failpoint
from stojnica.domain import kinds
from stojnica.domain.ids import new_id
from stojnica.records.facts import FACT
from stojnica.records.team_queries import newest_handover
from stojnica.records.typed import EVENT, TYPED_TABLES
from stojnica.services.events import change_event
from stojnica.services.rescue import rescue
from stojnica.services.retention import clear_up, look_at_retention
from stojnica.services.team import end_shift, start_shift
from stojnica.storage.home import StoreHome, unlock_store
from stojnica.storage.nameless import project_whole
from stojnica.storage.schema import PROJECTION, ensure_projection
from stojnica.storage.tables import DELIVERY, PROVEN, SETTING
from stojnica.storage.unit import UnitOfWork, branch_of


@pytest.fixture
def stand(fleet: Fleet, office: Office) -> Stand:
    """Give a day that was played at each kind of office."""
    return play_day(fleet, office)


def test_i02_names_leave_when_they_are_proven_covered_and_old_enough(stand: Stand) -> None:
    # Given what the office has for sure, and a report made of it
    report, hours, here = stand.report(), stand.hours(), stand.laptop.facts()
    assert report.volunteers == 1
    assert stand.anywhere("Maja")
    assert not stand.pass_days(NAMES_DAYS - 1)
    assert stand.laptop.facts() == here

    # When the days are over
    gone = stand.pass_days(2)

    # Then nobody is named any more, and every number and hour is as it was
    assert gone.records
    assert stand.anywhere("Maja") == []
    assert stand.report() == report
    assert stand.hours() == hours
    assert [us // HOUR_US for us in hours.values()] == [4]
    assert not stand.pass_days(1)


def test_i02_what_the_office_holds_and_what_is_proven_stays_as_it_was(stand: Stand) -> None:
    at_the_office = stand.way.office.facts()
    before = stand.laptop.sync()

    assert stand.pass_days(NAMES_DAYS)
    after = stand.laptop.sync()

    assert stand.way.office.facts() == at_the_office
    assert (after.is_complete, after.missed, after.pushed) == (True, 0, 0)
    assert (after.facts, after.receipt.code) == (before.facts, before.receipt.code)
    assert sorted(stand.laptop.facts() + stand.laptop.stubs()) == at_the_office
    assert stand.laptop.in_state(PROVEN) == at_the_office


def test_i02_typed_rows_are_the_same_when_they_are_made_anew(stand: Stand) -> None:
    stand.pass_days(NAMES_DAYS)

    def rows(connection: sa.Connection) -> list[object]:
        return [sorted(map(repr, connection.execute(sa.select(table)))) for table in TYPED_TABLES]

    def anew(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.delete(SETTING).where(SETTING.c.name == PROJECTION))
        ensure_projection(unit.connection)
        unit.commit()

    before = stand.laptop.store.read(rows).result()
    stand.laptop.store.write(anew).result()

    assert stand.laptop.store.read(rows).result() == before


def test_i02_a_kill_between_two_records_leaves_a_file_that_goes_on(stand: Stand) -> None:
    # Given that the program is killed when the third name is about to go
    report = stand.report()
    stand.days.pass_days(NAMES_DAYS)
    stand.laptop.sync()
    seen: list[int] = []

    def stop() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt

    failpoint.arm("purge.between_names", stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            clear_up(stand.laptop.store)
    finally:
        failpoint.disarm("purge.between_names")

    # When it goes on
    between = stand.report()
    assert stand.laptop.sync().is_complete
    assert clear_up(stand.laptop.store)

    # Then the step that was cut off is done as if it had been the first
    assert (between, stand.report()) == (report, report)
    assert stand.anywhere("Maja") == []


def test_i02_of_a_handover_stays_how_many_were_there(stand: Stand) -> None:
    stand.pass_days(NAMES_DAYS)

    last = stand.laptop.store.read(lambda one: newest_handover(one, branch_of(one), stand.event_id)).result()

    assert last is not None
    assert (last.operator, last.handover.here, last.handover.matters) == ("", ("",), ())
    assert last.handover.figures["reached"] == 3


@pytest.mark.parametrize("missing", ["backup", "proof"])
def test_i02_names_that_the_office_might_lose_stay(stand: Stand, missing: str) -> None:
    # Given a later shift that is in no backup, or not even at the office
    store = stand.laptop.store
    start_shift(store, stand.luka.member_id).result()
    stand.clock.at_us += HOUR_US
    end_shift(store, stand.luka.member_id).result()
    if missing == "backup":
        stand.laptop.sync()
        stand.days.pass_days(1)
        stand.laptop.sync()

    # When years pass
    if missing == "backup":
        stand.pass_days(1_000)
    else:
        stand.days.pass_days(1_000)
        clear_up(store)

    # Then it has its name, and the page says nothing else
    assert "shift" in stand.anywhere("Luka Ž.")
    assert "Luka Ž." in stand.roll()


def test_i02_without_a_decision_no_name_leaves(stand: Stand) -> None:
    decide_names(stand.laptop, None)

    assert not stand.pass_days(3_650)

    assert "shift" in stand.anywhere("Maja")
    assert stand.roll() == ["Luka Ž.", "Maja K."]


@pytest.mark.parametrize("wrong_by", [-10, 10])
def test_i10_the_laptops_clock_neither_hastens_nor_delays_it(stand: Stand, wrong_by: int) -> None:
    stand.clock.set_by_us = wrong_by * 365 * 24 * HOUR_US

    assert not stand.pass_days(NAMES_DAYS - 1)
    assert stand.pass_days(2)


def test_i02_what_came_without_a_time_has_its_days_from_the_next_proof(stand: Stand) -> None:
    # Given presses of a counter that a stick delivered, as to their proof
    counted = sa.select(FACT.c.fact_id).where(FACT.c.kind.in_((kinds.COUNTED, kinds.VOIDED)))
    by_stick = sa.update(DELIVERY).where(DELIVERY.c.fact_id.in_(counted)).values(proven_in=new_id())
    stand.laptop.execute(by_stick)
    clear_up(stand.laptop.store)

    # When the days of everything else are over, and then theirs
    stand.pass_days(100)
    stand.pass_days(NAMES_DAYS - 1)
    before = stand.anywhere("Maja")
    stand.pass_days(1)

    assert (before, stand.anywhere("Maja")) == (["fact"], [])


def test_i02_names_stay_away_when_a_damaged_file_is_rescued(stand: Stand, fleet: Fleet) -> None:
    # Given a laptop without names, with one contact, so that there is something to rescue
    stand.laptop.capture(1)
    stand.laptop.sync()
    stand.pass_days(NAMES_DAYS)
    report, hours = stand.report(), stand.hours()
    assert report.contacts == 0

    # When its file is damaged, and what can be read is put into a new one
    home = StoreHome(fleet.folder())
    rescue(stand.laptop.copy_files(fleet.folder()), home.folder, PASSPHRASE)
    stand.laptop.close()
    stand.laptop.opened = unlock_store(home, PASSPHRASE, clock=stand.clock)

    # Then it says the same
    assert (stand.anywhere("Maja"), stand.hours()) == ([], hours)
    assert stand.report() == report
    assert stand.laptop.sync().is_complete


def test_i02_an_event_whose_author_is_forgotten_can_be_changed_and_comes_back(stand: Stand) -> None:
    # Given an event of the laptop's own whose facts have no name any more
    stand.pass_days(NAMES_DAYS)
    store = stand.laptop.store

    # When somebody corrects it
    change_event(store, replace(LUPA, event_id=stand.event_id, place="Trg")).result()

    # Then it is as they say, also at the office, and also once a briefing has named it for a while
    def hide_and_show(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.delete(EVENT))
        project_whole(unit.connection, unit.branch_id, stand.event_id)
        unit.commit()

    store.write(hide_and_show).result()
    assert stand.report().event.place == "Trg"
    assert stand.report().event.name == "Festival LUPA"
    assert stand.laptop.sync().is_complete


def test_i02_contacts_keep_who_wrote_them_down_until_they_leave_themselves(stand: Stand) -> None:
    def write(unit: UnitOfWork) -> UUID:
        subject = new_id()
        data = {"form": "stand", "form_version": 1, "language": "sl", "first_name": "Žana"}
        unit.record(kinds.SIGNED_UP, subject, data, operator="Luka Ž.", channel="form")
        unit.record(kinds.CORRECTED, subject, {"town": "Kranj"}, operator="Luka Ž.")
        unit.commit()
        return subject

    subject = stand.laptop.store.write(write).result()
    delivered_and_covered(stand.laptop, stand.way, stand.days)

    assert stand.pass_days(1_000)

    query = sa.select(sa.func.count()).select_from(FACT).where(FACT.c.subject_id == subject)
    assert stand.laptop.store.read(lambda one: one.execute(query).scalar()).result() == 2


def test_it_is_said_before_that_they_go(stand: Stand) -> None:
    look = stand.laptop.store.read(look_at_retention).result()

    assert [item.contacts for item in look.names.later] == [1]
    assert look.names.due == ()
    stand.days.pass_days(NAMES_DAYS)
    stand.laptop.sync()
    look = stand.laptop.store.read(look_at_retention).result()
    assert look.names.due
