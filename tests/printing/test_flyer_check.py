"""What paper can't take back is found before it is printed, and named."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stojnica.domain.errors import UserFacingError
from stojnica.printing.check import checked_flyer
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.funding import FundingBand, funding_band
from stojnica.printing.template import Code
from stojnica.printing.template_file import load_template


def kinds(content: FlyerContent, up: int = 1) -> list[tuple[str, str, bool]]:
    problems = checked_flyer(content, up).problems
    return [(problem.kind, problem.field, problem.is_blocking) for problem in problems]


HINT = ("check_wording", "disclaimer", False)


@pytest.mark.parametrize("up", [1, 4])
def test_a_good_flyer_is_printable_and_hints_do_not_block(content: FlyerContent, up: int) -> None:
    checked = checked_flyer(content, up)

    assert checked.is_printable
    assert checked.printable_pdf() == checked.pdf
    assert [(p.kind, p.is_blocking) for p in checked.problems] == [("check_wording", False)]
    assert checked.preview_png().startswith(b"\x89PNG")


def test_a_character_that_the_font_lacks_is_named(content: FlyerContent) -> None:
    checked = checked_flyer(replace(content, title="Pridi 😀", body="Tukaj م in م."))

    assert not checked.is_printable
    messages = {problem.field: problem.message for problem in checked.problems if problem.is_blocking}
    assert "😀 (U+1F600 GRINNING FACE)" in messages["title"]
    assert messages["body"].count("U+0645 ARABIC LETTER MEEM") == 1


@pytest.mark.parametrize("field", ["title", "promise", "heading", "body", "call", "address", "event_name"])
def test_an_unfilled_placeholder_is_not_printed(content: FlyerContent, field: str) -> None:
    assert ("placeholder", field, True) in kinds(replace(content, **{field: "Pridi {date}"}))


def test_a_placeholder_in_the_link_is_not_printed(content: FlyerContent) -> None:
    for url in ("https://example.org/{event}", "https://example.org/%7Bevent%7D"):
        assert ("placeholder", "url", True) in kinds(replace(content, url=url))


def test_an_authority_that_is_not_named_is_not_printed(content: FlyerContent) -> None:
    band = funding_band({"kind": "funded"}, "en")

    assert kinds(replace(content, funding=band)) == [("placeholder", "disclaimer", True)]


def test_text_that_does_not_fit_is_named(content: FlyerContent) -> None:
    assert ("does_not_fit", "title", True) in kinds(replace(content, title="Prostovoljstvo " * 12))
    assert ("does_not_fit", "title", True) in kinds(replace(content, title="P" * 60))
    assert ("does_not_fit", "body", True) in kinds(replace(content, body="Nastanitev in hrana. " * 40))
    assert ("does_not_fit", "organisation", True) in kinds(replace(content, organisation="Zavod " * 60))


def test_too_many_words_are_a_hint(content: FlyerContent) -> None:
    found = kinds(replace(content, body="da " * 26))

    assert found == [("too_many_words", "body", False), HINT]


def test_an_empty_title_is_named(content: FlyerContent) -> None:
    assert ("empty", "title", True) in kinds(replace(content, title="  "))


def test_a_link_too_long_or_empty_is_named(content: FlyerContent) -> None:
    assert ("bad_link", "url", True) in kinds(replace(content, url=""))
    assert ("bad_link", "url", True) in kinds(replace(content, url="https://example.org/" + "a" * 600))


def test_a_code_with_squares_too_small_is_named(content: FlyerContent) -> None:
    template = load_template("promise")
    smaller = tuple(replace(box, side_mm=12.0) if isinstance(box, Code) else box for box in template.funded)

    problems = checked_flyer(content, 1, replace(template, funded=smaller, reading_cm=12.0)).problems

    assert [problem.kind for problem in problems if problem.is_blocking] == ["bad_link"]


def test_a_code_under_a_tenth_of_its_reading_distance_is_named(content: FlyerContent) -> None:
    template = replace(load_template("promise"), reading_cm=60.0)

    (problem,) = (item for item in checked_flyer(content, 1, template).problems if item.is_blocking)

    assert (problem.kind, problem.field) == ("code_too_small", "url")
    assert "60 cm" in problem.message


def test_a_code_that_does_not_decode_is_found(content: FlyerContent) -> None:
    # Given a template whose head is printed over the code.
    template = load_template("promise")
    covered = (
        *template.funded,
        template.funded[0].__class__(
            next(box.area for box in template.funded if isinstance(box, Code)), "accent", frozenset()
        ),
    )

    checked = checked_flyer(content, 4, replace(template, funded=covered))

    assert not checked.is_printable
    (problem,) = (problem for problem in checked.problems if problem.is_blocking)
    assert problem.kind == "does_not_decode"
    assert problem.message.startswith("4 ")


def test_an_accent_that_nothing_can_be_read_on_is_a_hint(content: FlyerContent) -> None:
    assert kinds(replace(content, accent="#777777")) == [HINT, ("low_contrast", "accent", False)]


def test_an_accent_that_is_no_colour_is_named(content: FlyerContent) -> None:
    assert kinds(replace(content, accent="teal")) == [("bad_colour", "accent", True), HINT]


def test_a_broken_logo_is_a_hint_and_the_monogram_stands_in(content: FlyerContent) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")

    for logo in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, bomb.getvalue(), b"x" * 5_000_000):
        assert kinds(replace(content, logo=logo)) == [("bad_logo", "logo", False), HINT]


def test_what_is_not_printable_says_everything_that_is_wrong(content: FlyerContent) -> None:
    checked = checked_flyer(replace(content, title="Pridi 😀 {date}"))

    with pytest.raises(UserFacingError) as refused:
        checked.printable_pdf()

    assert refused.value.code == "flyer_not_printable"
    assert "{date}" in refused.value.what
    assert "U+1F600" in refused.value.what
    assert refused.value.next_step


@settings(max_examples=20, deadline=None)
@given(
    title=st.text(max_size=40),
    body=st.text(max_size=200),
    organisation=st.text(max_size=40),
    monogram=st.text(max_size=4),
    address=st.text(max_size=40),
)
def test_any_text_makes_a_file_and_an_answer(
    title: str, body: str, organisation: str, monogram: str, address: str
) -> None:
    content = FlyerContent(
        organisation=organisation,
        monogram=monogram,
        title=title,
        promise="",
        heading="",
        body=body,
        call="",
        url="https://example.org/",
        address=address,
        funding=FundingBand("funded", "Financira Evropska unija", "Financirano.", False),
    )

    checked = checked_flyer(content)

    assert checked.preview_png(40).startswith(b"\x89PNG")
    assert checked.is_printable == (not any(problem.is_blocking for problem in checked.problems))
