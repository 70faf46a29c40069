"""A rule of the EU that stops slips is overruled for this very slip, with PIN, name and reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.i18n import speaking
from stojnica.printing.funding import FundingBand
from stojnica.records.funding_overrules import overrules_of
from stojnica.records.slip_queries import runs_of_event
from stojnica.services import slip_content
from stojnica.services.flyer_content import funding_of
from stojnica.services.funding_overrule import OverruleWish
from stojnica.services.shown_organisation import keep_document
from stojnica.services.slip_print_page import SlipPrintViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.unit import UnitOfWork

WHY = "The slips are printed already."


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def slips(
    context: StandContext,
    runner: DeferredRunner,
    lupa: Event,
    office: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> SlipPrintViewModel:
    """Give the page for slips whose statement about the funding is shortened."""

    def shortened(document: OrganisationDocument, event: Event, language: str) -> FundingBand | None:
        band = funding_of(document, event, language)
        return replace(band, statement="Financira EU") if band else None

    monkeypatch.setattr(slip_content, "funding_of", shortened)
    office["projects"][0]["funding"] = {"kind": "funded", "programme": "CERV", "authority": {"en": "EACEA"}}

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office)
        unit.commit()

    context.store.write(keep).result()
    model = SlipPrintViewModel(context)
    model.begin(lupa.event_id)
    runner.run()
    return model


def overrule_all(slips: SlipPrintViewModel, runner: DeferredRunner, pin: str = "4711") -> None:
    case = slips.state.case
    assert case is not None
    for rule in case.rules:
        slips.overruling.decide(case, OverruleWish(rule.id, WHY, "Maja", pin))
        runner.run()


def test_what_stops_a_slip_is_said_and_no_number_is_given(
    slips: SlipPrintViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, tmp_path: Path
) -> None:
    slips.save(tmp_path / "slips.pdf")
    runner.run()

    assert slips.state.case is not None
    assert "Financira EU" in (slips.state.message.what if slips.state.message else "")
    assert not slips.may_print()
    assert context.store.read(lambda c: runs_of_event(c, UUID(int=0), lupa.event_id)).result() == ()


def test_overruled_it_is_printed_and_told_until_the_rules_hold_again(
    slips: SlipPrintViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, tmp_path: Path
) -> None:
    overrule_all(slips, runner)

    assert (slips.state.case, slips.state.can_print) == (None, True)
    assert all(WHY in line and "Maja" in line for line in slips.state.overruled)
    slips.type_count("4")
    slips.save(tmp_path / "slips.pdf")
    runner.run()
    [run] = context.store.read(lambda c: runs_of_event(c, UUID(int=0), lupa.event_id)).result()
    assert len(run.numbers) == 4
    known = context.store.read(lambda c: overrules_of(c, UUID(int=0), lupa.event_id)).result()
    assert {item.overrule.template for item in known} == {"slip"}
    slips.let_rules_hold()
    runner.run()
    assert slips.state.case is not None
    assert not slips.may_print()


def test_a_slip_in_another_language_is_another_piece(
    slips: SlipPrintViewModel, runner: DeferredRunner
) -> None:
    overrule_all(slips, runner)

    slips.choose_language("en")
    runner.run()

    assert slips.state.case is not None
    assert slips.state.overruled == ()


def test_a_wrong_pin_records_nothing(
    slips: SlipPrintViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    case = slips.state.case
    assert case is not None

    slips.overruling.decide(case, OverruleWish(case.rules[0].id, WHY, "Maja", "0000"))
    runner.run()

    assert slips.overruling.state.error is not None
    assert slips.state.case == case
    assert context.store.read(lambda c: overrules_of(c, UUID(int=0), lupa.event_id)).result() == ()
