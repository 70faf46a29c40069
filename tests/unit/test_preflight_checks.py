"""Each line of pre-flight, fine and not fine; and a check that hangs holds up nobody."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.seen import seen

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.i18n import speaking
from stojnica.records.event_queries import KnownEvent
from stojnica.services.battery import Battery
from stojnica.services.capture import KIOSK, save_signup
from stojnica.services.copies_in_short import CopiesInShort
from stojnica.services.copy_settings import CopySettings
from stojnica.services.delivery_state import LastReceipt
from stojnica.services.forms import shipped_forms
from stojnica.services.practice import practice_document
from stojnica.services.preflight import (
    Check,
    Grounds,
    Line,
    Machine,
    Plan,
    StandGrounds,
    State,
    check_all,
    is_ready,
    look_at_stand,
    recall_plan,
    remember_plan,
)
from stojnica.services.preflight_laptop import newest_file_us
from stojnica.services.preflight_stand import CHECKS
from stojnica.services.printers import (
    FixedPrinters,
    Printers,
    PrinterState,
)
from stojnica.services.sample import starter_document
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.storage.made_copies import MadeCopy
from stojnica.storage.slots import Argon2Cost, new_slot_file, save_slots, with_passphrase
from stojnica.storage.unit import UnitOfWork

DAY = date(2024, 9, 20)
DAY_US = 24 * 3600 * 1_000_000
CHEAP = Argon2Cost(memory_kib=8, iterations=1, lanes=1)
EVERYTHING = Plan(kiosk=True, paper=True, printer=True, scanner=True, web=True)
READY = Printers((PrinterState("Canon", is_ready=True),), "Canon")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def grounds(context: StandContext, lupa: Event, tmp_path: Path, clock: SetClock) -> Grounds:
    """Give a stand on which all is fine but the delivery: it belongs to no office."""

    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, practice_document(DAY))
        unit.commit()

    context.store.write(keep).result()
    two = with_passphrase(new_slot_file(), bytes(32), "ena dva", cost=CHEAP)
    save_slots(tmp_path / "slots.json", with_passphrase(two, bytes(32), "tri stiri", cost=CHEAP))
    seconds = clock.now_us() / 1_000_000
    for file in tmp_path.iterdir():
        os.utime(file, (seconds, seconds))
    machine = Machine(tmp_path, FixedPrinters(READY), lambda: Battery(95, is_plugged_in=True), clock.now_us())
    known = context.store.read(look_at_stand).result()
    copy = MadeCopy(str(tmp_path), "stojnica-0-0-1.db", "", 1, clock.now_us(), "", 0, 0)
    copies = CopiesInShort(CopySettings(place=str(tmp_path)), there=copy)
    stand = replace(known, plan=EVERYTHING, copies=copies)
    return Grounds(stand, machine, clock, "https://zavod-voluntariat.si/?utm_source=lupa")


def line(grounds: Grounds, wanted: str) -> Line:
    (check,) = [check for check in CHECKS if check.id == wanted]
    return check.run(grounds)


def told(grounds: Grounds, **stand: Any) -> Grounds:
    return replace(grounds, stand=replace(grounds.stand, **stand))


def with_document(context: StandContext, document: dict[str, Any]) -> StandGrounds:
    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, document)
        unit.commit()

    context.store.write(keep).result()
    return context.store.read(look_at_stand).result()


def test_a_stand_that_is_ready_has_nothing_bad_and_each_line_says_what_is(grounds: Grounds) -> None:
    lines = check_all(CHECKS, grounds)

    assert [line.id for line in lines] == [check.id for check in CHECKS]
    assert {line.id: line.state for line in lines if line.state is not State.FINE} == {"delivery": State.LOOK}
    assert is_ready(lines)
    assert all(line.what.endswith((".", "?", "!")) for line in lines)
    assert all(line.todo for line in lines if line.state is not State.FINE)


def test_what_this_event_does_not_plan_is_skipped(grounds: Grounds) -> None:
    plan = Plan(kiosk=False, paper=False)

    lines = check_all(CHECKS, told(grounds, plan=plan, has_pin=False))

    skipped = {line.id for line in lines if line.state is State.SKIPPED}
    assert skipped == {"pin", "paper", "web", "printer", "scanner"}
    assert is_ready(lines)


def test_without_an_event_or_with_a_closed_one_nobody_goes(grounds: Grounds) -> None:
    now = grounds.stand.now
    assert now.chosen is not None
    closed = KnownEvent(replace(now.chosen.event, is_closed=True), is_from_office=False)

    none = line(told(grounds, now=replace(now, chosen=None)), "event")
    shut = line(told(grounds, now=replace(now, chosen=closed)), "event")

    assert (none.state, shut.state) == (State.BAD, State.BAD)


def test_an_event_that_is_over_is_to_be_looked_at(grounds: Grounds, clock: SetClock) -> None:
    clock.at_us += DAY_US

    assert line(grounds, "event").state is State.LOOK


def test_without_a_form_visitors_have_nothing_to_fill_in(grounds: Grounds) -> None:
    now = grounds.stand.now

    assert line(grounds, "form").state is State.FINE
    assert line(told(grounds, now=replace(now, forms=())), "form").state is State.BAD
    assert now.forms == shipped_forms()


def test_wordings_that_nobody_confirmed_are_named(grounds: Grounds, context: StandContext) -> None:
    stand = with_document(context, starter_document("Zeleni prag"))

    found = line(replace(grounds, stand=stand), "wordings")

    assert found.state is State.BAD
    assert "(sl)" in found.what
    assert "(en)" in found.what


def test_languages_that_the_office_left_off_are_only_mentioned(grounds: Grounds) -> None:
    shown = grounds.stand.now.shown
    wordings = tuple(replace(item, verify=item.language == "en") for item in shown.document.wordings)
    office = replace(shown, document=replace(shown.document, wordings=wordings), is_from_office=True)

    found = line(told(grounds, now=replace(grounds.stand.now, shown=office)), "wordings")

    assert found.state is State.LOOK
    assert "(en)" in found.what
    assert "(sl)" not in found.what


def test_a_laptop_without_the_offices_document_says_so_in_four_lines(
    grounds: Grounds, context: StandContext
) -> None:
    document = replace(
        grounds.stand.now.shown.document,
        organisation=replace(grounds.stand.now.shown.document.organisation, name=""),
        wordings=(),
        flyers=(),
    )
    shown = replace(grounds.stand.now.shown, document=document)
    bare = told(grounds, now=replace(grounds.stand.now, shown=shown))

    assert [line(bare, name).state for name in ("offline", "wordings", "paper", "web")] == [State.BAD] * 4


def test_a_missing_file_of_the_program_is_named(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stojnica.services.preflight_laptop._NEEDED", ("fonts/Gone.ttf",))

    found = line(grounds, "offline")

    assert found.state is State.BAD
    assert "Gone.ttf" in found.what


def test_a_kiosk_without_a_pin_is_bad(grounds: Grounds) -> None:
    assert line(grounds, "pin").state is State.FINE
    missing = line(told(grounds, has_pin=False), "pin")
    assert missing.state is State.BAD
    assert missing.what == "No PIN is set, and only a PIN leaves the kiosk."
    assert missing.todo == "Set one on the page Team, and tell it to everybody at the stand."


@pytest.mark.parametrize(
    ("printers", "state"),
    [
        (READY, State.FINE),
        (Printers(), State.BAD),
        (Printers((PrinterState("Canon", is_ready=False),), "Canon"), State.BAD),
        (None, State.LOOK),
    ],
)
def test_a_printer_answers_or_it_is_said_what_to_do(
    grounds: Grounds, printers: Printers | None, state: State
) -> None:
    machine = replace(grounds.machine, printers=FixedPrinters(printers))

    assert line(replace(grounds, machine=machine), "printer").state is state


@pytest.mark.parametrize(
    ("scanned", "state"),
    [("", State.LOOK), ("httpsČ--x", State.BAD), ("HTTPS://X", State.LOOK), ("12", State.LOOK)],
)
def test_a_scanner_is_judged_by_what_it_typed(grounds: Grounds, scanned: str, state: State) -> None:
    assert line(grounds, "scanner").state is State.FINE
    assert line(replace(grounds, scanned=scanned), "scanner").state is state


def test_a_clock_behind_the_office_the_program_or_the_files_is_told(
    grounds: Grounds, clock: SetClock
) -> None:
    delivery = grounds.stand.delivery
    receipt = LastReceipt("7F3A", 1, 1, clock.now_us() + DAY_US)
    office = told(grounds, delivery=replace(delivery, receipt=receipt))
    program = replace(grounds, machine=replace(grounds.machine, program_at=clock.now_us() + 3 * DAY_US))

    assert line(grounds, "clock").state is State.FINE
    assert line(office, "clock").state is State.BAD
    assert line(program, "clock").state is State.BAD
    clock.at_us -= 3600 * 1_000_000
    assert line(grounds, "clock").state is State.LOOK
    clock.at_us += 2 * 366 * DAY_US
    assert line(grounds, "clock").state is State.LOOK


def test_another_time_zone_than_the_events_is_told(grounds: Grounds, clock: SetClock) -> None:
    clock.offset = 0

    found = line(grounds, "clock")

    assert found.state is State.LOOK
    assert "Europe/Ljubljana" in found.todo


def test_the_newest_file_counts_and_an_empty_folder_says_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for number in (100, 300, 200):
        (empty / f"{number}").write_text("x")
        os.utime(empty / f"{number}", (number, number))

    assert newest_file_us(empty) == 300_000_000
    (empty / "gone").symlink_to(empty / "nowhere")
    assert newest_file_us(empty) == 300_000_000


def test_a_full_disk_and_a_folder_that_is_not_ours_are_bad(
    grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line(grounds, "disk").state is State.FINE
    assert not list(grounds.machine.home.glob(".preflight*")), "the trial file is gone"

    lost = replace(grounds, machine=replace(grounds.machine, home=grounds.machine.home / "nowhere"))
    assert line(lost, "disk").state is State.BAD
    monkeypatch.setattr("stojnica.services.preflight_laptop.MIN_FREE_BYTES", 10**18)
    assert line(grounds, "disk").state is State.BAD


@pytest.mark.parametrize(
    ("battery", "state"),
    [
        (Battery(80, is_plugged_in=False), State.FINE),
        (Battery(79, is_plugged_in=False), State.LOOK),
        (Battery(29, is_plugged_in=False), State.BAD),
        (Battery(29, is_plugged_in=True), State.LOOK),
        (None, State.LOOK),
    ],
)
def test_a_battery_is_full_or_is_to_be_charged(
    grounds: Grounds, battery: Battery | None, state: State
) -> None:
    machine = replace(grounds.machine, battery=lambda: battery)

    assert line(replace(grounds, machine=machine), "battery").state is state


def test_one_passphrase_is_enough_when_two_people_know_it(grounds: Grounds) -> None:
    file = grounds.machine.home / "slots.json"
    assert line(grounds, "passphrase").state is State.FINE
    save_slots(file, with_passphrase(new_slot_file(), bytes(32), "ena", cost=CHEAP))

    alone = line(grounds, "passphrase")
    shared = line(told(grounds, plan=replace(EVERYTHING, two_know=True)), "passphrase")

    assert (alone.state, shared.state) == (State.LOOK, State.FINE)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 kontakt še ni v pisarni."),
        (2, "2 kontakta še nista v pisarni."),
        (3, "3 kontakti še niso v pisarni."),
        (5, "5 kontaktov še ni v pisarni."),
    ],
)
def test_people_who_are_not_at_the_office_are_counted_in_good_slovene(
    grounds: Grounds, number: int, words: str
) -> None:
    delivery = grounds.stand.delivery
    waiting = replace(delivery.waiting, contacts=number)
    known = told(grounds, delivery=replace(delivery, is_enrolled=True, waiting=waiting))

    with speaking("sl"):
        found = line(known, "delivery")

    assert (found.state, seen(found.what)) == (State.LOOK, words)


def test_a_sign_up_of_the_real_store_is_counted_and_nothing_waiting_is_fine(
    grounds: Grounds, context: StandContext
) -> None:
    signup = SignUp(first_name="Ana", email="ana@example.org", purposes=("newsletter",))
    evidence = ConsentEvidence("screen", "sl", {})
    save_signup(
        context.store, signup, subject_id=uuid4(), event_id=None, channel=KIOSK, evidence=evidence
    ).result()
    delivery = context.store.read(look_at_stand).result().delivery
    none = replace(delivery, is_enrolled=True, waiting=replace(delivery.waiting, contacts=0, facts=0))

    assert "1 contact" in line(told(grounds, delivery=replace(delivery, is_enrolled=True)), "delivery").what
    assert line(told(grounds, delivery=none), "delivery").state is State.FINE


def test_the_plan_is_kept_for_each_event(grounds: Grounds, context: StandContext) -> None:
    now = grounds.stand.now
    other = replace(now, chosen=None)

    def keep(unit: UnitOfWork) -> None:
        remember_plan(unit.connection, now, EVERYTHING)
        unit.commit()

    context.store.write(keep).result()

    assert context.store.read(lambda c: recall_plan(c, now)).result() == EVERYTHING
    assert context.store.read(lambda c: recall_plan(c, other)).result() == Plan()


def test_a_check_that_hangs_is_left_behind_and_told(grounds: Grounds) -> None:
    ends = threading.Event()
    threads: list[threading.Thread] = []

    def hang(_grounds: Grounds) -> Line:
        threads.append(threading.current_thread())
        ends.wait(30)
        return Line("printer", State.FINE, "late.")

    checks = (Check("printer", hang), Check("pin", lambda _g: Line("pin", State.FINE, "here.")))
    lines = check_all(checks, grounds, deadline_s=0.05)
    ends.set()
    threads[0].join()

    assert [(item.id, item.state) for item in lines] == [("printer", State.LOOK), ("pin", State.FINE)]
    assert "printer" in lines[0].what


def test_a_damaged_key_file_is_a_line_with_what_to_do(grounds: Grounds) -> None:
    (grounds.machine.home / "slots.json").write_text("{}")

    (found,) = [line for line in check_all(CHECKS, grounds) if line.id == "passphrase"]

    assert found.state is State.BAD
    assert "slots.json" in found.todo


def test_a_check_that_the_system_refuses_is_told_and_a_bug_is_not_hidden(
    grounds: Grounds, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_grounds: Grounds) -> Line:
        raise PermissionError

    def bug(_grounds: Grounds) -> Line:
        raise ZeroDivisionError

    assert check_all((Check("disk", refused),), grounds)[0].state is State.LOOK
    assert "disk" in caplog.text
    caplog.clear()
    with pytest.raises(ZeroDivisionError):
        check_all((Check("disk", bug),), grounds)
