"""The team's estimate: kept with the end of a stand, and never a number without how it came to be."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.domain.handover import NO_ESTIMATE, Debrief, Estimate, debrief_from
from stojnica.i18n import speaking
from stojnica.printing.render import opened_pdf
from stojnica.services.closing import close_stand, note_debrief
from stojnica.services.closing_page import ClosingViewModel
from stojnica.services.estimate import EstimateForm, estimate_form, read_estimate
from stojnica.services.papers import EVENT_SHEET, PaperWish, make_paper
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.store import Store

FORM = EstimateForm("120", "1.090", "", "štetje v 20 minutah")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, lupa: Event) -> ClosingViewModel:
    close_stand(context.store, lupa.event_id).result()
    model = ClosingViewModel(context)
    model.refresh()
    runner.run()
    return model


def sheet(store: Store, clock: SetClock, event: Event) -> str:
    pdf = make_paper(store, clock, PaperWish(EVENT_SHEET, event.event_id, "en")).pdf
    with opened_pdf(pdf) as document:
        return " ".join(" ".join(one.get_textpage().get_text_bounded() for one in document).split())


def test_it_stands_on_the_sheet_with_its_method(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, clock: SetClock, lupa: Event
) -> None:
    before = sheet(store, clock, lupa)

    page.save_estimate(FORM)
    runner.run()

    after = sheet(store, clock, lupa)
    assert "Team's estimate" not in before
    assert "Team's estimate štetje v 20 minutah" in after
    assert "female 120 male 1,090" in after
    assert page.state.estimate == EstimateForm("120", "1090", "", "štetje v 20 minutah")
    assert page.state.message is not None


def test_notes_and_estimate_leave_each_other_alone(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    page.save_estimate(FORM)
    runner.run()
    page.type("worked", "The flag.")
    page.save()
    runner.run()
    page.type("incidents", "Rain, not saved yet.")
    page.save_estimate(EstimateForm("100", "80", "3", "a guess"))
    runner.run()

    note_debrief(store, lupa.event_id, Debrief(worked="The flag.")).result()
    page.refresh()
    runner.run()

    assert page.state.estimate.female == "100"
    assert (page.state.form.worked, page.state.form.incidents) == ("The flag.", "Rain, not saved yet.")


def test_an_empty_form_takes_it_back(
    page: ClosingViewModel, runner: DeferredRunner, store: Store, clock: SetClock, lupa: Event
) -> None:
    page.save_estimate(FORM)
    page.save_estimate(EstimateForm())
    runner.run()

    assert "Team's estimate" not in sheet(store, clock, lupa)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (EstimateForm("12O", "", "", "a guess"), "female"),
        (EstimateForm("", "-3", "", "a guess"), "male"),
        (EstimateForm("", "", "9" * 30, "a guess"), "other"),
        (EstimateForm("1", "", "", ""), "method"),
        (EstimateForm("1", "", "", "x" * 400), "method"),
    ],
)
def test_what_can_t_be_is_said_at_its_field(
    page: ClosingViewModel, runner: DeferredRunner, form: EstimateForm, field: str
) -> None:
    estimate, problems = read_estimate(form)

    page.save_estimate(form)
    runner.run()

    assert [problem.field for problem in problems] == [field]
    assert estimate == NO_ESTIMATE
    assert page.state.estimate == EstimateForm()


def test_a_debrief_of_before_has_no_estimate() -> None:
    assert debrief_from({"taken": 400, "worked": "The flag."}).estimate == NO_ESTIMATE


@given(
    st.dictionaries(
        st.sampled_from(["female", "male", "other", "method"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=400) | st.lists(st.integers()),
    )
)
def test_whatever_a_fact_holds_is_bounded_and_shown(data: dict[str, object]) -> None:
    read = debrief_from(data).estimate

    assert len(read.method) <= 300
    assert debrief_from(Debrief(estimate=read).data()).estimate == read
    assert estimate_form(Estimate(read.female, read.male, read.other)).method == ""
