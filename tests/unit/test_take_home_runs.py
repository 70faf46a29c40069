"""Cards to take home are print runs like flyers, and all that was printed for an event is added up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.unit.conftest import office_document

from stojnica.domain.event import Event
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.print_run import Piece
from stojnica.domain.short_code import CODE_LENGTH, is_code
from stojnica.i18n import speaking
from stojnica.printing.template import Funding
from stojnica.printing.template_file import load_template
from stojnica.records.funding_overrules import overrules_of
from stojnica.records.print_runs import PrintedPieces, printed_pieces, runs_of_event
from stojnica.services import take_home
from stojnica.services.closing import close_stand
from stojnica.services.closing_page import ClosingViewModel
from stojnica.services.funding_overrule import OverruleWish
from stojnica.services.printed_pieces import piece_name
from stojnica.services.shown_organisation import keep_document
from stojnica.services.slip_content import planned_slip
from stojnica.services.slip_runs import RunWish, give_numbers, never_printed, slip_source
from stojnica.services.stand import StandContext
from stojnica.services.take_home_page import TakeHomeViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def cards(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> TakeHomeViewModel:
    model = TakeHomeViewModel(context)
    model.begin(24)
    runner.run()
    return model


def to_printer(cards: TakeHomeViewModel, runner: DeferredRunner, copies: int) -> None:
    cards.render_for_printer(lambda _pages: None)
    runner.run()
    cards.printed("Canon")
    cards.copies_printed(copies)
    runner.run()


def runs(store: Store, event: Event) -> list[tuple[str, str, int]]:
    found = store.read(lambda c: runs_of_event(c, UUID(int=0), event.event_id)).result()
    return [(run.piece.template, run.target[-CODE_LENGTH:], run.pieces) for run in found]


def pieces(store: Store, event: Event) -> PrintedPieces:
    return store.read(lambda c: printed_pieces(c, UUID(int=0), event.event_id)).result()


def give_slips(store: Store, event: Event, count: int) -> str:
    now = store.clock.now_us()
    source = store.read(lambda c: slip_source(c, event_id=event.event_id, now_us=now)).result()
    wish = RunWish(event.event_id, "sl", count)
    return str(give_numbers(store, wish, planned_slip(source, "sl"), source).result().numbers[0])


def test_printed_cards_are_a_run_with_a_code_that_no_other_run_gets(
    cards: TakeHomeViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    for copies in (1, 2):
        to_printer(cards, runner, copies)

    (template, second, most), (_template, first, least) = runs(store, lupa)
    assert (template, most, least) == ("card", 48, 24)
    assert is_code(first)
    assert is_code(second)
    assert first != second
    assert "printer Canon" in (cards.state.message.text if cards.state.message else "")


def test_saved_cards_are_a_run_of_which_nobody_knows_how_often_it_is_printed(
    cards: TakeHomeViewModel, runner: DeferredRunner, store: Store, lupa: Event, tmp_path: Path
) -> None:
    cards.save(tmp_path / "cards.pdf")
    runner.run()

    assert [(template, count) for template, _code, count in runs(store, lupa)] == [("card", 0)]
    assert "cards.pdf" in (cards.state.message.text if cards.state.message else "")


def test_on_the_sheet_for_the_funder_cards_are_named_as_people_know_them() -> None:
    name = piece_name(parse_document(office_document()), Piece("", "card", "", "sl"))

    assert name == "Take-home card · Slovenian"


def test_what_only_was_looked_at_is_no_run(cards: TakeHomeViewModel, store: Store, lupa: Event) -> None:
    cards.choose_language("en")

    assert runs(store, lupa) == []


def test_cards_and_slips_count_among_the_printed_pieces_of_their_event(
    cards: TakeHomeViewModel, runner: DeferredRunner, context: StandContext, lupa: Event
) -> None:
    to_printer(cards, runner, 1)
    give_slips(context.store, lupa, 40)
    gone = give_slips(context.store, lupa, 8)
    never_printed(context.store, lupa.event_id, gone).result()

    assert pieces(context.store, lupa) == PrintedPieces(cards=24, slips=40)
    close_stand(context.store, lupa.event_id).result()
    closing = ClosingViewModel(context)
    closing.refresh()
    runner.run()

    assert closing.state.printed == "64 (take-home cards: 24, slips: 40)"


def test_a_rule_of_the_eu_that_stops_cards_is_overruled_with_pin_name_and_reason(
    context: StandContext,
    runner: DeferredRunner,
    lupa: Event,
    office: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def small_flag(name: str) -> Any:
        shipped = load_template(name)
        funded = [replace(box, emblem_mm=3.0) if isinstance(box, Funding) else box for box in shipped.funded]
        return replace(shipped, funded=tuple(funded))

    monkeypatch.setattr(take_home, "load_template", small_flag)
    office["projects"][0]["funding"] = {"kind": "funded", "programme": "CERV", "authority": {"en": "EACEA"}}

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office)
        unit.commit()

    context.store.write(keep).result()
    cards = TakeHomeViewModel(context)
    cards.begin(2)
    runner.run()
    stopped = cards.state
    assert stopped.case is not None
    assert stopped.problems
    assert not cards.may_print()

    for rule in stopped.case.rules:
        wish = OverruleWish(rule.id, "The cards are printed already.", "Maja", "4711")
        cards.overruling.decide(stopped.case, wish)
        runner.run()

    assert (cards.may_print(), cards.state.case) == (True, None)
    assert "Maja" in cards.state.overruled[0]
    known = context.store.read(lambda c: overrules_of(c, UUID(int=0), lupa.event_id)).result()
    assert {(item.overrule.template, item.overrule.language) for item in known} == {("card", "en")}
    cards.let_rules_hold()
    runner.run()
    assert not cards.may_print()
