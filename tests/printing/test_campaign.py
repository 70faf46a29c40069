"""Campaign links keep the address right, and carry nothing about a person."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.errors import UserFacingError
from stojnica.printing.campaign import campaign_link, campaign_word, shown_address

WORD = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?")


def link(url: str, **changed: str) -> str:
    values = {"event_code": "lupa-2024", "project": "Stojnice 2024", "item": "Tabori", "variant": "sl"}
    return campaign_link(url, **{**values, **changed})


def test_the_four_parameters_are_folded_and_in_order() -> None:
    made = link("https://example.org/tabori", event_code="Študentska aréna", project="Çevre & Đurđa")

    assert urlsplit(made).query == (
        "utm_source=studentska-arena&utm_medium=qr&utm_campaign=cevre-durda&utm_content=tabori-sl"
    )


def test_query_and_fragment_stay_as_they_are() -> None:
    made = link("https://example.org/a/b?jezik=sl&q=%C4%8Das&x=1+2#prijava")

    assert made.startswith("https://example.org/a/b?jezik=sl&q=%C4%8Das&x=1+2&utm_source=lupa-2024&")
    assert made.endswith("#prijava")


def test_an_older_campaign_is_replaced() -> None:
    made = link("https://example.org/?utm_source=newsletter&page=2&UTM_Medium=mail")

    pairs = parse_qsl(urlsplit(made).query)
    assert pairs == [
        ("page", "2"),
        ("utm_source", "lupa-2024"),
        ("utm_medium", "qr"),
        ("utm_campaign", "stojnice-2024"),
        ("utm_content", "tabori-sl"),
    ]


def test_a_host_with_marks_becomes_ascii_and_a_path_is_quoted_once() -> None:
    made = urlsplit(link("https://šport.example/počitnice/%C5%BE"))

    assert made.netloc.isascii()
    assert made.netloc.encode().decode("idna") == "šport.example"
    assert made.path == "/po%C4%8Ditnice/%C5%BE"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "example.org/tabori",
        "https:///tabori",
        "https://ana:geslo@example.org/",
        "https://example.org/a b",
        "https://example.org/\u202egro",
        "https://exa<mple.org/",
        "https://example.org:99999/",
        "http://[::1/",
        "",
        "https://example.org/" + "a" * 300,
    ],
)
def test_what_is_no_web_address_for_a_code_is_refused_in_words(url: str) -> None:
    with pytest.raises(UserFacingError) as refused:
        link(url)

    assert refused.value.code == "bad_link"
    assert refused.value.next_step


def test_an_address_of_a_person_never_gets_into_a_link() -> None:
    assert campaign_word("stojnica ana.novak@example.org 2024") == "stojnica-2024"


def test_a_word_in_another_script_is_left_out() -> None:
    assert "utm_campaign" not in link("https://example.org/", project="Лето")


@given(st.text(max_size=80))
def test_a_campaign_word_is_lower_case_letters_digits_and_hyphens(text: str) -> None:
    word = campaign_word(text)

    assert WORD.fullmatch(word)
    assert len(word) <= 40
    assert campaign_word(word) == word


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_a_link_is_ascii_and_leads_to_the_same_page(code: str, project: str, item: str, variant: str) -> None:
    made = campaign_link(
        "https://example.org/tabori?x=1#dno", event_code=code, project=project, item=item, variant=variant
    )

    parts = urlsplit(made)
    assert made.isascii()
    assert (parts.netloc, parts.path, parts.fragment) == ("example.org", "/tabori", "dno")
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        assert name == "x" or WORD.fullmatch(value)


def test_people_read_an_address_without_scheme_and_campaign() -> None:
    assert shown_address("https://www.Example.org/l/24a/?utm_source=x") == "example.org/l/24a"
    assert shown_address("https://example.org/?id=7&utm_medium=qr") == "example.org?id=7"
