"""The page of events proposes what it can, says what is wrong at its field, and loses no form."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.typed import EVENT
from stojnica.services.changes import Change
from stojnica.services.events_page import EventsViewModel
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tasks import DeferredRunner
from stojnica.services.written_time import written_span_and_year
from stojnica.storage.unit import UnitOfWork


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, office: dict[str, Any]) -> EventsViewModel:
    model = EventsViewModel(context)
    model.refresh()
    runner.run()
    return model


def add(page: EventsViewModel, runner: DeferredRunner, **fields: str) -> None:
    page.add()
    for name, text in fields.items():
        page.type(name, text)
    page.save()
    runner.run()


def test_a_new_event_is_filled_in_as_far_as_it_can_be(page: EventsViewModel) -> None:
    page.add()

    form = page.state.form
    assert form is not None
    assert (form.starts, form.ends, form.city) == ("2024-09-20T10:00", "2024-09-20T18:00", "Ljubljana")
    assert (form.project, form.goal_reached) == ("club", "169")
    assert [choice.label for choice in page.state.projects] == ["Volunteers' club"]


def test_the_code_follows_the_name_until_it_is_typed(page: EventsViewModel) -> None:
    page.add()
    page.type("name", "Študentska arena")
    assert page.state.form is not None
    assert page.state.form.code == "studentska-arena"

    page.type("code", "arena")
    page.type("name", "Študentska arena 2024")

    assert page.state.form.code == "arena"


def test_the_first_event_is_saved_listed_and_chosen(page: EventsViewModel, runner: DeferredRunner) -> None:
    add(page, runner, name="Festival LUPA", place="Breg")

    (line,) = page.state.events
    assert (line.name, line.place, line.goal) == ("Festival LUPA", "Breg, Ljubljana", "169")
    assert line.when == "Friday, 20 September 2024 · 10:00–18:00"
    assert line.is_chosen
    assert page.state.form is None


@pytest.mark.parametrize(
    ("language", "said"),
    [("sl", "15. 10. – 17. 10. 2024, 09.00–17.00"), ("en", "15 Oct – 17 Oct 2024, 09:00–17:00")],
)
def test_an_event_of_several_days_names_its_year(language: str, said: str) -> None:
    with speaking(language):
        assert written_span_and_year("2024-10-15T09:00", "2024-10-17T17:00") == said


def test_a_second_event_is_offered_to_be_chosen_because_everything_goes_to_the_first(
    page: EventsViewModel, runner: DeferredRunner
) -> None:
    add(page, runner, name="One")
    assert page.state.added is None

    add(page, runner, name="Two")

    two = next(line for line in page.state.events if not line.is_chosen)
    assert (two.name, page.state.added) == ("Two", two.event_id)
    assert page.state.message is not None
    assert page.state.message.safe == "Everything is still captured for: One"
    page.choose(two.event_id)
    runner.run()
    assert page.state.added is None
    assert next(line for line in page.state.events if line.is_chosen).name == "Two"


def test_an_event_that_was_only_changed_is_not_offered(page: EventsViewModel, runner: DeferredRunner) -> None:
    add(page, runner, name="One")
    add(page, runner, name="Two")
    two = next(line for line in page.state.events if not line.is_chosen)

    page.edit(two.event_id)
    page.type("place", "Breg")
    page.save()
    runner.run()

    assert page.state.message is not None
    assert (page.state.added, page.state.message.safe) == (None, "")


def test_choosing_another_event_is_told_to_all_pages(
    page: EventsViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    add(page, runner, name="One")
    add(page, runner, name="Two")
    heard: list[frozenset[Change]] = []
    context.changes.subscribe(heard.append)
    other = next(line for line in page.state.events if not line.is_chosen)

    page.choose(other.event_id)
    runner.run()

    assert heard == [frozenset({Change.EVENTS})]
    assert next(line for line in page.state.events if line.is_chosen).event_id == other.event_id
    chosen = context.store.read(stand_now).result().event
    assert chosen is not None
    assert chosen.event_id == other.event_id


@pytest.mark.parametrize(
    ("name", "text"),
    [("name", " "), ("code", "Not A Code"), ("ends", "2024-09-20T09:00"), ("goal_reached", "many")],
)
def test_what_is_wrong_is_said_at_its_field_and_the_form_stays(
    page: EventsViewModel, runner: DeferredRunner, name: str, text: str
) -> None:
    add(page, runner, **({"name": "Festival"} | {name: text}))

    assert page.state.problem is not None
    assert page.state.problem.field == name
    assert page.state.form is not None
    assert page.state.events == ()
    page.type(name, "x")
    assert page.state.problem is None


def test_an_event_of_ours_is_edited(page: EventsViewModel, runner: DeferredRunner) -> None:
    add(page, runner, name="Festival")

    page.edit(page.state.events[0].event_id)
    page.type("name", "Festival LUPA")
    page.type("goal_reached", "")
    page.save()
    runner.run()

    (line,) = page.state.events
    assert (line.name, line.goal) == ("Festival LUPA", "")


def test_an_event_of_the_office_is_only_shown(
    page: EventsViewModel, context: StandContext, runner: DeferredRunner, lupa: Event
) -> None:
    def by_office(unit: UnitOfWork) -> None:
        unit.connection.execute(sa.update(EVENT).values(origin="briefing"))
        unit.commit()

    context.store.write(by_office).result()
    page.refresh()
    runner.run()

    page.edit(lupa.event_id)
    page.type("name", "Mine")
    page.save()

    assert page.state.form is not None
    assert page.state.form.is_read_only
    assert page.state.form.name == "Festival LUPA"
    assert runner.waiting == 0


def test_a_form_that_is_open_stays_when_the_list_changes(
    page: EventsViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    page.add()
    page.type("name", "Festival")

    context.changes.tell(Change.ORGANISATION)
    runner.run()

    assert page.state.form is not None
    assert page.state.form.name == "Festival"
    page.cancel()
    assert page.state.form is None


def test_no_field_of_another_name_can_be_typed_into(page: EventsViewModel) -> None:
    page.add()

    with pytest.raises(KeyError):
        page.type("event_id", "x")
