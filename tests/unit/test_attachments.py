"""A file is described once and cut into chunks; it comes together again whole, or not at all."""

import random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.attachment import (
    CHUNK_BYTES,
    JPEG,
    MOST_BYTES,
    SLIP_SCAN,
    Attachment,
    BadAttachmentError,
    attachment_from,
    chunk_facts,
    describe,
    joined,
)
from stojnica.domain.fact import MAX_BODY_BYTES, Fact, encode
from stojnica.domain.ids import new_id


def file_of(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def cut(content: bytes) -> tuple[Attachment, list[dict[str, object]]]:
    about = describe(content, SLIP_SCAN, JPEG)
    return about, [data for _subject, data in chunk_facts(about, content)]


@given(
    size=st.sampled_from([1, 7, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES + 5]),
    order=st.randoms(use_true_random=False),
)
def test_a_file_comes_together_whatever_order_its_chunks_arrive_in(size: int, order: random.Random) -> None:
    content = file_of(size)
    about, chunks = cut(content)
    twice = [*chunks, *chunks]
    order.shuffle(twice)

    assert joined(about, twice) == content
    assert attachment_from(about.data()) == about


def test_the_largest_chunk_fits_into_a_fact() -> None:
    about, (data, _rest) = cut(file_of(CHUNK_BYTES + 1))

    body = encode(
        Fact(new_id(), "file_chunk", about.chunks[0], data, 1, event_id=new_id(), operator="Č" * 200)
    )

    assert len(body) <= MAX_BODY_BYTES


def test_a_file_of_which_a_chunk_is_missing_is_not_there_yet() -> None:
    about, chunks = cut(file_of(3 * CHUNK_BYTES))

    with pytest.raises(BadAttachmentError, match="missing"):
        joined(about, chunks[:2])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"file": str(uuid4())}, "foreign"),
        ({"place": "0"}, "foreign"),
        ({"place": 5}, "missing"),
        ({"data": "\x7f"}, "chunk"),
        ({"data": "x" * (2 * CHUNK_BYTES)}, "chunk"),
        ({"data": None}, "chunk"),
        ({"data": ""}, "digest"),
    ],
)
def test_what_was_changed_on_the_way_makes_no_file(change: dict[str, object], reason: str) -> None:
    about, (data,) = cut(b"scan")

    with pytest.raises(BadAttachmentError) as caught:
        joined(about, [{**data, **change}])
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "change",
    [
        {"bytes": MOST_BYTES + 1},
        {"bytes": 0},
        {"bytes": "5"},
        {"bytes": True},
        {"sha256": "00"},
        {"sha256": "zz"},
        {"chunks": []},
        {"chunks": [str(uuid4())] * 2},
        {"chunks": "abc"},
        {"media_type": "text/html"},
        {"purpose": "virus"},
        {"file": 7},
    ],
)
def test_a_description_that_promises_what_can_not_be_describes_nothing(change: dict[str, object]) -> None:
    about, _chunks = cut(b"scan")

    assert attachment_from({**about.data(), **change}) is None
    assert attachment_from({}) is None


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_an_empty_or_enormous_file_is_refused(size: int) -> None:
    with pytest.raises(BadAttachmentError, match="size"):
        describe(bytes(size), SLIP_SCAN, JPEG)
