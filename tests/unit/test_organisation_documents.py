"""The organisation's document: what is wrong has a place; what was read has a hash."""

import copy
import hashlib
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.document_node import DocumentError
from stojnica.domain.organisation import text_in
from stojnica.domain.organisation_document import MAX_DOCUMENT_BYTES, parse_document, read_document
from stojnica.services.sample import SAMPLE_DAY, sample_document, starter_document


@pytest.fixture
def value() -> dict[str, Any]:
    """Give a good document, to be spoilt."""
    return copy.deepcopy(sample_document(SAMPLE_DAY))


def _spoil(value: dict[str, Any], place: str, new: object) -> None:
    *path, last = place.replace("]", "").replace("[", ".").split(".")
    target: Any = value
    for step in path:
        target = target[int(step) if isinstance(target, list) else step]
    target[int(last) if isinstance(target, list) else last] = new


def _refused(value: object, *, refuse_unknown: bool = False) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parse_document(value, refuse_unknown=refuse_unknown)
    return caught.value


def _error_of(value: object, *, refuse_unknown: bool = False) -> DocumentError | None:
    try:
        parse_document(value, refuse_unknown=refuse_unknown)
    except DocumentError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("place", "new", "code"),
    [
        ("format", 2, "format"),
        ("organisation.accent", "green", "colour"),
        ("organisation.website", "javascript:alert(1)", "url"),
        ("organisation.web_form", "example.org/form", "url"),
        ("organisation.website", "https://", "url"),
        ("organisation.name", "", "blank"),
        ("organisation.name", "x" * 201, "text"),
        ("organisation.country", "Slovenia", "country"),
        ("organisation.country", "si", "country"),
        ("counters[0].id", "reached", "taken"),
        ("counters[0].id", "kviz in še kaj", "name"),
        ("counters[0].title", {"sl": "x" * 41}, "text"),
        ("counters[0].counts_as", "flyer", "choice"),
        ("short_links.base", "http://example.org/l/", "base"),
        ("short_links.base", "https://example.org/l", "base"),
        ("counters", [{"id": f"c{n}", "title": {"sl": "x"}} for n in range(4)], "too_many"),
        ("counters", [{"id": "quiz", "title": {"sl": "x"}}] * 2, "repeated"),
        ("projects[0].starts", "1. 4. 2024", "day"),
        ("projects[0].starts", "2024-02-30", "day"),
        ("projects[0].ends", "2024-03-01", "order"),
        ("projects[0].goal_reached", 2200.5, "number"),
        ("projects[0].goal_reached", True, "number"),
        ("projects[0].goal_reached", -1, "number"),
        ("projects[0].funding.kind", "granted", "choice"),
        ("events[1].starts", "2024-10-15 09:00", "moment"),
        ("events[1].ends", "2024-10-15T09:00", "order"),
        ("events[1].time_zone", "Europe/Nowhere", "time_zone"),
        ("events[1].time_zone", "../../etc/passwd", "time_zone"),
        ("events[1].code", "Študentski sejem", "code"),
        ("events[1].id", "študentski", "name"),
        ("events[1].project", "other", "reference"),
        ("purposes[0].needs", "fax", "choice"),
        ("purposes[0].asks_question", "yes", "shape"),
        ("wordings[3].text", "x\u202ey", "text"),
        ("wordings[3].text", None, "shape"),
        ("wordings[3].language", "EN", "language"),
        ("wordings[3].version", 0, "number"),
        ("wordings[3].purpose", "sell", "reference"),
        ("interests[0].title", {}, "language"),
        ("interests[0].title", {"SL": "x"}, "language"),
        ("themes", "x", "shape"),
        ("flyers[0].url", "workcamps.sci.ngo", "url"),
        ("consent_age", {"Slovenia": 15}, "country"),
        ("consent_age", {"SI": 5}, "number"),
        ("retention", 30, "shape"),
        ("retention.contacts_days", 0, "number"),
        ("retention.contacts_days", "30", "number"),
        ("retention.contacts_days", 3_651, "number"),
        ("retention.names_days", 0, "number"),
        ("retention.names_days", 3_651, "number"),
    ],
)
def test_each_mistake_is_named_with_its_place(
    value: dict[str, Any], place: str, new: object, code: str
) -> None:
    _spoil(value, place, new)

    error = _refused(value)

    assert error.code == code
    assert error.place.startswith(place)
    assert place in error.what
    assert error.next_step


@pytest.mark.parametrize("place", ["organisation", "purposes", "wordings", "notices", "wordings[0].title"])
def test_what_is_needed_and_missing_is_named(value: dict[str, Any], place: str) -> None:
    *path, last = place.rsplit(".", 1)
    parent = value["wordings"][0] if path else value
    del parent[last]

    error = _refused(value)

    assert error.code == "missing"
    assert last in error.what


def test_a_slip_of_the_keyboard_is_found_on_publishing_and_passed_over_in_a_briefing(
    value: dict[str, Any],
) -> None:
    value["organisation"]["web_site"] = "https://example.org"

    assert _refused(value, refuse_unknown=True).place == "organisation.web_site"
    assert parse_document(value).organisation.short_name == "Voluntariat"


@pytest.mark.parametrize(
    "name", ["projects", "events", "purposes", "wordings", "notices", "themes", "flyers"]
)
def test_nothing_is_there_twice(value: dict[str, Any], name: str) -> None:
    value[name].append(copy.deepcopy(value[name][0]))

    error = _refused(value)

    assert error.code == "repeated"
    assert error.place == f"{name}[{len(value[name]) - 1}]"


