"""The papers on the page Team: rendered only for somebody who looks, saved with the numbers of the moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.unit.a_day_at_lupa import Day, whole_day

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.services.changes import Change
from stojnica.services.closing import close_stand
from stojnica.services.events import add_event, change_event, choose_event
from stojnica.services.message import Tone
from stojnica.services.on_paper import PrintablePages
from stojnica.services.papers import ATTENDANCE, BADGES, EVENT_SHEET, PACKING, PAPERS
from stojnica.services.papers_page import PapersViewModel, paper_purpose, paper_title
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team_models import team_models
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def day(store: Store, clock: SetClock, lupa: Event, office: dict[str, Any]) -> Day:
    return whole_day(store, clock, lupa)


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, day: Day) -> PapersViewModel:
    model = PapersViewModel(context)
    model.refresh()
    runner.run()
    return model


def words(file: Path) -> str:
    document = pypdfium2.PdfDocument(file.read_bytes())
    return " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in document).split())


def test_nothing_is_rendered_for_nobody(page: PapersViewModel, runner: DeferredRunner) -> None:
    page.choose(BADGES)
    unseen = runner.waiting

    page.see(True)
    runner.run()

    assert unseen == 0
    assert page.state.pages[0].png.startswith(b"\x89PNG")
    assert page.state.sheets == "1 sheet of A4"


def test_a_late_preview_never_replaces_a_newer_one(page: PapersViewModel, runner: DeferredRunner) -> None:
    page.see(True)
    page.choose(ATTENDANCE)
    page.choose_rows(200)
    runner.run()

    assert page.state.sheets == "9 sheets of A4"
    assert not page.state.is_working


def test_the_sheet_that_is_saved_has_the_numbers_of_the_moment(
    page: PapersViewModel, runner: DeferredRunner, day: Day, tmp_path: Path
) -> None:
    page.see(True)
    runner.run()
    day.count("reached", 46, 7.9)

    page.save(tmp_path / "sheet.pdf")
    runner.run()

    assert "400 People reached" in words(tmp_path / "sheet.pdf")
    assert page.state.message is not None
    assert (page.state.message.tone, page.state.message.text) == (Tone.GOOD, "Saved as sheet.pdf.")


def test_the_funders_language_is_chosen_and_another_paper_keeps_what_it_can(
    page: PapersViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.choose(ATTENDANCE)
    page.choose_language("hu")
    hungarian = page.state.suggested_name

    page.choose(EVENT_SHEET)
    page.choose_language("sl")
    page.save(tmp_path / "list.pdf")
    runner.run()

    assert hungarian == "jelenleti-iv-lupa.pdf"
    assert page.state.languages == ("sl", "en")
    assert page.state.suggested_name == "porocilo-o-dogodku-lupa.pdf"
    assert "Doseženi ljudje" in words(tmp_path / "list.pdf")


def test_a_language_or_a_number_that_is_not_offered_changes_nothing(page: PapersViewModel) -> None:
    before = page.state

    page.choose_language("hu")
    page.choose_rows(7)

    assert page.state == before
    with pytest.raises(KeyError):
        page.choose("poster")


def test_a_wording_that_nobody_confirmed_is_said_before_it_goes_out(
    page: PapersViewModel, runner: DeferredRunner, store: Store, lupa: Event, tmp_path: Path
) -> None:
    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample_document(date(2024, 9, 20)))
        unit.commit()

    store.write(keep).result()
    change_event(store, replace(lupa, project="cerv")).result()
    page.choose_language("sl")

    page.save(tmp_path / "list.pdf")
    runner.run()

    assert page.state.message is not None
    assert page.state.message.tone is Tone.WAIT
    assert "Check the wording of EU funding" in page.state.message.text


def test_a_folder_that_is_not_there_is_said_in_words(
    page: PapersViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.save(tmp_path / "no" / "sheet.pdf")
    runner.run()

    assert page.state.message is not None
    assert page.state.message.tone is Tone.BAD
    assert "sheet.pdf" in page.state.message.text


def test_pages_reach_the_printer_at_their_true_size(page: PapersViewModel, runner: DeferredRunner) -> None:
    got: list[PrintablePages] = []
    page.choose(PACKING)

    page.render_for_printer(got.append)
    runner.run()

    assert len(got[0].pictures_png) == 1
    assert got[0].size_mm == pytest.approx((210, 297), abs=0.1)


def test_without_an_event_there_is_nothing_to_print(
    context: StandContext, runner: DeferredRunner, tmp_path: Path
) -> None:
    page = PapersViewModel(context)
    page.refresh()
    page.see(True)
    runner.run()

    page.save(tmp_path / "sheet.pdf")
    runner.run()

    assert page.state.is_loaded
    assert page.state.event_id is None
    assert not (tmp_path / "sheet.pdf").exists()


def test_after_the_event_the_sheet_is_that_of_the_event_looked_at(
    context: StandContext, runner: DeferredRunner, day: Day, tmp_path: Path
) -> None:
    close_stand(context.store, day.event.event_id).result()
    fair = Event(new_id(), "Sejem", "sejem", starts="2024-10-15T09:00", ends="2024-10-15T17:00")
    choose_event(context.store, add_event(context.store, fair).result().event_id).result()
    models = team_models(context)
    models.refresh()
    runner.run()
    chosen = models.sheet.state.event_name

    models.closing.look_at(day.event.event_id)
    runner.run()
    models.sheet.save(tmp_path / "sheet.pdf")
    runner.run()

    assert chosen == models.papers.state.event_name == "Sejem"
    assert models.sheet.state.event_name == "Festival LUPA"
    assert "354 People reached" in words(tmp_path / "sheet.pdf")


def test_another_event_is_noticed(
    context: StandContext, page: PapersViewModel, runner: DeferredRunner
) -> None:
    fair = Event(new_id(), "Sejem", "sejem", starts="2024-10-15T09:00", ends="2024-10-15T17:00")
    choose_event(context.store, add_event(context.store, fair).result().event_id).result()

    context.changes.tell(Change.EVENTS)
    runner.run()

    assert page.state.event_name == "Sejem"
    assert page.state.suggested_name == "event-sheet-sejem.pdf"


def test_every_paper_has_a_name_and_a_purpose() -> None:
    for kind in PAPERS:
        assert paper_title(kind)
        assert paper_purpose(kind).endswith(".")
