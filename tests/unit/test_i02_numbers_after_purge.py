"""I2: sums, half-hours, ages, slips and the report are the same after contacts have left the laptop."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.a_day_at_lupa import Day, whole_day

from stojnica.domain import kinds
from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.slip_number import SlipNumber
from stojnica.records.slip_queries import number_is_typed_in, typed_numbers
from stojnica.records.typed import SIGNUP
from stojnica.services.capture import save_signup
from stojnica.services.event_report import EventReport, event_report
from stojnica.services.today_figures import TodayFigures, look_at_today
from stojnica.storage.proof_times import note_begun, note_ended
from stojnica.storage.purge import purge_contacts
from stojnica.storage.schema import PROJECTION, ensure_projection
from stojnica.storage.store import Store
from stojnica.storage.tables import DELIVERY, PROVEN, SETTING
from stojnica.storage.unit import UnitOfWork, branch_of

DAY_US = 24 * 3_600 * 1_000_000


@pytest.fixture
def day(store: Store, clock: SetClock, lupa: Event, office: dict[str, Any]) -> Day:
    """Give a whole day, with slips of paper and people who were there twice; the office proved all of it."""
    assert office
    day = whole_day(store, clock, lupa)
    for number in ("A-1", "A-2", "A-4"):
        _type_in(day, number)
    people = contacts(store)
    day.say_same(people[3], people[0])
    day.say_same(people[4], people[0])
    day.say_same(people[7], people[6])
    store.write(_proven).result()
    return day


def _type_in(day: Day, number: str) -> None:
    signup = SignUp("Miha", email="m@example.org", age_band="18-30", slip_number=number)
    save_signup(
        day.store,
        replace(signup, purposes=("answer",)),
        subject_id=new_id(),
        event_id=day.event.event_id,
        channel="paper",
        evidence=ConsentEvidence("paper", "sl", {}),
    ).result()


def _void(unit: UnitOfWork, who: UUID) -> None:
    unit.record(kinds.VOIDED, who, {"reason": "test"})
    unit.commit()


def _proven(unit: UnitOfWork) -> None:
    first, newest = new_id(), new_id()
    note_begun(unit.connection, first, 1)
    unit.connection.execute(sa.update(DELIVERY).values(state=PROVEN, proven_in=first, is_covered=True))
    note_ended(unit.connection, newest, 31 * DAY_US)
    unit.commit()


def contacts(store: Store) -> list[UUID]:
    query = sa.select(SIGNUP.c.subject_id).order_by(SIGNUP.c.captured_at, SIGNUP.c.subject_id)
    return store.read(lambda connection: list(connection.execute(query).scalars())).result()


def purge(store: Store, subjects: Sequence[UUID]) -> int:
    def job(unit: UnitOfWork) -> int:
        gone = purge_contacts(unit, subjects, 30 * DAY_US)
        unit.commit()
        return gone

    return store.write(job).result()


def project_anew(unit: UnitOfWork) -> None:
    unit.connection.execute(sa.delete(SETTING).where(SETTING.c.name == PROJECTION))
    ensure_projection(unit.connection)
    unit.commit()


def report(day: Day) -> EventReport:
    """Give the report, as if all were made at one moment."""
    made = day.store.read(lambda one: event_report(one, day.clock, day.event.event_id)).result()
    return replace(made, made_at=0)


def today(day: Day) -> tuple[object, ...]:
    """Give the figures of *Today*; its list of contacts is shorter, and may be."""
    seen: TodayFigures = day.store.read(lambda one: look_at_today(one, day.clock)).result()
    return seen.totals, seen.recent, seen.series, seen.contacts_today, seen.project_reached


def slips(day: Day) -> frozenset[SlipNumber]:
    return day.store.read(lambda one: typed_numbers(one, branch_of(one), day.event.event_id)).result()


def test_i02_no_number_changes_when_all_contacts_leave(day: Day) -> None:
    # Given what the pages and the sheet for the office show
    people = contacts(day.store)
    before = report(day), today(day), slips(day)
    assert before[0].contacts == len(people) - 3
    assert before[0].late_contacts == 4

    # When all of them leave
    assert purge(day.store, people) == len(people)

    # Then they still show it, also once the typed rows are made anew
    assert contacts(day.store) == []
    assert (report(day), today(day), slips(day)) == before
    day.store.write(project_anew).result()
    assert (report(day), today(day), slips(day)) == before


def test_i02_a_slip_that_left_cannot_be_typed_in_again(day: Day) -> None:
    purge(day.store, contacts(day.store))

    def is_typed_in(connection: sa.Connection, count: int) -> bool:
        return number_is_typed_in(
            connection, branch_of(connection), day.event.event_id, SlipNumber("A", count)
        )

    assert day.store.read(lambda one: is_typed_in(one, 2)).result()
    assert not day.store.read(lambda one: is_typed_in(one, 3)).result()


def test_i02_what_is_kept_joins_no_age_to_an_hour_and_no_hour_to_a_slip(day: Day) -> None:
    purge(day.store, contacts(day.store))
    query = sa.text("SELECT DISTINCT figure FROM gone_contact")

    figures = day.store.read(lambda one: set(one.execute(query).scalars())).result()

    assert figures == {"live", "late", "age", "slip", "repeated"}


def test_i02_a_voided_contact_leaves_and_counts_as_little_as_before(day: Day) -> None:
    who = contacts(day.store)[1]
    day.store.write(lambda unit: _void(unit, who)).result()
    day.store.write(_proven).result()
    before = report(day)

    assert purge(day.store, [who]) == 1

    assert report(day) == before


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 15), unique=True, max_size=16))
def test_i02_no_number_changes_whichever_contacts_leave_and_in_which_order(
    day: Day, order: list[int]
) -> None:
    people = contacts(day.store)
    assert len(people) == 16

    def numbers(connection: sa.Connection) -> tuple[object, ...]:
        made = replace(event_report(connection, day.clock, day.event.event_id), made_at=0)
        return made, typed_numbers(connection, branch_of(connection), day.event.event_id)

    def leave(unit: UnitOfWork) -> None:
        """Is never committed, so that the next order begins with all of them."""
        before = numbers(unit.connection)
        for place in order:
            assert purge_contacts(unit, [people[place]], 30 * DAY_US) == 1
            assert numbers(unit.connection) == before

    day.store.write(leave).result()
