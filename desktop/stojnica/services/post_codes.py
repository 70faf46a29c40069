"""Slovene post codes: a town for a code, and proposals while somebody types."""

import json
from dataclasses import dataclass
from functools import cache

from stojnica.domain.slip_words import fold
from stojnica.resources import resource

COUNTRY = "SI"
MOST_PROPOSALS = 20
_TYPED_LIMIT = 80


@dataclass(frozen=True, slots=True)
class PostCode:
    """Hold a code with its town."""

    code: str
    town: str

    @property
    def label(self) -> str:
        """Give both as an address has them: "1000 Ljubljana"."""
        return f"{self.code} {self.town}"


@dataclass(frozen=True, slots=True)
class _Place:
    post_code: PostCode
    words: str

    def rank(self, words: str) -> int | None:
        """Tell what begins so: 0 for the town's name, 1 for another word of it, None for nothing."""
        if self.words.startswith(words):
            return 0
        return 1 if f" {words}" in self.words else None


def town_of(code: str, country: str = COUNTRY) -> str:
    """Give the town of a code, post office boxes too; "" where no list tells."""
    if country != COUNTRY:
        return ""
    lists, tidy = _lists(), code.strip()
    return lists["codes"].get(tidy) or lists["boxes"].get(tidy, "")


def proposals(typed: str, country: str = COUNTRY) -> tuple[PostCode, ...]:
    """Give what somebody may mean who types "10", "lju" or "1000 lj"; marks make no difference (č=c).

    By codes in their order, else the towns that begin so and then those with a word that does.
    At most 20; none when nothing is typed.
    """
    digits, words = _code_and_words(typed)
    if country != COUNTRY or not (digits or words):
        return ()
    found = [
        (rank, place.post_code)
        for place in _places()
        if place.post_code.code.startswith(digits) and (rank := place.rank(words)) is not None
    ]
    found.sort(key=lambda each: (each[0], each[1].code))
    return tuple(post_code for _rank, post_code in found[:MOST_PROPOSALS])


def _code_and_words(typed: str) -> tuple[str, str]:
    text = fold(typed[:_TYPED_LIMIT]).removeprefix("si-").lstrip()
    words = text.lstrip("0123456789")
    digits = text[: len(text) - len(words)]
    return digits, _bare(words)


def _bare(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


@cache
def _lists() -> dict[str, dict[str, str]]:
    # Read when a post code is first typed: nobody needs it before.
    raw = json.loads(resource("places", "post-codes-si.json").read_text("utf-8"))
    return {name: dict(raw[name]) for name in ("codes", "boxes")}


@cache
def _places() -> tuple[_Place, ...]:
    return tuple(_Place(PostCode(code, town), _bare(fold(town))) for code, town in _lists()["codes"].items())