def test_a_purpose_that_nobody_could_agree_to_is_refused(value: dict[str, Any]) -> None:
    value["purposes"].append({"id": "photo", "asks_question": False, "needs": "any"})

    assert _refused(value).place == "purposes[3]"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[1.5]", "float"),
        (b'{"format":1,"format":1}', "repeated_key"),
        (b"[" * 30 + b"]" * 30, "too_deep"),
        (b" " * (MAX_DOCUMENT_BYTES + 1), "too_large"),
        (b"[]", "shape"),
        (b"null", "shape"),
    ],
)
def test_a_file_that_is_no_document_is_refused_in_words(body: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(body)

    assert caught.value.code == code
    assert caught.value.sentences()


def test_too_many_items_are_refused(value: dict[str, Any]) -> None:
    value["themes"] = [{"id": f"t{number}", "title": {"sl": "x"}} for number in range(501)]

    assert _refused(value).place == "themes"


def test_the_hash_of_a_wording_covers_what_was_read_and_nothing_else(value: dict[str, Any]) -> None:
    document = parse_document(value)
    wording = document.wordings[0]
    read = json.dumps(
        {
            "id": wording.id,
            "language": wording.language,
            "text": wording.text,
            "title": wording.title,
            "version": wording.version,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )

    value["wordings"][0] |= {"valid_from": "2024-05-01", "verify": True}
    same = parse_document(value).wordings[0]
    value["wordings"][0]["text"] += "!"
    other = parse_document(value).wordings[0]

    assert wording.hash == hashlib.sha256(read.encode()).hexdigest()
    assert same.hash == wording.hash
    assert other.hash != wording.hash


def test_the_newest_wording_in_force_is_shown_and_the_one_on_the_slip_is_found(value: dict[str, Any]) -> None:
    first = value["wordings"][0]
    value["wordings"] += [
        first | {"version": 2, "valid_from": "2024-06-01", "valid_to": "2024-06-30", "title": "Two"},
        first | {"version": 3, "valid_from": "2024-07-01", "title": "Three"},
    ]
    document = parse_document(value)

    versions = [
        document.wordings_for("sl", day)[0].version
        for day in (date(2024, 5, 31), date(2024, 6, 30), date(2024, 7, 1))
    ]

    assert versions == [1, 2, 3]
    assert document.wordings_for("sl", date(2024, 3, 31)) == ()
    found = document.wording("answer", 2, "sl")
    assert found is not None
    assert found.title == "Two"
    assert document.wording("answer", 9, "sl") is None


def test_a_language_with_a_missing_wording_or_notice_is_left_out(value: dict[str, Any]) -> None:
    value["wordings"] = [
        item for item in value["wordings"] if (item["purpose"], item["language"]) != ("contact", "en")
    ]
    value["notices"] = [item for item in value["notices"] if item["language"] != "de"]
    value["notices"].append({"language": "uk", "short": "Коротко.", "full": "Довго.", "url": ""})

    document = parse_document(value)

    assert document.languages(SAMPLE_DAY) == ("sl", "it", "hr", "hu")


def test_unconfirmed_wordings_can_be_left_out() -> None:
    document = parse_document(starter_document("Društvo"))

    assert document.languages(SAMPLE_DAY) == ("sl", "en", "de", "it", "hr", "hu")
    assert document.languages(SAMPLE_DAY, with_unconfirmed=False) == ()


def test_a_text_falls_back_to_english_then_slovene_then_anything() -> None:
    assert text_in({"sl": "a", "en": "b"}, "sl") == "a"
    assert text_in({"sl": "a", "en": "b"}, "de") == "b"
    assert text_in({"sl": "a", "hu": "c"}, "de") == "a"
    assert text_in({"hu": "c"}, "de") == "c"
    assert text_in({}, "de") == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_PLACES = ("organisation", "projects", "events", "purposes", "wordings", "notices", "interests", "themes")


@given(st.sampled_from((*_PLACES, "heard", "consent_age", "flyers", "format")), _JSON)
def test_anything_anywhere_is_parsed_or_refused_with_words(place: str, new: object) -> None:
    value = sample_document(SAMPLE_DAY) | {place: new}

    error = _error_of(value, refuse_unknown=True)

    assert error is None or error.reason


@given(st.data())
def test_any_part_may_be_anything_without_a_crash(data: st.DataObject) -> None:
    value = sample_document(SAMPLE_DAY)
    node: Any = value
    while True:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        child = node[key]
        if not isinstance(child, dict | list) or not child or data.draw(st.booleans()):
            break
        node = child
    node[key] = data.draw(_JSON)

    error = _error_of(value)

    assert error is None or error.what


def test_a_document_without_counters_of_its_own_is_fine(value: dict[str, Any]) -> None:
    del value["counters"]

    assert parse_document(value, refuse_unknown=True).counters == ()


@pytest.mark.parametrize("counts_as", ["", "reached", "conversation"])
def test_a_counter_may_count_as_something_else_or_as_nothing(value: dict[str, Any], counts_as: str) -> None:
    value["counters"] = [{"id": "quiz", "title": {"sl": "Kviz"}, "counts_as": counts_as}]

    (counter,) = parse_document(value, refuse_unknown=True).counters

    assert (counter.id, counter.counts_as) == ("quiz", counts_as)


@pytest.mark.parametrize(
    ("section", "contacts", "names"),
    [
        ({"retention": {"contacts_days": 14}}, 14, None),
        ({"retention": {"names_days": 365}}, None, 365),
        ({"retention": {"contacts_days": None, "names_days": None}}, None, None),
        ({"retention": {}}, None, None),
        ({}, None, None),
    ],
)
def test_contacts_and_names_stay_on_laptops_as_long_as_the_office_says_or_for_good(
    value: dict[str, Any], section: dict[str, Any], contacts: int | None, names: int | None
) -> None:
    del value["retention"]

    retention = parse_document(value | section).retention

    assert (retention.contacts_days, retention.names_days) == (contacts, names)
