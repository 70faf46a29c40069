"""The page before leaving: ticks are kept whatever comes late, and a failure is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.seen import seen

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.services.battery import Battery
from stojnica.services.preflight import Line, Machine, State
from stojnica.services.preflight_page import PreflightState, PreflightViewModel, with_lines
from stojnica.services.printers import FixedPrinters, Printers, PrinterState
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner

READY = Printers((PrinterState("Canon", is_ready=True),), "Canon")


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, lupa: Event, tmp_path: Path) -> PreflightViewModel:
    machine = Machine(tmp_path, FixedPrinters(READY), lambda: Battery(90, is_plugged_in=True))
    model = PreflightViewModel(context, machine)
    model.refresh()
    runner.run()
    return model


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def ids(page: PreflightViewModel) -> set[str]:
    return {line.id for line in page.state.lines}


def test_only_what_is_planned_has_a_line(page: PreflightViewModel, runner: DeferredRunner) -> None:
    before = ids(page)

    page.plan("printer", True)
    page.plan("kiosk", False)
    runner.run()

    assert "pin" in before
    assert "printer" not in before
    assert ids(page) == before - {"pin"} | {"printer"}


def test_ticks_in_quick_succession_are_all_kept(page: PreflightViewModel, runner: DeferredRunner) -> None:
    page.refresh()
    for part in ("printer", "scanner", "web", "two_know"):
        page.plan(part, True)
    runner.run()

    plan = page.state.plan
    assert (plan.printer, plan.scanner, plan.web, plan.two_know) == (True, True, True, True)
    page.refresh()
    runner.run()
    assert page.state.plan == plan


def test_nothing_can_be_planned_before_the_first_look(
    context: StandContext, runner: DeferredRunner, tmp_path: Path
) -> None:
    model = PreflightViewModel(context, Machine(tmp_path, FixedPrinters(None), lambda: None))

    model.plan("printer", True)

    assert runner.waiting == 0
    assert not model.state.plan.printer


def test_a_scan_is_judged_at_once_and_the_headline_follows(
    page: PreflightViewModel, runner: DeferredRunner
) -> None:
    page.plan("scanner", True)
    runner.run()
    before = page.state.headline

    page.scan("https://example.org/")

    (line,) = [line for line in page.state.lines if line.id == "scanner"]
    assert line.state is State.FINE
    assert page.state.headline != before
    assert runner.waiting == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "Vse je v redu. Uspešno stojnico!"),
        (1, "1 stvar za pregled"),
        (2, "2 stvari za pregled"),
        (5, "5 stvari za pregled"),
    ],
)
def test_the_headline_counts_what_is_to_be_done(number: int, words: str) -> None:
    lines = tuple(Line(f"c{n}", State.LOOK, "x", "y") for n in range(number))

    with speaking("sl"):
        headline = with_lines(PreflightState(), (*lines, Line("f", State.FINE, "z"))).headline

    assert seen(headline) == words
