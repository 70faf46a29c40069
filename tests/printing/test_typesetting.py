"""Lines break where a typesetter would break them, and text shrinks only as far as it may."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from stojnica.printing.fonts import REGULAR, SEMIBOLD
from stojnica.printing.typesetting import (
    NO_BREAK_SPACE,
    Paragraph,
    TextStyle,
    break_held,
    break_lines,
    clean_text,
    fit_stack,
    line_width,
)

STYLE = TextStyle(REGULAR, "ink", 10, 7, most_lines=4)


def test_a_preposition_of_one_letter_stays_with_its_word() -> None:
    cleaned = clean_text("Pridi v Ljubljano s kolesom in z  vlakom, k a Ani")

    assert cleaned == "Pridi v\u00a0Ljubljano s\u00a0kolesom in z\u00a0vlakom, k\u00a0a\u00a0Ani"


def test_words_of_one_letter_are_held_unless_that_is_wider_than_the_line() -> None:
    wide = line_width("Gremo v", STYLE, 10) + 1
    narrow = line_width("Ljubljano", STYLE, 10) + 1

    assert break_held("Gremo v Rim", STYLE, 10, wide) == ["Gremo", f"v{NO_BREAK_SPACE}Rim"]
    assert break_held("Gremo v Ljubljano", STYLE, 10, narrow) == ["Gremo v", "Ljubljano"]
    assert break_held("", STYLE, 10, narrow) == [""]


def test_a_dash_never_begins_a_line_and_a_number_keeps_its_unit() -> None:
    assert clean_text("delo – in 34 % ter 5. 9. 2024") == "delo\u00a0– in 34\u00a0% ter 5.\u00a09.\u00a02024"


def test_letters_with_separate_marks_are_composed() -> None:
    assert clean_text("c\u030cas") == "čas"


def test_a_line_break_in_the_text_is_kept() -> None:
    assert break_lines("Poletje,\nki nekaj spremeni.", STYLE, 10, 500) == ["Poletje,", "ki nekaj spremeni."]


def test_a_word_wider_than_the_place_is_not_broken_but_refused() -> None:
    assert break_lines("Donaudampfschifffahrt", STYLE, 10, 20) is None


def test_balanced_lines_leave_no_lonely_word() -> None:
    text = "Spoznaj svet in sebe na prostovoljskem taboru"
    style = replace(STYLE, is_balanced=True)
    width = line_width("Spoznaj svet in sebe na prostovoljskem", style, 10) + 1

    assert break_lines(text, STYLE, 10, width) == ["Spoznaj svet in sebe na prostovoljskem", "taboru"]
    assert break_lines(text, style, 10, width) == ["Spoznaj svet in sebe na", "prostovoljskem taboru"]


def test_paragraphs_shrink_together_until_they_fit() -> None:
    upper = Paragraph(
        "heading", "Mednarodni prostovoljski tabori", TextStyle(SEMIBOLD, "ink", 12, 8, most_lines=3)
    )
    lower = Paragraph("body", "Nastanitev in hrana sta zagotovljeni. " * 3, STYLE, 6)

    roomy, tight = fit_stack((upper, lower), 200, 200), fit_stack((upper, lower), 160, 62)

    assert {line.size for line in roomy.lines} == {12, 10}
    assert (roomy.overfull, tight.overfull) == ((), ())
    assert tight.height <= 62
    heading, body = tight.lines[0].size, tight.lines[-1].size
    assert 8 <= heading < 12
    assert 7 <= body < 10


def test_the_authors_line_breaks_are_kept_when_that_costs_little_size() -> None:
    style = TextStyle(SEMIBOLD, "ink", 28, 18, leading=1.1, most_lines=3)
    written = Paragraph("title", "A summer\nthat changes something.", style)
    wider = Paragraph("title", "Da\nprostovoljstvo v vseh državah spremeni vse nas.", style)

    kept, broken = fit_stack((written,), 241, 66), fit_stack((wider,), 241, 100)

    assert [line.text for line in kept.lines] == ["A summer", "that changes something."]
    assert len(broken.lines) == 3


def test_what_does_not_fit_is_named_and_set_all_the_same() -> None:
    item = Paragraph("body", "beseda " * 200, STYLE)

    stack = fit_stack((item,), 100, 60)

    assert stack.overfull == ("body",)
    assert stack.lines[0].size == 7


def test_empty_paragraphs_take_no_room() -> None:
    body = Paragraph("body", "Pridi.", STYLE, gap=50)

    assert fit_stack((Paragraph("heading", "", STYLE), body), 100, 100).height < 10
    assert fit_stack((), 100, 100).lines == ()


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aijšVT .,v "), max_size=120), st.floats(30, 200), st.booleans())
def test_no_line_is_wider_than_its_place_and_no_word_is_lost(
    text: str, width: float, is_balanced: bool
) -> None:
    cleaned = clean_text(text)
    style = replace(STYLE, is_balanced=is_balanced)

    lines = break_lines(cleaned, style, 10, width)

    if lines is not None:
        assert all(line_width(line, style, 10) <= width + 1e-6 for line in lines)
        assert " ".join(lines).replace("\n", " ") == cleaned.replace("\n", " ")
        assert not any(line.endswith(NO_BREAK_SPACE) for line in lines)
