"""A handover: written line by line, kept as a fact, and what is done doesn't come back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.handover import Handover, Matter, handover_from
from stojnica.domain.tally import Press
from stojnica.printing.render import opened_pdf, page_count, page_size_mm
from stojnica.printing.team_sheet import SheetLine, SheetList, TeamSheet, make_team_sheet
from stojnica.records.team_queries import newest_handover
from stojnica.services.capture import count
from stojnica.services.handover import MATTERS, TO_ORDER, UNANSWERED, read_number
from stojnica.services.handover_page import HandoverViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member, start_shift
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of


@pytest.fixture
def page(context: StandContext, runner: DeferredRunner, store: Store, lupa: Event) -> HandoverViewModel:
    now = context.clock.now_us()
    count(store, Press("conversation", 26, now, now, "UTC"), event_id=lupa.event_id).result()
    maja = add_member(store, "Maja", "K", is_experienced=True, work="content").result()
    start_shift(store, maja.member_id).result()
    model = HandoverViewModel(context)
    model.refresh()
    runner.run()
    return model


def words(pdf: bytes) -> str:
    with opened_pdf(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_what_was_written_is_kept_with_figures_and_people(
    page: HandoverViewModel, runner: DeferredRunner, store: Store, lupa: Event
) -> None:
    page.add(MATTERS, "Pay for the place")
    page.add(TO_ORDER, "Tape")
    page.add(UNANSWERED, "Insurance outside the EU?")
    page.note_other("reached", "1.041")
    runner.run()
    assert page.state.figures[0].together == "1,067"

    page.hand_over()
    runner.run()

    known = store.read(lambda c: newest_handover(c, branch_of(c), lupa.event_id)).result()
    assert known is not None
    assert known.operator == "Maja K."
    reach = {"reached": 26, "conversations": 26, "flyers": 0, "contacts": 0}
    assert known.handover.figures == reach | {"groups": 0, "pupils": 0}
    assert known.handover.other == {"reached": 1041}
    assert known.handover.matters == (Matter("Pay for the place"),)
    assert known.handover.unanswered == ("Insurance outside the EU?",)
    assert known.handover.here == ("Maja K.",)
    assert page.state.message is not None
    assert page.state.message.what == "Handed over at 14:32."


def test_what_is_done_is_not_handed_on_twice(page: HandoverViewModel, runner: DeferredRunner) -> None:
    page.add(MATTERS, "Water")
    page.add(MATTERS, "Bill")
    page.note_other("flyers", "7")
    runner.run()
    page.mark("Water", True)
    runner.run()

    page.hand_over()
    runner.run()

    assert [line.text for line in page.state.matters] == ["Bill"]
    assert page.state.figures[2].other == ""


def test_what_was_written_survives_the_end_of_the_program(
    page: HandoverViewModel, runner: DeferredRunner, context: StandContext
) -> None:
    page.add(MATTERS, "Bill")
    page.add(MATTERS, "  ")
    page.add(MATTERS, "Bill")
    runner.run()

    again = HandoverViewModel(context)
    again.refresh()
    runner.run()

    assert [line.text for line in again.state.matters] == ["Bill"]


@pytest.mark.parametrize("typed", ["x", "-1", "1e3", "٣", "12345678", "9" * 5000])
def test_a_figure_that_is_no_number_is_said_at_its_field(
    page: HandoverViewModel, runner: DeferredRunner, typed: str
) -> None:
    page.note_other("contacts", typed)
    runner.run()

    assert page.state.problem_at == "contacts"
    page.note_other("contacts", "")
    runner.run()
    assert page.state.problem == ""


def test_a_number_is_read_as_people_write_it() -> None:
    assert [read_number(typed, "x") for typed in ("0", " 41 ", "1.482", "1 482")] == [0, 41, 1482, 1482]
    with pytest.raises(UserFacingError):
        read_number("", "x")


def test_the_page_can_be_saved_as_pdf(
    page: HandoverViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.add(MATTERS, "Pay for the place")
    runner.run()

    page.save(tmp_path / "handover.pdf")
    runner.run()

    pdf = (tmp_path / "handover.pdf").read_bytes()
    assert tuple(round(side) for side in page_size_mm(pdf)) == (210, 297)
    for wanted in ("Handover", "Festival LUPA", "Pay for the place", "26", "Maja K."):
        assert wanted in words(pdf)


def test_a_folder_that_is_not_there_is_said_in_words(
    page: HandoverViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.save(tmp_path / "nowhere" / "handover.pdf")
    runner.run()

    assert page.state.message is not None
    assert "can't be written" in page.state.message.what


def test_a_long_page_goes_on_on_the_next_and_strange_letters_stop_nothing() -> None:
    lines = tuple(SheetLine(f"Stvar {number} čšž", is_done=False) for number in range(60))
    odd = SheetList("Čudno", (SheetLine("🎪" + "m" * 400), SheetLine("")))
    sheet = TeamSheet("Primopredaja", "x" * 500, "Zavod", lists=(SheetList("Odprto", lines), odd))

    pdf = make_team_sheet(sheet)

    assert page_count(pdf) == 2
    assert "Stvar 59 čšž" in words(pdf)


def test_what_no_typeface_can_print_is_a_box_and_a_note_says_so(
    page: HandoverViewModel, runner: DeferredRunner, tmp_path: Path
) -> None:
    page.add("matters", "\u0645\u062d\u0645\u062f calls, O'Brien and Sz\u0171cs L\u00e1szl\u00f3 too")
    runner.run()

    page.save(tmp_path / "handover.pdf")
    runner.run()

    said = words((tmp_path / "handover.pdf").read_bytes())
    assert "\ufffd\ufffd\ufffd\ufffd calls, O'Brien and Sz\u0171cs L\u00e1szl\u00f3 too" in said
    assert "can't print stands here as \ufffd" in said


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(["figures", "other", "matters", "to_order", "unanswered", "here", "laptop", "role"])


@given(st.dictionaries(_NAMES, _ANYTHING))
def test_whatever_a_fact_holds_is_read_and_read_again_alike(data: dict[str, object]) -> None:
    read = handover_from(data)

    assert handover_from(read.data()) == read


def test_a_handover_is_what_a_fact_can_hold() -> None:
    handover = Handover({"reached": 3}, {}, (Matter("a", True),), ("b",), ("c",), ("d",), "A", "counting")

    assert handover_from(parse_canonical(canonical_bytes(handover.data()))) == handover  # type: ignore[arg-type]
