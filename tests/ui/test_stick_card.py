"""Without internet: the file for the stick, and the office's receipt, on the page Send to the office."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from stojnica.central.backup_file import load_identities
from stojnica.central.keys import load_public_keys, load_signing_key
from stojnica.services.changes import Change
from stojnica.services.send import SendViewModel
from stojnica.services.stand import StandContext
from stojnica.services.stick import IDLE, StickViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.outbox import unconfirmed
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import credentials_of, keep_credentials
from stojnica.sync.engine import SyncEngine
from stojnica.sync.faults import unreachable
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_desk import MemoryDesk
from stojnica.sync.stick_import import import_file, receipt_path, write_receipt
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.said import Said
from stojnica.ui.controls.scroll_place import ScrollPlace
from stojnica.ui.pages.send_page import SendPage


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def send(context: StandContext, centre: MemoryCentre) -> SendViewModel:
    engine = SyncEngine(context.store, centre.connect, attempts=1)
    return SendViewModel(context.store, engine, context.runner, context.clock)


@pytest.fixture
def model(
    context: StandContext, send: SendViewModel, enrol: Callable[[], None], organisation_keys: Path
) -> StickViewModel:
    """Give the model of a laptop that knows the organisation's keys."""
    enrol()
    public = load_public_keys(organisation_keys)

    def know_the_keys(unit: UnitOfWork) -> None:
        known = credentials_of(unit.connection)
        assert known is not None
        own = replace(known, signing_key=public.signing_key, recipients=public.recipients)
        keep_credentials(unit.connection, own)
        unit.commit()

    context.store.write(know_the_keys).result()
    return StickViewModel(context.store, context.runner, context.changes, send.receipt_taken_in)


@pytest.fixture
def page(qtbot: QtBot, send: SendViewModel, model: StickViewModel, runner: DeferredRunner) -> SendPage:
    """Give the page with what waits on it."""
    page = SendPage(send, model)
    qtbot.addWidget(page)
    page.show()
    send.refresh()
    runner.run()
    return page


def button(page: SendPage, text: str) -> ActionButton:
    [found] = [one for one in page.findChildren(ActionButton) if one.text() == text and one.isVisible()]
    return found


