"""A form's document may be anything at all: it is read, or refused with place and reason, and never more."""

import copy
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.form import Form
from stojnica.domain.form_document import parse_form, read_form
from stojnica.resources import resource
from stojnica.storage.good_forms import good_forms, keep_good_forms
from stojnica.storage.memory import remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

PERSON: dict[str, Any] = json.loads(resource("forms", "person.json").read_text("utf-8"))
Change = Callable[[dict[str, Any]], None]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\x00", "\u202e", "\ud800", "x" * 3_000, 10**400, -1, float("nan"), float("inf")])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def places_in(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to everything that is inside."""
    found = [way] if way else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        found += places_in(part, (*way, name))
    return found


PLACES = places_in(PERSON)


def changed(way: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Give the shipped form with another value at one place."""
    document = copy.deepcopy(PERSON)
    inner: Any = document
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return document


def read(document: Any) -> Form | DocumentError:
    try:
        return parse_form(Node(document, "forms[0]", refuse_unknown=True))
    except DocumentError as error:
        return error


@settings(max_examples=300)
@given(st.sampled_from(PLACES), values)
def test_whatever_stands_at_a_place_is_read_or_refused_there(way: tuple[Any, ...], value: Any) -> None:
    found = read(changed(way, value))

    if isinstance(found, DocumentError):
        assert found.place.startswith("forms[0]") or found.place.startswith("pages")
        assert found.reason
        assert found.what.endswith(".")


@settings(max_examples=150)
@given(st.sampled_from(PLACES))
def test_whatever_is_missing_is_read_or_refused(way: tuple[Any, ...]) -> None:
    document = copy.deepcopy(PERSON)
    inner: Any = document
    for step in way[:-1]:
        inner = inner[step]
    del inner[way[-1]]

    found = read(document)

    assert isinstance(found, Form) or found.reason


@settings(max_examples=200)
@given(st.binary(max_size=400) | values.map(lambda value: json.dumps(value, default=str).encode()))
def test_whatever_is_in_a_file_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        read_form(body)

    assert refused.value.reason


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"format": NaN}',
        b'{"format": Infinity}',
        b'{"format": 1e999}',
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"format": 1, "format": 1}',
        b'{"id": "\\ud800"}',
        b'{"id": "a\\u0000"}',
        b"\x00" * 1_000,
        b"\xff\xfe{}",
        b'"' + b"x" * (10 * 1024 * 1024) + b'"',
        b" " * (10 * 1024 * 1024) + b"{}",
    ],
    ids=lambda body: f"{body[:12]!r}-{len(body)}",
)
def test_bombs_are_refused_at_once(body: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        read_form(body)

    assert refused.value.reason
    assert len(refused.value.what) < 300


def _question(document: dict[str, Any], name: str) -> dict[str, Any]:
    questions = [item for page in document["pages"] for item in page["questions"]]
    return next(item for item in questions if item["id"] == name)


def _circle_of_two(document: dict[str, Any]) -> None:
    _question(document, "last_name")["shown_if"] = {"question": "email", "is": ["a"]}
    _question(document, "email")["shown_if"] = {"question": "last_name", "is": ["b"]}


def _waits_for_itself(document: dict[str, Any]) -> None:
    _question(document, "email")["shown_if"] = {"question": "email", "is": ["a"]}


def _language_gone(document: dict[str, Any]) -> None:
    del _question(document, "email")["title"]["hu"]


def _twice(document: dict[str, Any]) -> None:
    document["pages"][1]["questions"].append(copy.deepcopy(_question(document, "email")))


def _unknown_kind(document: dict[str, Any]) -> None:
    _question(document, "last_name")["kind"] = "photo"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (_circle_of_two, "pages", "waits for its own answer"),
        (_waits_for_itself, "pages", "waits for its own answer"),
        (_language_gone, "title", "\u201chu\u201d is missing"),
        (_twice, "pages", "there twice"),
        (_unknown_kind, "kind", "has to be"),
    ],
)
def test_a_wrong_form_is_refused_and_the_last_good_one_stays(
    store: Store, caplog: pytest.LogCaptureFixture, change: Change, place: str, words: str
) -> None:
    # Given a form that was right, in a newer version that isn't
    good, bad = copy.deepcopy(PERSON), copy.deepcopy(PERSON)
    good["title"]["en"] = "The good one"
    bad["version"] = good["version"] + 1
    change(bad)

    # When both arrive one after the other, with some rubbish beside
    def take(documents: Any) -> None:
        def keep(unit: UnitOfWork) -> None:
            keep_good_forms(unit.connection, documents)
            unit.commit()

        store.write(keep).result()

    take([good])
    with caplog.at_level(logging.CRITICAL):
        take([bad, None, 7, [], {"id": good["id"]}, {"id": {"a": 1}}])

    # Then the place and the reason are told, and the good one is asked
    refused = read(bad)
    assert isinstance(refused, DocumentError)
    assert place in refused.place
    assert words in refused.reason
    (kept,) = store.read(good_forms).result()
    assert (kept.id, kept.version, kept.title["en"]) == (good["id"], good["version"], "The good one")


@pytest.mark.parametrize("documents", [None, 7, "x", {}, [[]], [None], [{"id": "\x00"}]])
def test_rubbish_in_place_of_forms_stops_nothing(store: Store, documents: Any) -> None:
    def keep(unit: UnitOfWork) -> None:
        keep_good_forms(unit.connection, documents)
        unit.commit()

    store.write(keep).result()

    assert store.read(good_forms).result() == ()


def test_a_kept_form_that_a_newer_program_refuses_stops_nobody(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def keep(unit: UnitOfWork) -> None:
        remember(unit.connection, "forms", {"old": {"id": "old"}, "person": PERSON})
        unit.commit()

    store.write(keep).result()

    with caplog.at_level(logging.CRITICAL):
        (kept,) = store.read(good_forms).result()

    assert kept.id == "person"
