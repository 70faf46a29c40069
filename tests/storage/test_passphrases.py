"""Passphrases are drawn from words that anybody can write down and type again."""

import re

import pytest

from stojnica.storage.passphrase import LISTED_LANGUAGES, bits, check_repeated, generate_passphrase, word_list


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_every_word_is_short_plain_and_there_once(language: str) -> None:
    words = word_list(language)

    assert len(set(words)) == len(words) >= 1_296
    assert [word for word in words if not re.fullmatch(r"[a-z]{3,8}", word)] == []


@pytest.mark.parametrize("language", LISTED_LANGUAGES)
def test_five_words_give_more_than_fifty_bits(language: str) -> None:
    assert bits(language) > 50


def test_a_passphrase_is_five_words_of_the_list_and_never_the_same_twice() -> None:
    drawn = {generate_passphrase("sl") for _turn in range(50)}

    assert len(drawn) == 50
    assert all(set(text.split()) <= set(word_list("sl")) and len(text.split()) == 5 for text in drawn)


def test_fewer_words_than_five_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        generate_passphrase("sl", words=4)


def test_a_language_without_a_list_takes_the_english_one() -> None:
    assert set(generate_passphrase("hu").split()) <= set(word_list("en"))


@pytest.mark.parametrize("typed", ["ena dva tri", " Ena  DVA-tri "])
def test_capitals_and_spaces_do_not_matter_when_it_is_repeated(typed: str) -> None:
    assert check_repeated("ena dva tri", typed)


@pytest.mark.parametrize("typed", ["", "ena dva", "ena tri dva", "ena dva tri štiri"])
def test_other_words_are_other_words(typed: str) -> None:
    assert not check_repeated("ena dva tri", typed)
