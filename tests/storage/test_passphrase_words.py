"""What a laptop proposes as its passphrase: hard to guess, easy to write down."""

import re
from collections import Counter

import pytest

from stojnica.storage.passphrase import (
    LISTED_LANGUAGES,
    MIN_LIST,
    bits,
    check_repeated,
    generate_passphrase,
    strength_of,
    word_list,
)


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_a_passphrase_has_at_least_fifty_five_bits(language: str) -> None:
    words = word_list(language)

    assert len(words) == len(set(words)) >= MIN_LIST
    assert bits(language) >= 56.4
    assert bits(language, 6) >= 66


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_words_are_short_and_typed_without_marks(language: str) -> None:
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in word_list(language))


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_no_two_words_are_one_slip_of_the_pen_apart(language: str) -> None:
    words = word_list(language)
    shapes = Counter(word[:place] + "." + word[place + 1 :] for word in words for place in range(len(word)))
    shorter = {word[:place] + word[place + 1 :] for word in words for place in range(len(word))}

    assert max(shapes.values()) == 1
    assert not shorter & set(words)


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_a_list_is_kept_in_order_one_word_a_line(language: str) -> None:
    words = word_list(language)

    assert list(words) == sorted(words)


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_a_passphrase_is_five_words_of_the_list(language: str) -> None:
    known = set(word_list(language))

    made = [generate_passphrase(language) for _number in range(50)]

    assert all(len(text.split(" ")) == 5 and set(text.split(" ")) <= known for text in made)
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_what_is_proposed_is_never_refused(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given chance that takes the same word twice, then words that are too short, then good ones
    words = word_list(language)
    short, long = [word for word in words if len(word) == 3], [word for word in words if len(word) > 5]
    wanted = [*(long[0],) * 2, *long[1:4], *short[:5], *long[:5]]
    monkeypatch.setattr("secrets.choice", lambda _list: wanted.pop(0))

    made = generate_passphrase(language)

    assert strength_of(made).is_enough
    assert made.split() == long[:5]


def test_words_are_drawn_from_the_whole_list() -> None:
    words = word_list("sl")
    drawn = Counter(" ".join(generate_passphrase("sl", 20) for _draw in range(len(words) * 25 // 20)).split())

    # Each word is expected 25 times; fewer than 1 or 70 of one has odds below one in a million.
    assert len(drawn) == len(words)
    assert max(drawn.values()) < 70


def test_a_language_without_a_list_gets_english_words() -> None:
    assert word_list("de") == word_list("en") != word_list("sl")
    assert word_list("../sl") == word_list("en")


@pytest.mark.parametrize("words", [0, 1, 4])
def test_fewer_than_five_words_are_refused(words: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        generate_passphrase("sl", words)


@pytest.mark.parametrize("typed", ["jutro voda most", " Jutro  VODA most\n", "jutro-voda-most"])
def test_a_passphrase_written_down_right_is_recognised(typed: str) -> None:
    assert check_repeated("jutro voda most", typed)


@pytest.mark.parametrize("typed", ["", "jutro voda", "voda jutro most", "jutro voda mast", "jutrovodamost"])
def test_a_passphrase_written_down_wrong_is_noticed(typed: str) -> None:
    assert not check_repeated("jutro voda most", typed)
