"""A contact is found while its name is typed; a visitor who looks on sees initials."""

from collections.abc import Iterator
from typing import Any

import pytest

from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.records.gone_contacts import LIVE
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_search import ContactSearchViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.gone import add_gone
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
    for first, last in (("Đuro", "Čučnik"), ("Ana", "Žagar")):
        model.type("first_name", first)
        model.type("last_name", last)
        model.type("email", f"{first[-2:]}@example.org")
        model.choose_band("18-30")
        model.tick_box("answer", True)
        model.save()
        runner.run()
    return model


@pytest.fixture
def search(page: ContactViewModel) -> ContactSearchViewModel:
    return page.search


def who(search: ContactSearchViewModel) -> list[str]:
    return [row.who for row in search.state.rows]


def test_initials_and_time_are_shown_for_a_name_without_its_marks(
    search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("djuro cuc")
    runner.run()

    assert [(row.who, row.time) for row in search.state.rows] == [("Đ. Č.", "14:32")]
    assert "uro" not in repr(search.state.rows)


def test_names_come_after_the_pin_and_go_again(
    page: ContactViewModel, search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("zagar")
    runner.run()

    page.show_names("4711")
    runner.run()
    assert who(search) == ["Ana Žagar"]
    page.hide_names()

    assert who(search) == ["A. Ž."]


def test_the_answer_to_the_newest_letters_is_the_one_that_is_shown(
    search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("ana")
    search.type("duro")
    runner.run()

    assert who(search) == ["Đ. Č."]


def test_nobody_found_is_said_only_for_a_text_that_is_long_enough(
    search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("q")
    runner.run()
    assert not search.state.is_empty

    search.type("qq")
    runner.run()
    assert search.state.is_empty

    search.clear()
    assert not search.state.is_searching


def test_who_looks_for_somebody_who_has_left_hears_that_some_have(
    context: StandContext, search: ContactSearchViewModel, runner: DeferredRunner, lupa: Event
) -> None:
    def leave(unit: UnitOfWork) -> None:
        add_gone(unit.connection, unit.branch_id, lupa.event_id, {(LIVE, "7"): 2})
        unit.commit()

    context.store.write(leave).result()

    search.type("borut")
    runner.run()
    assert search.state.note == "2 contacts have left this laptop: the office has them."

    search.type("ana")
    runner.run()
    assert search.state.note == "", "she is here"


def test_a_voided_contact_leaves_the_list_that_is_shown(
    page: ContactViewModel, search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("ana")
    runner.run()

    page.void(search.state.rows[0].subject_id, "test")
    runner.run()

    assert search.state.rows == ()


def test_who_was_found_is_corrected_and_the_search_ends_with_the_saving(
    page: ContactViewModel, search: ContactSearchViewModel, runner: DeferredRunner
) -> None:
    search.type("ana")
    runner.run()
    page.correct(search.state.rows[0].subject_id)
    runner.run()
    assert page.state.form.last_name == "Žagar"

    page.type("last_name", "Novak")
    page.save()
    runner.run()

    assert not search.state.is_searching
