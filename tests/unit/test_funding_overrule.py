"""A rule of EU funding is overruled by a person with PIN, name and reason, for one piece, on record."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.funding_overrule import FundingOverrule, overrule_from
from stojnica.domain.kinds import Role, may_author
from stojnica.printing.template import Funding, Template
from stojnica.printing.template_file import load_template
from stojnica.records.funding_overrules import KnownOverrule, overrules_of
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.funding_overrule import FundingCase, OverruleWish, overrule
from stojnica.services.made_flyer import MadeFlyer, make_event_flyer
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

WHY = "Tiskarna je letake že natisnila, nov natis bi stal več."
WISH = OverruleWish("eu_height", WHY, "Maja", "4711")


@pytest.fixture(autouse=True)
def small_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every flyer a template of the office's own, whose flag is 9 mm high."""

    def template(wish: FlyerWish) -> Template:
        shipped = load_template("promise", "A6")
        funded = (replace(box, emblem_mm=9.0) if isinstance(box, Funding) else box for box in shipped.funded)
        return replace(shipped, funded=tuple(funded))

    monkeypatch.setattr(FlyerWish, "template", template)


@pytest.fixture
def event(store: Store, context: StandContext, lupa: Event) -> Event:
    """Give a chosen event of a funded project, with the sample's flyers."""
    sample = sample_document(date(2024, 9, 20))
    sample["projects"][0]["id"] = "club"
    for planned in sample["events"]:
        planned["project"] = "club"

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample)
        unit.commit()

    store.write(keep).result()
    return lupa


def made(store: Store, event: Event, language: str = "sl") -> MadeFlyer:
    return make_event_flyer(store, event.event_id, FlyerWish(language))


def case_of(store: Store, event: Event) -> FundingCase:
    case = made(store, event).case
    assert case is not None
    return case


def kept(store: Store, event: Event) -> tuple[KnownOverrule, ...]:
    return store.read(
        lambda connection: overrules_of(connection, branch_of(connection), event.event_id)
    ).result()


def test_a_broken_rule_stops_the_piece_until_a_person_overrules_it(
    store: Store, context: StandContext, event: Event
) -> None:
    stopped = made(store, event)
    with pytest.raises(UserFacingError):
        stopped.checked.printable_pdf()

    overrule(store, context.pin, case_of(store, event), WISH)

    let_by = made(store, event)
    assert let_by.checked.printable_pdf().startswith(b"%PDF")
    assert let_by.case is None
    [decision] = let_by.overruled
    assert (decision.operator, decision.overrule.rule, decision.overrule.reason) == ("Maja", "eu_height", WHY)
    assert "9 mm" in decision.overrule.measured
    assert [p.kind for p in let_by.checked.problems if p.kind.startswith("eu_")] == ["eu_height"]


def test_it_holds_for_this_very_piece_and_for_no_other(
    store: Store, context: StandContext, event: Event
) -> None:
    overrule(store, context.pin, case_of(store, event), WISH)

    assert made(store, event, "sl").checked.is_printable
    assert not made(store, event, "en").checked.is_printable


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (replace(WISH, pin="1111"), "pin_wrong"),
        (replace(WISH, pin=""), "pin_wrong"),
        (replace(WISH, reason="ok"), "overrule_reason"),
        (replace(WISH, reason="aaaaaaaaaaaaaaaa"), "overrule_reason"),
        (replace(WISH, reason="x" * 501), "overrule_reason"),
        (replace(WISH, name="  "), "overrule_name"),
        (replace(WISH, rule="does_not_decode"), "overrule_rule"),
    ],
)
def test_without_pin_reason_or_name_nothing_is_recorded(
    store: Store, context: StandContext, event: Event, spoilt: OverruleWish, code: str
) -> None:
    with pytest.raises(UserFacingError) as refused:
        overrule(store, context.pin, case_of(store, event), spoilt)

    assert refused.value.code == code
    assert kept(store, event) == ()
    assert not made(store, event).checked.is_printable


def test_what_is_no_rule_of_the_eu_is_never_let_by(store: Store, event: Event) -> None:
    checked = made(store, event).checked
    spoilt = replace(
        checked, problems=(replace(checked.problems[0], kind="does_not_decode", is_blocking=True),)
    )

    assert not spoilt.overruled(["does_not_decode"]).is_printable


def test_the_page_lets_the_rules_hold_again_and_the_record_stays(
    store: Store, context: StandContext, event: Event, runner: DeferredRunner
) -> None:
    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()
    assert model.state.case is not None
    model.overruling.decide(model.state.case, WISH)
    runner.run()
    assert model.state.is_printable
    [line] = model.state.overruled
    assert "Maja" in line
    assert WHY in line

    model.let_rules_hold()
    runner.run()

    assert not model.state.is_printable
    assert model.state.overruled == ()
    assert kept(store, event) == ()


def test_a_laptop_may_say_it_and_the_office_too() -> None:
    for role in Role:
        assert may_author(role, kinds.FUNDING_OVERRULED, subject_is_own=True)


DECISION = FundingOverrule("eu_height", "ab" * 32, "tabori", "promise", "A6", "sl", "9 mm", WHY)


def test_a_decision_is_read_as_it_was_written() -> None:
    assert overrule_from(DECISION.data()) == DECISION


@given(st.dictionaries(st.sampled_from(sorted(DECISION.data())), st.none() | st.integers() | st.text()))
def test_what_a_stranger_sends_is_read_or_left_out(spoilt: dict[str, object]) -> None:
    found = overrule_from(DECISION.data() | spoilt)

    if found is not None:
        assert found.rule
        assert found.piece
        assert 10 <= len(found.reason) <= 500


def test_in_black_alone_it_is_another_piece_with_a_name_of_its_own(
    store: Store, event: Event, runner: DeferredRunner
) -> None:
    model = FlyersViewModel(store, runner, "sl")
    model.refresh()
    runner.run()
    before = model.state

    model.choose_ink(True)
    runner.run()

    assert model.state.pages != before.pages
    assert model.state.suggested_name == before.suggested_name.replace(".pdf", "-black.pdf")
    assert model.state.case is not None
    assert before.case is not None
    assert model.state.case.piece != before.case.piece
