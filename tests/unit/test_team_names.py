"""What is left of a fact once the names of the team are out of it: all that a number is made of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.fact import Fact, decode, encode
from stojnica.domain.ids import new_id
from stojnica.domain.shift import shift_from
from stojnica.domain.team_names import NAMING_KINDS, is_of_team, may_name_team, names_team, without_names

SHIFT = {"member_id": "7", "name": "Maja K.", "experienced": True, "work": "content", "letter": "A"}

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def fact(kind: str, data: dict[str, Any], operator: str = "Maja K.") -> Fact:
    return Fact(new_id(), kind, new_id(), data, 1_726_835_520_000_000, operator=operator)


def test_a_shift_keeps_the_number_the_work_and_the_time() -> None:
    before = fact(kinds.SHIFT_STARTED, SHIFT)

    after = without_names(before)

    assert (after.captured_at, after.subject_id) == (before.captured_at, before.subject_id)
    assert shift_from(after.data) == shift_from(SHIFT | {"name": ""})
    assert b"Maja" not in encode(after)


def test_without_the_salt_nobody_can_try_names_against_the_hash_that_stays() -> None:
    before = fact(kinds.COUNTED, {"counter": "reached"})

    assert before.salt.strip(b"\0")
    assert without_names(before).salt == bytes(16)


@given(kind=st.sampled_from(sorted(NAMING_KINDS)), operator=NAMES, here=st.integers(0, 5))
def test_what_is_nameless_names_nobody_and_is_a_fact_all_the_same(
    kind: str, operator: str, here: int
) -> None:
    said = SHIFT | {"here": ["Maja K."] * here, "matters": [{"text": "Maja ima ključ", "done": False}]}

    after = without_names(fact(kind, said, operator))

    assert not names_team(after)
    assert without_names(after) == after
    assert decode(encode(after)) == after


@given(
    kind=st.sampled_from(sorted(NAMING_KINDS)),
    operator=NAMES,
    word=st.sampled_from(['"operator":""', '"operator":"x"', "", '\\"operator\\":\\"\\"']),
)
def test_no_name_is_overlooked_by_the_look_from_outside(kind: str, operator: str, word: str) -> None:
    one = fact(kind, {"text": word, "operator": "", "under": {"operator": word}}, operator)

    assert may_name_team(kind, encode(one)) or not names_team(one)
    assert may_name_team(kind, encode(fact(kinds.COUNTED, {}, "Maja")))
    assert not may_name_team(kinds.COUNTED, encode(fact(kinds.COUNTED, {"operator": word}, "")))


@pytest.mark.parametrize(
    ("said", "is_team"),
    [
        ({kinds.SHIFT_STARTED, kinds.SHIFT_ENDED}, True),
        ({kinds.COUNTED, kinds.VOIDED}, True),
        ({kinds.EVENT_CREATED, kinds.EVENT_CHANGED}, True),
        ({kinds.GROUP_VISITED, kinds.CORRECTED}, True),
        ({kinds.SIGNED_UP, kinds.CORRECTED}, False),
        # What came late about somebody who was erased is about them still.
        ({kinds.CORRECTED}, False),
        ({kinds.CORRECTED, kinds.VOIDED}, False),
        ({kinds.CONTACT_WITHDREW}, False),
        ({kinds.SHIFT_STARTED, kinds.SIGNED_UP}, False),
        (set(), False),
    ],
)
def test_what_is_about_a_visitor_is_never_taken_for_the_teams(said: set[str], is_team: bool) -> None:
    assert is_of_team(said) is is_team
