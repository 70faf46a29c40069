"""The page for slips says at its place what is missing, and keeps nothing of a sheet once it is in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stojnica.domain.event import Event
from stojnica.domain.ids import NIL, new_id
from stojnica.i18n import speaking
from stojnica.records.contact_queries import newest_contacts
from stojnica.services.changes import Change
from stojnica.services.slip_runs import RunWish, print_run
from stojnica.services.slip_table import IGNORED
from stojnica.services.slip_tally import run_counts
from stojnica.services.slips_page import UNKNOWN, Phase, SlipsViewModel
from stojnica.services.stand import StandContext, choose_operator
from stojnica.services.tasks import DeferredRunner

SHEET = "št.;ime;e-pošta;starost;novice\n1;Ana;ana@example.org;18–30;x\n2;Bor;bor@example.org;18–30;\n"
FORM = "Wie heißt du?;Adresse;Darf ich?\nJörg;joerg@example.org;ja\n"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, lupa: Event, office: Any) -> SlipsViewModel:
    model = SlipsViewModel(context)
    model.begin(lupa.event_id)
    runner.run()
    return model


def choose(page: SlipsViewModel, runner: DeferredRunner, folder: Path, text: str | bytes) -> None:
    file = folder / "sheet.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    page.choose_file(file)
    runner.run()


def test_the_day_of_the_event_and_the_wordings_in_force_are_proposed(page: SlipsViewModel) -> None:
    state = page.state

    assert (state.event_name, state.collected_on) == ("Festival LUPA", "20/9/2024")
    assert state.day_hint == "Friday, 20 September 2024"
    assert [(item.id, item.label) for item in state.wordings[:2]] == [
        ("3", "wording 3, in force since 1 Jan 2023"),
        ("2", "wording 2, in force since 1 Jan 2022"),
    ]
    assert state.wordings[-1].id == UNKNOWN
    assert state.wording is None


def test_nothing_starts_before_file_and_wording_are_chosen(
    page: SlipsViewModel, runner: DeferredRunner
) -> None:
    page.start()

    assert [item.field for item in page.state.problems] == ["file", "wording"]
    assert runner.waiting == 0


def test_a_sheet_is_read_taken_in_and_forgotten(
    page: SlipsViewModel, runner: DeferredRunner, context: StandContext, tmp_path: Path
) -> None:
    heard: list[frozenset[Change]] = []
    context.changes.subscribe(heard.append)
    choose(page, runner, tmp_path, SHEET)
    assert (page.state.file_name, page.state.rows) == ("sheet.csv", 2)
    assert page.state.columns_note == "5 of 5 columns are used"

    page.choose_wording("3")
    page.start()
    assert page.state.phase is Phase.IMPORTING
    runner.run()

    report = page.state.report
    assert report is not None
    assert page.state.phase is Phase.DONE
    assert (report.taken, len(report.attention), report.unproven) == (1, 1, 0)
    assert frozenset({Change.CONTACTS}) in heard
    assert page._sheet is None


def test_numbers_without_a_letter_are_asked_about_before_anything_is_taken_in(
    page: SlipsViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, tmp_path: Path
) -> None:
    wish = RunWish(lupa.event_id, "sl", 5, letter="A", audience="person")
    print_run(context.store, wish, tmp_path / "slips.pdf")
    page.begin(lupa.event_id)
    runner.run()
    choose(page, runner, tmp_path, SHEET)
    page.choose_wording("3")

    page.start()

    assert page.state.letter_note == "In 2 rows the number has no letter, like “1”. Is that the slip A-001?"
    assert [item.label for item in page.state.letters] == [
        "of the printed slips A-001–005",
        "the sheet's own, of no slip",
    ]
    assert [item.field for item in page.state.problems] == ["letter"]

    page.choose_letter("A")
    page.start()
    runner.run()

    counts = context.store.read(lambda c: run_counts(c, lupa.event_id)).result()
    assert [str(number) for number in counts[0].missing] == ["A-002", "A-003", "A-004", "A-005"]


def test_a_list_from_the_web_has_no_slips_to_ask_about(
    page: SlipsViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, tmp_path: Path
) -> None:
    print_run(context.store, RunWish(lupa.event_id, "sl", 5), tmp_path / "slips.pdf")
    page.begin(lupa.event_id)
    runner.run()
    choose(page, runner, tmp_path, SHEET)

    page.choose_channel("web")

    assert page.state.letters == ()


def test_columns_that_the_headings_do_not_name_are_said_by_hand(
    page: SlipsViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    choose(page, runner, tmp_path, FORM)
    problem = page.state.problem_at("columns")
    assert problem is not None
    assert [column.field for column in page.state.columns] == [IGNORED] * 3

    names = {"Wie heißt du?": "first_name", "Adresse": "email", "Darf ich?": "purpose:newsletter"}
    page.take_columns(names)
    runner.run()
    page.choose_wording(UNKNOWN)
    page.start()
    runner.run()

    report = page.state.report
    assert report is not None
    assert (len(report.warned), report.unproven) == (1, 1)


def test_what_is_no_sheet_is_told_at_the_file(
    page: SlipsViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    choose(page, runner, tmp_path, SHEET)
    choose(page, runner, tmp_path, b"\x89PNG\r\n\x1a\n")

    problem = page.state.problem_at("file")
    assert problem is not None
    assert problem.message.startswith("This is a picture")
    assert (page.state.phase, page.state.rows, page.state.file_name) == (Phase.ASKING, 0, "")


@pytest.mark.parametrize("typed", ["31. 2.", "21. 9. 2024", "kmalu"])
def test_a_day_that_cannot_be_is_told_at_its_field(
    page: SlipsViewModel, runner: DeferredRunner, tmp_path: Path, typed: str
) -> None:
    choose(page, runner, tmp_path, SHEET)
    page.choose_wording("3")
    page.type_day(typed)

    page.start()

    assert page.state.problem_at("day") is not None
    assert page.state.phase is Phase.ASKING


def test_a_stop_is_no_failure_and_says_how_to_go_on(
    page: SlipsViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    choose(page, runner, tmp_path, SHEET)
    page.choose_wording("3")
    page.start()
    page.cancel()
    runner.run()

    assert page.state.phase is Phase.ASKING
    assert page.state.message is not None
    assert page.state.message.what.startswith("Stopped")

    page.start()
    runner.run()
    assert page.state.phase is Phase.DONE


def test_an_event_that_is_gone_is_told(context: StandContext, runner: DeferredRunner) -> None:
    model = SlipsViewModel(context)
    model.begin(new_id())
    runner.run()

    assert model.state.message is not None
    assert model.state.event_name == ""


def test_another_file_of_the_same_pile_keeps_the_answers(
    page: SlipsViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    choose(page, runner, tmp_path, SHEET)
    page.choose_wording("2")
    page.start()
    runner.run()

    page.again()

    state = page.state
    assert (state.phase, state.report, state.file_name) == (Phase.ASKING, None, "")
    assert (state.wording, state.collected_on) == ("2", "20/9/2024")


def test_who_is_typing_is_kept_with_the_contacts(
    page: SlipsViewModel, runner: DeferredRunner, context: StandContext, lupa: Event, tmp_path: Path
) -> None:
    choose_operator(context.store, "Maja").result()
    page.begin(lupa.event_id)
    runner.run()
    choose(page, runner, tmp_path, SHEET)
    page.choose_wording("3")
    page.start()
    runner.run()

    lines = context.store.read(lambda c: newest_contacts(c, NIL, lupa.event_id, 5)).result()
    assert [(line.operator, line.channel) for line in lines] == [("Maja", "paper")]
