"""The number of a slip survives scanners, layouts and hurried fingers; a misread code is noticed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stojnica.domain.ids import new_id
from stojnica.domain.slip_number import LARGEST, LETTERS, SlipNumber, read_slip_number
from stojnica.domain.slip_run import (
    MOST_IN_A_RUN,
    SlipRun,
    counted_runs,
    run_data_is_good,
    short_list,
    slips_of_no_run,
)

NUMBERS = st.builds(SlipNumber, st.sampled_from(LETTERS), st.integers(1, LARGEST))


def run_of(first: int, last: int, letter: str = "A") -> SlipRun:
    return SlipRun(new_id(), letter, first, last, "sl", "person", 1, {"answer": 1})


@given(NUMBERS)
def test_what_is_printed_and_what_is_scanned_are_read_back(number: SlipNumber) -> None:
    assert read_slip_number(str(number)).value == number
    assert read_slip_number(number.payload).value == number
    assert set(number.payload) <= set("0123456789" + LETTERS)


@pytest.mark.parametrize(
    "typed",
    ["A-012", "a012", " A 12 ", "A–012", "a'012", "A/12", "A-012\r\n", "\uff21-\uff10\uff11\uff12", "aö12"],
)
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert read_slip_number(typed).value == SlipNumber("A", 12)


@given(NUMBERS, st.data())
def test_one_wrong_sign_in_a_code_is_noticed(number: SlipNumber, data: st.DataObject) -> None:
    payload = number.payload
    place = data.draw(st.integers(0, len(payload) - 1))
    letters = LETTERS if payload[place] in LETTERS else "0123456789"
    wrong = data.draw(st.sampled_from(letters))
    assume(wrong != payload[place])

    read = read_slip_number(payload[:place] + wrong + payload[place + 1 :])

    assert read.value is None
    assert read.problem is not None


@given(NUMBERS, st.data())
def test_two_swapped_digits_in_a_code_are_noticed(number: SlipNumber, data: st.DataObject) -> None:
    payload = number.payload
    place = data.draw(st.integers(1, len(payload) - 3))
    assume(payload[place] != payload[place + 1])

    read = read_slip_number(payload[:place] + payload[place + 1] + payload[place] + payload[place + 2 :])

    assert read.value is None


@given(NUMBERS, st.data())
def test_a_lost_key_never_gives_another_slip_of_three_digits(number: SlipNumber, data: st.DataObject) -> None:
    assume(number.count < 1000)
    payload = number.payload
    place = data.draw(st.integers(1, len(payload) - 2))

    read = read_slip_number(payload[:place] + payload[place + 1 :])

    assert read.value is None


@given(st.text(max_size=60))
def test_anything_typed_is_a_number_or_a_sentence(typed: str) -> None:
    read = read_slip_number(typed)

    assert (read.value is None) != (read.problem is None)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "missing"), ("  -", "missing"), ("Y-001", "letter"), ("A", "number"), ("A-000", "number")],
)
def test_what_is_no_number_says_why(typed: str, code: str) -> None:
    problem = read_slip_number(typed).problem

    assert problem is not None
    assert problem.code == code
    assert problem.message.endswith(".")


def test_digits_alone_take_the_letter_of_the_pile() -> None:
    assert read_slip_number("12", "C").value == SlipNumber("C", 12)
    assert read_slip_number("12").value is None


def test_what_is_missing_is_told_by_stretch() -> None:
    runs = [run_of(51, 60), run_of(1, 50), run_of(1, 4, "B")]
    typed = [SlipNumber("A", n) for n in range(1, 61) if n not in (12, 31, 44)]

    first, second = counted_runs(runs, typed)

    assert (first.span, first.typed_in, short_list(first.missing)) == ("A-001–060", 57, "012, 031, 044")
    assert (second.span, second.typed_in, short_list(second.missing)) == ("B-001–004", 0, "001–004")


@given(st.integers(1, 200), st.frozensets(st.integers(1, 300)))
def test_typed_in_and_missing_are_always_all_that_was_printed(last: int, typed: frozenset[int]) -> None:
    (count,) = counted_runs([run_of(1, last)], [SlipNumber("A", n) for n in typed if n])

    assert count.typed_in + len(count.missing) == count.printed == last
    assert count.typed_in == len([n for n in typed if n <= last])


def test_a_long_list_is_cut_short() -> None:
    odd = [SlipNumber("A", count) for count in range(1, 30, 2)]

    assert short_list(odd, 3) == "001, 003, 005, …"


@pytest.mark.parametrize(
    "wrong",
    [
        {"letter": "Y"},
        {"letter": ""},
        {"first": True},
        {"first": 0},
        {"last": LARGEST + 1},
        {"first": 7, "last": 6},
        {"first": 1, "last": MOST_IN_A_RUN + 1},
    ],
)
def test_a_fact_that_no_printer_can_have_made_is_no_run(wrong: dict[str, object]) -> None:
    data = run_of(1, 50).data()
    assert run_data_is_good(data)

    assert not run_data_is_good(data | wrong)


@given(st.frozensets(NUMBERS, max_size=30), st.integers(1, 50), st.integers(0, 20))
def test_each_typed_slip_is_counted_in_one_place(typed: frozenset[SlipNumber], first: int, more: int) -> None:
    runs = (run_of(first, first + more), run_of(1, 3, "C"))

    others = slips_of_no_run(runs, typed)

    beside = [number for item in others for number in item.numbers]
    counted = sum(count.typed_in for count in counted_runs(runs, typed))
    assert len(beside) == len(set(beside)) == len(typed) - counted
    assert all(number.letter == item.letter for item in others for number in item.numbers)
