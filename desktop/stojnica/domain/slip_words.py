"""The words that people write on slips and above the columns of sheets, read from a file."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from stojnica.resources import resource

PURPOSE_PREFIX = "purpose:"


def fold(text: str) -> str:
    """Give a word without capitals, marks, full stops and needless spaces (č=c, đ=d, ß=ss)."""
    lowered = text.casefold().replace("đ", "d").replace("ł", "l").replace("ø", "o")
    bare = "".join(
        " " if character in ".:*_?!" else character
        for character in unicodedata.normalize("NFKD", lowered)
        if not unicodedata.combining(character)
    )
    return " ".join(bare.split()) or text.strip()


@dataclass(frozen=True, slots=True)
class SlipWords:
    """Hold folded words: what they mean by word, marks, and what stands around an age by kind."""

    headings: Mapping[str, str]
    yes: frozenset[str]
    no: frozenset[str]
    statuses: Mapping[str, str]
    ages: Mapping[str, frozenset[str]]
    countries: Mapping[str, str]
    heard: Mapping[str, str]

    def status_id(self, written: str) -> str:
        """Give the id of a status, or the text itself when it is none that we know."""
        return self.statuses.get(fold(written), written)


@cache
def slip_words() -> SlipWords:
    """Read the shipped words."""
    raw = json.loads(resource("slips", "words.json").read_text("utf-8"))
    return SlipWords(
        headings=_by_word(raw["headings"]),
        yes=frozenset(map(fold, raw["marks"]["yes"])),
        no=frozenset(map(fold, raw["marks"]["no"])),
        statuses=_by_word(raw["statuses"]),
        countries=_by_word(raw["countries"]),
        heard=_by_word(raw["heard"]),
        ages={kind: frozenset(map(fold, words)) for kind, words in raw["ages"].items()},
    )


def _by_word(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): key for key, words in groups.items() for word in words}
