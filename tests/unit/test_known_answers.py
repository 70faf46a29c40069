"""Answers are found as somebody types: any marks, any capitals, any of the six languages."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.document_node import DocumentError
from stojnica.domain.known_answer import MAX_QUERY, AnswerIndex, KnownAnswer, folded, words_of
from stojnica.domain.organisation_document import parse_document
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.services.sample import sample_document

DAY = date(2024, 9, 20)
SAMPLE = parse_document(sample_document(DAY), refuse_unknown=True).answers
INDEX = AnswerIndex(SAMPLE)
ANY_TEXT = st.text(max_size=60)
A_PLACE = st.tuples(st.sampled_from(SAMPLE), st.sampled_from(VISITOR_LANGUAGES))
_ASCII = str.maketrans("čšžćđČŠŽĆĐäöüÄÖÜéèàòùìáíóúőűÉ", "cszcdCSZCDaouAOUeeaouiaiououE")


def ids(query: str, language: str = "sl", index: AnswerIndex = INDEX) -> list[str]:
    return [item.id for item in index.find(query, language)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zavar", "insurance"),
        ("VIZUM", "visa"),
        ("visum", "visa"),
        ("studen", "students"),
        ("anglesko", "english"),
        ("wie lange", "how-long"),
        ("szovetseg vizum", "visa"),
        ("koliko stane", "cost"),
        ("prijavim tabor", "apply"),
        ("egyedul", "alone"),
        ("ali moram znati angleško, če grem?", "english"),
        ("ubezpieczenie ł zavarovanjem", "insurance"),
    ],
)
def test_what_visitors_ask_leads_to_its_answer(query: str, found: str) -> None:
    assert ids(query)[0] == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Čađ", "cadj"),
        ("Đorđe", "djordje"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("ĞÜR", "gur"),
        ("Ἀθήνα", "αθηνα"),
    ],
)
def test_marks_and_capitals_make_no_difference(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(ANY_TEXT | st.text("djđĐ", max_size=12))
def test_what_is_folded_stays_so_and_no_form_of_unicode_matters(text: str) -> None:
    once = folded(text)

    assert folded(once) == once
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))
    assert not any(map(unicodedata.combining, once))


@given(A_PLACE, st.data())
def test_any_word_of_a_question_however_far_typed_finds_it(
    place: tuple[KnownAnswer, str], data: st.DataObject
) -> None:
    item, language = place
    word = data.draw(st.sampled_from(item.question[language].split())).strip("?’.,:")
    typed = word[: data.draw(st.integers(1, len(word)))]
    change = data.draw(st.sampled_from([str.upper, str.lower, lambda text: text.translate(_ASCII)]))

    assert not words_of(typed) or item.id in ids(change(typed), language)


@given(A_PLACE)
def test_the_whole_question_finds_its_own_answer_first(place: tuple[KnownAnswer, str]) -> None:
    item, language = place

    assert ids(item.question[language], language)[0] == item.id


@given(A_PLACE, st.data())
def test_any_words_of_a_question_in_any_order_find_it(
    place: tuple[KnownAnswer, str], data: st.DataObject
) -> None:
    item, language = place
    words = words_of(item.question[language])
    typed = data.draw(st.permutations(words))[: data.draw(st.integers(1, len(words)))]

    assert item.id in ids(" ".join(typed), language)


@given(
    ANY_TEXT | st.text(st.sampled_from("aeiou čšž?.-🙂\u0301"), max_size=400),
    st.sampled_from(["sl", "xx", ""]),
)
def test_nothing_typed_breaks_the_search_or_repeats_an_answer(query: str, language: str) -> None:
    found = ids(query, language)

    assert len(found) == len(set(found))
    assert ids(query, language) == found


def test_nothing_typed_shows_all_in_the_offices_order_and_marks_alone_none() -> None:
    assert ids("  ") == [item.id for item in SAMPLE]
    assert ids("?!") == []
    assert ids("qqqq") == []


def test_a_page_long_query_is_cut_and_still_answered() -> None:
    many = AnswerIndex(
        KnownAnswer(f"a{n}", {}, {"sl": f"Vprašanje {n}"}, {"sl": "beseda " * 280}) for n in range(300)
    )

    assert len(many.find("vprasanje " + "beseda" * MAX_QUERY)) == 300


def test_the_samples_answers_are_whole_in_all_six_languages() -> None:
    assert len(SAMPLE) >= 8
    for item in SAMPLE:
        for texts in (item.category, item.question, item.answer):
            assert tuple(texts) == VISITOR_LANGUAGES


def document(answers: Any) -> Any:
    return parse_document(sample_document(DAY) | {"answers": answers}, refuse_unknown=True)


GOOD = {"id": "visa", "category": {"sl": "Pot"}, "question": {"sl": "Vizum?"}, "answer": {"sl": "Odvisno."}}


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ([GOOD, GOOD], "answers[1]"),
        ([GOOD | {"answer": {"en": "It depends."}}], "answers[0]."),
        ([GOOD | {"question": {"sl": "Vizum?", "de": "Visum?"}}], "answers[0].answer"),
        ([GOOD | {"question": {"sl": " "}}], "answers[0].question.sl"),
        ([GOOD | {"answer": {"sl": "a" * 2_001}}], "answers[0].answer.sl"),
        ([GOOD | {"tone": "kind"}], "answers[0].tone"),
        ([{**GOOD, "id": "é"}], "answers[0].id"),
        ([GOOD] * 301, "answers"),
        ({"visa": GOOD}, "answers"),
    ],
)
def test_a_mistake_in_the_document_is_named_with_its_place(answers: Any, place: str) -> None:
    with pytest.raises(DocumentError) as caught:
        document(answers)

    assert caught.value.place.startswith(place)


def test_a_document_without_answers_is_good() -> None:
    assert document([]).answers == ()
