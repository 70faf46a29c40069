"""Nothing half typed is lost by Pause or a crash: a slip with its number, a visit with its teacher."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from stojnica.domain.clock import SetClock
from stojnica.domain.erase_order import EraseOrder
from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.contact_queries import contact, newest_contacts
from stojnica.services.erasing import erase_contact
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.retention import clear_up
from stojnica.services.slip_contact import ContactWithSlips
from stojnica.services.slip_entry import OpenedSlip, SlipPile, open_number
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.slip_runs import RunWish, print_run
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.erase_orders import carry_out_order
from stojnica.storage.memory import recall
from stojnica.storage.store import Store
from stojnica.storage.unfinished import LONGEST_US, UNFINISHED, UNFINISHED_VISIT
from stojnica.storage.unit import UnitOfWork, branch_of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def kept(context: StandContext, name: str) -> Any:
    return context.store.read(lambda c: recall(c, name, None)).result()


def visits(context: StandContext, runner: DeferredRunner) -> GroupVisitViewModel:
    """Open the page as after a restart."""
    page = GroupVisitViewModel(context)
    page.refresh()
    runner.run()
    return page


@pytest.fixture
def visit(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> GroupVisitViewModel:
    page = visits(context, runner)
    typed = {"school": "OŠ Bežigrad", "pupils": "24", "first_name": "Mojca", "email": "mojca@example.org"}
    for name, text in typed.items():
        page.type(name, text)
    page.tick_box("answer", True)
    return page


def test_m38_a_group_visit_is_offered_after_a_pause_and_goes_on_where_it_was(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    # Given
    visit.put_by()
    runner.run()

    # When
    again = visits(context, runner)
    assert again.state.unfinished == "OŠ Bežigrad, typed at 14:32, was not saved."
    assert "Mojca" not in repr(again.state)
    again.continue_unfinished()

    # Then
    assert (again.state.form.school, again.state.form.pupils) == ("OŠ Bežigrad", "24")
    assert (again.state.teacher.first_name, again.state.teacher.purposes) == ("Mojca", ("answer",))
    assert again.state.unfinished == ""
    again.save()
    runner.run()
    assert again.state.summary == "1 group · 24 pupils"
    assert kept(context, UNFINISHED_VISIT) is None
    assert visits(context, runner).state.unfinished == ""


def test_a_group_visit_is_kept_when_the_hand_rests(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    visit.tick()
    runner.run()
    assert kept(context, UNFINISHED_VISIT) is None

    clock.at_us += 1_000_000
    visit.tick()
    runner.run()

    assert kept(context, UNFINISHED_VISIT)["visit"]["school"] == "OŠ Bežigrad"


@pytest.mark.parametrize("end", ["save", "clear"])
def test_saving_and_emptying_take_a_group_visit_off_the_disk(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, end: str
) -> None:
    visit.put_by()
    runner.run()

    getattr(visit, end)()
    runner.run()

    assert kept(context, UNFINISHED_VISIT) is None


def test_a_group_visit_of_yesterday_and_one_that_was_discarded_are_offered_no_more(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    visit.put_by()
    runner.run()
    again = visits(context, runner)
    clock.at_us += LONGEST_US
    assert visits(context, runner).state.unfinished == ""

    again.discard_unfinished()
    runner.run()

    assert again.state.unfinished == ""
    assert kept(context, UNFINISHED_VISIT) is None


def test_what_is_typed_now_is_not_thrown_away_for_an_unfinished_visit(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    visit.put_by()
    runner.run()
    again = visits(context, runner)
    again.type("school", "Gimnazija Poljane")

    again.continue_unfinished()

    assert again.state.form.school == "Gimnazija Poljane"
    assert again.state.message is not None
    assert again.state.message.what == "Save what is in the form first, or empty it."


def test_i15_a_teacher_who_is_erased_is_erased_from_an_unfinished_visit_too(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    visit.save()
    runner.run()
    visit.type("school", "OŠ Bežigrad")
    visit.type("email", "Mojca@example.org")
    visit.put_by()
    runner.run()
    assert kept(context, UNFINISHED_VISIT) is not None
    [line] = context.store.read(lambda c: newest_contacts(c, branch_of(c), lupa.event_id, 9)).result()

    erase_contact(context.store, line.subject_id).result()

    assert kept(context, UNFINISHED_VISIT) is None


def test_i15_by_order_of_the_office_a_teacher_goes_from_an_unfinished_visit_too(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    # Given a teacher who is here, and was being typed once more
    visit.save()
    runner.run()
    visit.type("school", "OŠ Bežigrad")
    visit.type("email", "Mojca@example.org")
    visit.put_by()
    runner.run()
    [line] = context.store.read(lambda c: newest_contacts(c, branch_of(c), lupa.event_id, 9)).result()

    # When the office has them erased
    def obey(unit: UnitOfWork) -> None:
        carry_out_order(unit, EraseOrder(UUID(int=1), unit.branch_id, 1, (line.subject_id,), ()))
        unit.commit()

    context.store.write(obey).result()

    # Then nobody can take the form up and bring them back
    assert kept(context, UNFINISHED_VISIT) is None
    assert visits(context, runner).state.unfinished == ""


def test_i18_what_nobody_finished_on_that_day_is_not_on_the_disk_any_more(
    visit: GroupVisitViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    visit.put_by()
    runner.run()
    clear_up(context.store)
    assert kept(context, UNFINISHED_VISIT) is not None

    clock.at_us += LONGEST_US
    clear_up(context.store)

    assert kept(context, UNFINISHED_VISIT) is None


# Slips


@pytest.fixture
def slip(store: Store, lupa: Event, office: dict[str, Any], tmp_path: Path) -> OpenedSlip:
    print_run(store, RunWish(lupa.event_id, "en", 3), tmp_path / "slips.pdf")
    pile = SlipPile(lupa.event_id, "2024-09-20")
    answer = store.read(lambda c: open_number(c, pile, "A-002")).result()
    assert answer.slip is not None, answer.problem
    return answer.slip


def contacts_page(
    context: StandContext, runner: DeferredRunner
) -> tuple[ContactWithSlips, SlipEntryViewModel]:
    """Open the page as after a restart, with the pile that it is told about."""
    entry = SlipEntryViewModel(context)
    page = ContactWithSlips(context, entry)
    page.refresh()
    runner.run()
    return page, entry


def half_type(page: ContactWithSlips, slip: OpenedSlip, band: str) -> None:
    page.open_slip(slip)
    page.choose_band(band)
    page.type("first_name", "Tjaša")
    page.type("email", "tjasa@example.org")
    page.tick_box("newsletter", True)


def test_m38_a_slip_is_offered_after_a_pause_and_is_still_that_slip(
    slip: OpenedSlip, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    # Given
    page, _entry = contacts_page(context, runner)
    half_type(page, slip, "18-30")
    page.put_by()
    runner.run()

    # When
    again, entry = contacts_page(context, runner)
    assert again.state.unfinished == "Slip A-002, typed at 14:32, was not saved."
    again.continue_unfinished()
    runner.run()

    # Then
    assert entry.state.opened == slip
    assert again.state.title == "Slip A-002"
    assert again.state.form.first_name == "Tjaša"
    again.save()
    runner.run()
    assert again.state.message is not None
    assert again.state.message.what == "Saved: T."
    assert entry.state.opened is None
    [line] = context.store.read(lambda c: newest_contacts(c, branch_of(c), lupa.event_id, 9)).result()
    known = context.store.read(lambda c: contact(c, branch_of(c), line.subject_id)).result()
    assert known is not None
    assert (known.slip_number, known.channel, known.collected_on) == ("A-002", "paper", "2024-09-20")
    assert {item.purpose for item in known.consents if item.is_granted} == {"newsletter"}
    assert kept(context, UNFINISHED) is None


@pytest.mark.parametrize("band", ["", "under-15"])
def test_m38_a_slip_without_an_age_or_of_a_child_is_never_on_the_disk_before_it_is_saved(
    slip: OpenedSlip, context: StandContext, runner: DeferredRunner, band: str
) -> None:
    page, _entry = contacts_page(context, runner)
    half_type(page, slip, band) if band else page.open_slip(slip)
    page.type("first_name", "Tjaša")

    page.put_by()
    runner.run()

    assert kept(context, UNFINISHED) is None


def test_a_slip_that_was_typed_in_meanwhile_says_so_and_stays_closed(
    slip: OpenedSlip, context: StandContext, runner: DeferredRunner
) -> None:
    page, _entry = contacts_page(context, runner)
    half_type(page, slip, "18-30")
    page.put_by()
    runner.run()
    again, entry = contacts_page(context, runner)
    other, _other_entry = contacts_page(context, runner)
    half_type(other, slip, "18-30")
    other.save()
    runner.run()

    again.continue_unfinished()
    runner.run()

    assert entry.state.opened is None
    assert again.state.message is not None
    assert again.state.message.what == "A-002 is already typed in."
