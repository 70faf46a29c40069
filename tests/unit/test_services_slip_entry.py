"""A pile is typed in number after number: day and wording once for all, each number once."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUp
from stojnica.domain.slip_number import SlipNumber
from stojnica.records.contact_queries import contact
from stojnica.services.events import add_event, change_event
from stojnica.services.slip_entry import OpenedSlip, SlipAnswer, SlipPile, open_number, save_slip
from stojnica.services.slip_runs import RunWish, never_printed, print_run
from stojnica.services.slip_tally import run_counts, slip_tally
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

ANA = SignUp(
    first_name="Ana",
    email="ana@example.org",
    purposes=("newsletter",),
    slip_number="A-003",
    collected_on="2024-09-20",
)


@pytest.fixture
def pile(store: Store, lupa: Event, office: Any, tmp_path: Path) -> SlipPile:
    """Give a pile of four slips, printed in Slovene, collected on the day of the event."""
    print_run(store, RunWish(lupa.event_id, "sl", 4), tmp_path / "slips.pdf")
    return SlipPile(lupa.event_id, "2024-09-20")


def look_up(store: Store, pile: SlipPile, typed: str) -> SlipAnswer:
    return store.read(lambda connection: open_number(connection, pile, typed)).result()


def opened(store: Store, pile: SlipPile, typed: str) -> OpenedSlip:
    answer = look_up(store, pile, typed)
    assert answer.slip is not None, answer.problem
    return answer.slip


def code_of(answer: SlipAnswer) -> str:
    assert answer.problem is not None
    return answer.problem.code


@pytest.mark.parametrize("typed", ["A-003", "a3", "3", SlipNumber("A", 3).payload])
def test_a_number_opens_the_form_with_the_piles_day_and_the_runs_wordings(
    store: Store, pile: SlipPile, typed: str
) -> None:
    slip = opened(store, pile, typed)

    assert (slip.start.slip_number, slip.start.collected_on) == ("A-003", "2024-09-20")
    assert (slip.form, slip.form_version, slip.newer_form) == ("person", 1, 0)
    assert [item.purpose for item in slip.wordings] == ["answer", "newsletter", "contact"]
    evidence = slip.evidence
    assert (evidence.evidence, evidence.language, evidence.collected_on) == ("paper", "sl", "2024-09-20")
    assert {name: item.version for name, item in evidence.wordings.items()} == {
        "answer": 3,
        "newsletter": 3,
        "contact": 3,
    }


def test_what_is_kept_of_a_slip_is_proven_on_paper(store: Store, pile: SlipPile) -> None:
    subject_id = new_id()

    save_slip(store, opened(store, pile, "A-003"), ANA, subject_id=subject_id, operator="Maja").result()

    kept = store.read(lambda c: contact(c, branch_of(c), subject_id)).result()
    assert kept is not None
    assert (kept.channel, kept.slip_number, kept.collected_on) == ("paper", "A-003", "2024-09-20")
    newsletter = next(item for item in kept.consents if item.purpose == "newsletter")
    assert newsletter.is_granted
    assert not newsletter.is_unproven


def test_a_number_that_is_typed_in_is_not_opened_again(store: Store, pile: SlipPile) -> None:
    save_slip(store, opened(store, pile, "3"), ANA, subject_id=new_id()).result()

    answer = look_up(store, pile, "A-003")

    assert code_of(answer) == "twice"
    assert answer.problem is not None
    assert answer.problem.message == "A-003 is already typed in."


def test_two_people_at_one_pile_keep_a_number_once(store: Store, pile: SlipPile) -> None:
    one, other = opened(store, pile, "3"), opened(store, pile, "3")
    first, second = (save_slip(store, slip, ANA, subject_id=new_id()) for slip in (one, other))

    first.result()
    with pytest.raises(UserFacingError, match="already typed in") as refused:
        second.result()

    assert "this was not saved" in refused.value.safe


def test_the_same_form_saved_twice_is_one_contact(store: Store, pile: SlipPile) -> None:
    slip, subject_id = opened(store, pile, "3"), new_id()

    first = save_slip(store, slip, ANA, subject_id=subject_id).result()
    second = save_slip(store, slip, ANA, subject_id=subject_id).result()

    assert first == second


def test_a_number_of_no_run_is_checked_and_its_wording_asked_once(store: Store, pile: SlipPile) -> None:
    assert code_of(look_up(store, pile, "A-900")) == "no_run"

    slip = opened(store, replace(pile, language="sl", versions="2"), "A-900")
    unknown = opened(store, replace(pile, language="sl", versions=""), "A-901")

    assert {item.version for item in slip.wordings} == {2}
    assert (slip.printed_by, slip.has_run) == ("", False)
    assert unknown.wordings == ()


def test_a_slip_of_another_laptop_is_taken_in_with_its_letter(store: Store, pile: SlipPile) -> None:
    answer = look_up(store, pile, "B-007")
    assert code_of(answer) == "other_laptop"
    slip = opened(store, replace(pile, language="en", versions="3"), "B-007")
    assert (slip.printed_by, slip.language) == ("B", "en")

    save_slip(store, slip, ANA, subject_id=new_id()).result()

    tally = store.read(lambda c: slip_tally(c, pile.event_id)).result()
    assert tally.lines() == (
        "A-001–004: 0 typed in, missing 001–004",
        "B-007: 1 typed in, printed by laptop B",
    )
    assert code_of(look_up(store, replace(pile, versions="3"), "B-007")) == "twice"


def test_a_slip_of_another_laptop_goes_in_once_whatever_the_event(
    store: Store, pile: SlipPile, lupa: Event
) -> None:
    known = replace(pile, language="sl", versions="3")
    other = add_event(
        store, replace(lupa, event_id=UUID(int=7), name="Dan odprtih vrat", code="vrata")
    ).result()
    elsewhere = opened(store, replace(known, event_id=other.event_id), "B-007")
    save_slip(store, opened(store, known, "B-007"), ANA, subject_id=new_id()).result()

    answer = look_up(store, replace(known, event_id=other.event_id), "B-007")

    assert answer.problem is not None
    assert answer.problem.message == "B-007 is already typed in, for another event: Festival LUPA."
    with pytest.raises(UserFacingError, match="for another event"):
        save_slip(store, elsewhere, ANA, subject_id=new_id()).result()


def test_a_run_of_another_letter_that_this_laptop_printed_is_its_own(
    store: Store, pile: SlipPile, tmp_path: Path
) -> None:
    print_run(store, RunWish(pile.event_id, "en", 2, "B"), tmp_path / "b.pdf")

    slip = opened(store, pile, "B-002")

    assert (slip.has_run, slip.printed_by, slip.language) == (True, "", "en")
    assert code_of(look_up(store, pile, "B-003")) == "no_run", "its own letter, and no run has it"


def test_a_slip_of_another_event_says_of_which(store: Store, pile: SlipPile, lupa: Event) -> None:
    other = add_event(
        store, replace(lupa, event_id=UUID(int=7), name="Dan odprtih vrat", code="vrata")
    ).result()

    answer = look_up(store, replace(pile, event_id=other.event_id), "A-002")

    assert code_of(answer) == "other_event"
    assert answer.problem is not None
    assert "Festival LUPA" in answer.problem.message


def test_a_closed_event_still_takes_its_slips(store: Store, pile: SlipPile, lupa: Event) -> None:
    change_event(store, replace(lupa, is_closed=True)).result()

    save_slip(store, opened(store, pile, "3"), ANA, subject_id=new_id()).result()

    assert code_of(look_up(store, pile, "3")) == "twice"


def test_a_misread_code_opens_nothing(store: Store, pile: SlipPile) -> None:
    wrong = "X" if SlipNumber("A", 3).check != "X" else "W"

    assert code_of(look_up(store, pile, f"A003{wrong}")) == "misread"


def test_without_a_day_consents_are_kept_unproven(store: Store, pile: SlipPile) -> None:
    subject_id = new_id()
    slip = opened(store, replace(pile, collected_on=""), "3")

    save_slip(store, slip, replace(ANA, collected_on=""), subject_id=subject_id).result()

    kept = store.read(lambda c: contact(c, branch_of(c), subject_id)).result()
    assert kept is not None
    assert all(item.is_unproven for item in kept.consents if item.is_granted)


def test_a_sign_up_keeps_the_form_that_was_printed_and_not_a_newer_one(store: Store, pile: SlipPile) -> None:
    slip = replace(opened(store, pile, "3"), form_version=7)

    kept = slip.answered(replace(ANA, form="person", form_version=9, slip_number=""))

    assert (kept.form, kept.form_version, kept.slip_number) == ("person", 7, "A-003")


def test_a_run_that_never_reached_paper_is_waited_for_no_longer(
    store: Store, pile: SlipPile, tmp_path: Path
) -> None:
    print_run(store, RunWish(pile.event_id, "sl", 2), tmp_path / "more.pdf")

    run = never_printed(store, pile.event_id, "a6").result()

    assert run.span == "A-005–006"
    counts = store.read(lambda c: run_counts(c, pile.event_id)).result()
    assert [count.span for count in counts] == ["A-001–004"]
    assert print_run(store, RunWish(pile.event_id, "sl", 1), tmp_path / "x.pdf").run.span == "A-007"


def test_a_run_of_which_a_slip_is_typed_in_was_printed(store: Store, pile: SlipPile) -> None:
    save_slip(store, opened(store, pile, "3"), ANA, subject_id=new_id()).result()

    with pytest.raises(UserFacingError, match="is typed in, so it was printed"):
        never_printed(store, pile.event_id, "A-001").result()


@pytest.mark.parametrize(("typed", "code"), [("B-001", "no_run"), ("", "missing")])
def test_a_number_of_no_run_takes_nothing_back(store: Store, pile: SlipPile, typed: str, code: str) -> None:
    with pytest.raises(UserFacingError) as refused:
        never_printed(store, pile.event_id, typed).result()

    assert refused.value.code == code
