"""Lists stay from event to event, ticks don't; things are put on them and taken off for good."""

from typing import Any

import pytest

from stojnica.domain.document_node import DocumentError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.services.checklist_page import ChecklistViewModel
from stojnica.services.events import add_event, choose_event
from stojnica.services.shown_organisation import keep_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


def packing(*ids: str) -> dict[str, Any]:
    items = [{"id": item, "title": {"en": item.title()}} for item in ids]
    return {"id": "packing", "title": {"sl": "Pakiranje", "en": "Packing"}, "items": items}


@pytest.fixture
def lists(
    context: StandContext, runner: DeferredRunner, store: Store, office: dict[str, Any], lupa: Event
) -> ChecklistViewModel:
    def keep(unit: UnitOfWork) -> None:
        keep_document(unit, office | {"checklists": [packing("tape", "flyers")]})
        unit.commit()

    store.write(keep).result()
    model = ChecklistViewModel(context)
    model.refresh()
    runner.run()
    return model


def ticked(lists: ChecklistViewModel) -> dict[str, bool]:
    return {line.title: line.is_ticked for line in lists.state.lists[0].lines}


def test_a_tick_belongs_to_one_event_and_the_list_to_all(
    lists: ChecklistViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    lists.tick("packing", "tape", True)
    lists.add("packing", "Rain cover")
    runner.run()
    assert ticked(lists) == {"Tape": True, "Flyers": False, "Rain cover": False}
    assert lists.state.subtitle == "Festival LUPA · 2 things are left to tick"

    other = Event(new_id(), "Sejem", "sejem", starts="2024-09-21T10:00", ends="2024-09-21T14:00")
    add_event(store, other).result()
    choose_event(store, other.event_id).result()
    lists.refresh()
    runner.run()
    assert ticked(lists) == {"Tape": False, "Flyers": False, "Rain cover": False}

    choose_event(store, lupa.event_id).result()
    lists.refresh()
    runner.run()
    assert ticked(lists)["Tape"]


def test_a_tick_is_taken_back(lists: ChecklistViewModel, runner: DeferredRunner) -> None:
    lists.tick("packing", "tape", True)
    lists.tick("packing", "tape", True)
    lists.tick("packing", "tape", False)
    runner.run()

    assert not ticked(lists)["Tape"]


def test_what_was_taken_off_can_be_put_back(lists: ChecklistViewModel, runner: DeferredRunner) -> None:
    lists.add("packing", "Cake")
    runner.run()
    cake = lists.state.lists[0].lines[-1].item_id
    lists.remove("packing", cake)
    lists.remove("packing", "tape")
    runner.run()
    assert ticked(lists) == {"Flyers": False}
    assert lists.state.lists[0].left_out == 1

    lists.restore("packing")
    runner.run()

    assert ticked(lists) == {"Tape": False, "Flyers": False}


@pytest.mark.parametrize("words", ["", "   ", "cake"])
def test_nothing_and_the_same_again_are_refused_at_the_field(
    lists: ChecklistViewModel, runner: DeferredRunner, words: str
) -> None:
    lists.add("packing", "Cake")
    runner.run()

    lists.add("packing", words)
    runner.run()

    assert lists.state.problem_at == "packing"
    assert lists.state.problem
    assert list(ticked(lists)) == ["Tape", "Flyers", "Cake"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([packing("tape", "tape")], "checklists[0].items[1]"),
        ([packing("tape"), packing("flyers")], "checklists[1]"),
        ([{"id": "packing", "title": {"en": "x"}}], "checklists[0]"),
        ([packing(*(f"t{number}" for number in range(61)))], "checklists[0].items"),
        ("x", "checklists"),
    ],
)
def test_a_mistake_in_the_office_s_lists_has_its_place(
    office: dict[str, Any], value: object, place: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_document(office | {"checklists": value})

    assert refused.value.place == place
