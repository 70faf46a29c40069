"""How a line on the typed page goes on by itself: known words, countries, towns of post codes, addresses."""

from collections.abc import Iterable

from stojnica.domain.contact import likely_ending
from stojnica.domain.form import COUNTRY, EMAIL
from stojnica.domain.slip_words import fold
from stojnica.services.contact_questions import PLACE, SUGGESTED, ShownQuestion
from stojnica.services.post_codes import MOST_PROPOSALS, proposals, town_of

_LEAST_LETTERS = 2
_CODE_DIGITS = 4


def rest_of(question: ShownQuestion, typed: str) -> str:
    """Give what follows what was typed, "" where it would be guessing; marks make no difference (č=c).

    The domain of an address is guessed: most have the same few, of the shipped list and nobody's address.
    """
    if not fold(typed):
        return ""
    if question.kind == EMAIL:
        return likely_ending(typed)
    if question.kind == PLACE:
        return _rest(typed, _place_that_begins(typed, question.country))
    if question.kind == COUNTRY and len(fold(typed)) < _LEAST_LETTERS:
        return ""
    begun = (item.label for item in question.choices if fold(item.label).startswith(fold(typed)))
    return _rest(typed, next(begun, ""))


def value_of(question: ShownQuestion, text: str) -> str:
    """Give what is kept for the words in the line: the id of a known one, else the words themselves."""
    if question.kind not in (SUGGESTED, COUNTRY):
        return text
    words = fold(text)
    return next((item.id for item in question.choices if fold(item.label) == words), text)


def words_of(question: ShownQuestion, value: str) -> str:
    """Give the words that stand in the line for what is kept."""
    return next((item.label for item in question.choices if item.id == value), value)


def settled(question: ShownQuestion, value: str) -> str:
    """Give what is kept once the line is left: a code gets its town, a name its own spelling.

    A town that the list gives to another code stays as it was typed.
    """
    if question.kind == PLACE:
        return _settled_place(value, question.country)
    if question.kind != COUNTRY or any(item.id == value for item in question.choices):
        return value
    words = fold(value)
    meant = [item.id for item in question.choices if words and fold(item.label).startswith(words)]
    return meant[0] if len(meant) == 1 else value_of(question, value)


def _settled_place(text: str, country: str) -> str:
    code, _space, town = text.strip().partition(" ")
    if code.isdigit():
        known = town_of(code, country)
        return f"{code} {known}" if known and fold(town) in ("", fold(known)) else text
    names = {place.town for place in proposals(text, country) if fold(place.town) == fold(text)}
    return names.pop() if len(names) == 1 else text


def _place_that_begins(typed: str, country: str) -> str:
    """Give the one place that can be meant: a whole code tells it, a name when nothing else begins so."""
    found = proposals(typed, country)
    if typed.lstrip()[:1].isdigit():
        code = typed.split()[0]
        if len(code) < _CODE_DIGITS:
            return ""
        # A code of post office boxes is no proposal, but it has a town.
        return next((place.label for place in found), f"{code} {town_of(code, country)}".strip())
    words = fold(typed)
    if len(words) < _LEAST_LETTERS or len(found) >= MOST_PROPOSALS:
        return ""
    return _common({place.town for place in found if fold(place.town).startswith(words)})


def _common(names: Iterable[str]) -> str:
    """Give the name that all of them begin with ("Ljubljana" of "Ljubljana-Črnuče"), or nothing."""
    ordered = sorted(names, key=len)
    is_common = bool(ordered) and all(fold(name).startswith(fold(ordered[0])) for name in ordered)
    return ordered[0] if is_common else ""


def _rest(typed: str, word: str) -> str:
    """Give the end of a word that begins as was typed, though perhaps with other marks and capitals."""
    for length in range(len(word)):
        if fold(word[:length]) == fold(typed):
            rest = word[length:]
            return rest.lstrip() if typed[-1:].isspace() else rest
    return ""
