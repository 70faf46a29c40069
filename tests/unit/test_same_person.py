"""Maybe the same person: asked about all contacts of this laptop, and the answer goes to the office."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain import kinds
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.event import Event
from stojnica.domain.fact import decode
from stojnica.domain.ids import new_id
from stojnica.i18n import speaking
from stojnica.records.facts import FACT
from stojnica.records.typed import TYPED_TABLES
from stojnica.services.contact import ContactViewModel
from stojnica.services.events import add_event, choose_event
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.marks import KEY, mark_contact, marked_contacts
from stojnica.storage.memory import recall
from stojnica.storage.store import Store
from stojnica.storage.tables import SETTING
from stojnica.storage.unit import UnitOfWork


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
    return model


def fill(page: ContactViewModel) -> None:
    page.type("first_name", "Tjaša")
    page.type("phone", "031 345 095")
    page.choose_band("18-30")
    page.tick_box("answer", True)


def save(page: ContactViewModel, runner: DeferredRunner) -> None:
    fill(page)
    page.save()
    runner.run()


def another_event(context: StandContext, page: ContactViewModel, runner: DeferredRunner) -> None:
    event = Event(
        new_id(), "Sejem", "sejem", "Trg", "Kranj", starts="2024-09-21T10:00", ends="2024-09-21T18:00"
    )
    choose_event(context.store, add_event(context.store, event).result().event_id).result()
    page.refresh()
    runner.run()


def leave_phone(page: ContactViewModel, runner: DeferredRunner) -> None:
    page.leave("phone")
    runner.run()


def compared(store: Store) -> list[dict[str, Any]]:
    """Give what was said about doubles, as the office will read it."""

    def read(connection: Any) -> list[dict[str, Any]]:
        rows = connection.execute(sa.select(FACT.c.body).where(FACT.c.kind == kinds.COMPARED))
        return [dict(decode(row.body).data) for row in rows]

    return store.read(read).result()


@pytest.mark.parametrize("answer", ["same", "other", "unknown"])
def test_somebody_of_another_event_is_asked_about_and_the_answer_kept_with_the_contact(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, answer: str
) -> None:
    save(page, runner)
    first = page.state.contacts[0].subject_id
    another_event(context, page, runner)
    fill(page)
    leave_phone(page, runner)
    assert page.state.same_person == "The same phone number was entered today at 14:32."

    page.answer_same_person(answer)
    assert page.state.same_person == ""
    assert page.state.form.first_name == "Tjaša", "at this event she is new, so the form stays"
    page.save()
    runner.run()

    assert compared(context.store) == [{"other": str(first), "answer": answer, "same": ["phone"]}]
    assert len(page.state.contacts) == 1


def test_who_is_in_at_this_event_already_is_not_taken_twice(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    save(page, runner)
    fill(page)
    leave_phone(page, runner)

    page.answer_same_person("same")

    assert page.state.form.first_name == ""
    assert compared(context.store) == []


def test_it_is_asked_once_and_again_only_after_another_number_was_typed(
    page: ContactViewModel, runner: DeferredRunner
) -> None:
    save(page, runner)
    fill(page)
    leave_phone(page, runner)
    page.answer_same_person("other")

    leave_phone(page, runner)
    assert page.state.same_person == ""
    page.type("phone", "031345095")
    leave_phone(page, runner)

    assert page.state.same_person != ""


def test_no_answer_leaves_no_fact(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    save(page, runner)
    fill(page)
    leave_phone(page, runner)

    page.save()
    runner.run()

    assert compared(context.store) == []
    assert len(page.state.contacts) == 2


def test_an_answer_that_there_is_not_is_refused(page: ContactViewModel) -> None:
    with pytest.raises(KeyError):
        page.answer_same_person("maybe")


def test_who_was_delivered_and_wiped_is_known_by_the_mark_alone(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    save(page, runner)

    def wipe(unit: UnitOfWork) -> None:
        for table in TYPED_TABLES:
            if table.name.startswith("signup"):
                unit.connection.execute(sa.delete(table))
        unit.commit()

    context.store.write(wipe).result()
    fill(page)
    leave_phone(page, runner)

    assert page.state.same_person == "The same phone number was entered today at 14:32."


def marks(store: Store) -> list[tuple[str, bytes]]:
    def read(connection: Any) -> list[tuple[str, bytes]]:
        query = sa.select(SETTING.c.name, SETTING.c.value).where(SETTING.c.name.startswith("mark:"))
        return [(row.name, row.value) for row in connection.execute(query)]

    return store.read(read).result()


def test_a_mark_tells_no_address_and_another_laptop_makes_another_one(store: Store) -> None:
    keys = ContactKeys.of("Tjasa@Example.org", "+38631345095")
    subject = new_id()

    def mark(unit: UnitOfWork) -> None:
        mark_contact(unit.connection, subject, 7, keys)
        unit.commit()

    store.write(mark).result()
    first = marks(store)
    store.write(lambda unit: (unit.connection.execute(sa.delete(SETTING)), unit.commit())).result()
    store.write(mark).result()

    assert len(first) == 2
    assert b"example" not in repr(first).encode()
    assert b"345095" not in repr(first).encode()
    assert not {name for name, _value in first} & {name for name, _value in marks(store)}
    assert len(store.read(lambda c: recall(c, KEY)).result()) == 64


def test_marks_find_by_what_an_address_means_and_keep_the_newest_few(store: Store) -> None:
    subjects = [new_id() for _number in range(10)]

    def mark(unit: UnitOfWork) -> None:
        for at, subject in enumerate(subjects):
            mark_contact(unit.connection, subject, at, ContactKeys.of("Tjasa@Example.org", ""))
        mark_contact(unit.connection, subjects[-1], 9, ContactKeys.of("tjasa@example.org", ""))
        unit.commit()

    store.write(mark).result()
    found = store.read(lambda c: marked_contacts(c, ContactKeys.of("tjasa@EXAMPLE.org", ""))).result()
    nobody = store.read(lambda c: marked_contacts(c, ContactKeys.of("", "+38631345095"))).result()

    assert [item.subject_id for item in found] == subjects[:1:-1]
    assert found[0].same == ("email",)
    assert nobody == []
