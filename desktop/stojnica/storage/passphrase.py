"""Passphrases for people: a few common words, drawn at random, easy to read, write down and type."""

import hmac
import secrets

from stojnica.resources import resource
from stojnica.storage.slots import normalised_passphrase

MIN_WORDS = 5
MIN_LIST = 2_048
_LANGUAGES = ("sl", "en")


def generate_passphrase(language: str, words: int = MIN_WORDS) -> str:
    """Draw words with the system's randomness, each independently of the others.

    Both lists have more than 2,048 words: over 11 bits a word, over 55 bits for five (sl 57.0, en 56.5), and
    each guess costs the attacker Argon2id with 256 MiB. Other languages than Slovene get English words.

    Raises:
        ValueError: fewer than five words are too few.
    """
    if words < MIN_WORDS:
        raise ValueError("too few words")
    choices = passphrase_words(language)
    return " ".join(secrets.choice(choices) for _number in range(words))


def passphrase_words(language: str) -> tuple[str, ...]:
    """Give the words to draw from: 3 to 8 letters a–z, any two of them at least two letters apart.

    Raises:
        FileNotFoundError: the installation is incomplete.
        ValueError: the list is too short to be safe.
    """
    name = language if language in _LANGUAGES else "en"
    found = tuple(resource("passphrase", f"{name}.txt").read_text(encoding="ascii").split())
    if len(set(found)) < MIN_LIST:
        raise ValueError("word list too short")
    return found


def check_repeated(passphrase: str, typed: str) -> bool:
    """Tell whether a person has written the passphrase down right: capitals and spaces don't matter."""
    return hmac.compare_digest(normalised_passphrase(passphrase), normalised_passphrase(typed))
