import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stojnica.domain.canonical import MAX_DEPTH, canonical_bytes
from stojnica.domain.fact import (
    MAX_BODY_BYTES,
    MAX_SUPERSEDES,
    BadFactError,
    Fact,
    content_hash,
    decode,
    encode,
    sealed,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_DATA = st.dictionaries(
    _TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
        max_leaves=10,
    ),
    max_size=6,
)
_FACTS = st.builds(
    Fact,
    fact_id=st.uuids(),
    kind=st.from_regex(r"[a-z][a-z_]{0,63}", fullmatch=True),
    subject_id=st.uuids(),
    data=_DATA,
    captured_at=st.integers(-(2**63), 2**63 - 1),
    event_id=st.none() | st.uuids(),
    version=st.integers(1, 1000),
    supersedes=st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=5).map(tuple),
    offset_min=st.integers(-1440, 1440),
    monotonic=st.integers(-(2**63), 2**63 - 1),
    operator=_TEXT,
    channel=_TEXT,
    salt=st.binary(min_size=16, max_size=16),
)


def a_fact(**changes: object) -> Fact:
    fact = Fact(uuid4(), "signed_up", uuid4(), {"first_name": "Ana"}, captured_at=1_700_000_000_000_000)
    return replace(fact, **changes)  # type: ignore[arg-type]


def body_with(**changes: object) -> bytes:
    return canonical_bytes(json.loads(encode(a_fact())) | changes)


@given(_FACTS)
def test_a_fact_is_read_back_as_it_was_written(fact: Fact) -> None:
    body = encode(fact)

    again = decode(body)

    assert again == replace(fact, supersedes=tuple(sorted(fact.supersedes)))
    assert encode(again) == body


def test_a_body_is_spelled_as_the_format_says() -> None:
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    fact = Fact(
        fact_id=one,
        kind="asked",
        subject_id=two,
        data={"text": "Kdaj začnemo?"},
        captured_at=5,
        event_id=three,
        supersedes=(b"\xff" * 32, b"\x01" * 32),
        offset_min=120,
        monotonic=7,
        operator="Maja",
        channel="kiosk",
        salt=b"\xab" * 16,
    )

    body = encode(fact)

    assert body.decode() == (
        '{"captured_at":5,"channel":"kiosk","data":{"text":"Kdaj začnemo?"},'
        '"event_id":"00000000-0000-0000-0000-000000000003",'
        '"fact_id":"00000000-0000-0000-0000-000000000001","kind":"asked","monotonic":7,"offset":120,'
        f'"operator":"Maja","salt":"{"ab" * 16}","subject_id":"00000000-0000-0000-0000-000000000002",'
        f'"supersedes":["{"01" * 32}","{"ff" * 32}"],"version":1}}'
    )
    assert content_hash(body).hex() == "5f56b6df696542c27733800cd812a79ad7affea808dcac2e2399447bef9e31d4"


