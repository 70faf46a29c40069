"""What is typed about a group, and what a fact about one may hold."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.group_visit import MAX_PUPILS, GroupVisit, VisitForm, check_visit, visit_from


def test_a_school_and_a_number_are_enough() -> None:
    checked = check_visit(VisitForm(school="  OŠ   Bežigrad ", pupils=" 24 "))

    assert checked.problems == ()
    assert checked.visit == GroupVisit("OŠ Bežigrad", 24)


@pytest.mark.parametrize("typed", ["", "0", "-3", "about 20", "24,5", "1001", "9" * 30, "٢٤"])
def test_what_is_no_number_of_pupils_is_said_at_its_field(typed: str) -> None:
    checked = check_visit(VisitForm(school="OŠ Bežigrad", pupils=typed))

    assert [problem.field for problem in checked.problems] == ["pupils"]
    assert checked.visit is None


def test_all_that_is_missing_is_said_at_once() -> None:
    checked = check_visit(VisitForm(town="x" * 300))

    assert [problem.field for problem in checked.problems] == ["school", "town", "pupils"]


@given(
    st.builds(
        GroupVisit,
        school=st.text(max_size=200),
        pupils=st.integers(0, MAX_PUPILS),
        town=st.text(max_size=200),
        age_band=st.text(max_size=16),
        teacher=st.none() | st.uuids(),
        press=st.none() | st.uuids(),
    )
)
def test_a_visit_comes_back_from_its_data(visit: GroupVisit) -> None:
    assert visit_from(visit.data()) == visit


@given(
    st.dictionaries(
        st.sampled_from(["school", "pupils", "town", "age_band", "teacher", "press"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=400) | st.lists(st.integers()),
    )
)
def test_whatever_a_fact_holds_is_bounded(data: dict[str, Any]) -> None:
    visit = visit_from(data)

    assert 0 <= visit.pupils <= MAX_PUPILS
    assert max(len(visit.school), len(visit.town)) <= 200
    assert visit.teacher is None or isinstance(visit.teacher, UUID)


def test_a_correction_says_only_what_differs() -> None:
    before = GroupVisit("OŠ Bežigrad", 24, teacher=UUID(int=7))

    changes = GroupVisit("OŠ Bežigrad", 25).changes_from(before)

    assert changes == {"pupils": 25, "teacher": ""}
