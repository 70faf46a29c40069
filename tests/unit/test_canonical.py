import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.canonical import NotCanonicalError, canonical_bytes, parse_canonical, parse_json

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
def test_what_is_written_canonically_is_read_back_equal(value: object) -> None:
    body = canonical_bytes(value)

    again = parse_canonical(body)

    assert again == value
    assert canonical_bytes(again) == body


def test_the_order_of_keys_makes_no_difference_and_marks_stay_letters() -> None:
    one = canonical_bytes({"b": 1, "a": "č"})

    other = canonical_bytes({"a": "č", "b": 1})

    assert one == other == '{"a":"č","b":1}'.encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.0, "type"),
        (float("nan"), "type"),
        ({1: "x"}, "key"),
        ("\ud800", "surrogate"),
        ("a\0b", "nul"),
        ({"a\0": 1}, "nul"),
        (2**63, "number_too_large"),
        (b"x", "type"),
    ],
)
def test_what_has_several_spellings_or_no_home_is_not_written(value: object, reason: str) -> None:
    with pytest.raises(NotCanonicalError) as caught:
        canonical_bytes(value)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a":1,"a":2}', "repeated_key"),
        (b"1.5", "float"),
        (b"NaN", "float"),
        (b"\xff", "not_json"),
        (b"", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[" * 22 + b"]" * 22, "too_deep"),
        (b'{"b":1,"a":2}', "spelling"),
        (b'{"a": 1}', "spelling"),
        (b'"\\u010d"', "spelling"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\u0000"', "nul"),
        (b"-0", "spelling"),
        (b"9" * 5000, "not_json"),
    ],
)
def test_bytes_of_another_spelling_are_refused(body: bytes, reason: str) -> None:
    with pytest.raises(NotCanonicalError) as caught:
        parse_canonical(body)

    assert caught.value.reason == reason


def test_more_bytes_than_allowed_are_not_even_parsed() -> None:
    body = json.dumps("x" * 100).encode()

    with pytest.raises(NotCanonicalError) as caught:
        parse_json(body, max_bytes=50)

    assert caught.value.reason == "too_large"


def careful(body: bytes) -> object:
    """Read canonical bytes the slow way, which is the definition."""
    value = parse_json(body)
    if canonical_bytes(value) != body:
        raise NotCanonicalError("spelling")
    return value


_PIECES = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b'"a"', b'"b"', b":", b",", b"1", b" ", b"true", b"null"),
        *(b"-0", b"1.0", b"1e3", b"NaN", b"9" * 19, b"9" * 30, b"[" * 11, b"]" * 11),
        *(b'"\\u0000"', b'"\\u010d"', '"č"'.encode(), b'"\\ud800"', b'"\\\\u0000"'),
    ]
)


@given(
    st.binary(max_size=60)
    | st.lists(_PIECES, max_size=12).map(b"".join)
    | _VALUES.map(canonical_bytes)
    | _VALUES.map(lambda value: json.dumps(value).encode())
)
def test_the_quick_way_to_read_takes_and_refuses_just_what_the_careful_one_does(body: bytes) -> None:
    def said(read: Callable[[bytes], object]) -> object:
        try:
            return read(body)
        except NotCanonicalError as error:
            return error.reason

    assert said(parse_canonical) == said(careful)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_crash(body: bytes) -> None:
    try:
        value = parse_json(body)
    except NotCanonicalError:
        return

    assert parse_json(canonical_bytes(value)) == value