def test_two_facts_that_say_the_same_have_different_hashes_because_of_their_salt() -> None:
    one = a_fact()
    other = Fact(one.fact_id, one.kind, one.subject_id, one.data, one.captured_at)

    assert content_hash(encode(one)) != content_hash(encode(other))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "Signed up"}, "kind"),
        ({"kind": "a" * 65}, "kind"),
        ({"kind": "asked\n"}, "kind"),
        ({"version": 0}, "version"),
        ({"version": 1001}, "version"),
        ({"captured_at": 2**63}, "captured_at"),
        ({"monotonic": -(2**63) - 1}, "monotonic"),
        ({"offset_min": 1441}, "offset"),
        ({"operator": "x" * 201}, "operator"),
        ({"channel": "x" * 201}, "channel"),
        ({"salt": b"x" * 15}, "salt"),
        ({"supersedes": (b"x" * 31,)}, "supersedes"),
        ({"supersedes": (b"x" * 32, b"x" * 32)}, "supersedes"),
        ({"supersedes": tuple(n.to_bytes(32) for n in range(MAX_SUPERSEDES + 1))}, "supersedes"),
        ({"data": {"text": "a\0b"}}, "nul"),
        ({"data": {"text": "\ud800"}}, "surrogate"),
        ({"data": {"share": 0.5}}, "type"),
        ({"data": {"text": "x" * MAX_BODY_BYTES}}, "too_large"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(BadFactError) as caught:
        encode(a_fact(**changes))

    assert caught.value.reason == reason


def nested(depth: int) -> dict[str, object]:
    data: dict[str, object] = {}
    for _level in range(depth):
        data = {"in": data}
    return data


def test_what_is_nested_too_deep_to_be_read_back_is_not_written() -> None:
    deepest = a_fact(data=nested(MAX_DEPTH - 1))

    assert decode(encode(deepest)).data == deepest.data
    with pytest.raises(BadFactError):
        encode(a_fact(data=nested(MAX_DEPTH)))


def test_a_sealed_fact_shares_nothing_with_what_it_was_made_of() -> None:
    interests = ["camps"]
    given = a_fact(data={"interests": interests, "themes": ("peace",)}, supersedes=(b"b" * 32, b"a" * 32))

    body, kept = sealed(given)
    interests.append("club")

    assert kept == decode(body)
    assert kept.data == {"interests": ["camps"], "themes": ["peace"]}


def test_a_body_may_be_as_large_as_the_bound_and_no_larger() -> None:
    fact = a_fact(data={"text": ""})
    room = MAX_BODY_BYTES - len(encode(fact))

    full = encode(replace(fact, data={"text": "x" * room}))

    assert len(full) == MAX_BODY_BYTES
    assert decode(full).data["text"] == "x" * room
    with pytest.raises(BadFactError):
        decode(full + b" ")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fact_id": "x"}, "fact_id"),
        ({"fact_id": "{" + "0" * 32 + "-00}"}, "fact_id"),
        ({"fact_id": str(uuid4()).upper()}, "fact_id"),
        ({"fact_id": 5}, "fact_id"),
        ({"subject_id": None}, "subject_id"),
        ({"event_id": ""}, "event_id"),
        ({"kind": ["asked"]}, "kind"),
        ({"kind": ""}, "kind"),
        ({"version": True}, "version"),
        ({"version": "1"}, "version"),
        ({"captured_at": None}, "captured_at"),
        ({"offset": 1441}, "offset"),
        ({"operator": 1}, "operator"),
        ({"channel": "x" * 201}, "channel"),
        ({"data": []}, "data"),
        ({"salt": "AB" * 16}, "salt"),
        ({"salt": "ab" * 15 + "  "}, "salt"),
        ({"salt": "ab" * 17}, "salt"),
        ({"supersedes": "ab" * 32}, "supersedes"),
        ({"supersedes": ["ab" * 31 + "  "]}, "supersedes"),
        ({"supersedes": ["bb" * 32, "aa" * 32]}, "supersedes"),
        ({"supersedes": ["aa" * 32, "aa" * 32]}, "supersedes"),
        ({"supersedes": [f"{n:064x}" for n in range(MAX_SUPERSEDES + 1)]}, "supersedes"),
        ({"another": 1}, "fields"),
    ],
)
def test_a_strangers_body_is_checked_field_by_field(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(BadFactError) as caught:
        decode(body_with(**changes))

    assert caught.value.reason == reason


@given(st.binary(max_size=300))
def test_any_bytes_are_a_fact_or_refused_and_never_crash(body: bytes) -> None:
    with pytest.raises(BadFactError):
        decode(body)


@settings(max_examples=200)
@given(st.data())
def test_a_body_with_bytes_changed_is_refused_or_a_fact_with_one_spelling(data: st.DataObject) -> None:
    body = bytearray(encode(a_fact(supersedes=(b"\x11" * 32,), event_id=uuid4())))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=3)):
        body[place] = data.draw(st.integers(0, 255))

    try:
        fact = decode(bytes(body))
    except BadFactError:
        return

    assert encode(fact) == bytes(body)


@given(
    st.dictionaries(
        st.sampled_from(sorted(json.loads(encode(a_fact())))),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT, st.lists, max_leaves=4
        ),
    )
)
def test_fields_of_any_type_are_a_fact_or_refused(changes: dict[str, object]) -> None:
    body = body_with(**changes)

    try:
        fact = decode(body)
    except BadFactError:
        return

    assert encode(fact) == body
