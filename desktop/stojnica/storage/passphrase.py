"""Passphrases of generated words: short enough for a slip of paper, too many for a thief."""

import math
import secrets
from functools import cache

from stojnica.resources import resource
from stojnica.storage.slots import normalised_passphrase

WORDS = 5
LISTED_LANGUAGES = ("sl", "en")
FALLBACK = "en"


@cache
def word_list(language: str) -> tuple[str, ...]:
    """Give the words to draw from; English where a language has no list of its own."""
    name = language if language in LISTED_LANGUAGES else FALLBACK
    text = resource("passphrase", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(text.split())


def generate_passphrase(language: str, words: int = WORDS) -> str:
    """Draw words from a cryptographic source.

    1,296 words give 10.3 bits each, five of them 51.7. At a quarter of a gibibyte and half a second for
    each guess (Argon2id, see `Argon2Cost`), half of them take ten thousand machines 2,900 years.
    """
    if words < WORDS:
        raise ValueError("too few words")
    listed = word_list(language)
    return " ".join(secrets.choice(listed) for _place in range(words))


def bits(language: str, words: int = WORDS) -> float:
    """Give the entropy of a generated passphrase."""
    return words * math.log2(len(word_list(language)))


def check_repeated(passphrase: str, typed: str) -> bool:
    """Tell whether what was typed from the paper is the passphrase; capitals and spaces don't matter."""
    wanted, given = normalised_passphrase(passphrase), normalised_passphrase(typed)
    return secrets.compare_digest(wanted, given)
