from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event, check_event, code_from, event_from

GOOD = Event(
    event_id=uuid4(),
    name="Študentska tržnica",
    code="studentska-trznica",
    starts="2026-09-20T10:00",
    ends="2026-09-20T16:00",
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Študentska tržnica", "studentska-trznica"),
        ("Sejem Đurđa & Łódź – Straße 2026!", "sejem-durda-lodz-strasse-2026"),
        ("  --Dan odprtih vrat--  ", "dan-odprtih-vrat"),
        ("ČŠŽ", "csz"),
        ("a" * 50, "a" * 32),
        ("Ярмарка", ""),
    ],
)
def test_a_code_is_proposed_from_the_name(name: str, code: str) -> None:
    assert code_from(name) == code


@given(st.text(max_size=80))
def test_a_proposed_code_is_empty_or_one_that_may_be_saved(name: str) -> None:
    code = code_from(name)

    assert code == "" or check_event(replace(GOOD, code=code)).code == code


@pytest.mark.parametrize("code", ["a", "a-b", "trznica-2026", "7", "a" * 32])
def test_a_code_that_fits_a_link_is_taken(code: str) -> None:
    assert check_event(replace(GOOD, code=code)).code == code


@pytest.mark.parametrize(
    "code", ["", "-a", "a-", "A", "č", "a b", "a/b", "a?b", "a" * 33, "a\n", "../etc", "%61"]
)
def test_a_code_that_does_not_fit_a_link_is_refused(code: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        check_event(replace(GOOD, code=code))

    assert caught.value.code == "code"
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts", "2026-09-20 10:00"),
        ("starts", "2026-W38-7T10:00"),
        ("starts", "2026-02-30T10:00"),
        ("starts", "2026-09-20T25:00"),
        ("starts", "20. 9. 2026"),
        ("starts", "2026-09-20T10:00+02:00"),
        ("starts", "２０２６-09-20T10:00"),
        ("starts", ""),
        ("ends", "2026-09-20"),
        ("ends", "2026-09-20T10:00"),
        ("ends", "2026-09-19T12:00"),
        ("name", "   "),
    ],
)
def test_what_an_event_can_not_be_is_refused_at_its_field(field: str, value: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        check_event(replace(GOOD, **{field: value}))  # type: ignore[arg-type]

    assert caught.value.code == field


def test_an_event_is_read_back_from_what_its_fact_keeps() -> None:
    event = replace(GOOD, goal_reached=169, project="cerv", is_closed=True, city="Maribor", place="Trg")

    assert event_from(event.event_id, event.data()) == event
    assert "event_id" not in event.data()


_ANY = st.none() | st.booleans() | st.integers() | st.text(max_size=300) | st.lists(st.text(), max_size=2)
_NAMES = ["name", "code", "place", "city", "country", "mode", "starts", "ends", "time_zone", "goal_reached"]


@given(st.dictionaries(st.sampled_from([*_NAMES, "project", "closed", "unknown"]), _ANY))
def test_an_event_is_read_from_any_data_within_bounds(data: dict[str, object]) -> None:
    event = event_from(GOOD.event_id, data)

    assert all(len(value) <= 200 for value in event.data().values() if isinstance(value, str))
    assert 0 <= event.goal_reached < 10**7
    assert event.is_closed is (data.get("closed") is True)
