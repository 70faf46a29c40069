"""M35: who stands here and wants everything erased goes from this laptop at once, and numbers stay."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica import failpoint
from stojnica.domain.erase_order import EraseOrder
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.contact_queries import contacts_with
from stojnica.records.reach_queries import reach_of, reached_by_half_hour
from stojnica.records.typed import SIGNUP, SIGNUP_WORD
from stojnica.services.about_file import about_document
from stojnica.services.capture import press_to_undo, save_signup
from stojnica.services.changes import Change
from stojnica.services.contact import ContactViewModel
from stojnica.services.erasing import erase_contact
from stojnica.services.half_typed import HalfTypedDialogs
from stojnica.services.message import Tone
from stojnica.services.retention import clear_up
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.erase_orders import carry_out_order
from stojnica.storage.left_in_files import left_in_files
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.tables import SETTING
from stojnica.storage.unfinished import UNFINISHED
from stojnica.storage.unit import UnitOfWork, branch_of

MOST_OF_A_NOTE = 40_000
"""A page of the table of what is remembered, and of its index, twice."""


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    for name in ("Tjaša", "Miha"):
        model.type("first_name", name)
        model.type("email", f"{name.lower().replace('š', 's')}@example.org")
        model.choose_band("18-30")
        model.tick_box("answer", True)
        model.save()
        runner.run()
    model.correct(_subject(context.store, "tjasa@example.org"))
    runner.run()
    model.show_about("4711")
    runner.run()
    return model


def _subject(store: Store, email: str) -> UUID:
    (found,) = store.read(lambda c: contacts_with(c, branch_of(c), email=email)).result()
    return found


def _kept_values(store: Store) -> bytes:
    query = sa.select(SETTING.c.name, SETTING.c.value)
    return b"".join(row.value for row in store.read(lambda c: c.execute(query).all()).result())


def test_m35_everything_about_the_person_goes_and_the_other_one_stays(
    page: ContactViewModel, store: Store, runner: DeferredRunner
) -> None:
    subject = _subject(store, "tjasa@example.org")

    page.about.erase()
    runner.run()

    names = store.read(lambda c: list(c.execute(sa.select(SIGNUP.c.first_name)).scalars())).result()
    words = store.read(lambda c: list(c.execute(sa.select(SIGNUP_WORD.c.word)).scalars())).result()
    assert names == ["Miha"]
    assert not [word for word in words if "tja" in word]
    assert str(subject).encode() not in _kept_values(store)
    assert page.about.state.about is None
    assert page.state.correcting is None
    assert page.state.message is not None
    assert page.state.message.tone is Tone.GOOD


def test_m35_the_numbers_of_the_event_keep_that_somebody_was_here(
    page: ContactViewModel, store: Store, runner: DeferredRunner, lupa: Event
) -> None:
    before = store.read(lambda c: reach_of(c, branch_of(c), [lupa.event_id])).result()
    hours = store.read(lambda c: reached_by_half_hour(c, branch_of(c), lupa.event_id, "Europe/Ljubljana"))
    hours_before = [(hour.start, hour.reached) for hour in hours.result()]

    page.about.erase()
    runner.run()

    after = store.read(lambda c: reach_of(c, branch_of(c), [lupa.event_id])).result()
    hours = store.read(lambda c: reached_by_half_hour(c, branch_of(c), lupa.event_id, "Europe/Ljubljana"))
    assert (after.reached, after.conversations) == (before.reached, before.conversations)
    assert after.contacts == before.contacts - 1
    assert [(hour.start, hour.reached) for hour in hours.result()] == hours_before


def test_nobody_takes_that_number_back_with_the_undo_key(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    page.about.erase()
    runner.run()

    found = context.store.read(lambda c: press_to_undo(c, branch_of(c), lupa.event_id, context.clock))

    assert found.result() is None


def test_m35_what_was_being_typed_with_the_same_address_goes_too(
    page: ContactViewModel, store: Store, runner: DeferredRunner
) -> None:
    half = {"subject": str(UUID(int=7)), "at_us": 1, "email": "Tjasa@Example.org", "first_name": "T"}
    other = {"subject": str(UUID(int=8)), "at_us": 1, "email": "ana@example.org", "first_name": "Ana"}

    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, UNFINISHED, [half, other])
        unit.connection.commit()

    store.write(keep).result()

    page.about.erase()
    runner.run()

    assert store.read(lambda c: recall(c, UNFINISHED)).result() == [other]


def test_m35_what_a_lock_kept_of_a_dialog_goes_too_whomever_it_is_about(
    page: ContactViewModel, context: StandContext, store: Store, runner: DeferredRunner
) -> None:
    # Given an address in a dialog that a lock closed, of which one session knows already
    before = HalfTypedDialogs(context)
    before.keep({"Take consent back": {"0 Address": "tjasa@example.org"}})
    runner.run()
    session = HalfTypedDialogs(context)
    session.load()
    runner.run()

    page.about.erase()
    runner.run()

    assert b"Take consent back" not in _kept_values(store)
    assert session.take("Take consent back") == {}


def test_m35_by_order_of_the_office_what_a_lock_kept_goes_and_is_not_written_again(
    page: ContactViewModel, context: StandContext, store: Store, runner: DeferredRunner
) -> None:
    # Given two dialogs that a lock left, and an order that a delivery brings meanwhile
    before = HalfTypedDialogs(context)
    before.keep({"Take consent back": {"0 Address": "tjasa@example.org"}, "Funding": {"0 Why": "Vaja"}})
    runner.run()
    session = HalfTypedDialogs(context)
    session.load()
    runner.run()
    subject = _subject(store, "tjasa@example.org")

    def obey(unit: UnitOfWork) -> None:
        carry_out_order(unit, EraseOrder(UUID(int=1), unit.branch_id, 1, (subject,), ()))
        unit.commit()

    store.write(obey).result()

    # When one of them is opened before, and one after the window hears of the delivery
    session.take("Funding")
    runner.run()
    context.changes.tell(Change.DELIVERY)
    runner.run()

    # Then it is neither on the disk nor in a dialog
    assert b"tjasa" not in _kept_values(store)
    assert session.take("Take consent back") == {}


def test_m35_the_copies_that_an_upgrade_kept_go_with_the_person(
    page: ContactViewModel, store: Store, runner: DeferredRunner
) -> None:
    old = store.path.with_name(store.path.name + ".before-s0002")
    old.write_bytes(b"as it was")

    page.about.erase()
    runner.run()

    assert not old.exists()


class Killed(BaseException):
    """Be a process that ends here."""


def test_m35_a_crash_right_after_it_leaves_neither_log_nor_old_copies_behind(
    page: ContactViewModel, store: Store
) -> None:
    # Given a file from before an upgrade, and a crash as soon as she is erased for good
    old = store.path.with_name(store.path.name + ".before-s0002")
    old.write_bytes(b"as it was")
    log = store.path.with_name(store.path.name + "-wal")

    def die() -> None:
        raise Killed

    failpoint.arm("store.after_commit", die)
    try:
        with pytest.raises(Killed):
            erase_contact(store, _subject(store, "tjasa@example.org")).result()
    finally:
        failpoint.disarm("store.after_commit")
    assert old.exists()

    # When the program begins anew
    clear_up(store)

    # Then nothing of her is in any file
    assert not old.exists()
    assert store.read(left_in_files).result() is None
    assert log.stat().st_size <= MOST_OF_A_NOTE


def test_m35_while_a_copy_is_being_made_the_next_visitor_does_not_wait_for_its_end(
    page: ContactViewModel, store: Store
) -> None:
    # Given a copy to a slow stick: it reads one state of the store until it is through
    subject = _subject(store, "tjasa@example.org")
    is_reading, is_through = threading.Event(), threading.Event()

    def read_slowly(connection: Connection) -> None:
        connection.execute(sa.select(SIGNUP)).all()
        is_reading.set()
        is_through.wait(timeout=30)

    copying = store.look_slowly(read_slowly)
    is_reading.wait(timeout=30)

    # When somebody is erased
    began = monotonic()
    erase_contact(store, subject).result()
    took = monotonic() - began

    # Then it is done at once, and the log is emptied when the copy is through
    assert took < 3
    assert store.read(left_in_files).result() is not None
    is_through.set()
    copying.result()
    clear_up(store)
    assert store.read(left_in_files).result() is None


def test_m35_the_form_of_an_erased_person_is_never_saved_a_second_time(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    subject = _subject(context.store, "tjasa@example.org")
    erase_contact(context.store, subject).result()

    with pytest.raises(UserFacingError):
        save_signup(
            context.store,
            None,  # type: ignore[arg-type]
            subject_id=subject,
            event_id=lupa.event_id,
            channel="kiosk",
            evidence=None,  # type: ignore[arg-type]
        ).result()


def test_erasing_somebody_who_is_not_here_changes_nothing(store: Store) -> None:
    with pytest.raises(UserFacingError):
        erase_contact(store, UUID(int=1)).result()


def test_whoever_renews_copies_hears_of_it(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    heard: set[Change] = set()
    context.changes.subscribe(heard.update)

    page.about.erase()
    runner.run()

    assert {Change.ERASED, Change.CONTACTS, Change.COUNTS} <= heard


def test_all_that_is_kept_can_be_taken_along_for_another_program(
    page: ContactViewModel, store: Store, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.about.save(tmp_path / "me.json")
    runner.run()

    document = json.loads((tmp_path / "me.json").read_text(encoding="utf-8"))
    assert document["format"] == "stojnica-about-1"
    assert document["contact"]["first_name"] == "Tjaša"
    assert document["contact"]["email"] == "tjasa@example.org"
    assert document["contact"]["signed_up_at"] == "2024-09-20T12:32:00+00:00"
    granted = {item["purpose"]: item for item in document["consents"] if item["is_granted"]}
    assert list(granted) == ["answer"]
    assert granted["answer"]["text"] == "Text of answer, version 3, in en."
    assert store.read(lambda c: about_document(c, UUID(int=1))).result() is None
