"""Countries and languages have their names in the visitor's language, in its order, the near ones first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.answers import check_answer
from stojnica.domain.form import COUNTRY, LANGUAGE, Question
from stojnica.i18n import VISITOR_LANGUAGES
from stojnica.services.alphabet import sort_key
from stojnica.services.country_names import country_name, country_names, language_names


def ids(language: str, home: str = "SI") -> list[str]:
    return [choice.id for choice in country_names(language, home)]


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_each_country_is_there_once_and_has_a_name(language: str) -> None:
    choices = country_names(language)

    assert len(choices) == 250  # 249 of ISO 3166, and Kosovo
    assert len({choice.id for choice in choices}) == len({choice.label for choice in choices}) == 250
    assert all(len(choice.label) > 2 for choice in choices)
    question = Question("country", COUNTRY, {"sl": "Država"})
    assert all(check_answer(question, choice.id, "SI").value == choice.id for choice in choices)


def test_home_and_its_neighbours_come_first() -> None:
    assert [choice.label for choice in country_names("sl")[:5]] == [
        "Slovenija",
        "Avstrija",
        "Hrvaška",
        "Italija",
        "Madžarska",
    ]
    assert ids("hu", "HU")[:3] == ["HU", "AT", "HR"]
    assert ids("de", "AT")[0] == "AT"
    assert ids("en", "NZ")[:2] == ["NZ", "AF"]


def test_the_rest_is_sorted_as_the_language_sorts() -> None:
    slovene, croatian, hungarian = (
        [choice.label for choice in country_names(language)] for language in ("sl", "hr", "hu")
    )

    assert slovene.index("Črna gora") < slovene.index("Danska")
    assert slovene.index("Curaçao") < slovene.index("Čad") < slovene.index("Danska")
    assert croatian.index("Norveška") < croatian.index("Novi Zeland") < croatian.index("Njemačka")
    assert hungarian.index("Svédország") < hungarian.index("Szerbia") < hungarian.index("Tádzsikisztán")
    german = [choice.label for choice in country_names("de")]
    assert german.index("Afghanistan") < german.index("Ägypten") < german.index("Albanien")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sl", ["cvet", "čas", "dan", "sto", "šal", "zrak", "žaba"]),
        ("hr", ["cvijet", "čas", "ćup", "dan", "džep", "đak", "luk", "ljeto", "more", "noć", "njiva", "oko"]),
        ("hu", ["cukor", "csak", "dal", "gomb", "gyár", "olaj", "öröm", "pad", "sor", "szép", "táj", "tyúk"]),
        ("hu", ["ugat", "ügy", "vers", "zár", "zseb"]),
        ("de", ["Apfel", "Äpfel", "Arm", "Straße", "Strasse", "Tag"]),
        ("it", ["caffe", "caffè", "città", "cittadino"]),
    ],
)
def test_letters_of_their_own_come_after_the_bare_ones(language: str, words: list[str]) -> None:
    keys = [sort_key(word, language)[0] for word in words]

    assert keys == sorted(keys)


@given(st.text(max_size=40), st.sampled_from(VISITOR_LANGUAGES))
def test_any_text_has_a_place_in_the_order(text: str, language: str) -> None:
    assert sort_key(text, language) == sort_key(text, language)
    assert sort_key(text, language)[1] == text


@pytest.mark.parametrize("language", VISITOR_LANGUAGES)
def test_languages_begin_with_those_of_the_stand(language: str) -> None:
    choices = language_names(language)

    assert tuple(choice.id for choice in choices[:6]) == VISITOR_LANGUAGES
    assert {"uk", "sr", "bs", "sq", "mk", "fr", "es", "ar", "zh", "no"} <= {choice.id for choice in choices}
    assert len({choice.label for choice in choices}) == len(choices) > 170
    question = Question("languages", LANGUAGE, {"sl": "Jeziki"})
    assert all(check_answer(question, (choice.id,), "SI").value == (choice.id,) for choice in choices)


def test_a_country_without_a_name_keeps_its_code() -> None:
    assert country_name("SI", "it") == "Slovenia"
    assert country_name("QQ", "sl") == "QQ"
