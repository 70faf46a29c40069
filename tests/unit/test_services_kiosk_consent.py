"""The last page: what was typed is read back, what a box needs is asked, who is too young is looked after."""

from tests.unit.kiosk_visits import fill_person, go_to_consent, number_held, only_contact

from stojnica.domain.event import Event
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner

SECRET = "Špelca"


def test_nothing_ticked_saves_nothing(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    go_to_consent(kiosk)

    kiosk.next()
    runner.run()

    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.problem_at("purposes") is not None
    assert number_held(context) == 0


def test_a_box_that_needs_a_phone_asks_for_it_beside_the_boxes(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    go_to_consent(kiosk)
    assert kiosk.state.questions == ()
    kiosk.tick_box("contact", True)
    assert [question.id for question in kiosk.state.questions] == ["phone"]

    kiosk.next()
    problem = kiosk.state.problem_at("phone")
    assert kiosk.state.phase is KioskPhase.CONSENT
    assert problem is not None
    assert "phone" in problem.message

    kiosk.type("phone", "031 345 095")
    assert [question.text for question in kiosk.state.questions] == ["031 345 095"]
    kiosk.next()
    runner.run()
    assert kiosk.state.phase is KioskPhase.THANKS
    assert only_contact(context, lupa).phone == "+38631345095"


def test_a_phone_that_is_asked_late_and_is_wrong_is_complained_about_at_its_place(
    kiosk: KioskViewModel,
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("contact", True)
    kiosk.type("phone", "12")

    kiosk.next()

    assert kiosk.state.phase is KioskPhase.CONSENT
    assert kiosk.state.problem_at("phone") is not None
    kiosk.back()
    assert kiosk.state.page_id == "person"


def test_a_contact_that_no_box_needs_any_more_is_not_asked(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("contact", True)

    kiosk.tick_box("contact", False)

    assert kiosk.state.questions == ()


def test_name_and_address_are_read_back_before_anything_is_saved(kiosk: KioskViewModel) -> None:
    kiosk.next()
    fill_person(kiosk, last_name="Škof", email=" Spelca@Example.org", phone="031/345-095")
    assert kiosk.state.read_back.contact == ()
    kiosk.next()

    shown = kiosk.state.read_back

    assert shown.contact == ("Spelca@example.org", "031 345 095")
    assert shown.who == f"{SECRET} Škof · 18–30"


def test_who_sees_a_slip_in_the_read_back_goes_to_the_field_and_keeps_the_boxes(
    kiosk: KioskViewModel,
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("newsletter", True)

    kiosk.correct()
    assert kiosk.state.page_id == "person"
    kiosk.type("email", "spela@example.org")
    kiosk.next()

    assert kiosk.state.read_back.contact == ("spela@example.org",)
    assert [box.purpose for box in kiosk.state.consents if box.is_ticked] == ["newsletter"]


def test_a_question_is_kept_only_when_its_box_is_ticked(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    go_to_consent(kiosk)
    kiosk.tick_box("answer", True)
    kiosk.type("question", "Do I need English?")
    kiosk.tick_box("answer", False)
    kiosk.tick_box("newsletter", True)

    kiosk.next()
    runner.run()

    found = only_contact(context, lupa)
    assert (found.question, found.remark) == ("", "")


def test_under_the_age_of_consent_nothing_is_kept_not_even_in_memory(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    kiosk.next()
    fill_person(kiosk, band=0)
    kiosk.next()
    assert kiosk.state.phase is KioskPhase.GUARDIAN

    kiosk.refuse_as_guardian()
    runner.run()

    assert kiosk.state.phase is KioskPhase.REFUSED
    assert SECRET not in repr(vars(kiosk))
    assert number_held(context) == 0


def test_a_guardian_who_is_present_agrees_and_is_named(
    kiosk: KioskViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    kiosk.next()
    fill_person(kiosk, band=0)
    kiosk.next()
    kiosk.next()
    assert [problem.field for problem in kiosk.state.problems][:1] == ["guardian"]

    kiosk.type("guardian", "Marija")
    kiosk.choose_relation("mother")
    kiosk.agree_as_guardian(True)
    kiosk.next()
    kiosk.tick_box("answer", True)
    kiosk.next()
    runner.run()

    assert kiosk.state.phase is KioskPhase.THANKS
    found = only_contact(context, lupa)
    assert (found.guardian, found.guardian_relation, found.age_band) == ("Marija", "mother", "under-15")


def test_a_child_is_asked_for_the_guardian_before_anything_else_is_missing(kiosk: KioskViewModel) -> None:
    kiosk.next()
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[0].id)

    kiosk.next()

    assert kiosk.state.phase is KioskPhase.GUARDIAN
    kiosk.back()
    assert kiosk.state.page_id == "person"
    assert kiosk.state.problems == ()


def test_the_whole_notice_opens_and_closes(kiosk: KioskViewModel) -> None:
    go_to_consent(kiosk)

    kiosk.open_notice()
    assert kiosk.state.is_notice_open
    assert kiosk.state.notice_full == "Full en."
    kiosk.close_notice()

    assert not kiosk.state.is_notice_open
    assert kiosk.state.form.first_name == SECRET