def texts(page: SendPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def take_in(centre: MemoryCentre, keys: Path, file: Path) -> Path:
    """Take a file in at the office, and give the receipt's."""
    taken = import_file(MemoryDesk(centre), file, load_identities(keys))
    assert taken.receipt is not None
    to = receipt_path(file, None)
    write_receipt(taken.receipt, to, load_signing_key(keys))
    return to


def test_the_file_is_written_and_listed_until_its_receipt_comes(
    page: SendPage,
    model: StickViewModel,
    runner: DeferredRunner,
    stick: Path,
    centre: MemoryCentre,
    organisation_keys: Path,
    context: StandContext,
) -> None:
    told: list[frozenset[Change]] = []
    context.changes.subscribe(told.append)

    model.write_to(stick)
    runner.run()
    [file] = stick.glob("*.stojnica")
    written = texts(page)
    model.receive(take_in(centre, organisation_keys, file))
    runner.run()

    assert "is in the encrypted file" in written or "are in the encrypted file" in written
    assert file.stem in written
    assert "not at the office yet" in written
    assert frozenset({Change.DELIVERY}) in told
    assert "The office has all that is in" in texts(page)
    assert model.state.lines == ()


def test_a_file_that_a_later_one_has_made_needless_is_no_longer_called_without_a_receipt(
    page: SendPage,
    model: StickViewModel,
    runner: DeferredRunner,
    stick: Path,
    centre: MemoryCentre,
    organisation_keys: Path,
) -> None:
    model.write_to(stick)
    runner.run()
    [first] = stick.glob("*.stojnica")
    model.write_to(stick)
    runner.run()
    [second] = set(stick.glob("*.stojnica")) - {first}
    assert {line.name for line in model.state.lines} == {first.stem, second.stem}

    model.receive(take_in(centre, organisation_keys, second))
    runner.run()

    assert model.state.lines == ()
    assert "Without a receipt" not in texts(page)


def test_what_went_over_the_internet_waits_for_no_receipt(
    page: SendPage,
    model: StickViewModel,
    send: SendViewModel,
    runner: DeferredRunner,
    stick: Path,
    context: StandContext,
) -> None:
    model.write_to(stick)
    runner.run()
    assert len(model.state.lines) == 1

    send.send()
    runner.run()
    context.changes.tell(Change.DELIVERY)
    runner.run()

    assert model.state.lines == ()


def test_what_became_of_it_is_in_sight_on_a_small_screen(
    qtbot: QtBot, page: SendPage, model: StickViewModel, runner: DeferredRunner, stick: Path
) -> None:
    place = ScrollPlace(page)
    place.resize(1200, 240)
    place.show()

    model.write_to(stick)
    runner.run()

    [said] = [one for one in page.findChildren(Said) if "encrypted file" in one.text()]
    qtbot.waitUntil(lambda: said.visibleRegion().boundingRect().height() == said.height())
    assert place.verticalScrollBar().value() > 0
    # The page belongs to its fixture, which takes it apart.
    place.takeWidget()
    place.close()


def test_the_receipt_is_offered_only_when_a_file_was_written(
    page: SendPage, model: StickViewModel, runner: DeferredRunner, stick: Path
) -> None:
    before = [one.text() for one in page.findChildren(ActionButton) if one.isVisible()]

    model.write_to(stick)
    runner.run()

    assert "Take in the receipt …" not in before
    assert button(page, "Take in the receipt …").isEnabled()


def test_who_carries_sticks_opens_the_new_enrolment_file_without_asking_the_server(
    qtbot: QtBot,
    page: SendPage,
    send: SendViewModel,
    model: StickViewModel,
    runner: DeferredRunner,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a laptop that no server has refused, because it only uses sticks
    asked: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: asked.append(dialog))
    file = tmp_path / "b.enrol"
    file.write_bytes(b"sealed")
    model.write_to(stick)
    runner.run()
    assert "Do you have a file from the office?" not in texts(page)

    qtbot.mouseClick(button(page, "The office has made a new enrolment file …"), Qt.MouseButton.LeftButton)
    asked[-1].fileSelected.emit(str(file))

    assert "Do you have a file from the office?" in texts(page)
    filled = [one for one in page.findChildren(ActionButton) if one.isVisible() and one._kind is Kind.FILLED]
    assert [one.text() for one in filled] == ["Enrol this laptop"]


def test_a_stick_that_is_gone_is_said_at_the_place(
    page: SendPage, model: StickViewModel, runner: DeferredRunner, stick: Path
) -> None:
    model.write_to(stick / "nowhere")
    runner.run()

    assert "The stick can't be written to, or was pulled out." in texts(page)
    assert "everything is still on this laptop" in texts(page)
    assert button(page, "Write to a USB stick …").isEnabled()


def test_a_stop_leaves_nothing_and_says_so(
    page: SendPage, model: StickViewModel, runner: DeferredRunner, stick: Path
) -> None:
    model.write_to(stick)
    model.cancel()
    runner.run()

    assert model.state.phase == IDLE
    assert list(stick.iterdir()) == []
    assert "No file was left on the stick" in texts(page)


@pytest.mark.usefixtures("model")
def test_m13_where_the_port_is_blocked_it_is_said_and_the_stick_confirms_everything(
    qtbot: QtBot,
    context: StandContext,
    runner: DeferredRunner,
    centre: MemoryCentre,
    stick: Path,
    organisation_keys: Path,
) -> None:
    """M13: a network that lets nothing through still leaves a way."""

    def blocked(_credentials: object) -> NoReturn:
        raise unreachable("blocked")

    engine = SyncEngine(context.store, blocked, attempts=1)
    send = SendViewModel(context.store, engine, context.runner, context.clock)
    model = StickViewModel(context.store, runner, context.changes, send.receipt_taken_in)
    page = SendPage(send, model)
    qtbot.addWidget(page)
    page.show()

    send.send()
    runner.run()
    failed = texts(page)
    is_offered = button(page, "Write to a USB stick …").isEnabled()
    model.write_to(stick)
    runner.run()
    [file] = stick.glob("*.stojnica")
    model.receive(take_in(centre, organisation_keys, file))
    runner.run()

    assert "The office can't be reached from here." in failed
    assert is_offered
    assert context.store.read(unconfirmed).result().facts == 0
    assert send.state.records_waiting == 0
    told = texts(page)
    assert "The office can't be reached" not in told, "the stick was a way"
    assert "The office has all that is in" in told
