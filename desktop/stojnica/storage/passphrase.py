"""Passphrases for people: a few common words, drawn at random, easy to read, write down and type."""

import math
import secrets
from typing import NamedTuple

from stojnica.resources import resource
from stojnica.storage.slots import normalised_passphrase

WORDS = 5
MIN_LIST = 2_048
LISTED_LANGUAGES = ("sl", "en")
FALLBACK = "en"
SHORTEST_WORD = 3
LEAST_LETTERS = 20
MOST_LETTERS = 200


def generate_passphrase(language: str, words: int = WORDS) -> str:
    """Draw words with the system's randomness; what our own measure would refuse is drawn again.

    One draw in 250 has a word twice, or letters too few: leaving those out costs a hundredth of a bit.
    Both lists have more than 2,048 words: over 11 bits a word, over 55 bits for five (sl 57.0, en 56.5).
    Each guess costs half a second and a quarter of a gibibyte (Argon2id, see `Argon2Cost`): half of all
    passphrases take ten thousand machines about 80,000 years.

    Raises:
        ValueError: fewer than five words are too few.
    """
    if words < WORDS:
        raise ValueError("too few words")
    listed = word_list(language)
    while True:
        drawn = " ".join(secrets.choice(listed) for _place in range(words))
        if strength_of(drawn).is_enough:
            return drawn


class Strength(NamedTuple):
    """Say how far words of somebody's own are: those that count, and whether they are enough.

    A word counts when it has three letters or more and wasn't there before. No guess is made at how easily
    somebody who knows the person finds the words; the page says not to take a sentence that others know.
    """

    words: int
    is_enough: bool
    is_too_long: bool = False


def strength_of(passphrase: str) -> Strength:
    """Weigh words that somebody thought of: five different ones, and 20 letters together."""
    if len(passphrase) > MOST_LETTERS:
        return Strength(0, is_enough=False, is_too_long=True)
    typed = normalised_passphrase(passphrase).decode("utf-8", "replace").split()
    counted = {word for word in typed if len(word) >= SHORTEST_WORD and len(set(word)) > 1}
    enough = len(counted) >= WORDS and sum(map(len, counted)) >= LEAST_LETTERS
    return Strength(len(counted), is_enough=enough)


def word_list(language: str) -> tuple[str, ...]:
    """Give the words to draw from, 3 to 8 letters a–z, any two of them at least two letters apart.

    English words where a language has no list of its own.

    Raises:
        FileNotFoundError: the installation is incomplete.
        ValueError: the list was shortened.
    """
    name = language if language in LISTED_LANGUAGES else FALLBACK
    found = tuple(resource("passphrase", f"{name}.txt").read_text(encoding="ascii").split())
    if len(set(found)) < MIN_LIST:
        raise ValueError("word list too short")
    return found


def bits(language: str, words: int = WORDS) -> float:
    """Give the entropy of a generated passphrase."""
    return words * math.log2(len(word_list(language)))


def check_repeated(passphrase: str, typed: str) -> bool:
    """Tell whether what was typed from the paper is the passphrase; capitals and spaces don't matter."""
    return secrets.compare_digest(normalised_passphrase(passphrase), normalised_passphrase(typed))
