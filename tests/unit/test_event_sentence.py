"""An event's sentence for everybody: optional, bounded, on the paper that has room for it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import DESCRIPTION_LIMIT, Event, event_from
from stojnica.domain.ids import new_id
from stojnica.domain.organisation_document import parse_document
from stojnica.printing.render import opened_pdf
from stojnica.services.events import add_event, change_event, list_events
from stojnica.services.events_page import EventsViewModel
from stojnica.services.flyer_paper import FlyerWish
from stojnica.services.made_flyer import FlyerScene, MadeFlyer, make_flyer_of
from stojnica.services.sample import sample_document
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.schema import project_anew
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

SENTENCE = "Sto nevladnih organizacij na enem mestu, vstop je prost."
LONGEST = ("Pridi na Breg: sto nevladnih organizacij, glasba in delavnice za vse. " * 3)[:DESCRIPTION_LIMIT]
SAMPLE = parse_document(sample_document(date(2024, 9, 20)))
EVENT = Event(
    **{"event_id": new_id(), "name": "Festival LUPA", "code": "lupa", "place": "Breg", "city": "Ljubljana"},
    **{"starts": "2024-09-20T10:00", "ends": "2024-09-20T18:00", "description": SENTENCE},
)


def words_on(made: MadeFlyer) -> str:
    with opened_pdf(made.checked.pdf) as document:
        text: str = document[0].get_textpage().get_text_range()
    return " ".join(text.split())


def kept(store: Store) -> list[str]:
    return [item.event.description for item in list_events(store).result()]


def test_it_is_typed_with_the_event_kept_and_still_there_after_a_rebuild(
    context: StandContext, runner: DeferredRunner, store: Store, office: dict[str, Any]
) -> None:
    events = EventsViewModel(context)
    events.refresh()
    runner.run()
    events.add()
    events.type("name", "Festival LUPA")
    events.type("description", f"  {SENTENCE} ")
    events.save()
    runner.run()

    assert kept(store) == [SENTENCE]
    store.write(
        lambda unit: (project_anew(unit.connection, branch_of(unit.connection)), unit.commit())
    ).result()
    assert kept(store) == [SENTENCE]
    events.edit(events.state.events[0].event_id)
    assert events.state.form is not None
    assert events.state.form.description == SENTENCE


def test_one_that_is_too_long_is_refused_at_its_field_and_nothing_is_saved(store: Store, lupa: Event) -> None:
    with pytest.raises(UserFacingError) as refused:
        change_event(store, replace(lupa, description="a" * (DESCRIPTION_LIMIT + 1))).result()

    assert refused.value.code == "description"
    assert kept(store) == [""]


@pytest.mark.parametrize("description", [7, None, ["x"], "x" * 10_000])
def test_what_no_program_of_ours_wrote_harms_nothing(description: object) -> None:
    read = event_from(new_id(), {"name": "LUPA", "code": "lupa", "description": description})

    assert len(read.description) <= DESCRIPTION_LIMIT


def test_facts_of_an_older_program_have_none_and_are_read(store: Store) -> None:
    data = EVENT.data()
    del data["description"]

    assert event_from(EVENT.event_id, data) == replace(EVENT, description="")
    assert add_event(store, replace(EVENT, description="")).result().description == ""


@pytest.mark.parametrize(("template_id", "size"), [("poster", "A4"), ("poster", "A3"), ("sign", "A5")])
@pytest.mark.parametrize("project", ["cerv", ""])
def test_the_longest_one_stands_on_posters_and_signs(template_id: str, size: str, project: str) -> None:
    scene = FlyerScene(SAMPLE, replace(EVENT, description=LONGEST, project=project))

    made = make_flyer_of(scene, FlyerWish("sl", "camps", template_id, size))

    assert made.checked.is_printable
    assert "glasba in delavnice" in words_on(made)


def test_on_a_piece_in_another_language_it_would_be_foreign() -> None:
    scene = FlyerScene(SAMPLE, EVENT)

    spoken, foreign = (
        words_on(make_flyer_of(scene, FlyerWish(language, "camps", "poster"))) for language in ("sl", "de")
    )

    assert SENTENCE in spoken
    assert SENTENCE not in foreign
