"""Who is here: added once, picked afterwards, with hours that add up and a PIN that stays on this laptop."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.shift import end_of_shift, is_slip, lacks
from stojnica.records.facts import FACT
from stojnica.records.team_queries import open_shifts, shifts_of
from stojnica.services.events import add_event, choose_event
from stojnica.services.pin import MEMBER_PINS, PinAnswer, PinCost, PinLock
from stojnica.services.pin_change import PinWish
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.status import StatusViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import Member, add_member, checked_name, members, remove_member
from stojnica.services.team_page import TeamViewModel
from stojnica.services.today import TodayViewModel
from stojnica.storage.memory import recall
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

HOUR_US = 3_600 * 1_000_000


@pytest.fixture
def team(context: StandContext, runner: DeferredRunner, lupa: Event) -> TeamViewModel:
    model = TeamViewModel(context)
    model.refresh()
    runner.run()
    return model


def add(team: TeamViewModel, runner: DeferredRunner, name: str, initial: str, *, old: bool = False) -> None:
    team.type("first_name", name)
    team.type("initial", initial)
    team.type("is_experienced", old)
    team.add()
    runner.run()


def test_who_is_added_is_here_and_at_the_keyboard(
    team: TeamViewModel, runner: DeferredRunner, store: Store
) -> None:
    add(team, runner, "  Maja ", "k")

    (maja,) = team.state.here
    assert maja.name == "Maja K."
    assert maja.is_at_keyboard
    assert "since 14:32" in maja.detail
    assert store.read(stand_now).result().operator == "Maja K."
    assert team.state.form.first_name == ""


def test_two_people_of_whom_one_is_experienced_need_no_hint(
    team: TeamViewModel, runner: DeferredRunner
) -> None:
    add(team, runner, "Maja", "K")
    assert "two or more" in team.state.hint

    add(team, runner, "Tilen", "B")
    assert "experience" in team.state.hint

    add(team, runner, "Ana", "Č", old=True)
    assert team.state.hint == ""


def test_hours_add_up_over_shifts_and_events(
    team: TeamViewModel, runner: DeferredRunner, clock: SetClock, store: Store
) -> None:
    add(team, runner, "Maja", "K")
    maja = team.state.here[0].member_id
    clock.at_us += HOUR_US
    team.go(maja)
    runner.run()
    team.come(maja)
    runner.run()
    clock.at_us += HOUR_US // 2
    team.refresh()
    runner.run()
    assert "1\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min" in team.state.here[0].detail
    team.go(maja)
    runner.run()

    other = Event(new_id(), "Sejem", "sejem", starts="2024-09-21T10:00", ends="2024-09-21T14:00")
    add_event(store, other).result()
    choose_event(store, other.event_id).result()
    team.refresh()
    runner.run()

    (line,) = team.state.others
    assert line.detail == "new · content · 1\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min in all"


def test_pressing_twice_makes_one_shift_and_a_slip_makes_none(
    team: TeamViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    add(team, runner, "Maja", "K")
    maja = team.state.here[0].member_id

    team.come(maja)
    runner.run()
    assert len(store.read(lambda c: open_shifts(c, branch_of(c))).result()) == 1

    team.go(maja)
    runner.run()
    assert store.read(lambda c: shifts_of(c, branch_of(c), lupa.event_id)).result() == []
    assert store.read(stand_now).result().operator == ""


def test_a_shift_that_nobody_ended_ends_with_its_event(
    team: TeamViewModel, runner: DeferredRunner, clock: SetClock, store: Store, lupa: Event
) -> None:
    add(team, runner, "Maja", "K")
    clock.at_us += 30 * HOUR_US

    team.go(team.state.here[0].member_id)
    runner.run()

    (shift,) = store.read(lambda c: shifts_of(c, branch_of(c), lupa.event_id)).result()
    assert 3 * HOUR_US < shift.worked_us(clock.at_us) < 4 * HOUR_US


def test_a_name_that_is_there_already_is_said_at_the_field(
    team: TeamViewModel, runner: DeferredRunner
) -> None:
    add(team, runner, "Maja", "K")
    add(team, runner, "maja", "k.")

    assert team.state.problem is not None
    assert team.state.problem.field == "initial"
    assert team.state.form.first_name == "maja"
    assert len(team.state.here) == 1


@pytest.mark.parametrize(
    ("first", "initial", "field"),
    [("", "K", "first_name"), ("Maja", "12", "initial"), ("M", "Novak", "initial")],
)
def test_a_name_is_a_first_name_and_an_initial(first: str, initial: str, field: str) -> None:
    with pytest.raises(UserFacingError) as refused:
        checked_name(first, initial)

    assert refused.value.code == field


def test_the_keyboard_changes_hands(team: TeamViewModel, runner: DeferredRunner, store: Store) -> None:
    add(team, runner, "Maja", "K")
    add(team, runner, "Tilen", "B")

    team.take_keyboard(team.state.here[1].member_id)
    runner.run()

    assert [line.is_at_keyboard for line in team.state.here] == [False, True]
    assert store.read(stand_now).result().operator == "Tilen B."


def test_a_member_s_own_pin_is_right_and_shares_the_waits(
    context: StandContext, team: TeamViewModel, runner: DeferredRunner, clock: SetClock, store: Store
) -> None:
    add(team, runner, "Maja", "K")
    team.change_pin(PinWish("4711", "90210", team.state.here[0].member_id), _nothing, _unexpected)
    runner.run()
    assert team.state.here[0].has_pin

    assert context.pin.try_pin("90210").result() == PinAnswer(is_right=True)
    assert context.pin.try_pin("4711").result() == PinAnswer(is_right=True)
    assert context.pin.try_pin("1111").result() == PinAnswer(is_right=False, wait_s=1)
    assert context.pin.try_pin("90210").result() == PinAnswer(is_right=False, wait_s=1, is_heard=False)
    kept = str(store.read(lambda c: recall(c, MEMBER_PINS)).result())
    assert "90210" not in kept
    bodies = store.read(lambda c: [row.body for row in c.execute(sa.select(FACT.c.body))]).result()
    assert not any(b"hash" in body or b"90210" in body for body in bodies)


def test_a_pin_that_can_be_none_is_refused(team: TeamViewModel, runner: DeferredRunner) -> None:
    add(team, runner, "Maja", "K")
    said: list[UserFacingError] = []

    team.change_pin(PinWish("4711", "12", team.state.here[0].member_id), _nothing, said.append)
    runner.run()

    assert said[0].code == "pin_form"
    assert not team.state.here[0].has_pin


def test_whoever_knows_no_pin_gives_nobody_one(team: TeamViewModel, runner: DeferredRunner) -> None:
    add(team, runner, "Maja", "K")
    said: list[UserFacingError] = []

    team.change_pin(PinWish("0000", "90210", team.state.here[0].member_id), pytest.fail, said.append)
    runner.run()

    assert said[0].what == "This is no PIN of the team, and not the passphrase."
    assert said[0].next_step == "Try again in 1 second."
    assert not team.state.here[0].has_pin


def _nothing() -> None:
    """Be content."""


def _unexpected(error: UserFacingError) -> None:
    pytest.fail(error.what)


def test_who_is_taken_off_the_list_takes_the_pin_along_but_no_hours(
    team: TeamViewModel, runner: DeferredRunner, store: Store, clock: SetClock, lupa: Event
) -> None:
    lock = PinLock(store, PinCost(n=2, r=1, p=1))
    add(team, runner, "Maja", "K")
    maja = team.state.here[0].member_id
    lock.choose_for(maja, "90210").result()
    remove_member(store, maja).result()
    assert len(store.read(members).result()) == 1
    clock.at_us += HOUR_US
    team.go(maja)
    runner.run()

    team.remove(maja)
    runner.run()

    assert team.state.others == ()
    assert not lock.try_pin("90210").result().is_right
    assert len(store.read(lambda c: shifts_of(c, branch_of(c), lupa.event_id)).result()) == 1


def test_without_an_event_somebody_is_added_but_not_on_a_shift(
    context: StandContext, runner: DeferredRunner, store: Store
) -> None:
    team = TeamViewModel(context)
    team.refresh()
    runner.run()

    add(team, runner, "Maja", "K")

    assert [line.name for line in team.state.others] == ["Maja K."]
    team.come(team.state.others[0].member_id)
    runner.run()
    assert team.state.message is not None
    assert "event" in team.state.message.what


@given(st.integers(0, 10**15), st.integers(-(10**12), 10**12), st.none() | st.integers(0, 10**15))
def test_a_shift_never_ends_before_it_began(started: int, passed: int, event_ends: int | None) -> None:
    end = end_of_shift(started, started + passed, event_ends)

    assert started <= end <= max(started, started + passed)


def test_a_team_lacks_people_first_and_experience_second() -> None:
    assert [lacks(1, 1), lacks(2, 0), lacks(2, 1)] == ["people", "experience", ""]
    assert is_slip(0, 59_000_000)
    assert not is_slip(0, 60_000_000)


def test_a_member_is_added_once_for_all_events(store: Store) -> None:
    made = add_member(store, "Maja", "K", is_experienced=True, work="organising").result()

    assert store.read(members).result() == (Member(made.member_id, "Maja K.", True, "organising"),)


def test_a_laptop_whose_part_is_another_counts_and_asks(
    context: StandContext, team: TeamViewModel, runner: DeferredRunner, store: Store
) -> None:
    today = TodayViewModel(context)
    today.refresh()
    runner.run()
    today.count("reached")
    runner.run()
    assert today.state.message is None

    team.choose_letter("B")
    runner.run()
    team.choose_role("typing")
    runner.run()
    today.count("reached")
    runner.run()

    assert today.state.message is not None
    assert "typing" in today.state.message.what
    assert today.state.counters[0].number == 2
    bodies = store.read(lambda c: [row.body for row in c.execute(sa.select(FACT.c.body))]).result()
    assert [b'"laptop":"B"' in body for body in bodies if b'"counter"' in body] == [False, True]


def test_letter_and_part_are_in_the_status_line(
    context: StandContext, team: TeamViewModel, runner: DeferredRunner
) -> None:
    status = StatusViewModel(context)
    team.choose_letter("A")
    runner.run()
    team.choose_role("counting")
    runner.run()

    assert status.state.place == "computer A: counting"
    status.close()
