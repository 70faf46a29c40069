"""Events are added, changed and chosen at the stand; those of the office are only chosen."""

from dataclasses import replace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import NIL, new_id
from stojnica.records.facts import facts_of_subject
from stojnica.records.typed import EVENT
from stojnica.services.events import add_event, change_event, choose_event, list_events
from stojnica.services.stand import choose_operator, stand_now
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


def lupa(**other: object) -> Event:
    event = Event(new_id(), "Festival LUPA", "", starts="2024-09-20T10:00", ends="2024-09-20T18:00")
    return replace(event, **other)  # type: ignore[arg-type]


def test_the_first_event_is_chosen_at_once_and_later_ones_are_not(store: Store) -> None:
    first = add_event(store, lupa()).result()
    add_event(store, lupa(event_id=new_id())).result()

    assert store.read(stand_now).result().event == first


def test_an_event_gets_a_code_of_its_own_from_its_name(store: Store) -> None:
    events = [add_event(store, lupa(event_id=new_id())).result() for _ in range(3)]

    assert [event.code for event in events] == ["festival-lupa", "festival-lupa-2", "festival-lupa-3"]


def test_a_name_without_latin_letters_gets_a_code_all_the_same(store: Store) -> None:
    event = add_event(store, lupa(name="Фестиваль")).result()

    assert event.code.startswith("event-")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "LUPA\u202e"}, "name"),
        ({"code": "Not A Code"}, "code"),
        ({"starts": "tomorrow"}, "starts"),
        ({"ends": "2024-09-20T09:00"}, "ends"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field_and_nothing_is_kept(
    store: Store, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(UserFacingError) as caught:
        add_event(store, lupa(**wrong)).result()

    assert caught.value.code == field
    assert list_events(store).result() == []


def test_two_events_never_share_a_code(store: Store) -> None:
    add_event(store, lupa(code="lupa")).result()

    with pytest.raises(UserFacingError) as caught:
        add_event(store, lupa(event_id=new_id(), code="lupa")).result()

    assert caught.value.code == "code"


def test_a_change_keeps_only_what_is_different(store: Store) -> None:
    event = add_event(store, lupa()).result()

    change_event(store, replace(event, place="Breg", goal_reached=169)).result()
    change_event(store, replace(event, place="Breg", goal_reached=169)).result()

    facts = store.read(lambda c: facts_of_subject(c, NIL, event.event_id)).result()
    told = [item.fact.data for item in sorted(facts, key=lambda item: item.seq)]
    assert told[1:] == [{"place": "Breg", "goal_reached": 169}]
    assert list_events(store).result()[0].event.place == "Breg"


def test_an_event_of_the_office_is_chosen_but_not_changed(store: Store) -> None:
    event = add_event(store, lupa()).result()

    def by_office(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.update(EVENT).values(origin="briefing"))
        unit.commit()

    store.write(by_office).result()

    with pytest.raises(UserFacingError) as caught:
        change_event(store, replace(event, name="Another")).result()
    assert caught.value.code == "event_of_office"
    assert choose_event(store, event.event_id).result() == event


def test_an_unknown_event_is_neither_chosen_nor_changed(store: Store) -> None:
    with pytest.raises(UserFacingError):
        choose_event(store, uuid4()).result()
    with pytest.raises(UserFacingError):
        change_event(store, lupa()).result()


def test_choosing_lasts(store: Store) -> None:
    add_event(store, lupa()).result()
    second = add_event(store, lupa(event_id=new_id(), name="Study fair")).result()

    choose_event(store, second.event_id).result()

    assert store.read(stand_now).result().event == second


def test_who_types_is_remembered_without_spaces_around(store: Store) -> None:
    assert choose_operator(store, "  Maja ").result() == "Maja"

    assert store.read(stand_now).result().operator == "Maja"
