"""Text that people type is tidied or refused, and never changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.text import BIDI_CONTROLS, NAME_LIMIT, QUESTION_LIMIT, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Živa ", "Živa"),
        ("ŽNIDARŠIČ", "ŽNIDARŠIČ"),
        ("van  der\u00a0Berg", "van der Berg"),
        ("O'Brien", "O'Brien"),
        ("C\u030cesnik", "Česnik"),
        ("\ufeffAna\u200b", "Ana"),
        ("Євген", "Євген"),
        ("László Szűcs", "László Szűcs"),
        ("محمد", "محمد"),
        ("Ana\r\nNovak", "Ana Novak"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("", ""),
        (" \t\n", ""),
        ("\u200d\u2060\u3164", ""),
        ("\u034f\u0301", ""),
        ("A\u2063na\ufff9", "Ana"),
        ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd"),
        ("Nguy\u1ec5n", "Nguyễn"),
        ("+38631345095", "+38631345095"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f"),
    ],
)
def test_names_keep_their_letters_and_capitals_and_lose_only_spaces(typed: str, kept: str) -> None:
    checked = clean_text(typed, NAME_LIMIT)

    assert checked.value == kept
    assert checked.problem is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Ana\x00", "control"),
        ("Ana\x07Novak", "control"),
        ("\x1b[31mAna", "control"),
        ("Ana\u202eკ", "bidi"),
        ("\u2066Ana\u2069", "bidi"),
        ("Ana\u200f", "bidi"),
        ("A" * 201, "too_long"),
        ("A" * 2_000_000, "too_long"),
        ("\ud800", "control"),
        ("Ana\uffff", "control"),
        ("Ana\ufdd0", "control"),
        ("A" + "\u0301" * 100 + "na", "marks"),
    ],
)
def test_characters_that_hide_or_pretend_are_refused_with_a_sentence(typed: str, code: str) -> None:
    checked = clean_text(typed, NAME_LIMIT)

    assert checked.value is None
    assert checked.problem is not None
    assert checked.problem.code == code
    assert checked.problem.message.endswith(".")


def test_a_question_keeps_its_lines_but_no_flood_of_empty_ones() -> None:
    checked = clean_text(" Kdaj?\r\n\r\n\r\n\r\n  In   kje?\u2028Hvala ", QUESTION_LIMIT, multiline=True)

    assert checked.value == "Kdaj?\n\nIn kje?\nHvala"


def test_the_limit_counts_what_is_left_after_tidying() -> None:
    checked = clean_text("  " + "c\u030c" * 200 + "  ", NAME_LIMIT)

    assert checked.value == "č" * 200


@given(st.text(max_size=300), st.booleans())
def test_what_is_taken_is_tidy_and_taking_it_again_changes_nothing(typed: str, multiline: bool) -> None:
    checked = clean_text(typed, NAME_LIMIT, multiline=multiline)

    if checked.value is None:
        assert checked.problem is not None
        return
    kept = checked.value
    assert checked.problem is None
    assert len(kept) <= NAME_LIMIT
    assert unicodedata.is_normalized("NFC", kept)
    assert not BIDI_CONTROLS & set(kept)
    assert multiline or "\n" not in kept
    assert clean_text(kept, NAME_LIMIT, multiline=multiline).value == kept


@given(
    st.characters()
    | st.sampled_from("\x00\x7f\x85\ud800\udfff\ufdd0\ufdef\ufffe\uffff\U0010ffff\u202e\u2069")
)
def test_one_character_is_refused_for_what_unicode_says_of_it(character: str) -> None:
    checked = clean_text(f"Ana{character}Novak", NAME_LIMIT)

    is_none = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    is_hidden = unicodedata.category(character) in ("Cc", "Cs")
    if not character.isspace():
        assert (checked.problem is not None) == (is_none or is_hidden or character in BIDI_CONTROLS)
