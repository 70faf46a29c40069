"""Events are typed as people write them; a sheet is taken in on its page, and no name is shown."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from stojnica.domain.clock import SetClock
from stojnica.services.changes import Changes
from stojnica.services.events_page import EventsViewModel
from stojnica.services.pin import PinLock
from stojnica.services.sample import sample_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.slip_print_page import SlipPrintViewModel
from stojnica.services.slips_page import Phase, SlipsViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork
from stojnica.ui.pages.columns_dialog import ColumnsDialog
from stojnica.ui.pages.events_page import EventsPage
from stojnica.ui.pages.kiosk_start_page import KioskStartPage
from stojnica.ui.pages.slips_page import SHEET as SHEET_PART
from stojnica.ui.pages.slips_page import SlipsPage

FRIDAY = date(2024, 9, 20)
FRIDAY_AT_14_32 = 1_726_835_520_000_000
SHEET = (
    "št.;ime;e-pošta;starost;novice\n1;Anastazija;an@example.org;31+;x\n"
    "2;Boštjan;bo@example.org;12;x\n3;Cveta;c@example.org;;x\n"
)


@pytest.fixture
def runner() -> DeferredRunner:
    return DeferredRunner()


@pytest.fixture
def context(tmp_path: Path, runner: DeferredRunner) -> Iterator[StandContext]:
    clock = SetClock(FRIDAY_AT_14_32, offset=120)
    store = Store(tmp_path / "stojnica.db", secrets.token_bytes(32), clock)
    store.prepare()

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, sample_document(FRIDAY))
        unit.commit()

    store.write(keep).result()
    yield StandContext(store, runner, clock, Changes(), PinLock(store))
    store.close()


@pytest.fixture
def events(context: StandContext, runner: DeferredRunner) -> EventsViewModel:
    model = EventsViewModel(context)
    model.refresh()
    runner.run()
    return model


@pytest.fixture
def page(events: EventsViewModel, qtbot: Any) -> EventsPage:
    shown = EventsPage(events)
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    return shown


def retype(page: QWidget, type_text: Callable[[QWidget, str], None], texts: dict[str, str]) -> None:
    """Empty fields by their labels' editors and type into them."""
    for name, text in texts.items():
        line = page._form._texts[name].line  # type: ignore[attr-defined]
        line.setFocus()
        line.selectAll()
        line.del_()
        line.textEdited.emit("")
        type_text(line, text)


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_an_event_is_typed_saved_and_chosen(
    page: EventsPage,
    events: EventsViewModel,
    runner: DeferredRunner,
    type_text: Callable[[QWidget, str], None],
    qtbot: Any,
) -> None:
    events.add()
    retype(
        page,
        type_text,
        {"name": "Šola miru", "day": "21. 9.", "begins": "9", "ends": "13.30", "city": "Žalec"},
    )

    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    runner.run()

    (line,) = events.state.events
    assert (line.name, line.place, line.is_chosen) == ("Šola miru", "Žalec", True)
    assert line.when == "Saturday, 21 September 2024 · 09:00–13:30"
    assert "Šola miru" in said(page)


def test_enter_after_saving_chooses_the_event_that_was_just_added(
    page: EventsPage,
    events: EventsViewModel,
    runner: DeferredRunner,
    type_text: Callable[[QWidget, str], None],
    qtbot: Any,
) -> None:
    for name in ("Šola miru", "Sejem"):
        events.add()
        retype(page, type_text, {"name": name})
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        runner.run()

    asked = page.window().focusWidget()
    assert isinstance(asked, QWidget)
    assert "Everything is still captured for: Šola miru" in said(page)
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    runner.run()

    assert next(line for line in events.state.events if line.is_chosen).name == "Sejem"
    assert "From now on everything is captured for: Sejem" in said(page)


def test_what_was_typed_wrongly_stays_in_its_field_and_is_told_there(
    page: EventsPage,
    events: EventsViewModel,
    runner: DeferredRunner,
    type_text: Callable[[QWidget, str], None],
) -> None:
    events.add()
    retype(page, type_text, {"name": "X", "day": "31. 2."})

    page._form._save.click()

    day = page._form._texts["day"]
    assert (day.text(), day.message()) == ("31. 2.", "A day is written like 20/9/2026.")
    assert page._form._texts["begins"].text() == "10:00"
    assert runner.waiting == 0
    assert events.state.form is not None


def test_the_keyboard_stays_at_the_event_that_was_chosen(
    page: EventsPage, events: EventsViewModel, runner: DeferredRunner, qtbot: Any
) -> None:
    for name in ("Šola miru", "Sejem"):
        events.add()
        events.type("name", name)
        events.save()
        runner.run()
    choose = next(b for b in page.findChildren(QAbstractButton) if b.accessibleName() == "choose: Sejem")
    choose.setFocus()

    qtbot.keyClick(choose, Qt.Key.Key_Space)
    runner.run()

    assert next(line for line in events.state.events if line.is_chosen).name == "Sejem"
    hand = page.window().focusWidget()
    assert isinstance(hand, QWidget)
    assert hand.accessibleName() == "edit: Sejem"


def test_the_chosen_event_leads_to_its_slips(
    page: EventsPage, events: EventsViewModel, runner: DeferredRunner
) -> None:
    assert not page._slips.isVisible()
    _add(events, runner)
    spy = QSignalSpy(page.wants_slips)

    page._slips.click()

    assert spy.at(0) == [events.state.events[0].event_id]


def _add(events: EventsViewModel, runner: DeferredRunner) -> None:
    events.add()
    events.type("name", "Festival")
    events.save()
    runner.run()


@pytest.fixture
def slips(
    context: StandContext, events: EventsViewModel, runner: DeferredRunner, tmp_path: Path
) -> SlipsViewModel:
    _add(events, runner)
    model = SlipsViewModel(context)
    model.begin(events.state.events[0].event_id)
    file = tmp_path / "sheet.csv"
    file.write_text(SHEET, encoding="utf-8")
    model.choose_file(file)
    runner.run()
    return model


def test_the_result_names_rows_and_slips_but_nobody(
    slips: SlipsViewModel, context: StandContext, runner: DeferredRunner, qtbot: Any
) -> None:
    page = SlipsPage(slips, SlipEntryViewModel(context), SlipPrintViewModel(context))
    page.show_part(SHEET_PART)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page._start.click()
    assert "Choose the wording" in page._wording.message()
    slips.choose_wording("1")

    page._start.click()
    runner.run()

    assert slips.state.phase is Phase.DONE
    # Rows that are new are shown when the event loop turns.
    qtbot.waitUntil(lambda: "row 3, slip 2" in said(page))
    words = said(page)
    assert "2 contacts were taken in" in words
    page._result._copy.click()
    assert QGuiApplication.clipboard().text().startswith("row 3, slip 2: Under the age of consent")
    shown = words + QGuiApplication.clipboard().text()
    assert not [name for name in ("Anastazija", "Boštjan", "Cveta", "example.org") if name in shown]


def test_only_columns_that_were_changed_are_sent(slips: SlipsViewModel, qtbot: Any) -> None:
    dialog = ColumnsDialog(None, slips.state)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert dialog.collect() == {}

    dialog._fields["starost"].set_value("remark")

    assert dialog.collect() == {"starost": "remark"}


def test_the_kiosk_opens_with_its_button(qtbot: Any, models: Any) -> None:
    page = KioskStartPage(models.kiosk_start)
    qtbot.addWidget(page)
    spy = QSignalSpy(page.opened)

    page._open.click()

    assert spy.count() == 1
