"""Finding a person in a list: folded words and their beginnings, and the last digits of a number."""

import re
import unicodedata

WORD_LIMIT = 24
MOST_WORDS = 16
LEAST_LETTERS = 2
LEAST_DIGITS = 3
NUMBER_MARK = "#"
_PARTS = re.compile(r"[^\w]+|_+")
_DIGITS_ALONE = re.compile(r"[\d\s/()+.-]+")
_LETTERS = {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
_WHOLE_NUMBER = 8


def folded(text: str, dj: str = "dj") -> str:
    """Give a text without capitals and marks: č=c, ß=ss, ł=l, đ=dj, or another `dj`."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("đ", dj)
    lowered = "".join(_LETTERS.get(character, character) for character in lowered)
    spread = unicodedata.normalize("NFKD", lowered)
    return "".join(character for character in spread if not unicodedata.combining(character))


def search_words(*texts: str, email: str = "", phone: str = "") -> tuple[str, ...]:
    """Give the words by which a contact is found; a number by its digits from the end.

    A name with đ is found by dj and by d, as people write it abroad.
    """
    found: dict[str, None] = {}
    for text in (*texts, email.partition("@")[0]):
        for dj in ("dj", "d") if "đ" in text.casefold() else ("dj",):
            found |= dict.fromkeys(word for word in _PARTS.split(folded(text, dj)) if word)
    if email:
        found[folded(email)] = None
    words = [word[:WORD_LIMIT] for word in found]
    digits = _digits(phone)
    if digits:
        words.insert(0, NUMBER_MARK + digits[::-1])
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def search_terms(typed: str) -> tuple[str, ...]:
    """Give the beginnings that all have to be found for what somebody typed; () when it is too short."""
    # Half a character can't be looked up in any database.
    text = typed.encode("utf-8", "ignore").decode().strip()
    digits = _digits(text)
    if text and digits and _DIGITS_ALONE.fullmatch(text):
        if len(digits) >= _WHOLE_NUMBER:
            # A whole number, written as at home: it is kept with the country in place of the nought.
            digits = digits.removeprefix("00").removeprefix("0")
        return (NUMBER_MARK + digits[::-1],) if len(digits) >= LEAST_DIGITS else ()
    if "@" in text:
        return (folded(text)[:WORD_LIMIT],)
    words = [word[:WORD_LIMIT] for word in _PARTS.split(folded(text)) if word]
    longest_first = sorted(dict.fromkeys(words), key=len, reverse=True)[:4]
    return tuple(longest_first) if longest_first and len(longest_first[0]) >= LEAST_LETTERS else ()


def after(beginning: str) -> str:
    """Give the first text that no longer begins so, for a range of an index."""
    return beginning + "\U0010ffff"


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")
