"""A class is typed in a minute: nothing is lost, nobody is counted or kept twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.tally import REACHED, Press
from stojnica.i18n import speaking
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.records.facts import FACT
from stojnica.records.reach_queries import reach_of
from stojnica.services.capture import count
from stojnica.services.contact import ContactViewModel
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.handover import draft_of
from stojnica.services.message import Tone
from stojnica.services.stand import StandContext
from stojnica.services.take_home_page import TakeHomeViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import branch_of


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> GroupVisitViewModel:
    model = GroupVisitViewModel(context)
    model.refresh()
    runner.run()
    return model


def fill(page: GroupVisitViewModel, **other: str) -> None:
    for name, text in ({"school": "OŠ Bežigrad", "pupils": "24"} | other).items():
        page.type(name, text)


def contacts(context: StandContext, event: Event) -> list[Contact]:
    def read(connection: Any) -> list[Contact]:
        branch_id = branch_of(connection)
        lines = newest_contacts(connection, branch_id, event.event_id, 9)
        found = [contact(connection, branch_id, line.subject_id) for line in lines]
        return [item for item in found if item is not None]

    return context.store.read(read).result()


def reached(context: StandContext, event: Event) -> int:
    return context.store.read(lambda c: reach_of(c, branch_of(c), [event.event_id])).result().reached


def test_school_and_number_are_enough_and_the_form_is_empty_again(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    fill(page)

    page.save()
    runner.run()

    assert page.state.message is not None
    assert page.state.message.what == "Saved: OŠ Bežigrad, 24 pupils. Nobody's name was kept."
    assert (page.state.summary, page.state.visits[0].said) == ("1 group · 24 pupils", "24 pupils")
    assert (page.state.form.school, page.state.focus) == ("", "school")
    assert (reached(context, lupa), contacts(context, lupa)) == (24, [])


def test_what_is_missing_is_said_at_its_field_and_the_first_one_gets_the_focus(
    page: GroupVisitViewModel, runner: DeferredRunner
) -> None:
    page.type("pupils", "about twenty")
    page.type("email", "mojca@")
    page.tick_box("answer", True)

    page.save()
    runner.run()

    assert {problem.field for problem in page.state.problems} == {"school", "pupils", "first_name", "email"}
    assert page.state.focus == "school"
    assert page.state.visits == ()


def test_a_teacher_who_ticks_a_box_becomes_a_contact_of_the_school(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    fill(page, first_name="Mojca", last_name="Kovač", email="mojca@example.org", town="1000 Ljubljana")
    page.tick_box("answer", True)
    page.type("question", "Do you come to schools?")

    page.save()
    runner.run()

    [teacher] = contacts(context, lupa)
    assert (teacher.first_name, teacher.organisation, teacher.town) == ("Mojca", "OŠ Bežigrad", "Ljubljana")
    assert (teacher.post_code, teacher.age_band, teacher.audience) == ("1000", "", "organisation")
    assert teacher.question == "Do you come to schools?"
    granted = {item.purpose: item.is_granted for item in teacher.consents}
    assert granted == {"answer": True, "newsletter": False, "contact": False}
    assert page.state.visits[0].said == "24 pupils · M. K."


def test_a_teacher_who_ticked_nothing_is_asked_about_and_then_left_out_of_the_whole_file(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    fill(page, first_name="Zvezdana", email="zvezdana@example.org")

    page.save()
    runner.run()
    asked, before = page.state.asks_without, page.state.visits
    page.save_without_teacher()
    runner.run()

    assert (asked, before) == (True, ())
    assert (len(page.state.visits), contacts(context, lupa)) == (1, [])
    bodies = context.store.read(lambda c: c.execute(sa.select(FACT.c.body)).scalars().all()).result()
    assert not any(b"vezdana" in body for body in bodies)


def test_going_back_to_the_boxes_keeps_what_was_typed(
    page: GroupVisitViewModel, runner: DeferredRunner
) -> None:
    fill(page, first_name="Mojca", email="mojca@example.org")
    page.save()

    page.back_to_boxes()
    page.tick_box("answer", True)
    page.save()
    runner.run()

    assert page.state.visits[0].said == "24 pupils · M."


def test_a_teacher_who_comes_with_a_second_class_stays_one_contact(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    fill(page, first_name="Mojca", email="mojca@example.org")
    page.tick_box("answer", True)
    page.save()
    runner.run()

    fill(page, pupils="19", first_name="Mojca", email="mojca@example.org")
    page.leave("email")
    runner.run()
    warning = page.state.same_person
    page.answer_same_person("same")
    kept_words = page.state.kept_teacher
    page.save()
    runner.run()

    assert "e-mail address" in warning
    assert kept_words.startswith("M.")
    assert len(contacts(context, lupa)) == 1
    assert [row.said for row in page.state.visits] == ["19 pupils · M.", "24 pupils · M."]


def test_a_class_that_was_counted_at_once_is_pointed_out_before_it_is_counted_twice(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, clock: SetClock
) -> None:
    at = clock.now_us()
    press = Press(REACHED, 24, at, at, lupa.time_zone, "class")
    count(context.store, press, event_id=lupa.event_id).result()

    fill(page)
    runner.run()
    hint = page.state.counted_before
    page.count_pupils(False)
    page.save()
    runner.run()
    fill(page, pupils="25")
    runner.run()

    assert hint == "At 14:32 a group of 24 was counted at once. If it is this one, untick this box."
    assert (reached(context, lupa), page.state.visits[0].said) == (24, "24 pupils · not counted")
    assert page.state.counted_before == ""


def test_a_correction_changes_the_visit_and_its_count_and_a_void_takes_both_out(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    fill(page)
    page.save()
    runner.run()
    subject_id = page.state.visits[0].subject_id

    page.correct(subject_id)
    runner.run()
    page.type("pupils", "27")
    page.save()
    runner.run()
    corrected = (page.state.summary, reached(context, lupa))
    page.void(subject_id, "nonsense", with_teacher=False)
    refused = page.state.message
    page.void(subject_id, "twice", with_teacher=False)
    runner.run()

    assert corrected == ("1 group · 27 pupils", 27)
    assert refused is not None
    assert refused.tone is Tone.WAIT
    assert (page.state.visits, page.state.summary, reached(context, lupa)) == ((), "", 0)


def test_a_handover_says_how_many_came_in_groups(
    page: GroupVisitViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    before = context.store.read(lambda c: draft_of(c, branch_of(c), lupa.event_id)).result()
    for pupils in ("24", "19"):
        fill(page, pupils=pupils)
        page.save()
        runner.run()

    draft = context.store.read(lambda c: draft_of(c, branch_of(c), lupa.event_id)).result()

    assert "pupils" not in before.shown
    assert draft.shown[-1] == "pupils"
    assert (draft.figures["groups"], draft.figures["pupils"], draft.figures["reached"]) == (2, 43, 43)


def test_cards_are_for_the_class_in_the_form_and_else_for_the_one_kept_last(
    page: GroupVisitViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    fill(page)
    page.begin_cards()
    runner.run()
    typed = (page.cards.state.count, page.cards.state.sheets)
    page.save()
    runner.run()

    page.begin_cards()
    runner.run()
    page.cards.save(tmp_path / page.cards.state.suggested_name)
    runner.run()

    assert typed == ("24", "3 sheets of A4, eight cards on each, to be cut.")
    assert page.cards.state.count == "24"
    assert (tmp_path / "lupa-take-home-en-24.pdf").read_bytes().startswith(b"%PDF")


def test_a_number_of_cards_that_makes_no_sense_is_said_and_nothing_is_printed(
    page: GroupVisitViewModel, runner: DeferredRunner
) -> None:
    cards: TakeHomeViewModel = page.cards
    cards.begin(1)
    runner.run()

    cards.type_count("501")
    runner.run()

    assert not cards.may_print()
    assert cards.state.count_problem == "Between 1 and 500 cards can be printed at once."


def test_a_child_without_a_guardian_gets_one_card_and_leaves_nothing(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> None:
    typing = ContactViewModel(context)
    typing.refresh()
    runner.run()
    typing.type("first_name", "Zvezdana")
    typing.choose_band(typing.state.bands[0].id)

    typing.begin_card()
    runner.run()
    typing.clear()

    assert (typing.cards.state.can_print, typing.cards.state.count) == (True, "1")
    assert contacts(context, lupa) == []


def test_nothing_can_be_kept_before_an_event_is_chosen(
    context: StandContext, runner: DeferredRunner, office: dict[str, Any]
) -> None:
    model = GroupVisitViewModel(context)
    model.refresh()
    runner.run()
    fill(model)

    model.save()
    model.begin_cards()
    runner.run()

    assert not model.state.has_event
    assert model.state.message is not None
    assert model.cards.state.message is not None
    assert model.cards.state.message.tone is Tone.BAD


def test_while_no_wordings_are_there_the_class_is_kept_and_no_teacher_is_asked(
    context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    model = GroupVisitViewModel(context)
    model.refresh()
    runner.run()
    fill(model)

    model.save()
    runner.run()

    assert model.state.kept_teacher == "In no language are all wordings there and confirmed."
    assert model.state.summary == "1 group · 24 pupils"
