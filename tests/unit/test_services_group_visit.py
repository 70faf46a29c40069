"""A class at the stand: counted once, its teacher a contact only if they agreed, nothing about pupils."""

from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.group_visit import GroupVisit
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.records.contact_queries import contact, number_of_contacts
from stojnica.records.facts import FACT
from stojnica.records.group_visits import KnownVisit, VisitTotals, group_visit, group_visits, visit_totals
from stojnica.records.reach_queries import reach_of
from stojnica.services.capture import undo_last_count, void_signup
from stojnica.services.events import add_event
from stojnica.services.group_visit import Teacher, VisitWish, keep_visit, void_visit
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

BEZIGRAD = GroupVisit("OŠ Bežigrad", 24, "Ljubljana", "under-15")


def wish_for(event: Event, visit: GroupVisit = BEZIGRAD, *, is_counted: bool = True) -> VisitWish:
    return VisitWish(new_id(), visit, event, is_counted, operator="Maja")


def teacher() -> Teacher:
    signup = SignUp(
        first_name="Mojca",
        last_name="Kovač",
        email="mojca@example.org",
        organisation="OŠ Bežigrad",
        purposes=("answer",),
        form="group_visit",
        audience="organisation",
    )
    return Teacher(new_id(), signup, ConsentEvidence("read_aloud", "sl", {}))


def reached(store: Store, event: Event) -> int:
    return store.read(lambda c: reach_of(c, branch_of(c), [event.event_id])).result().reached


def known(store: Store, subject_id: UUID) -> KnownVisit:
    found = store.read(lambda c: group_visit(c, branch_of(c), subject_id)).result()
    assert found is not None
    return found


def totals(store: Store, event: Event) -> VisitTotals:
    return store.read(lambda c: visit_totals(c, branch_of(c), event.event_id)).result()


def test_pupils_are_reached_people_once_and_nothing_else_is_kept_of_them(store: Store, lupa: Event) -> None:
    wish = wish_for(lupa)

    keep_visit(store, wish).result()
    keep_visit(store, wish).result()

    assert (reached(store, lupa), totals(store, lupa)) == (24, VisitTotals(1, 24))
    assert store.read(lambda c: number_of_contacts(c, branch_of(c))).result() == 0
    assert known(store, wish.subject_id).visit == replace(
        BEZIGRAD, press=known(store, wish.subject_id).visit.press
    )


def test_a_teacher_who_agreed_is_a_contact_of_their_own_linked_by_its_id(store: Store, lupa: Event) -> None:
    person = teacher()

    kept = keep_visit(store, replace(wish_for(lupa), teacher=person)).result()

    found = store.read(lambda c: contact(c, branch_of(c), person.subject_id)).result()
    assert found is not None
    assert (found.organisation, found.age_band, found.guardian) == ("OŠ Bežigrad", "", "")
    assert (kept.initials, known(store, kept.subject_id).initials) == ("M. K.", "M. K.")
    assert reached(store, lupa) == 25
    bodies = store.read(
        lambda c: (
            c.execute(sa.select(FACT.c.body).where(FACT.c.kind.in_(("group_visited", "counted"))))
            .scalars()
            .all()
        )
    ).result()
    assert not any(b"Mojca" in body or b"example.org" in body for body in bodies)


def test_a_corrected_number_takes_the_place_of_the_first_one(
    store: Store, lupa: Event, clock: SetClock
) -> None:
    wish = wish_for(lupa)
    keep_visit(store, wish).result()
    clock.at_us += 3_600_000_000

    keep_visit(store, replace(wish, visit=replace(BEZIGRAD, pupils=27))).result()

    assert (reached(store, lupa), totals(store, lupa)) == (27, VisitTotals(1, 27))


def test_unticking_the_count_takes_the_pupils_out_and_ticking_it_again_counts_them_once(
    store: Store, lupa: Event
) -> None:
    wish = wish_for(lupa)
    keep_visit(store, wish).result()

    keep_visit(store, replace(wish, is_counted=False)).result()
    without = reached(store, lupa)
    keep_visit(store, wish).result()

    assert (without, reached(store, lupa)) == (0, 24)


def test_undoing_the_last_press_leaves_the_visit_and_says_that_it_is_not_counted(
    store: Store, lupa: Event
) -> None:
    wish = wish_for(lupa)
    keep_visit(store, wish).result()

    undo_last_count(store, event_id=lupa.event_id).result()

    assert (reached(store, lupa), totals(store, lupa)) == (0, VisitTotals(1, 24))
    assert not known(store, wish.subject_id).is_counted


def test_a_voided_visit_leaves_all_numbers_and_its_teacher_stays_unless_that_was_said(
    store: Store, lupa: Event
) -> None:
    one, other = replace(wish_for(lupa), teacher=teacher()), replace(wish_for(lupa), teacher=teacher())
    for wish in (one, other):
        keep_visit(store, wish).result()

    void_visit(store, one.subject_id, "mistake").result()
    void_visit(store, other.subject_id, "twice", with_teacher=True).result()

    assert totals(store, lupa) == VisitTotals(0, 0)
    assert reached(store, lupa) == 1
    assert one.teacher is not None
    found = store.read(lambda c: contact(c, branch_of(c), one.teacher.subject_id)).result()
    assert found is not None
    assert not found.is_voided
    assert store.read(lambda c: group_visits(c, branch_of(c), lupa.event_id)).result() == []


def test_a_voided_visit_can_be_neither_corrected_nor_voided_again(store: Store, lupa: Event) -> None:
    wish = wish_for(lupa)
    keep_visit(store, wish).result()
    void_visit(store, wish.subject_id, "mistake").result()

    again = keep_visit(store, replace(wish, visit=replace(BEZIGRAD, pupils=3)))
    twice = void_visit(store, wish.subject_id, "mistake")

    for future in (again, twice):
        error = future.exception()
        assert isinstance(error, UserFacingError)
        assert error.code == "visit_unknown"
    assert reached(store, lupa) == 0


def test_a_visit_no_longer_names_a_contact_that_was_voided(store: Store, lupa: Event) -> None:
    wish = replace(wish_for(lupa), teacher=teacher())
    keep_visit(store, wish).result()
    assert wish.teacher is not None

    void_signup(store, wish.teacher.subject_id, "asked", withdraws=True).result()

    seen = known(store, wish.subject_id)
    assert (seen.initials, seen.visit.teacher, seen.visit.pupils) == ("", None, 24)


def test_a_correction_stays_with_its_event_whatever_is_chosen_meanwhile(store: Store, lupa: Event) -> None:
    wish = wish_for(lupa)
    keep_visit(store, wish).result()
    other = add_event(store, replace(lupa, event_id=new_id(), code="sejem", name="Sejem")).result()

    keep_visit(store, replace(wish, event=other, visit=replace(BEZIGRAD, pupils=30))).result()

    assert (reached(store, lupa), totals(store, lupa)) == (30, VisitTotals(1, 30))
    assert (reached(store, other), totals(store, other)) == (0, VisitTotals(0, 0))
